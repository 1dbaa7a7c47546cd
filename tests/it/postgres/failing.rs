//! What goes wrong, and what is said of it.

use std::time::{Duration, Instant};

use figleaf::backend::{CircuitState, Effect, Outcome};
use figleaf::database::SqlError;
use figleaf::diagnostic::Code;
use figleaf::sql::Value;

use super::rig::*;
use super::server;

#[tokio::test]
async fn what_the_database_says_comes_field_by_field() {
    let Some(pg) = server() else { return };
    let db = database(&plan(&pg.database(
        "create table ord (id int primary key, code char(3) not null,
                           constraint ord_code_key unique (code));
         insert into ord values (1, 'AAA')",
    )));
    let insert = "insert into ord values ($1, $2)";
    let failure = refused(db.query(write(insert, &["2", "AAA"])).await.map(drop));
    assert_eq!(failure.sqlstate, "23505");
    assert_eq!(failure.constraint.as_deref(), Some("ord_code_key"));
    assert_eq!(failure.table.as_deref(), Some("ord"));
    assert!(failure.detail.unwrap().contains("AAA"));
    let mut query = write(insert, &[]);
    query.values = vec![Value::Text("3".to_owned()), Value::Null];
    let failure = refused(db.query(query).await.map(drop));
    assert_eq!((failure.sqlstate.as_str(), failure.column.as_deref()), ("23502", Some("code")));
    let failure = refused(db.query(read("select 'ä', x from ord", &[])).await.map(drop));
    assert_eq!((failure.sqlstate.as_str(), failure.offset), ("42703", Some(13)));
    let failure = refused(db.query(write(insert, &["x", "BBB"])).await.map(drop));
    assert_eq!(failure.sqlstate, "22P02");
    let failure = refused(db.query(write(insert, &["1"])).await.map(drop));
    assert_eq!(failure.sqlstate, "07001");
    assert_eq!(touched(&db, write(insert, &["2", "BBB"])).await.unwrap(), 1, "all is well");
    assert_eq!((db.guard().state(), db.guard().in_flight()), (CircuitState::Closed, 0));
}

#[tokio::test]
async fn an_error_after_some_rows_ends_them() {
    let Some(pg) = server() else { return };
    let db = narrow(&pg.database(""));
    let text = "select 1 / (100000 - n) from generate_series(1, 100001) n";
    let mut rows = db.query(read(text, &[])).await.unwrap();
    let failure = loop {
        match rows.next().await {
            Ok(row) => assert!(row.is_some()),
            error => break refused(error),
        }
    };
    assert_eq!(failure.sqlstate, "22012");
    assert!(rows.next().await.unwrap().is_none());
    assert_eq!(one(&db, read("select 'next'", &[])).await.unwrap(), "next");
}

#[tokio::test]
async fn errors_of_the_statement_open_no_circuit_and_those_of_the_server_do() {
    let Some(pg) = server() else { return };
    let mut plan = plan(&pg.database(
        "create function fail(state text) returns int language plpgsql as
         $$ begin raise exception 'no' using errcode = state; end $$",
    ));
    plan.breaker.failures = 3;
    let db = database(&plan);
    for _ in 0..5 {
        let failure = refused(db.query(read("select fail('P0001')", &[])).await.map(drop));
        assert_eq!((failure.sqlstate.as_str(), failure.message.as_str()), ("P0001", "no"));
    }
    assert_eq!(db.guard().state(), CircuitState::Closed);
    for (state, code) in [
        ("53200", Code::BackendRefused),
        ("57P03", Code::BackendRefused),
        ("57014", Code::BackendTimeout),
    ] {
        let error = failed(db.query(write("select fail($1)", &[state])).await.map(drop));
        assert_eq!((error.code, error.outcome), (code, Outcome::Rejected), "{error}");
        assert!(error.detail.contains(state) && !error.detail.contains("no "), "{error}");
    }
    assert_eq!(db.guard().state(), CircuitState::Open);
    let error = failed(db.query(read("select 1", &[])).await.map(drop));
    assert_eq!((error.code, error.outcome), (Code::BackendOpen, Outcome::NotSent));
}

#[tokio::test]
async fn a_session_that_is_ended_is_not_lent_again() {
    let Some(pg) = server() else { return };
    let url = pg.database("");
    let db = narrow(&url);
    // Ends its own session: the answer is the error, and the connection's last word.
    let query = write("select pg_terminate_backend(pg_backend_pid()), pg_sleep(60)", &[]);
    let error = failed(db.query(query).await.map(drop));
    assert_eq!((error.code, error.outcome), (Code::BackendRefused, Outcome::Rejected), "{error}");
    assert_eq!(one(&db, write("select 'next'", &[])).await.unwrap(), "next");
    // Ended while nobody looks: the next call takes another connection.
    let others = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
                  where datname = current_database() and pid <> pg_backend_pid()";
    for query in [read("select 'next'", &[]), write("select 'next'", &[])] {
        one(&db, query.clone()).await.unwrap();
        asked(&url, others).await;
        match one(&db, query.clone()).await {
            Ok(next) => assert_eq!(next, "next"),
            // Whether a write that met the end has run is known to nobody; a read runs again.
            Err(SqlError::Backend(error)) => {
                let known = (query.effect, error.code, error.outcome);
                assert_eq!(known, (Effect::Write, Code::DatabaseLost, Outcome::Unknown));
            }
            Err(SqlError::Database(failure)) => panic!("{failure:?}"),
        }
    }
}

#[tokio::test]
async fn a_passed_deadline_says_what_is_known() {
    let Some(pg) = server() else { return };
    let url = pg.database("create table t (id int)");
    let db = database(&plan(&url));
    let mut query = write("insert into t select 1 from pg_sleep(60)", &[]);
    query.deadline = Instant::now() + Duration::from_millis(200);
    let start = Instant::now();
    let error = failed(db.query(query.clone()).await.map(drop));
    assert_eq!((error.code, error.outcome), (Code::BackendTimeout, Outcome::Unknown), "{error}");
    assert!(start.elapsed() < Duration::from_millis(400), "{:?}", start.elapsed());
    let error = failed(db.query(query).await.map(drop));
    assert_eq!((error.code, error.outcome), (Code::BackendTimeout, Outcome::NotSent), "{error}");
}

#[tokio::test]
async fn a_deadline_holds_for_rows_that_come_one_by_one() {
    let Some(pg) = server() else { return };
    let url = pg.database("");
    let db = narrow(&url);
    // Enough in a row that it leaves the server's buffer.
    let text = "select repeat('x', 20000) from generate_series(1, 1000) n, pg_sleep(n * 0.01)";
    let mut query = read(text, &[]);
    query.deadline = Instant::now() + Duration::from_millis(300);
    let start = Instant::now();
    let mut rows = db.query(query).await.unwrap();
    let error = loop {
        match rows.next().await {
            Ok(row) => assert!(row.is_some()),
            error => break failed(error),
        }
    };
    assert_eq!(error.code, Code::BackendTimeout);
    assert!(start.elapsed() < Duration::from_millis(600), "{:?}", start.elapsed());
    assert_eq!(one(&db, read("select 'next'", &[])).await.unwrap(), "next");
}

#[tokio::test]
async fn a_wait_for_a_lock_ends_before_the_call_does() {
    let Some(pg) = server() else { return };
    let url = pg.database("create table t (id int); insert into t values (1)");
    let mut plan = plan(&url);
    plan.timeout.total = Duration::from_millis(500);
    let db = database(&plan);
    let begin = figleaf::database::Begin {
        effect: figleaf::backend::Effect::Write,
        isolation: None,
        deadline: soon(),
    };
    let mut holder = db.begin(begin).await.unwrap();
    holder.query("update t set id = 2", Vec::new(), 0).await.unwrap();
    let mut query = write("update t set id = 3", &[]);
    query.deadline = Instant::now() + plan.timeout.total;
    let failure = refused(db.query(query).await.map(drop));
    assert_eq!(failure.sqlstate, "55P03");
}

#[tokio::test]
async fn an_exhausted_pool_answers_in_time() {
    let Some(pg) = server() else { return };
    let db = narrow(&pg.database(""));
    let mut holder = db.query(read("select generate_series(1, 3)", &[])).await.unwrap();
    let start = Instant::now();
    let error = failed(db.query(read("select 1", &[])).await.map(drop));
    let took = start.elapsed();
    assert_eq!((error.code, error.outcome), (Code::BackendBusy, Outcome::NotSent), "{error}");
    assert!(error.retry_after.is_some());
    assert!((Duration::from_millis(490)..Duration::from_millis(600)).contains(&took), "{took:?}");
    assert_eq!(db.guard().state(), CircuitState::Closed);
    while holder.next().await.unwrap().is_some() {}
    assert_eq!(one(&db, read("select 'next'", &[])).await.unwrap(), "next");
}

#[tokio::test]
async fn a_full_bulkhead_and_an_exhausted_pool_do_not_add_up() {
    let Some(pg) = server() else { return };
    let mut plan = plan(&pg.database(""));
    plan.limits.in_flight = 1;
    let db = database(&plan);
    let holder = db.query(read("select generate_series(1, 3)", &[])).await.unwrap();
    let start = Instant::now();
    let error = failed(db.query(write("select 1", &[])).await.map(drop));
    assert_eq!((error.code, error.outcome), (Code::BackendBusy, Outcome::NotSent), "{error}");
    assert!(start.elapsed() < Duration::from_millis(600), "{:?}", start.elapsed());
    drop(holder);
}
