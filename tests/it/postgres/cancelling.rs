//! A call nobody waits for leaves nothing behind.

use std::time::{Duration, Instant};

use figleaf::backend::Effect;
use figleaf::database::Begin;

use super::rig::*;
use super::server;
use crate::rig::eventually;

/// What is left of a statement after its call has gone.
const GONE_MAX: Duration = Duration::from_millis(100);

/// The pool has one connection: the next borrower has to have it.
async fn check_gone(url: &str, db: &figleaf::database::Database, write: bool) {
    let start = Instant::now();
    let query = if write { self::write("select 'next'", &[]) } else { read("select 'next'", &[]) };
    assert_eq!(one(db, query).await.unwrap(), "next");
    let took = start.elapsed();
    assert_eq!(running(url).await, "0");
    assert!(took < GONE_MAX, "the next borrower waited {took:?}");
    let sessions = "select count(*) from pg_stat_activity where datname = current_database() \
                    and application_name = 'figleaf'";
    assert_eq!(asked(url, sessions).await, "1", "the connection was kept");
}

#[tokio::test]
async fn a_query_whose_future_is_dropped_is_cancelled() {
    let Some(pg) = server() else { return };
    let url = pg.database("");
    let db = narrow(&url);
    let query = Box::pin(db.query(read("select pg_sleep(60)", &[])));
    tokio::select! {
        _ = query => panic!("it does not end"),
        () = eventually("it runs", async || running(&url).await == "1") => {}
    }
    check_gone(&url, &db, false).await;
}

#[tokio::test]
async fn a_query_that_runs_out_of_time_is_cancelled() {
    let Some(pg) = server() else { return };
    let url = pg.database("");
    let db = narrow(&url);
    one(&db, read("select 'first'", &[])).await.unwrap();
    let mut query = read("select pg_sleep(60)", &[]);
    query.deadline = Instant::now() + Duration::from_millis(100);
    failed(db.query(query).await.map(drop));
    check_gone(&url, &db, false).await;
}

#[tokio::test]
async fn rows_nobody_wants_are_not_sent() {
    let Some(pg) = server() else { return };
    let url = pg.database("");
    let db = narrow(&url);
    let text = "select repeat('x', 1000) from (select generate_series(1, 100000000)) s";
    let mut rows = db.query(read(text, &[])).await.unwrap();
    for _ in 0..1000 {
        rows.next().await.unwrap().unwrap();
    }
    drop(rows);
    check_gone(&url, &db, false).await;
}

#[tokio::test]
async fn rows_whose_end_is_here_need_no_cancelling() {
    let Some(pg) = server() else { return };
    let url = pg.database("");
    let db = narrow(&url);
    let mut rows = db.query(read("select generate_series(1, 3)", &[])).await.unwrap();
    rows.next().await.unwrap().unwrap();
    drop(rows);
    check_gone(&url, &db, false).await;
}

#[tokio::test]
async fn a_transaction_dropped_in_a_statement_is_cancelled_and_rolled_back() {
    let Some(pg) = server() else { return };
    let url = pg.database("create table t (id int)");
    let db = narrow(&url);
    let begin = Begin { effect: Effect::Write, isolation: None, deadline: soon() };
    let mut transaction = db.begin(begin).await.unwrap();
    transaction.query("insert into t values (1)", Vec::new(), 0).await.unwrap();
    let asleep = "select count(*) from pg_stat_activity where datname = current_database() \
                  and state = 'active' and wait_event = 'PgSleep'";
    tokio::select! {
        _ = transaction.query("select pg_sleep(60)", Vec::new(), 1) => panic!("it does not end"),
        () = eventually("it runs", async || asked(&url, asleep).await == "1") => {}
    }
    drop(transaction);
    check_gone(&url, &db, true).await;
    assert_eq!(asked(&url, "select count(*) from t").await, "0");
}

/// The signal of a cancel that comes too late must not hit the next statement.
#[tokio::test]
async fn the_next_statement_is_never_cancelled_instead() {
    let Some(pg) = server() else { return };
    let url = pg.database("");
    let db = narrow(&url);
    for round in 0..200_u32 {
        let mut query = read("select pg_sleep(0.002)", &[]);
        query.deadline = Instant::now() + Duration::from_micros(1500 + u64::from(round) * 10);
        let _ = db.query(query).await;
        let next = "select 'next' from pg_sleep(0.002)";
        assert_eq!(one(&db, read(next, &[])).await.unwrap(), "next", "{round}");
    }
}

#[test]
fn a_call_that_outlives_its_runtime_gives_its_connection_up() {
    let Some(pg) = server() else { return };
    let url = pg.database("");
    let db = narrow(&url);
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let first = runtime();
    let rows = first.block_on(db.query(read("select generate_series(1, 1000000)", &[]))).unwrap();
    drop(rows);
    drop(first);
    let second = runtime();
    assert_eq!(second.block_on(one(&db, read("select 'next'", &[]))).unwrap(), "next");
}
