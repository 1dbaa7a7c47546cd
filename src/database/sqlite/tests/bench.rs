//! A workbench: a file with a schema, and a database in front of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::super::{Sqlite, SqliteRows};
use crate::database::{Begin, Query, ResultSet, SqlError};
use crate::plan::{
    BackendKind, BackendLimits, BackendPlan, Breaker, DatabasePlan, Effect, Pool, Retry, Secret,
    Timeouts,
};
use crate::sql::{Cell, Cells, Dialect, Value};

pub const SCHEMA: &str = "
    CREATE TABLE customer (cust_no CHAR(5) NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL);
    CREATE TABLE invoice (
        inv_id INTEGER PRIMARY KEY, cust_no CHAR(5) NOT NULL REFERENCES customer,
        amount NUMERIC(12,3) CHECK (amount >= 0), paid BOOLEAN, issued_on DATE,
        note TEXT, scan BLOB, UNIQUE (cust_no, issued_on));
    INSERT INTO customer VALUES ('00017', 'Ada'), ('00018', 'Bob');
    INSERT INTO invoice VALUES (1, '00017', 12.340, 1, '2024-02-29', NULL, x'00ff');
";

/// A statement that never ends by itself.
pub const ENDLESS: &str =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

/// How long a call waits for a free connection, or for a lock.
pub const WAIT: Duration = Duration::from_secs(1);

/// What a busy machine may add to any time.
pub const SLACK: Duration = Duration::from_secs(2);

pub struct Bench {
    pub folder: TempDir,
    pub database: Sqlite,
}

pub fn plan(name: &str, address: &str) -> BackendPlan {
    let pool = Pool { size: 4, stream: 1, wait: WAIT };
    BackendPlan {
        name: name.to_owned(),
        kind: BackendKind::Sql,
        url: "sqlite".to_owned(),
        database: Some(DatabasePlan {
            dialect: Dialect::Sqlite,
            address: Secret::new(address.to_owned()),
            pool,
        }),
        timeout: Timeouts::default(),
        retry: Retry::default(),
        breaker: Breaker::default(),
        limits: BackendLimits::default(),
        tls: None,
        basic: None,
        redact: crate::redact::RedactRules::default(),
        headers: Vec::new(),
    }
}

impl Bench {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// A bench whose plan is changed first.
    pub fn with(change: impl FnOnce(&mut BackendPlan)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.db");
        rusqlite::Connection::open(&file).unwrap().execute_batch(SCHEMA).unwrap();
        let mut plan = plan("ledger", file.to_str().unwrap());
        change(&mut plan);
        Self { folder, database: Sqlite::new(&plan).unwrap() }
    }

    pub async fn ask(
        &self,
        effect: Effect,
        text: &str,
        values: Vec<Value>,
    ) -> Result<Vec<String>, SqlError> {
        gather(self.database.query(query(effect, text, values)).await?).await
    }

    pub async fn read(&self, text: &str) -> Vec<String> {
        self.ask(Effect::Read, text, Vec::new()).await.unwrap()
    }
}

pub fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

pub fn query(effect: Effect, text: &str, values: Vec<Value>) -> Query {
    Query { text: Arc::from(text), values, effect, stream: false, hearing: None, deadline: soon() }
}

pub fn begin(effect: Effect) -> Begin {
    Begin { effect, isolation: None, deadline: soon() }
}

/// All rows, each as the texts of its cells; then the number of rows touched.
pub async fn gather(mut rows: SqliteRows) -> Result<Vec<String>, SqlError> {
    let mut all = Vec::new();
    while let Some(row) = rows.next().await? {
        all.push(line(&row));
    }
    all.push(format!("touched {}", rows.affected()));
    Ok(all)
}

pub fn line(row: &impl Cells) -> String {
    let cells = (0..9).map(|column| match row.cell(column) {
        Cell::Null => "null".to_owned(),
        Cell::Integer(value) => value.to_string(),
        Cell::Real(value) => format!("{value:?}"),
        Cell::Text(text) => format!("'{}'", String::from_utf8_lossy(text)),
        Cell::Blob(blob) => format!("{blob:02x?}"),
        Cell::Binary(_) | Cell::Written(_) => unreachable!(),
    });
    let mut cells: Vec<String> = cells.collect();
    while cells.last().is_some_and(|cell| cell == "null") {
        cells.pop();
    }
    cells.join(" ")
}

pub fn lines(result: &ResultSet) -> Vec<String> {
    result.rows.iter().map(line).collect()
}
