//! What calls and rows become.

use super::{SAYS, compiled};
use crate::plan::{
    BodyKind, BodyMember, RowMember, RowPlan, RowValue, SqlCall, SqlSource, Translator,
};

fn call(routes: &str) -> SqlCall {
    let (plan, found) = compiled(&SAYS, routes);
    assert_eq!(found, "");
    let plan = plan.unwrap();
    assert_eq!(plan.undescribed, []);
    match plan.plan.routes.into_iter().next().unwrap().translator {
        Translator::Sql(call) => *call,
        other => panic!("{other:?}"),
    }
}

/// What a caller may send, a line each.
fn parameters(call: &SqlCall) -> Vec<String> {
    let show = |p: &crate::plan::SqlParameter| {
        let place = format!("{:?}", p.place).to_lowercase();
        let required = if p.required { "!" } else { "" };
        let repeats = if p.repeats { "*" } else { "" };
        let default = p.default.as_ref().map(|d| format!(" = {d}")).unwrap_or_default();
        format!(
            "{place} {}{required}{repeats}: {}{default}",
            p.name,
            crate::mapping::type_name(&p.ty)
        )
    };
    call.parameters.iter().map(show).collect()
}

/// `a b{c d} lines[e]`
fn row(plan: &RowPlan) -> String {
    let mut text = members(&plan.members);
    if let Some(fold) = &plan.fold {
        text += &format!(" {}[{}]", fold.name, row(&fold.row));
    }
    text
}

fn members(members: &[RowMember]) -> String {
    let show = |member: &RowMember| match &member.value {
        RowValue::Column(column) => format!("{}#{}", member.name, column.index),
        RowValue::Object(inner) => format!("{}{{{}}}", member.name, self::members(inner)),
        RowValue::Include(at) => format!("{}@{at}", member.name),
    };
    members.iter().map(show).collect::<Vec<_>>().join(" ")
}

fn body(members: &[BodyMember]) -> String {
    let show = |member: &BodyMember| {
        let required = if member.required { "!" } else { "" };
        match &member.kind {
            BodyKind::Value(ty) => {
                format!("{}{required}: {}", member.name, crate::mapping::type_name(ty))
            }
            BodyKind::Object(inner) => format!("{}{required} {{{}}}", member.name, body(inner)),
        }
    };
    members.iter().map(show).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_read_binds_by_name_and_says_only_what_differs() {
    let call = call(
        "  GET /customers/{customerId}/orders:
    sql: db
    query: select * from order_lines where customer_id = :customer_id and at > :since and l = any(:limit_to)
    in: { since: { query: from, default: 2020-01-01 } }
    filters: { article: \"article = :article\" }
    sort: { newest: \"order_no desc\" }
    page: { by: [customer_id], size: 10, envelope: true }
    out: { article: item.code, customer_id: { drop: true } }
",
    );
    assert_eq!(
        parameters(&call),
        [
            "path customerId!: integer",
            "query from: date = 2020-01-01",
            "query limitTo!: integer",
            "query article: text"
        ]
    );
    assert_eq!(row(&call.steps[0].row), "orderNo#0 lineNo#2 item{code#3}");
    assert_eq!(
        (call.sorts.as_slice(), call.filters[0].parameters.as_slice()),
        (&["newest".to_owned()][..], &[3][..])
    );
    assert_eq!((call.rows_max, call.status), (10_000, 200));
    assert!(call.transaction.is_none());
    let crate::plan::PageStyle::Keyset(keys) = call.page.unwrap().style else { panic!() };
    let keys: Vec<&str> = keys[0].iter().map(|key| &*key.column).collect();
    assert_eq!(keys, ["order_no", "customer_id"]);
}

#[test]
fn a_write_takes_members_of_its_body() {
    let call = call(
        "  POST /customers:
    sql: db
    query: insert into customers values (:name, :street, :note, :kind) returning *
    in:
      street: body.address.street
      note: { body: note, optional: true }
      kind: { const: INV }
    status: 201
    location: /customers/{customerId}
",
    );
    assert_eq!(
        body(&call.body.as_ref().unwrap().members),
        "name!: text, address! {street!: text}, note: text"
    );
    assert_eq!(call.steps[0].bindings[3].source, SqlSource::Text("INV".to_owned()));
    assert_eq!((call.status, call.steps[0].result), (201, crate::plan::ResultKind::One));
    // Two rows where one is declared have to be undone.
    assert!(call.transaction.is_some());
    assert_eq!(call.location.unwrap().pieces.len(), 3);
}

#[test]
fn rows_are_folded_and_included() {
    let folded = call(
        "  GET /a: { sql: db, query: select * from order_lines, nest: { orders: { by: [customerId], members: [order_no, lines] }, lines: { by: [customerId, orderNo], members: [lineNo, article] } } }\n",
    );
    assert_eq!(
        row(&folded.steps[0].row),
        "customerId#1 orders[orderNo#0 lines[lineNo#2 article#3]]"
    );
    let included = call(
        "  GET /a: { sql: db, query: select * from order_lines, include: { customer: { query: 'select * from customers where customer_id = any(:ids)', types: { ids: 'int[]' }, keys: { ids: customerId }, on: customerId, single: true, out: { note: { drop: true } } } } }\n",
    );
    let include = &included.steps[0].includes[0];
    assert_eq!((include.key, include.on, include.single), (1, 0, true));
    assert_eq!(include.bindings[0].source, SqlSource::Keys);
    assert_eq!(row(&include.row), "customerId#0 name#1");
    assert_eq!(row(&included.steps[0].row), "orderNo#0 customerId#1 lineNo#2 article#3 customer@0");
}
