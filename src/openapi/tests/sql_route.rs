//! Routes of statements, and composed ones.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::check_examples;
use super::contract::{plan, route};
use super::shop::shop;
use crate::openapi::{combined, to_json};
use crate::plan::*;
use crate::sql::tests::types::named;
use crate::sql::{Dialect, Form, Parts, Statement};

fn column(at: u16, name: &str, ty: &str, nullable: bool) -> RowMember {
    let plan = ColumnPlan {
        index: at,
        column: name.into(),
        ty: named(ty),
        nullable,
        form: Form::Plain,
        schema: None,
    };
    RowMember { name: name.into(), key: Box::default(), value: RowValue::Column(plan) }
}

fn step(text: &str, result: ResultKind, members: Vec<RowMember>) -> StepPlan {
    let parts = Parts { base: text, ..Parts::default() };
    StepPlan {
        name: String::new(),
        statement: Arc::new(Statement::new(Dialect::Postgres, &parts).unwrap()),
        bindings: Vec::new(),
        result,
        row: Arc::new(RowPlan { members, fold: None }),
        affected_max: None,
        includes: Vec::new(),
    }
}

fn call(step: StepPlan) -> SqlCall {
    SqlCall {
        backend: BackendId(1),
        dialect: Dialect::Postgres,
        parameters: Vec::new(),
        body: None,
        steps: vec![step],
        transaction: None,
        answer: 0,
        page: None,
        sorts: Vec::new(),
        filters: Vec::new(),
        status: 200,
        location: None,
        etag: None,
        if_match: false,
        naming: crate::codec::Naming::Camel,
        large_numbers: crate::sql::Form::Plain,
        error_rules: Vec::new(),
        rows_max: 10_000,
        bytes_max: 1 << 20,
        whole_bytes: 1 << 16,
        stream: false,
    }
}

fn parameter(name: &str, place: ParameterPlace, ty: &str) -> SqlParameter {
    SqlParameter {
        name: name.to_owned(),
        place,
        ty: named(ty),
        repeats: false,
        required: place == ParameterPlace::Path,
        default: None,
        bounds: (None, None),
        documentation: None,
    }
}

fn invoice() -> Vec<RowMember> {
    let address = RowMember {
        name: "address".into(),
        key: Box::default(),
        value: RowValue::Object(vec![column(3, "street", "varchar(40)", true)]),
    };
    vec![
        column(0, "id", "int8", false),
        column(1, "amount", "numeric(12,3)", false),
        column(2, "issuedOn", "date", true),
        address,
    ]
}

fn sql(call: SqlCall) -> Translator {
    Translator::Sql(Box::new(call))
}

const SELECT: &str = "select secret_column from invoices";

/// Invoices in pages, as an array and as an object.
fn lists() -> [SqlCall; 2] {
    let mut list = call(step(SELECT, ResultKind::Many, invoice()));
    list.parameters = vec![
        parameter("from", ParameterPlace::Query, "date"),
        parameter("to", ParameterPlace::Query, "date"),
        SqlParameter { repeats: true, ..parameter("id", ParameterPlace::Query, "int8") },
        SqlParameter {
            default: Some("EUR".to_owned()),
            ..parameter("currency", ParameterPlace::Query, "bpchar(3)")
        },
    ];
    list.filters = vec![FilterPlan { name: "issued".to_owned(), parameters: vec![0, 1] }];
    list.sorts = vec!["newest".to_owned(), "number".to_owned()];
    let style = PageStyle::Keyset(Vec::new());
    list.page = Some(PagePlan { style, size: 50, max: 500, envelope: false, total: Total::Exact });
    let mut enveloped = list.clone();
    let style = PageStyle::Offset;
    enveloped.page =
        Some(PagePlan { style, size: 50, max: 500, envelope: true, total: Total::Estimate });
    [list, enveloped]
}

fn create() -> SqlCall {
    let member = |name: &str, required, kind| BodyMember {
        name: name.into(),
        required,
        nullable: !required,
        kind,
    };
    let street = member("street", true, BodyKind::Value(named("varchar(40)")));
    let mut create = call(step("insert into invoices", ResultKind::One, invoice()));
    create.status = 201;
    create.body = Some(SqlBody {
        members: vec![
            member("amount", true, BodyKind::Value(named("numeric(12,3)"))),
            member("note", false, BodyKind::Value(named("text"))),
            member("address", false, BodyKind::Object(vec![street])),
        ],
    });
    create.location = Some(LocationPlan {
        pieces: vec![
            LocationPiece::Literal("/invoices/".to_owned()),
            LocationPiece::Answer(vec!["id".into()]),
        ],
    });
    create.error_rules = vec![SqlErrorRule {
        pattern: "ord_code_key".to_owned(),
        status: 409,
        title: Some("Duplicate code".to_owned()),
    }];
    create
}

/// Calls with `{id}` in their path: one that changes, one that reads, one that counts.
fn of_one() -> [SqlCall; 3] {
    let mut update = call(step("update invoices", ResultKind::Affected, Vec::new()));
    update.if_match = true;
    let mut read = call(step(SELECT, ResultKind::Optional, invoice()));
    read.etag = Some(0);
    let count = call(step(SELECT, ResultKind::Scalar, vec![column(0, "n", "int8", false)]));
    [update, read, count].map(|call| SqlCall {
        parameters: vec![parameter("id", ParameterPlace::Path, "int8")],
        ..call
    })
}

/// Invoices, and one beside an order of a SOAP service.
fn ledger() -> Plan {
    let [list, enveloped] = lists();
    let [update, read, count] = of_one();
    let part = |name: &str, translator, on_failure| PartPlan {
        name: name.to_owned(),
        key: Box::default(),
        translator,
        timeout: Duration::from_secs(1),
        on_failure,
        needs: Vec::new(),
    };
    let parts = vec![
        part("order", shop().routes[0].translator.clone(), OnFailure::Fail),
        part("invoice", sql(read.clone()), OnFailure::Null),
        part("count", sql(count), OnFailure::Omit),
    ];
    let overview = Translator::Compose(Box::new(ComposeCall { parts }));
    plan(vec![
        route("GET /invoices", "v1", sql(list)),
        route("GET /pages", "v1", sql(enveloped)),
        route("POST /invoices", "v1", sql(create())),
        route("PUT /invoices/{id}", "v1", sql(update)),
        route("GET /invoices/{id}", "v1", sql(read)),
        route("GET /orders/{id}/overview", "v1", overview),
    ])
}

fn whole() -> Value {
    serde_json::from_str(&to_json(&combined(&ledger()))).unwrap()
}

/// A part of the document, each of its members a line.
fn lines(pointer: &str) -> String {
    let whole = whole();
    match whole.pointer(pointer).unwrap_or_else(|| panic!("{pointer}")) {
        Value::Array(items) => items.iter().map(|item| format!("{item}\n")).collect(),
        Value::Object(items) => items.iter().map(|(key, v)| format!("{key}: {v}\n")).collect(),
        other => other.to_string(),
    }
}

#[test]
fn a_list_has_its_filters_its_order_and_its_pages_as_parameters() {
    insta::assert_snapshot!(lines("/paths/~1api~1v1~1invoices/get/parameters"), @r##"
    {"name":"from","in":"query","description":"A filter: it applies together with `to`.","required":false,"schema":{"type":"string","format":"date"}}
    {"name":"to","in":"query","description":"A filter: it applies together with `from`.","required":false,"schema":{"type":"string","format":"date"}}
    {"name":"id","in":"query","required":false,"schema":{"type":"array","items":{"type":"integer","format":"int64"}},"style":"form","explode":true}
    {"name":"currency","in":"query","required":false,"schema":{"type":"string","default":"EUR","maxLength":3}}
    {"name":"sort","in":"query","description":"The order.","required":false,"schema":{"type":"string","default":"newest","enum":["newest","number"]}}
    {"name":"limit","in":"query","description":"Items of a page.","required":false,"schema":{"type":"integer","format":"int32","default":50,"maximum":500,"minimum":1}}
    {"name":"cursor","in":"query","description":"Where the page starts: as a `Link` of another page has it.","required":false,"schema":{"type":"string"}}
    "##);
}

#[test]
fn a_list_is_an_array_or_lines() {
    insta::assert_snapshot!(lines("/paths/~1api~1v1~1invoices/get/responses/200/content"), @r##"
    application/json: {"schema":{"type":"array","items":{"type":"object","required":["id","amount","issuedOn","address"],"properties":{"id":{"type":"integer","format":"int64"},"amount":{"type":"number","description":"At most 12 digits, 3 of them behind the point."},"issuedOn":{"type":["string","null"],"format":"date"},"address":{"type":"object","required":["street"],"properties":{"street":{"type":["string","null"],"maxLength":40}}}}}},"example":[{"id":1,"amount":12.5,"issuedOn":"2026-11-21","address":{"street":"text"}}]}
    application/x-ndjson: {"schema":{"type":"object","required":["id","amount","issuedOn","address"],"properties":{"id":{"type":"integer","format":"int64"},"amount":{"type":"number","description":"At most 12 digits, 3 of them behind the point."},"issuedOn":{"type":["string","null"],"format":"date"},"address":{"type":"object","required":["street"],"properties":{"street":{"type":["string","null"],"maxLength":40}}}}},"example":{"id":1,"amount":12.5,"issuedOn":"2026-11-21","address":{"street":"text"}}}
    "##);
    insta::assert_snapshot!(lines("/paths/~1api~1v1~1invoices/get/responses/200/headers"), @r##"
    Link: {"schema":{"type":"string"},"description":"Other pages: `next`, `prev` and `first` (RFC 8288)."}
    X-Total-Count: {"schema":{"type":"integer","description":"How many items all pages have.","minimum":0}}
    "##);
}

#[test]
fn a_page_may_be_an_object() {
    insta::assert_snapshot!(lines("/paths/~1api~1v1~1pages/get/responses/200/content"), @r##"
    application/json: {"schema":{"type":"object","required":["items","total"],"properties":{"items":{"type":"array","items":{"type":"object","required":["id","amount","issuedOn","address"],"properties":{"id":{"type":"integer","format":"int64"},"amount":{"type":"number","description":"At most 12 digits, 3 of them behind the point."},"issuedOn":{"type":["string","null"],"format":"date"},"address":{"type":"object","required":["street"],"properties":{"street":{"type":["string","null"],"maxLength":40}}}}}},"next":{"type":"string","format":"uri-reference","description":"The next page; not there on the last."},"prev":{"type":"string","format":"uri-reference","description":"The page before; not there on the first."},"total":{"type":"integer","description":"About how many items all pages have.","minimum":0}}},"example":{"items":[{"id":1,"amount":12.5,"issuedOn":"2026-11-21","address":{"street":"text"}}],"total":1}}
    "##);
}

#[test]
fn a_body_is_a_closed_object() {
    insta::assert_snapshot!(lines("/paths/~1api~1v1~1invoices/post/requestBody/content/application~1json"), @r##"
    schema: {"type":"object","required":["amount"],"properties":{"amount":{"type":["number","string"],"description":"At most 12 digits, 3 of them behind the point. A string keeps digits that a double does not.","pattern":"^([+\\-]?[0-9.]+([eE][+\\-]?[0-9]+)?|NaN|-?Infinity)$"},"note":{"type":["string","null"]},"address":{"type":["object","null"],"required":["street"],"properties":{"street":{"type":"string","maxLength":40}},"additionalProperties":false}},"additionalProperties":false}
    example: {"amount":12.5,"note":"text","address":{"street":"text"}}
    "##);
}

#[test]
fn a_composed_answer_has_the_parts_of_both_kinds() {
    let at = "/paths/~1api~1v1~1orders~1{id}~1overview/get";
    insta::assert_snapshot!(lines(&format!("{at}/parameters")), @r##"
    {"name":"id","in":"path","required":true,"schema":{"type":"integer","format":"int32"},"example":1}
    {"name":"limit","in":"query","required":false,"schema":{"type":"integer","format":"int32","default":50,"maximum":500,"minimum":1},"example":1}
    {"name":"status","in":"query","description":"Any of these.","required":false,"schema":{"type":"array","items":{"$ref":"#/components/schemas/Status"}},"style":"form","explode":true,"example":["OPEN"]}
    "##);
    insta::assert_snapshot!(lines(&format!("{at}/responses/200/content/application~1json/schema")), @r##"
    type: "object"
    required: ["order","invoice"]
    properties: {"order":{"$ref":"#/components/schemas/Order"},"invoice":{"type":["object","null"],"required":["id","amount","issuedOn","address"],"properties":{"id":{"type":"integer","format":"int64"},"amount":{"type":"number","description":"At most 12 digits, 3 of them behind the point."},"issuedOn":{"type":["string","null"],"format":"date"},"address":{"type":"object","required":["street"],"properties":{"street":{"type":["string","null"],"maxLength":40}}}}},"count":{"type":"integer","format":"int64"}}
    "##);
    assert!(whole()["components"]["schemas"]["Order"].is_object());
}

#[test]
fn each_route_lists_the_answers_it_can_give() {
    let whole = whole();
    let statuses = |path: &str, method: &str| {
        let responses = &whole["paths"][path][method]["responses"];
        responses.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
    };
    insta::assert_snapshot!(statuses("/api/v1/invoices", "get"), @"200 400 403 406 414 500 502 503 504");
    insta::assert_snapshot!(statuses("/api/v1/invoices", "post"), @"201 400 403 404 406 408 409 413 414 415 422 500 502 503 504");
    insta::assert_snapshot!(statuses("/api/v1/invoices/{id}", "put"), @"200 400 403 406 409 412 414 422 428 500 502 503 504");
    insta::assert_snapshot!(statuses("/api/v1/invoices/{id}", "get"), @"200 204 400 403 406 414 500 502 503 504");
    insta::assert_snapshot!(statuses("/api/v1/orders/{id}/overview", "get"), @"200 400 406 414 500 502 503 504");
    let whole = whole.to_string();
    assert!(whole.contains("- Duplicate code"));
    for secret in ["secret_column", "insert into", "ord_code_key"] {
        assert!(!whole.contains(secret), "{secret}");
    }
}

#[test]
fn every_example_is_valid_against_its_schema() {
    let whole = whole();
    let mut seen = 0;
    check_examples(&whole, &whole, &mut seen);
    assert_eq!(seen, 10);
}
