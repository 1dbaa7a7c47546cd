//! Several statements, all or none.

use std::time::{Duration, Instant};

use figleaf::backend::{Effect, Outcome};
use figleaf::database::{Begin, Transaction};
use figleaf::diagnostic::Code;
use figleaf::plan::Isolation;
use figleaf::sql::Value;

use super::rig::*;
use super::{execute, server};
use crate::rig::eventually;

fn writing() -> Begin {
    Begin { effect: Effect::Write, isolation: None, deadline: soon() }
}

async fn run(transaction: &mut Transaction, text: &str) -> u64 {
    transaction.query(text, Vec::new(), 1000).await.unwrap().affected
}

#[tokio::test]
async fn a_commit_keeps_a_rollback_and_a_drop_do_not() {
    let Some(pg) = server() else { return };
    let url = pg.database("create table t (id int)");
    let db = narrow(&url);
    let count = "select count(*) from t";
    for end in ["commit", "rollback", "drop"] {
        let mut transaction = db.begin(writing()).await.unwrap();
        assert_eq!(run(&mut transaction, "insert into t values (1), (2)").await, 2);
        assert_eq!(run(&mut transaction, "update t set id = 3 where id = 1").await, 1);
        match end {
            "commit" => transaction.commit().await.unwrap(),
            "rollback" => transaction.rollback().await,
            _ => drop(transaction),
        }
        assert_eq!(one(&db, write("select 'next'", &[])).await.unwrap(), "next");
        assert_eq!(asked(&url, count).await, "2", "{end}");
    }
    assert_eq!(db.guard().in_flight(), 0);
}

#[tokio::test]
async fn rows_are_gathered_up_to_one_too_many() {
    let Some(pg) = server() else { return };
    let db = narrow(&pg.database(""));
    let mut transaction = db.begin(writing()).await.unwrap();
    let values = vec![Value::Text("100000".to_owned())];
    let text = "select generate_series(1, $1::int)";
    let result = transaction.query(text, values, 10).await.unwrap();
    assert_eq!(result.rows.len(), 11);
    let result = transaction.query("select 1", Vec::new(), 10).await.unwrap();
    assert_eq!((result.rows.len(), result.affected), (1, 1));
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_transaction_is_of_the_kind_it_was_asked_for() {
    let Some(pg) = server() else { return };
    let db = database(&plan(&pg.database("")));
    for (isolation, expected) in [
        (None, "read committed"),
        (Some(Isolation::ReadCommitted), "read committed"),
        (Some(Isolation::RepeatableRead), "repeatable read"),
        (Some(Isolation::Serializable), "serializable"),
    ] {
        for (effect, access) in [(Effect::Read, "on"), (Effect::Write, "off")] {
            let begin = Begin { effect, isolation, deadline: soon() };
            let mut transaction = db.begin(begin).await.unwrap();
            let text = "select current_setting('transaction_isolation') || ' ' || \
                        current_setting('transaction_read_only')";
            let result = transaction.query(text, Vec::new(), 1).await.unwrap();
            let kind = String::from_utf8(bytes(&result.rows[0]).unwrap()).unwrap();
            assert_eq!(kind, format!("{expected} {access}"));
        }
    }
}

#[tokio::test]
async fn a_failed_transaction_cannot_be_committed() {
    let Some(pg) = server() else { return };
    let url = pg.database("create table t (id int primary key deferrable initially deferred)");
    let db = narrow(&url);
    let mut transaction = db.begin(writing()).await.unwrap();
    run(&mut transaction, "insert into t values (1)").await;
    let failure = refused(transaction.query("select 1 / 0", Vec::new(), 1).await.map(drop));
    assert_eq!(failure.sqlstate, "22012");
    assert_eq!(refused(transaction.commit().await).sqlstate, "25P02");
    let mut transaction = db.begin(writing()).await.unwrap();
    run(&mut transaction, "insert into t values (1), (1)").await;
    assert_eq!(refused(transaction.commit().await).sqlstate, "23505", "checked at the commit");
    assert_eq!(one(&db, write("select count(*)::text from t", &[])).await.unwrap(), "0");
}

#[tokio::test]
async fn a_timeout_before_the_commit_means_that_nothing_happened() {
    let Some(pg) = server() else { return };
    let url = pg.database("create table t (id int)");
    let db = narrow(&url);
    let begin = Begin { deadline: Instant::now() + Duration::from_millis(300), ..writing() };
    let mut transaction = db.begin(begin).await.unwrap();
    run(&mut transaction, "insert into t values (1)").await;
    let error = failed(transaction.query("select pg_sleep(60)", Vec::new(), 1).await.map(drop));
    assert_eq!((error.code, error.outcome), (Code::BackendTimeout, Outcome::Rejected), "{error}");
    drop(transaction);
    eventually("it is over", async || running(&url).await == "0").await;
    assert_eq!(asked(&url, "select count(*) from t").await, "0");
}

#[tokio::test]
async fn the_first_statement_survives_a_change_of_its_table() {
    let Some(pg) = server() else { return };
    let url = pg.database("create table t (id int); insert into t values (7)");
    let db = narrow(&url);
    for change in ["select 1", "alter table t alter id type text using id::text"] {
        execute(&url, change);
        let mut transaction = db.begin(writing()).await.unwrap();
        assert_eq!(run(&mut transaction, "select * from t").await, 1);
        transaction.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_session_that_ended_meanwhile_costs_a_new_transaction_nothing() {
    let Some(pg) = server() else { return };
    let url = pg.database("");
    let db = narrow(&url);
    db.begin(writing()).await.unwrap().commit().await.unwrap();
    let others = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
                  where datname = current_database() and pid <> pg_backend_pid()";
    execute(&url, others);
    db.begin(writing()).await.unwrap().commit().await.unwrap();
    let mut transaction = db.begin(writing()).await.unwrap();
    asked(&url, others).await;
    let error = failed(transaction.query("select 1", Vec::new(), 1).await.map(drop));
    assert_eq!(error.outcome, Outcome::Rejected, "{error}");
    assert_eq!(error.code.status(), 503);
}
