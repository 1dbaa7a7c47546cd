//! Statements that both databases understand.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Store, StoreError};
use crate::database::{Begin, Query, Row, Transaction};
use crate::plan::Effect;
use crate::sql::{Cell, Cells, Dialect, Value};

/// How long any statement of the store may take.
const STATEMENT_MAX: Duration = Duration::from_secs(2);
/// Rows of one answer.
const ROWS_MAX: u64 = 1_000_000;

/// A value to be bound.
#[derive(Debug, Clone)]
pub(super) enum Bind {
    Text(String),
    Whole(i64),
    Null,
}

impl From<&str> for Bind {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for Bind {
    fn from(number: u64) -> Self {
        Self::Whole(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Bind {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<bool> for Bind {
    fn from(truth: bool) -> Self {
        Self::Whole(i64::from(truth))
    }
}

impl From<Option<&str>> for Bind {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Null, Self::from)
    }
}

/// Statements are written with SQLite's placeholders, `?1`. All columns are selected as text.
fn written(dialect: Dialect, text: &str) -> String {
    match dialect {
        Dialect::Sqlite => text.to_owned(),
        Dialect::Postgres => text.replace('?', "$"),
    }
}

fn bound(dialect: Dialect, binds: Vec<Bind>) -> Vec<Value> {
    let value = |bind| match (bind, dialect) {
        (Bind::Null, _) => Value::Null,
        (Bind::Text(text), _) => Value::Text(text),
        (Bind::Whole(number), Dialect::Sqlite) => Value::Integer(number),
        (Bind::Whole(number), Dialect::Postgres) => Value::Text(number.to_string()),
    };
    binds.into_iter().map(value).collect()
}

/// A row as texts.
pub(super) struct Texts(Vec<Option<String>>);

impl Texts {
    fn of(row: &Row, columns: usize) -> Self {
        let text = |column| match row.cell(column) {
            Cell::Binary(bytes) | Cell::Text(bytes) => {
                Some(String::from_utf8_lossy(bytes).into_owned())
            }
            Cell::Integer(number) => Some(number.to_string()),
            _ => None,
        };
        Self((0..columns).map(text).collect())
    }

    pub(super) fn text(&self, column: usize) -> String {
        self.0.get(column).cloned().flatten().unwrap_or_default()
    }

    pub(super) fn maybe(&self, column: usize) -> Option<String> {
        self.0.get(column).cloned().flatten()
    }

    pub(super) fn whole(&self, column: usize) -> Result<u64, StoreError> {
        let text = self.text(column);
        text.parse().map_err(|_| StoreError::Damaged(format!("`{text}` is no number")))
    }
}

/// A change, all of it or nothing.
pub(super) struct Changing {
    transaction: Transaction,
    dialect: Dialect,
}

impl Store {
    /// Rows of a statement outside of a transaction, `columns` of each.
    pub(super) async fn rows(
        &self,
        text: &str,
        binds: Vec<Bind>,
        columns: usize,
    ) -> Result<Vec<Texts>, StoreError> {
        let query = Query {
            text: Arc::from(written(self.dialect, text)),
            values: bound(self.dialect, binds),
            effect: Effect::Read,
            stream: false,
            hearing: None,
            deadline: Instant::now() + STATEMENT_MAX,
        };
        let mut rows = self.database.query(query).await?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().await? {
            found.push(Texts::of(&row, columns));
        }
        Ok(found)
    }

    /// Begins a change.
    pub(super) async fn change(&self) -> Result<Changing, StoreError> {
        let deadline = Instant::now() + STATEMENT_MAX;
        let begin = Begin { effect: Effect::Write, isolation: None, deadline };
        let transaction = self.database.begin(begin).await?;
        Ok(Changing { transaction, dialect: self.dialect })
    }
}

impl Changing {
    /// Runs a statement: its rows, `columns` of each, and how many it touched.
    pub(super) async fn run(
        &mut self,
        text: &str,
        binds: Vec<Bind>,
        columns: usize,
    ) -> Result<(Vec<Texts>, u64), StoreError> {
        let text = written(self.dialect, text);
        let values = bound(self.dialect, binds);
        let set = self.transaction.query(&text, values, ROWS_MAX).await?;
        Ok((set.rows.iter().map(|row| Texts::of(row, columns)).collect(), set.affected))
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        Ok(self.transaction.commit().await?)
    }

    pub(super) async fn rollback(self) {
        self.transaction.rollback().await;
    }
}
