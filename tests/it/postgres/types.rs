//! Every type at its extremes, from a caller to the table and back.

use std::fmt::Write;

use crate::postgres;
use crate::rig::{Facade, Variables};

/// Type, SQL expression, JSON, and whether the JSON is taken back, of the golden values.
fn cases() -> Vec<(&'static str, &'static str, &'static str, bool)> {
    let lines = include_str!("../../../src/sql/tests/values.tsv").lines();
    lines
        .filter(|line| !line.starts_with(['#', '!']))
        .map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
            [name, sql, json, _, back, _] => (name, sql, json, back == "<>"),
            _ => panic!("{line}"),
        })
        .collect()
}

#[actix_web::test]
async fn a_value_of_every_type_goes_in_and_comes_out_as_it_is() {
    let Some(server) = postgres::server() else { return };
    let cases = cases();
    let mut statements = String::new();
    for line in include_str!("../../../src/sql/tests/values.tsv").lines() {
        if let Some(statement) = line.strip_prefix("!\t") {
            writeln!(statements, "{statement};").unwrap();
        }
    }
    let mut routes = String::new();
    for (at, (name, sql, _, back)) in cases.iter().enumerate() {
        writeln!(statements, "create table t{at} (id int primary key, v {name});").unwrap();
        writeln!(statements, "insert into t{at} values (1, {sql});").unwrap();
        writeln!(
            routes,
            "  GET /read/{at}: {{ sql: db, query: 'select v from t{at} where id = 1', result: one }}"
        )
        .unwrap();
        if *back {
            write!(
                routes,
                "  POST /write/{at}:\n    sql: db\n    query: |\n      \
                 insert into t{at} values (2, :v) returning v,\n        \
                 v::text is not distinct from (select o.v::text from t{at} o where o.id = 1) as same\n"
            )
            .unwrap();
        }
    }
    let url = server.database(&statements);
    let mapping = format!(
        "figleaf: 1\napi: types\nversion: v1\nbackends:\n  db: {{ postgres: '${{DB}}' }}\nroutes:\n{routes}"
    );
    let facade = Facade::of(&mapping, &Variables([("DB".to_owned(), url)].into()));
    let mut wrong = Vec::new();
    for (at, (name, sql, json, back)) in cases.iter().enumerate() {
        let read = facade.get(&format!("/api/v1/read/{at}")).await;
        if read.text != format!(r#"{{"v":{json}}}"#) {
            wrong.push(format!("{name} {sql}: {json} was read as {}", read.text));
        }
        if !back {
            continue;
        }
        let body = format!(r#"{{"v":{json}}}"#);
        let written = facade.post(&format!("/api/v1/write/{at}"), &body).await;
        if written.text != format!(r#"{{"v":{json},"same":true}}"#) {
            wrong.push(format!("{name} {sql}: {json} was written as {}", written.text));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
