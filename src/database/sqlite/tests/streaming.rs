//! Rows that come one after another, and calls that are broken off.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::batch::BATCH_ROWS;
use super::super::worker::BATCHES_AHEAD;
use super::bench::*;
use crate::backend::CircuitState;
use crate::database::{Query, SqlError};
use crate::diagnostic::Code;
use crate::plan::{Breaker, Effect, Outcome};
use crate::sql::{Cell, Cells, Value};

const MILLION: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
                       LIMIT 1000000) SELECT i, printf('%0100d', i) FROM n";

fn within(text: &str, effect: Effect, time: Duration) -> Query {
    let deadline = Instant::now() + time;
    Query {
        text: Arc::from(text),
        values: Vec::new(),
        effect,
        stream: false,
        hearing: None,
        deadline,
    }
}

#[tokio::test]
async fn a_million_rows_arrive_in_order() {
    let bench = Bench::new();
    let mut rows = bench.database.query(query(Effect::Read, MILLION, vec![])).await.unwrap();
    let mut expected = 1;
    while let Some(row) = rows.next().await.unwrap() {
        assert_eq!(row.cell(0), Cell::Integer(expected));
        expected += 1;
    }
    assert_eq!((expected, rows.affected()), (1_000_001, 1_000_000));
    assert!(rows.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_caller_who_leaves_after_ten_rows_stops_the_worker() {
    let bench = Bench::with(|plan| plan.database.as_mut().unwrap().pool.size = 1);
    let mut rows = bench.database.query(query(Effect::Read, MILLION, vec![])).await.unwrap();
    for _ in 0..10 {
        assert!(rows.next().await.unwrap().is_some());
    }
    let start = Instant::now();
    drop(rows);
    assert_eq!(bench.read("SELECT 1").await[0], "1");
    assert!(start.elapsed() < SLACK, "{:?}", start.elapsed());
    assert_eq!(bench.database.guard().state(), CircuitState::Closed);
}

#[tokio::test]
async fn a_deadline_interrupts_and_the_connection_is_clean() {
    let bench = Bench::with(|plan| plan.database.as_mut().unwrap().pool.size = 1);
    for effect in [Effect::Read, Effect::Write] {
        let start = Instant::now();
        let late = bench.database.query(within(ENDLESS, effect, Duration::from_millis(60))).await;
        let Err(SqlError::Backend(error)) = late else { panic!() };
        assert_eq!((error.code, error.outcome), (Code::BackendTimeout, Outcome::Unknown));
        let next = bench.ask(effect, "SELECT 1", vec![]).await.unwrap();
        assert_eq!(next[0], "1");
        assert!(start.elapsed() < SLACK, "{:?}", start.elapsed());
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_is_interrupted() {
    let bench = Bench::with(|plan| plan.database.as_mut().unwrap().pool.size = 1);
    let call = bench.database.query(query(Effect::Read, ENDLESS, vec![]));
    assert!(tokio::time::timeout(Duration::from_millis(30), call).await.is_err());
    let start = Instant::now();
    assert_eq!(bench.read("SELECT 1").await[0], "1");
    assert!(start.elapsed() < SLACK, "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_write_that_is_interrupted_has_no_effect() {
    let bench = Bench::new();
    let text = "INSERT INTO customer WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1
                FROM n) SELECT i, 'x' FROM n";
    let late = bench.database.query(within(text, Effect::Write, Duration::from_millis(60))).await;
    assert!(late.is_err());
    assert_eq!(bench.read("SELECT count(*) FROM customer").await[0], "2");
    let next = "UPDATE customer SET name = 'x'";
    assert_eq!(bench.ask(Effect::Write, next, vec![]).await.unwrap(), ["touched 2"]);
}

#[tokio::test]
async fn rows_that_are_not_taken_in_time_give_the_connection_back() {
    let bench = Bench::with(|plan| plan.database.as_mut().unwrap().pool.size = 1);
    let call = within(MILLION, Effect::Read, Duration::from_millis(300));
    let mut rows = bench.database.query(call).await.unwrap();
    // The second caller waits for the first one's deadline, not for its rows.
    assert_eq!(bench.read("SELECT 1").await[0], "1");
    let mut ahead = 0;
    let error = loop {
        match rows.next().await {
            Ok(row) => assert!(row.is_some()),
            Err(error) => break error,
        }
        ahead += 1;
    };
    // Of the million, these are all that were ever made.
    assert!(ahead <= BATCH_ROWS * (BATCHES_AHEAD + 1), "{ahead}");
    let SqlError::Backend(error) = error else { panic!("{error:?}") };
    assert_eq!(error.code, Code::BackendTimeout);
    assert!(rows.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_database_that_hangs_opens_the_circuit() {
    let open = Duration::from_secs(60);
    let bench = Bench::with(|plan| plan.breaker = Breaker { failures: 2, open, probes: 1 });
    for _ in 0..2 {
        let call = within(ENDLESS, Effect::Read, Duration::from_millis(20));
        assert!(bench.database.query(call).await.is_err());
    }
    let error = bench.ask(Effect::Read, "SELECT 1", vec![]).await.unwrap_err();
    let SqlError::Backend(error) = error else { panic!("{error:?}") };
    assert_eq!(error.code, Code::BackendOpen);
}

#[tokio::test]
async fn large_values_travel_alone() {
    let bench = Bench::new();
    let size = 3_000_000;
    let text = "SELECT zeroblob(?1) UNION ALL SELECT zeroblob(?1)";
    let call = query(Effect::Read, text, vec![Value::Integer(size)]);
    let mut rows = bench.database.query(call).await.unwrap();
    while let Some(row) = rows.next().await.unwrap() {
        let Cell::Blob(blob) = row.cell(0) else { panic!() };
        assert_eq!(blob.len(), usize::try_from(size).unwrap());
    }
    assert_eq!(rows.affected(), 2);
}
