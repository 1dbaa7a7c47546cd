//! Transactions.

use std::time::{Duration, Instant};

use super::bench::*;
use crate::database::{Begin, SqlError};
use crate::diagnostic::Code;
use crate::plan::{Effect, Outcome};
use crate::sql::Value;

const INSERT: &str = "INSERT INTO customer VALUES (?1, 'new') RETURNING cust_no";
const COUNT: &str = "SELECT count(*) FROM customer";

fn key(text: &str) -> Vec<Value> {
    vec![Value::Text(text.to_owned())]
}

#[tokio::test]
async fn what_is_committed_stays_and_what_is_not_does_not() {
    let bench = Bench::new();
    let mut transaction = bench.database.begin(begin(Effect::Write)).await.unwrap();
    let result = transaction.query(INSERT, key("1"), 10).await.unwrap();
    assert_eq!((lines(&result), result.affected), (vec!["'1'".to_owned()], 1));
    // A later statement sees it, another connection does not.
    assert_eq!(lines(&transaction.query(COUNT, vec![], 10).await.unwrap()), ["3"]);
    assert_eq!(bench.read(COUNT).await[0], "2");
    transaction.commit().await.unwrap();
    assert_eq!(bench.read(COUNT).await[0], "3");

    let mut transaction = bench.database.begin(begin(Effect::Write)).await.unwrap();
    transaction.query(INSERT, key("2"), 10).await.unwrap();
    transaction.rollback().await;
    let mut transaction = bench.database.begin(begin(Effect::Write)).await.unwrap();
    transaction.query(INSERT, key("2"), 10).await.unwrap();
    drop(transaction);
    let mut transaction = bench.database.begin(begin(Effect::Write)).await.unwrap();
    assert_eq!(lines(&transaction.query(COUNT, vec![], 10).await.unwrap()), ["3"]);
}

#[tokio::test]
async fn an_error_ends_it() {
    let bench = Bench::new();
    let mut transaction = bench.database.begin(begin(Effect::Write)).await.unwrap();
    transaction.query(INSERT, key("1"), 10).await.unwrap();
    let check = |error: SqlError, expected: &str| match error {
        SqlError::Database(failure) => assert_eq!(failure.sqlstate, expected),
        error @ SqlError::Backend(_) => panic!("{error:?}"),
    };
    check(transaction.query(INSERT, key("1"), 10).await.err().unwrap(), "23505");
    check(transaction.query(COUNT, vec![], 10).await.err().unwrap(), "25P02");
    check(transaction.commit().await.unwrap_err(), "25P02");
    assert_eq!(bench.read(COUNT).await[0], "2");
}

#[tokio::test]
async fn a_constraint_that_waits_for_the_commit_refuses_it() {
    let bench = Bench::new();
    let mut transaction = bench.database.begin(begin(Effect::Write)).await.unwrap();
    transaction.query("PRAGMA defer_foreign_keys", vec![], 1).await.unwrap();
    let schema = "CREATE TABLE late (c REFERENCES customer DEFERRABLE INITIALLY DEFERRED)";
    transaction.query(schema, vec![], 1).await.unwrap();
    transaction.query("INSERT INTO late VALUES ('none')", vec![], 1).await.unwrap();
    let Err(SqlError::Database(failure)) = transaction.commit().await else { panic!() };
    assert_eq!(failure.sqlstate, "23503");
    let table = "SELECT count(*) FROM sqlite_schema WHERE name = 'late'";
    assert_eq!(bench.read(table).await[0], "0");
}

#[tokio::test]
async fn a_read_transaction_cannot_write_and_sees_one_moment() {
    let bench = Bench::new();
    rusqlite::Connection::open(bench.folder.path().join("ledger.db"))
        .unwrap()
        .pragma_update(None, "journal_mode", "wal")
        .unwrap();
    let mut transaction = bench.database.begin(begin(Effect::Read)).await.unwrap();
    assert_eq!(lines(&transaction.query(COUNT, vec![], 10).await.unwrap()), ["2"]);
    bench.ask(Effect::Write, INSERT, key("1")).await.unwrap();
    assert_eq!(lines(&transaction.query(COUNT, vec![], 10).await.unwrap()), ["2"]);
    let Err(SqlError::Database(failure)) = transaction.query(INSERT, key("2"), 1).await else {
        panic!()
    };
    assert_eq!(failure.sqlstate, "25006");
}

#[tokio::test]
async fn one_row_more_than_the_most_is_given_and_no_more() {
    let bench = Bench::new();
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    let mut transaction = bench.database.begin(begin(Effect::Read)).await.unwrap();
    for rows_max in [0, 1, 63, 64, 1000] {
        let result = transaction.query(many, vec![], rows_max).await.unwrap();
        assert_eq!(result.rows.len() as u64, rows_max + 1);
    }
}

#[tokio::test]
async fn a_deadline_rolls_back_whatever_the_caller_does() {
    let bench = Bench::new();
    let short = |milliseconds| Begin {
        deadline: Instant::now() + Duration::from_millis(milliseconds),
        ..begin(Effect::Write)
    };
    let mut transaction = bench.database.begin(short(1500)).await.unwrap();
    transaction.query(INSERT, key("1"), 1).await.unwrap();
    let Err(SqlError::Backend(error)) = transaction.query(ENDLESS, vec![], 1).await else {
        panic!()
    };
    assert_eq!((error.code, error.outcome), (Code::BackendTimeout, Outcome::Rejected));
    drop(transaction);

    let mut idle = bench.database.begin(short(300)).await.unwrap();
    idle.query(INSERT, key("1"), 1).await.unwrap();
    // The writer waits for the idle one's deadline and finds nothing of it.
    assert_eq!(bench.ask(Effect::Write, INSERT, key("1")).await.unwrap(), ["'1'", "touched 1"]);
    let Err(SqlError::Backend(error)) = idle.query(COUNT, vec![], 1).await else { panic!() };
    assert_eq!(error.code, Code::BackendTimeout);
    assert!(idle.commit().await.is_err());
    assert_eq!(bench.read(COUNT).await[0], "3");
}

#[tokio::test]
async fn a_running_statement_is_interrupted_where_the_caller_leaves() {
    let bench = Bench::new();
    let mut transaction = bench.database.begin(begin(Effect::Write)).await.unwrap();
    let endless = transaction.query(ENDLESS, vec![], 1);
    assert!(tokio::time::timeout(Duration::from_millis(30), endless).await.is_err());
    drop(transaction);
    let start = Instant::now();
    bench.ask(Effect::Write, INSERT, key("1")).await.unwrap();
    assert!(start.elapsed() < SLACK, "{:?}", start.elapsed());
}
