//! What PostgreSQL answered, recorded and answered again without it.

use std::fmt::Write;

use figleaf::exchange::Entry;
use figleaf::plan::Plan;

use crate::postgres;
use crate::rig::{Facade, Variables, compile, mapping_folder};
use crate::sql::Served;
use crate::sql::recording::{Asks, Tape, check};

/// A plan for a database of its own.
fn plan(statements: &str, mapping: impl FnOnce(&str) -> String) -> Option<Plan> {
    let url = postgres::server()?.database(statements);
    let folder = mapping_folder(&[("test.yaml", &mapping(&url))]);
    Some(compile(folder.path(), &Variables::default()))
}

/// Records requests to routes before the ledger and asks them again of the recording.
async fn ledger(routes: &str, asked: &[Asks<'_>]) -> Option<Vec<Entry>> {
    let served = Served::with(routes)?;
    Some(check(served.plan(), asked).await)
}

#[actix_web::test]
async fn a_value_of_every_type_is_the_same_from_a_recording() {
    let lines: Vec<&str> = include_str!("../../../src/sql/tests/values.tsv").lines().collect();
    let cases = || lines.iter().filter(|line| !line.starts_with(['#', '!'])).enumerate();
    let (mut statements, mut routes) = (String::new(), String::new());
    for line in &lines {
        if let Some(statement) = line.strip_prefix("!\t") {
            writeln!(statements, "{statement};").unwrap();
        }
    }
    let mut asked = Vec::new();
    for (at, line) in cases() {
        let [name, sql, json, _, back, _] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        writeln!(statements, "create table t{at} (id int primary key, v {name}); insert into t{at} values (1, {sql});").unwrap();
        writeln!(
            routes,
            "  GET /read/{at}: {{ sql: db, query: 'select v from t{at}', result: many }}"
        )
        .unwrap();
        asked.push((format!("GET /api/v1/read/{at}"), String::new()));
        if back == "<>" {
            write!(routes, "  POST /write/{at}:\n    sql: db\n    query: insert into t{at} values (2, :v) returning v\n").unwrap();
            asked.push((format!("POST /api/v1/write/{at}"), format!(r#"{{"v":{json}}}"#)));
        }
    }
    for numbers in ["exact", "string"] {
        let plan = plan(&statements, |url| {
            format!(
                "figleaf: 1\napi: types\nversion: v1\nbackends:\n  db: {{ postgres: '{url}', numbers: {numbers} }}\nroutes:\n{routes}"
            )
        });
        let Some(plan) = plan else { return };
        let asked: Vec<Asks<'_>> = asked.iter().map(|(line, body)| Asks(line, &[], body)).collect();
        let entries = check(plan, &asked).await;
        assert_eq!(entries.len(), asked.len());
    }
}

#[actix_web::test]
async fn pages_go_on_from_keys_that_were_recorded() {
    let statements = "create table items (id int primary key, rank float8 not null, until date not null, code char(6) not null, made bytea not null);
         insert into items select i, case when i % 3 = 0 then 'NaN'::float8 else i end,
             case when i % 2 = 0 then 'infinity'::date else '2009-03-14' end, 'A' || i, '\\x00ff'
         from generate_series(1, 40) i";
    for (sort, shown) in
        [("until, rank, id", "until, rank"), ("code, id", "code"), ("made, id", "made")]
    {
        let plan = plan(statements, |url| {
            format!(
                "figleaf: 1\napi: items\nversion: v1\nbackends: {{ db: {{ postgres: '{url}' }} }}\nroutes:\n  GET /items:\n    \
                 sql: db\n    query: select id, {shown} from items\n    sort: {{ by: '{sort}' }}\n    page: {{ size: 15, max: 50, total: exact }}\n"
            )
        });
        let Some(plan) = plan else { return };
        // All pages of a live walk; a cursor holds what the keys are written as.
        let live = Facade::hooked(plan.clone(), Tape::default().hooks());
        let (mut next, mut walk) = (Some("/api/v1/items".to_owned()), Vec::new());
        while let Some(at) = next {
            let answer = live.get(&at).await;
            let links = answer.header("link").split(", ").find(|link| link.ends_with("\"next\""));
            next =
                links.map(|l| l.split_once('<').unwrap().1.split_once('>').unwrap().0.to_owned());
            walk.push(format!("GET {at}"));
        }
        assert_eq!(walk.len(), 3, "{sort}");
        let asked: Vec<Asks<'_>> = walk.iter().map(|line| Asks(line, &[], "")).collect();
        check(plan, &asked).await;
    }
}

#[actix_web::test]
async fn cursors_keep_their_names_and_types() {
    let routes = "  GET /customers/{id}/sheet:
    sql: ledger
    query: select * from account_sheet(:id::char(5))
    result: cursors
";
    let asked = [
        Asks("GET /api/v1/customers/00017/sheet", &[], ""),
        Asks("GET /api/v1/customers/00018/sheet", &[], ""),
        Asks("GET /api/v1/customers/99999/sheet", &[], ""),
    ];
    let Some(entries) = ledger(routes, &asked).await else { return };
    let statements: Vec<_> =
        entries.iter().filter_map(|e| Some(e.fixture.sql.as_ref()?.statement.as_str())).collect();
    assert!(statements.contains(&"fetch all from \"cursor 1\""), "{statements:?}");
    // What a cursor gave depends on what opened it.
    let fetched = entries.iter().filter(|entry| {
        let sql = entry.fixture.sql.as_ref().unwrap();
        sql.statement.starts_with("fetch") && sql.before.len() == 1
    });
    assert_eq!(fetched.count(), 6);
}

#[actix_web::test]
async fn a_transaction_is_one_conversation() {
    let routes = "  GET /mine:
    sql: ledger
    query: select current_setting('app.user') as user, count(*) from invoice
    session: { app.user: header.x-user }
    in: { }
    result: one
  POST /notes:
    sql: ledger
    steps:
      first: { query: 'update invoice set note = :note where company = :company and inv_no = 100001 returning version', result: one }
      second: { query: 'select note, company, net from invoice where company = :company and inv_no = 100001', result: one }
    returns: second
";
    let routes = routes.replace("    in: { }\n", "");
    let asked = [
        Asks("GET /api/v1/mine", &[("x-user", "alice")], ""),
        Asks("GET /api/v1/mine", &[("x-user", "bob")], ""),
        Asks("POST /api/v1/notes", &[], r#"{"note":"one","company":"01"}"#),
        Asks("POST /api/v1/notes", &[], r#"{"note":"two","company":"01"}"#),
        Asks("POST /api/v1/notes", &[], r#"{"note":"two","company":"77"}"#),
    ];
    let _ = ledger(&routes, &asked).await;
}

#[actix_web::test]
async fn lists_lines_includes_totals_and_refusals_are_recorded() {
    let routes = "  GET /lines:
    sql: ledger
    query: select company, inv_no, cust_no, issued_on, status, net from invoice order by company, inv_no limit 200
    stream: true
  GET /all:
    sql: ledger
    query: select i.company, i.inv_no, l.line_no from invoice i join invoice_line l using (company, inv_no) order by 1, 2, 3
  GET /invoices:
    sql: ledger
    query: select company, inv_no, net from invoice where true /*filters*/
    filters: { customer: \"cust_no = :customer\" }
    page: { by: [company, inv_no], size: 10, total: estimate }
  GET /customers:
    sql: ledger
    query: select cust_no, name1 from customer order by cust_no
    include:
      invoices: { query: 'select cust_no, inv_no, net from invoice where cust_no = any(:ids) order by inv_no', keys: { ids: custNo }, on: custNo }
  POST /customers:
    sql: ledger
    query: insert into customer (cust_no, name1, cust_grp, opened_on) values (:number, :name, 'A', '2009-03-14') returning cust_no
    result: one
    errors: { customer_pkey: { status: 409, title: There is one already } }
";
    let asked = [
        Asks("GET /api/v1/lines", &[], ""),
        Asks("GET /api/v1/lines", &[("accept", "application/x-ndjson")], ""),
        Asks("GET /api/v1/invoices", &[], ""),
        Asks("GET /api/v1/invoices?customer=00017", &[], ""),
        Asks("GET /api/v1/customers", &[], ""),
        Asks("POST /api/v1/customers", &[], r#"{"number":"00017","name":"Again"}"#),
    ];
    let Some(entries) = ledger(routes, &asked).await else { return };
    let refused = entries.iter().filter_map(|entry| entry.fixture.sql.as_ref()?.error.as_ref());
    let refused: Vec<_> = refused.map(|e| (e.sqlstate.as_str(), e.constraint.as_deref())).collect();
    assert_eq!(refused, [("23505", Some("customer_pkey"))]);
}
