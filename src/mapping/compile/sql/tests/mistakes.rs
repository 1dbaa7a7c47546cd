//! Every mistake at its place.

use super::{Columns, SAYS, Says, compiled};
use crate::sql::Type;

/// One route, and what is said about it.
fn check(route: &str, expected: &str) {
    let (plan, found) = compiled(&SAYS, &format!("  {route}\n"));
    let placed = found.lines().filter_map(|line| Some(line.split_once(' ')?.1));
    assert_eq!(placed.collect::<Vec<_>>().join("\n"), expected, "{route}");
    assert_eq!(plan.is_none(), !expected.is_empty() && !expected.contains("of 3 columns"));
}

#[test]
fn parameters_have_to_be_fed_and_sources_have_to_feed() {
    check("GET /a/{id}: { sql: db, query: select * from customers where id = :id }", "");
    check(
        "GET /a/{x}: { sql: db, query: select * from customers where id = :id }",
        "mapping-parameter-unbound <{x}>: `x` feeds nothing: no statement has `:x`",
    );
    check(
        "GET /a: { sql: db, query: select * from customers, in: { idd: query.x } }",
        "sql-parameter <idd>: the statement has no parameter `:idd`",
    );
    check(
        "GET /a: { sql: db, query: select * from customers, types: { idd: int } }",
        "sql-parameter <idd>: the statement has no parameter `:idd`",
    );
    check(
        "GET /a: { sql: db, query: 'select * from customers where id = :id', in: { id: body.x } }",
        "sql-parameter <body.x>: GET has no body",
    );
    check(
        "GET /a: { sql: db, query: 'select * from customers where id = :id', in: { id: claim.x } }",
        "sql-parameter <x>: there are no claims: callers do not say who they are",
    );
    check(
        "GET /a: { sql: db, query: 'select * from customers where id = :id', in: { id: { const: x } } }",
        "mapping-value <{ const: x }>: the constant must be a whole number",
    );
    check(
        "GET /a: { sql: db, query: 'select * from customers where id = :id', in: { id: { query: i, default: x } } }",
        "mapping-value <x>: the default must be a whole number",
    );
    check(
        "GET /a: { sql: db, query: 'select * from customers where id = :id', in: { id: { query: i, repeats: true } } }",
        "sql-parameter <true>: `:id` is integer, and takes one value",
    );
    check(
        "POST /a: { sql: db, query: 'insert into customers select :a, :b', in: { a: body.x, b: body.x.y } }",
        "sql-parameter <body.x.y>: `x` would be a value and an object",
    );
    check(
        "GET /a: { sql: db, query: 'select * from customers where id = :id', in: { id: steps.a.b } }",
        "mapping-reference <a>: there is no step `a`",
    );
    check(
        "GET /a: { sql: db, query: 'select * from customers where id = :id', in: { id: parts.a.b } }",
        "mapping-reference <a>: only a part of a composed answer can refer to another",
    );
    check(
        "GET /a: { sql: db, query: 'select * from customers where id = :id', filters: { f: 'id = :id' } }",
        "sql-parameter <'id = :id'>: the filter `f` always applies",
    );
}

#[test]
fn a_statement_has_to_be_what_its_route_says() {
    check(
        "GET /a: { sql: db, query: delete from customers }",
        "sql-write <delete>: the statement writes, and the route reads",
    );
    check("GET /a: { sql: db, query: delete from customers, effect: write }", "");
    check(
        "GET /a: { sql: db, query: delete from t, effect: write }",
        "sql-result <delete from t>: the statement gives no columns",
    );
    check("DELETE /a: { sql: db, query: delete from t }", "");
    check(
        "PUT /a: { sql: db, query: update t set x = 1, result: one }",
        "sql-result <one>: the statement gives no columns",
    );
    check(
        "GET /a: { sql: db, query: select * from customers, result: scalar }",
        "sql-result <scalar>: of 3 columns only the first is used",
    );
    check(
        "GET /a: { sql: db, query: select * from customers, result: cursors }",
        "sql-result <cursors>: `customer_id` is no refcursor",
    );
    check(
        "GET /a: { sql: db, query: select * from customers, stream: true, result: one }",
        "sql-result <true>: only a list is a long answer",
    );
    check(
        "GET /a: { sql: db, query: select * from customers, etag: note }",
        "sql-result <note>: only one row has an ETag",
    );
    check(
        "PUT /a: { sql: db, query: 'update t set x = :x', if_match: version }",
        "sql-parameter <version>: no statement has a parameter `:version`",
    );
    check(
        "POST /a: { sql: db, query: 'select * from customers where id = :id', if_match: id }",
        "sql-write <id>: `if_match` guards a change, and nothing is changed",
    );
    check(
        "GET /a: { sql: db, query: select * from customers, out: { nam: x } }",
        "sql-column <nam>: the result has no column `nam`",
    );
    check(
        "GET /a: { sql: db, query: select * from customers, out: { note: name } }",
        "mapping-name-collision <select * from customers>: two columns would be the member `name`",
    );
    check(
        "GET /a: { sql: db, query: select * from customers, out: { name: { as: hex } } }",
        "sql-type <hex>: `name` is text, and is not written so",
    );
    check(
        "GET /a: { sql: db, query: select * from customers, out: { name: { schema: { type: object } } } }",
        "sql-type <{ type: object }>: `name` is text, which has a schema already",
    );
}

#[test]
fn pages_orders_and_nests_name_columns() {
    let query = "query: select * from customers";
    check(&format!("GET /a: {{ sql: db, {query}, page: {{ by: [customer_id] }} }}"), "");
    check(
        &format!("GET /a: {{ sql: db, {query}, page: {{ by: [note] }} }}"),
        "sql-page <note>: `note` may be NULL, and rows without it are on no page",
    );
    check(
        &format!(
            "GET /a: {{ sql: db, {query}, page: {{ by: [note] }}, out: {{ note: {{ nullable: false }} }} }}"
        ),
        "",
    );
    check(
        &format!("GET /a: {{ sql: db, {query}, page: {{ size: 10 }} }}"),
        "sql-page <page>: pages need an order",
    );
    check(
        &format!("GET /a: {{ sql: db, {query}, page: {{ by: [customer_id], size: 10, max: 5 }} }}"),
        "sql-page <10>: a page has 10 items, and a caller may have 5",
    );
    check(
        &format!("GET /a: {{ sql: db, {query}, sort: {{ n: 'nam, customer_id' }} }}"),
        "sql-column <nam>: the result has no column `nam`",
    );
    check(
        "GET /a: { sql: db, query: 'select * from customers where id = :limit', page: { by: [customer_id] } }",
        "sql-page <:limit>: the query parameter `limit` is the page's or the order's own",
    );
    let query = "query: select * from order_lines";
    check(
        &format!(
            "GET /a: {{ sql: db, {query}, nest: {{ lines: {{ by: [orderNo], members: [lineNo, articel] }} }} }}"
        ),
        "sql-column <articel>: the result has no column `articel`",
    );
    check(
        &format!(
            "GET /a: {{ sql: db, {query}, nest: {{ a: {{ by: [orderNo], members: [lineNo] }}, b: {{ by: [orderNo], members: [article] }} }} }}"
        ),
        "mapping-value <b>: rows fold into one array at a time",
    );
    check(
        &format!(
            "GET /a: {{ sql: db, {query}, include: {{ c: {{ query: 'select * from customers where customer_id = :id', keys: {{ id: customer_id }}, on: customer_id }} }} }}"
        ),
        "sql-parameter <id>: `:id` takes one key, not all of them",
    );
}

#[test]
fn steps_and_parts_refer_to_what_is_there() {
    let one = "a: { query: select * from customers, result: one }";
    let steps = |b: &str| {
        format!(
            "POST /a: {{ sql: db, steps: {{ {one}, b: {{ query: 'delete from t where id = :id', in: {{ id: {b} }} }} }} }}"
        )
    };
    check(&steps("steps.a.customer_id"), "");
    check(&steps("steps.c.id"), "mapping-reference <c>: there is no step `c`");
    check(&steps("steps.b.id"), "mapping-reference <b>: `b` is not before this step");
    check(&steps("steps.a.nam"), "mapping-member-unknown <nam>: there is no member `nam`");
    check(
        &steps("steps.a"),
        "mapping-reference <a>: `a` cannot feed this: it gives a row: name a member of it",
    );
    let parts = |a: &str, b: &str| {
        let query = "'select * from customers where customer_id = :id'";
        format!(
            "GET /a: {{ compose: {{ a: {{ sql: db, query: {query}, result: one, in: {{ id: {a} }} }}, b: {{ sql: db, query: {query}, in: {{ id: {b} }} }} }} }}"
        )
    };
    check(&parts("query.id", "parts.a.customerId"), "");
    check(
        &parts("query.id", "parts.a.customer_id"),
        "mapping-member-unknown <customer_id>: there is no member `customer_id`",
    );
    check(
        &parts("parts.a.customerId", "query.x"),
        "mapping-reference <a>: `a` waits for itself: it needs `a`",
    );
    check(&parts("query.id", "parts.c.x"), "mapping-reference <c>: there is no part `c`");
    check(
        "POST /a: { compose: { a: { sql: db, query: select * from customers } } }",
        "sql-write <POST>: a composed answer only reads",
    );
}

#[test]
fn what_belongs_elsewhere_is_refused() {
    check(
        "GET /a: { http: db, query: { a: query.b } }",
        "mapping-backend-kind <db>: `db` is a `postgres` backend, and the route says `http:`\nmapping-unknown-key <query>: `query` means nothing for an `http` route",
    );
    check("GET /a: { sql: db }", "mapping-missing <sql>: a `sql` route needs `query` or `steps`");
    check(
        "GET /a: { soap: db.X, page: { by: [id] } }",
        "mapping-backend-kind <db>: `db` is a `postgres` backend, and the route says `soap:`\nmapping-unknown-key <page>: `page` means nothing for a `soap` route",
    );
    check(
        "GET /a: { sql: db, query: \"select '${X}'\" }",
        "sql-syntax <${>: nothing is filled into a statement",
    );
    check(
        "GET /a: { sql: db, query: select 1 from customers; select 2 }",
        "sql-syntax <select>: something follows the end of the statement",
    );
    check(
        "GET /a: { sql: db, query: nowhere.sql }",
        "mapping-unreadable <nowhere.sql>: `nowhere.sql` cannot be read: no such file",
    );
}

#[test]
fn a_type_that_nothing_carries_is_refused() {
    let odd = Type::Unsupported("geometry".to_owned());
    let columns: Columns = Box::leak(Box::new([("shape", odd, true), ("id", Type::Oid, true)]));
    let columns: &'static [(&str, Columns)] = Box::leak(Box::new([("t", columns)]));
    let says = Says { columns, ..SAYS };
    let (_, found) =
        compiled(&says, "  GET /a: { sql: db, query: select * from t, out: { id: a } }\n");
    assert_eq!(
        found,
        "7:29 sql-type <select * from t>: the column `shape` is of the type `geometry`, which is not carried\n"
    );
}
