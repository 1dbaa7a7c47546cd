//! Calls that fail, each in its own way.

use super::super::Sqlite;
use super::bench::*;
use crate::backend::CircuitState;
use crate::database::SqlError;
use crate::diagnostic::Code;
use crate::plan::{Effect, Outcome};
use crate::sql::{DatabaseFailure, Value};

async fn failure(bench: &Bench, effect: Effect, text: &str) -> DatabaseFailure {
    match bench.ask(effect, text, vec![]).await {
        Err(SqlError::Database(failure)) => *failure,
        other => panic!("{text}: {other:?}"),
    }
}

#[tokio::test]
async fn errors_have_the_sqlstates_of_postgresql() {
    let bench = Bench::new();
    let check = async |effect, text: &str, expected: &str| {
        assert_eq!(failure(&bench, effect, text).await.sqlstate, expected, "{text}");
    };
    let (read, write) = (Effect::Read, Effect::Write);
    check(read, "SELEC 1", "42601").await;
    check(read, "SELECT (1", "42601").await;
    check(read, "SELECT 1; SELECT 2", "42601").await;
    check(read, "SELECT * FROM nowhere", "42P01").await;
    check(read, "SELECT absent FROM customer", "42703").await;
    check(read, "SELECT \"absent\" FROM customer", "42703").await;
    check(read, "SELECT cust_no FROM customer, invoice", "42702").await;
    check(read, "SELECT nofunction(1)", "42883").await;
    check(read, "SELECT abs(-9223372036854775808)", "22003").await;
    check(read, "SELECT json('{')", "22032").await;
    check(read, "SELECT ?1", "08P01").await;
    check(read, "DELETE FROM customer", "25006").await;
    check(read, "ATTACH 'x' AS x", "42501").await;
    check(write, "PRAGMA foreign_keys = off", "42501").await;
    check(write, "INSERT INTO invoice (cust_no) VALUES ('99999')", "23503").await;
    check(write, "INSERT INTO invoice (inv_id, cust_no) VALUES ('x', '00017')", "22P02").await;
    // A caller's mistakes say nothing about the database.
    assert_eq!(bench.database.guard().state(), CircuitState::Closed);
    assert_eq!(bench.read("SELECT count(*) FROM customer").await[0], "2");
}

#[tokio::test]
async fn errors_name_what_was_violated() {
    let bench = Bench::new();
    let trigger = "CREATE TRIGGER t BEFORE DELETE ON invoice BEGIN
                   SELECT raise(ABORT, 'closed'); END";
    bench.ask(Effect::Write, trigger, vec![]).await.unwrap();
    let check = async |text: &str, expected: [Option<&str>; 4]| {
        let failure = failure(&bench, Effect::Write, text).await;
        let DatabaseFailure { sqlstate, constraint, table, column, .. } = failure;
        let found = [Some(sqlstate), constraint, table, column];
        assert_eq!(found.each_ref().map(Option::as_deref), expected, "{text}");
    };
    check(
        "INSERT INTO customer VALUES ('00017', 'again')",
        [Some("23505"), Some("customer.cust_no"), Some("customer"), Some("cust_no")],
    )
    .await;
    check(
        "INSERT INTO invoice (cust_no, issued_on) VALUES ('00017', '2024-02-29')",
        [Some("23505"), Some("invoice.cust_no, invoice.issued_on"), Some("invoice"), None],
    )
    .await;
    check(
        "INSERT INTO customer VALUES ('1', NULL)",
        [Some("23502"), None, Some("customer"), Some("name")],
    )
    .await;
    check("UPDATE invoice SET amount = -1", [Some("23514"), Some("amount >= 0"), None, None]).await;
    check("DELETE FROM invoice", [Some("P0001"), None, None, None]).await;
    check("SELECT absent", [Some("42703"), None, None, None]).await;
    assert_eq!(failure(&bench, Effect::Read, "SELECT 1 FRO x").await.offset, Some(13));
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.db");
    let text = folder.path().join("text.db");
    std::fs::write(&text, "x".repeat(4096)).unwrap();
    for path in [&missing, &text, &folder.path().to_owned()] {
        let database = Sqlite::new(&plan("missing", path.to_str().unwrap())).unwrap();
        for effect in [Effect::Read, Effect::Write] {
            let error = database.query(query(effect, "SELECT 1", vec![])).await.err().unwrap();
            let SqlError::Backend(error) = error else { panic!("{error:?}") };
            assert_eq!((error.code, error.outcome), (Code::BackendRefused, Outcome::NotSent));
            assert!(!error.detail.contains("missing"), "{}", error.detail);
        }
    }
    assert!(!missing.exists());
}

#[tokio::test]
async fn a_file_that_appears_later_is_opened_then() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("late.db");
    let database = Sqlite::new(&plan("late", file.to_str().unwrap())).unwrap();
    let count = || database.query(query(Effect::Read, "SELECT count(*) FROM customer", vec![]));
    assert!(count().await.is_err());
    rusqlite::Connection::open(&file).unwrap().execute_batch(SCHEMA).unwrap();
    assert_eq!(gather(count().await.unwrap()).await.unwrap()[0], "2");
}

#[tokio::test]
async fn a_lock_of_another_process_is_waited_for_in_bounds() {
    let bench = Bench::new();
    let other = rusqlite::Connection::open(bench.folder.path().join("ledger.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let start = std::time::Instant::now();
    let failed = failure(&bench, Effect::Write, "DELETE FROM invoice").await;
    assert_eq!(failed.sqlstate, "55P03");
    assert!(start.elapsed() < WAIT + SLACK, "{:?}", start.elapsed());
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(
        bench.ask(Effect::Write, "DELETE FROM invoice", vec![]).await.unwrap(),
        ["touched 1"]
    );
}

#[tokio::test]
async fn more_bytes_than_an_answer_may_have_are_an_error() {
    let bench = Bench::with(|plan| plan.limits.response_bytes = 100_000);
    let text = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100)
                SELECT zeroblob(?1) FROM n";
    let ask = |size| bench.ask(Effect::Read, text, vec![Value::Integer(size)]);
    assert_eq!(ask(900).await.unwrap().len(), 101);
    let Err(SqlError::Backend(error)) = ask(100_000).await else { panic!() };
    assert_eq!(error.code, Code::BackendTooLarge);
}
