//! Calls that answer.

use super::super::Sqlite;
use super::bench::*;
use crate::database::SqlError;
use crate::diagnostic::Code;
use crate::plan::{Effect, Outcome};
use crate::sql::Value;

#[tokio::test]
async fn values_keep_their_storage_class_both_ways() {
    let bench = Bench::new();
    let values = vec![
        Value::Null,
        Value::Integer(i64::MIN),
        Value::Real(0.1),
        Value::Text("a'b\0c".to_owned()),
        Value::Blob(vec![0, 255]),
    ];
    let rows = bench.ask(Effect::Read, "SELECT ?2, ?3, ?4, ?5, ?1", values).await.unwrap();
    assert_eq!(rows, ["-9223372036854775808 0.1 'a'b\0c' [00, ff]", "touched 1"]);
    let rows = bench.read("SELECT * FROM invoice").await;
    assert_eq!(rows, ["1 '00017' 12.34 1 '2024-02-29' null [00, ff]", "touched 1"]);
    assert_eq!(bench.read("SELECT 1 WHERE 0").await, ["touched 0"]);
}

#[tokio::test]
async fn a_placeholder_may_stand_twice_and_text_stays_text() {
    let bench = Bench::new();
    let text = "SELECT name FROM customer WHERE cust_no = ?1 OR name = ?1";
    let evil = "' OR 1=1; DROP TABLE customer; --";
    let ask = |value: &str| bench.ask(Effect::Read, text, vec![Value::Text(value.to_owned())]);
    assert_eq!(ask("00017").await.unwrap(), ["'Ada'", "touched 1"]);
    assert_eq!(ask(evil).await.unwrap(), ["touched 0"]);
}

#[tokio::test]
async fn writes_say_how_many_rows_they_touched() {
    let bench = Bench::new();
    let check = async |text: &str, expected: &[&str]| {
        assert_eq!(bench.ask(Effect::Write, text, Vec::new()).await.unwrap(), expected, "{text}");
    };
    check("UPDATE customer SET name = name || '!'", &["touched 2"]).await;
    check("CREATE INDEX i ON customer (name)", &["touched 0"]).await;
    check("DELETE FROM customer WHERE cust_no = 'none'", &["touched 0"]).await;
    check(
        "INSERT INTO invoice (cust_no, issued_on) VALUES ('00018', '2024-03-01') RETURNING inv_id",
        &["2", "touched 1"],
    )
    .await;
    assert_eq!(bench.read("SELECT count(*) FROM invoice").await, ["2", "touched 1"]);
}

#[tokio::test]
async fn a_changed_table_and_a_replaced_file_are_seen() {
    let bench = Bench::new();
    assert_eq!(bench.read("SELECT * FROM customer LIMIT 1").await[0], "'00017' 'Ada'");
    let change = "ALTER TABLE customer ADD COLUMN rank INTEGER DEFAULT 7";
    bench.ask(Effect::Write, change, Vec::new()).await.unwrap();
    assert_eq!(bench.read("SELECT * FROM customer LIMIT 1").await[0], "'00017' 'Ada' 7");

    let new = bench.folder.path().join("new.db");
    let schema = "CREATE TABLE customer (a); INSERT INTO customer VALUES ('new')";
    rusqlite::Connection::open(&new).unwrap().execute_batch(schema).unwrap();
    std::fs::rename(new, bench.folder.path().join("ledger.db")).unwrap();
    assert_eq!(bench.read("SELECT * FROM customer LIMIT 1").await[0], "'new'");
}

#[tokio::test]
async fn readers_do_not_wait_for_one_another() {
    let bench = Bench::new();
    let mut open = Vec::new();
    for _ in 0..4 {
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
                       SELECT i FROM n";
        let mut rows = bench.database.query(query(Effect::Read, endless, vec![])).await.unwrap();
        assert!(rows.next().await.unwrap().is_some());
        open.push(rows);
    }
    // All four are lent; the one for long answers is another pool's.
    let mut stream = query(Effect::Read, "SELECT 1", vec![]);
    stream.stream = true;
    assert_eq!(gather(bench.database.query(stream).await.unwrap()).await.unwrap()[0], "1");

    let start = std::time::Instant::now();
    let error = bench.ask(Effect::Read, "SELECT 1", vec![]).await.unwrap_err();
    let SqlError::Backend(error) = error else { panic!("{error:?}") };
    assert_eq!((error.code, error.outcome), (Code::BackendBusy, Outcome::NotSent));
    assert!(error.retry_after.is_some());
    assert!(start.elapsed() < WAIT + SLACK, "{:?}", start.elapsed());
    drop(open);
    assert_eq!(bench.read("SELECT 1").await[0], "1");
}

#[tokio::test]
async fn a_database_in_memory_is_one_for_all_connections() {
    let plan = plan("in memory", ":memory:");
    let database = Sqlite::new(&plan).unwrap();
    for text in ["CREATE TABLE t (a)", "INSERT INTO t VALUES (1), (2)"] {
        gather(database.query(query(Effect::Write, text, vec![])).await.unwrap()).await.unwrap();
    }
    let count = "SELECT count(*) FROM t";
    let (a, b) = tokio::join!(
        database.query(query(Effect::Read, count, vec![])),
        database.query(query(Effect::Read, count, vec![])),
    );
    assert_eq!(gather(a.unwrap()).await.unwrap()[0], "2");
    assert_eq!(gather(b.unwrap()).await.unwrap()[0], "2");
    let other = Sqlite::new(&super::bench::plan("other", ":memory:")).unwrap();
    assert!(other.query(query(Effect::Read, count, vec![])).await.is_err());
}
