//! Long answers: lines or an array, whole or broken off, never shorter than they should be.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::Ledger;
use crate::rig::{Raw, Serving, mapping_folder, project};

const LINES: &[(&str, &str)] = &[("accept", "application/x-ndjson")];

/// As many rows as are asked for; where one is called, it is not what it should be.
const NUMBERS: &str = "  GET /numbers:
    sql: ledger
    query: |
      with recursive n(i) as (select 1 union all select i + 1 from n where i < :count)
      select i, case when i = :bad then abs(-9223372036854775807 - 1) else i end as v,
             'some text to make a row as long as rows are' as filler from n
    in: { bad: { query: bad, default: 0 }, count: query.count }
    types: { bad: integer, count: integer }
    max_rows: 200000
";

#[actix_web::test]
async fn a_list_is_an_array_or_lines() {
    let ledger = Ledger::open();
    let path = "/api/v1/exports/invoices";
    let array = ledger.facade.get(path).await;
    assert_eq!(array.json().as_array().unwrap().len(), 300);
    let lines = ledger.send("GET", path, LINES, "").await;
    assert_eq!(lines.header("content-type"), "application/x-ndjson");
    let rows: Vec<Value> =
        lines.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(Value::Array(rows), array.json());
    let first = ledger.send("GET", "/api/v1/invoices?limit=3", LINES, "").await;
    assert_eq!(first.text.lines().count(), 3);
    assert!(first.header("link").contains("rel=\"next\""));
}

#[actix_web::test]
async fn a_long_list_comes_whole() {
    let ledger = Ledger::with(NUMBERS);
    let answer = ledger.facade.get("/api/v1/numbers?count=100000").await;
    let rows = answer.json();
    let rows = rows.as_array().unwrap();
    assert_eq!((rows.len(), rows[99_999]["i"].as_u64()), (100_000, Some(100_000)));
    assert_eq!(answer.header("transfer-encoding"), "chunked");
    // Without chunks it is gathered first.
    let mut raw = Raw::to(ledger.facade.address).await;
    raw.send(b"GET /api/v1/numbers?count=50000 HTTP/1.0\r\nhost: x\r\n\r\n").await;
    let old = raw.answer().await;
    assert_eq!((old.status, old.json().as_array().unwrap().len()), (200, 50_000));
    assert_eq!(old.header("transfer-encoding"), "");
}

#[actix_web::test]
async fn a_long_list_needs_no_more_memory_than_a_short_one() {
    let folder = mapping_folder(&[(
        "test.yaml",
        &format!(
            "figleaf: 1\napi: test\nversion: v1\nbackends:\n  ledger: {{ sqlite: ':memory:' }}\nroutes:\n{}",
            NUMBERS.replace("max_rows: 200000", "max_rows: 1000000\n    timeout: 60s")
        ),
    )]);
    let path = folder.path().display().to_string();
    let arguments = ["--mappings", &path, "--no-watch", "--workers", "1"];
    let serving = Serving::start(&project("."), &arguments, &[]);
    let ask = async |count: usize| {
        let url = serving.url(&format!("/api/v1/numbers?count={count}"));
        let answer = crate::rig::client().get(url).send().await.unwrap();
        let body = answer.bytes().await.unwrap();
        let rows: Vec<IgnoredAny> = serde_json::from_slice(&body).unwrap();
        assert_eq!(rows.len(), count);
    };
    ask(30_000).await;
    let before = serving.memory_peak_bytes();
    ask(400_000).await;
    let after = serving.memory_peak_bytes();
    println!("peak {before} before and {after} after");
    assert!(after < before + (8 << 20), "{before} → {after}");
    assert!(after < 64 << 20, "{after}");
}

#[actix_web::test]
async fn an_early_failure_is_a_problem() {
    let ledger = Ledger::with(NUMBERS);
    let answer = ledger.facade.get("/api/v1/numbers?count=10&bad=5").await;
    assert!(answer.problem().starts_with("database-"), "{answer:?}");
    let lines = ledger.send("GET", "/api/v1/numbers?count=10&bad=5", LINES, "").await;
    lines.problem();
}

#[actix_web::test]
async fn a_late_failure_breaks_the_transfer() {
    let ledger = Ledger::with(NUMBERS);
    let url = ledger.facade.url("/api/v1/numbers?count=100000&bad=90000");
    let answer = crate::rig::client().get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err());
}

#[actix_web::test]
async fn lines_end_with_the_problem() {
    let ledger = Ledger::with(NUMBERS);
    let path = "/api/v1/numbers?count=100000&bad=90000";
    let answer = ledger.send("GET", path, LINES, "").await;
    let last: Value = serde_json::from_str(answer.text.lines().last().unwrap()).unwrap();
    assert!(last["code"].as_str().unwrap().starts_with("database-"), "{last}");
    assert_eq!(last["correlationId"], answer.header("x-request-id"));
    let rows = answer.text.lines().count() - 1;
    assert!((1000..90_000).contains(&rows), "{rows}");
    for (line, number) in answer.text.lines().take(rows).zip(1..) {
        assert_eq!(serde_json::from_str::<Value>(line).unwrap()["i"], number);
    }
}

#[actix_web::test]
async fn a_list_that_is_too_long_is_no_shorter_list() {
    let ledger = Ledger::with(&NUMBERS.replace("max_rows: 200000", "max_rows: 100"));
    assert_eq!(ledger.facade.get("/api/v1/numbers?count=100").await.status, 200);
    let answer = ledger.facade.get("/api/v1/numbers?count=101").await;
    assert_eq!((answer.status, answer.problem().as_str()), (502, "database-too-large"));
}
