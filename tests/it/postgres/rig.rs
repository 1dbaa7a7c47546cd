//! Calls of a database without a facade around it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use figleaf::backend::{BackendError, Effect};
use figleaf::database::{Database, Query, Row, Rows, SqlError};
use figleaf::plan::{
    BackendKind, BackendLimits, BackendPlan, Breaker, DatabasePlan, Pool, Retry, Secret, Timeouts,
};
use figleaf::sql::{Cell, Cells, DatabaseFailure, Dialect, Value};

use super::execute;

/// A plan with short times; tests change what they are about.
pub fn plan(url: &str) -> BackendPlan {
    BackendPlan {
        name: "ledger".to_owned(),
        kind: BackendKind::Sql,
        url: String::new(),
        database: Some(DatabasePlan {
            dialect: Dialect::Postgres,
            address: Secret::new(url.to_owned()),
            pool: Pool { size: 4, stream: 1, wait: Duration::from_millis(500) },
        }),
        timeout: Timeouts { connect: Duration::from_secs(5), total: Duration::from_secs(10) },
        retry: Retry { attempts: 2 },
        breaker: Breaker { failures: 1000, open: Duration::from_secs(1), probes: 1 },
        limits: BackendLimits { in_flight: 64, response_bytes: 0 },
        tls: None,
        basic: None,
        redact: figleaf::redact::RedactRules::default(),
        headers: Vec::new(),
    }
}

pub fn database(plan: &BackendPlan) -> Database {
    Database::new(plan).unwrap()
}

/// With pools of one connection, so that a test knows which one it gets.
pub fn narrow(url: &str) -> Database {
    let mut plan = plan(url);
    plan.database.as_mut().unwrap().pool.size = 1;
    database(&plan)
}

pub fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

pub fn read(text: &str, values: &[&str]) -> Query {
    let values = values.iter().map(|value| Value::Text((*value).to_owned())).collect();
    let (text, effect) = (Arc::from(text), Effect::Read);
    Query { text, values, effect, stream: false, hearing: None, deadline: soon() }
}

pub fn write(text: &str, values: &[&str]) -> Query {
    Query { effect: Effect::Write, ..read(text, values) }
}

/// The bytes of the first column of every row, and how many rows were touched.
pub async fn all(mut rows: Rows) -> Result<(Vec<Option<Vec<u8>>>, u64), SqlError> {
    let mut cells = Vec::new();
    while let Some(row) = rows.next().await? {
        cells.push(bytes(&row));
    }
    Ok((cells, rows.affected()))
}

pub fn bytes(row: &Row) -> Option<Vec<u8>> {
    match row.cell(0) {
        Cell::Binary(bytes) => Some(bytes.to_vec()),
        _ => None,
    }
}

/// The first column of the only row, a text or an int4.
pub async fn one(database: &Database, query: Query) -> Result<String, SqlError> {
    let (rows, _) = all(database.query(query).await?).await?;
    assert_eq!(rows.len(), 1);
    Ok(String::from_utf8(rows.into_iter().next().unwrap().unwrap()).unwrap())
}

pub async fn touched(database: &Database, query: Query) -> Result<u64, SqlError> {
    Ok(all(database.query(query).await?).await?.1)
}

/// Asks the server past the pools, without holding up the runtime.
pub async fn asked(url: &str, text: &str) -> String {
    let (url, text) = (url.to_owned(), text.to_owned());
    tokio::task::spawn_blocking(move || execute(&url, &text)).await.unwrap().unwrap()
}

/// Statements of this database that run, but for the question itself.
pub async fn running(url: &str) -> String {
    let text = "select count(*) from pg_stat_activity where datname = current_database() \
                and pid <> pg_backend_pid() and backend_type = 'client backend' \
                and state <> 'idle'";
    asked(url, text).await
}

#[track_caller]
pub fn failed<T>(result: Result<T, SqlError>) -> BackendError {
    match result {
        Err(SqlError::Backend(error)) => error,
        Err(SqlError::Database(failure)) => panic!("{failure:?}"),
        Ok(_) => panic!("it went well"),
    }
}

#[track_caller]
pub fn refused<T>(result: Result<T, SqlError>) -> DatabaseFailure {
    match result {
        Err(SqlError::Database(failure)) => *failure,
        Err(SqlError::Backend(error)) => panic!("{error}"),
        Ok(_) => panic!("it went well"),
    }
}
