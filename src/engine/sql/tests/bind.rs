//! What a request must be, and what becomes of its values.

use super::*;
use crate::diagnostic::Code;

use ParameterPlace::{Path, Query};

/// Invoices of a customer, filtered and in an order.
fn list() -> SqlCall {
    let parts = Parts {
        base: "select number, customer from invoice where customer = :customer /*filters*/",
        filters: vec!["status = :status", "number between :from and :to"],
        sorts: vec![
            vec![OrderKey { column: "number".into(), descending: true }],
            vec![OrderKey { column: "customer".into(), descending: false }],
        ],
        casts: Vec::new(),
    };
    let parameters = [(0, TEXT), (1, TEXT), (2, Type::Int8), (3, Type::Int8)];
    let bindings = parameters.map(|(at, ty)| (SqlSource::Parameter(at), ty));
    let mut call = call(vec![step(&parts, &bindings, ResultKind::Many)]);
    call.parameters = vec![
        parameter("customer", Path, TEXT),
        parameter("status", Query, TEXT),
        parameter("from", Query, Type::Int8),
        parameter("to", Query, Type::Int8),
    ];
    call.filters = vec![
        FilterPlan { name: "status".into(), parameters: vec![1] },
        FilterPlan { name: "range".into(), parameters: vec![2, 3] },
    ];
    call.sorts = vec!["newest".into(), "customer".into()];
    call
}

fn check(call: &SqlCall, query: &str, expected: Result<(u64, usize, &[Value]), &[&str]>) {
    match (bind(call, query, None), expected) {
        (Ok(bound), Ok((filters, sort, values))) => {
            let choice = bound.choice(call, 0);
            assert_eq!((choice.filters, choice.sort), (filters, sort), "{query}");
            let assembled = call.steps[0].statement.assemble(choice);
            assert_eq!(bound.values(call, 0, &[], &assembled).unwrap(), values, "{query}");
        }
        (Err(problem), Err(expected)) => assert_eq!(wrong(&problem), expected, "{query}"),
        (got, _) => panic!("{query}: {got:?}"),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn a_filter_applies_if_all_it_needs_is_there() {
    let call = list();
    check(&call, "path:customer=C1", Ok((0b00, 0, &[text("C1")])));
    check(&call, "path:customer=C1&status=O", Ok((0b01, 0, &[text("C1"), text("O")])));
    let range = [text("C1"), Value::Integer(3), Value::Integer(9)];
    check(&call, "path:customer=C1&from=3&to=9&sort=customer", Ok((0b10, 1, &range)));
    check(&call, "path:customer=C1&from=3", Err(&["to is required with `from`"]));
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let call = list();
    check(
        &call,
        "stattus=O&from=x&to=1&to=2&sort=oldest",
        Err(&[
            "stattus is not a parameter here; did you mean `status`?",
            "customer is required",
            "to may stand only once",
            "sort must be one of `newest`, `customer`",
            "from must be a whole number",
        ]),
    );
    check(&call, "path:customer=C1&limit=5", Err(&["limit is not a parameter here"]));
}

#[test]
fn a_value_that_may_be_absent_is_null() {
    let parts = Parts { base: "update a set b = :b, c = :c, d = :d", ..Parts::default() };
    let sources = [
        (SqlSource::Body(vec!["note".into(), "text".into()]), TEXT),
        (SqlSource::RequestTime, TEXT),
        (SqlSource::Json("7".into()), Type::Int8),
    ];
    let mut call = call(vec![step(&parts, &sources, ResultKind::None)]);
    let member = |name: &str, kind, required| BodyMember {
        name: name.into(),
        required,
        nullable: !required,
        kind,
    };
    let note = BodyKind::Object(vec![member("text", BodyKind::Value(TEXT), true)]);
    call.body = Some(SqlBody { members: vec![member("note", note, false)] });
    let values = |body: Option<&str>| {
        let bound = bind(&call, "", body).map_err(|p| wrong(&p))?;
        let assembled = call.steps[0].statement.assemble(bound.choice(&call, 0));
        Ok::<_, Vec<String>>(bound.values(&call, 0, &[], &assembled).unwrap())
    };
    let fixed = [text("2026-01-02T03:04:05Z"), Value::Integer(7)];
    assert_eq!(values(None).unwrap(), [&[Value::Null][..], &fixed].concat());
    assert_eq!(values(Some(r#"{"note":null}"#)).unwrap()[0], Value::Null);
    assert_eq!(values(Some(r#"{"note":{"text":"x"}}"#)).unwrap()[0], text("x"));
    assert_eq!(
        values(Some(r#"{"note":{"tekst":"x"},"a/b":1}"#)).unwrap_err(),
        [
            "/a~1b is not a member here",
            "/note/tekst is not a member here; did you mean `text`?",
            "/note/text is required",
        ]
    );
    assert_eq!(values(Some("[]")).unwrap_err(), [" must be an object, not an array"]);
}

#[test]
fn a_body_nobody_asked_for_is_refused() {
    let problem = bind(&list(), "path:customer=C1", Some("{}")).unwrap_err();
    assert_eq!(wrong(&problem), [" this route takes no body"]);
    let problem = bind(&list(), "path:customer=C1", Some("{")).unwrap_err();
    assert_eq!(problem.code, Code::RequestMalformed);
}

#[test]
fn a_later_step_reads_what_an_earlier_one_gave() {
    let insert = Parts { base: "insert into a select :id, :lines", ..Parts::default() };
    let sources = [
        (SqlSource::Step(0, vec!["id".into()]), Type::Int8),
        (SqlSource::Step(1, vec!["number".into()]), Type::Array(Box::new(Type::Int8))),
    ];
    let first = || step(&Parts { base: "select 1", ..Parts::default() }, &[], ResultKind::One);
    let call = call(vec![first(), first(), step(&insert, &sources, ResultKind::None)]);
    let bound = bind(&call, "", None).unwrap();
    let assembled = call.steps[2].statement.assemble(bound.choice(&call, 2));
    let values = |results: &[&str]| {
        let results: Vec<_> = results.iter().map(|json| Some((*json).to_owned())).collect();
        bound.values(&call, 2, &results, &assembled)
    };
    let given = values(&[r#"{"id":7}"#, r#"[{"number":1},{"number":2}]"#]).unwrap();
    assert_eq!(given, [Value::Integer(7), text("[1,2]")]);
    let misfit = values(&[r#"{"id":"seven"}"#, "[]"]).unwrap_err();
    assert_eq!((misfit.code, misfit.detail.as_str()), (Code::DatabaseStatement, ""));
}

#[test]
fn a_claim_that_is_missing_is_never_null() {
    let parts = Parts { base: "select * from a where owner = :who", ..Parts::default() };
    let sources = [(SqlSource::Claim("sub".into()), TEXT)];
    let call = call(vec![step(&parts, &sources, ResultKind::Many)]);
    let problem = bind(&call, "", None).unwrap_err();
    assert_eq!((problem.code, problem.status), (Code::ClaimMissing, 403));
}

#[test]
fn a_conditional_write_needs_its_condition() {
    let parts = Parts { base: "update a set b = 1 where version = :version", ..Parts::default() };
    let sources = [(SqlSource::IfMatch, Type::Int8)];
    let mut call = call(vec![step(&parts, &sources, ResultKind::Affected)]);
    call.if_match = true;
    let code = |query: &str| bind(&call, query, None).err().map(|problem| problem.code);
    assert_eq!(code("header:if-match=\"7\""), None);
    assert_eq!(code(""), Some(Code::PreconditionRequired));
    assert_eq!(code("header:if-match=*"), Some(Code::RequestInvalid));
    // No version was ever called so.
    assert_eq!(code("header:if-match=\"seven\""), Some(Code::RowChanged));
}
