//! One database, whichever it is.

use std::sync::Arc;

use super::postgres::{Postgres, PostgresRows, PostgresTransaction};
use super::sqlite::{Sqlite, SqliteRows, SqliteTransaction};
use super::{Begin, Query, ResultSet, SqlError, StandIn};
use crate::backend::Guard;
use crate::diagnostic::Diagnostic;
use crate::plan::BackendPlan;
use crate::sql::{Cell, Cells, Column, DatabaseFailure, Dialect, Type, Value};

/// One database of the plan, shared by all workers.
pub enum Database {
    /// PostgreSQL.
    Postgres(Postgres),
    /// SQLite.
    Sqlite(Sqlite),
}

impl Database {
    /// Makes the pools; connects to nothing yet.
    ///
    /// # Errors
    /// Where the address or a certificate cannot be used.
    pub fn new(plan: &BackendPlan) -> Result<Self, Diagnostic> {
        match plan.database.as_ref().map(|d| d.dialect) {
            Some(Dialect::Sqlite) => Sqlite::new(plan).map(Self::Sqlite),
            _ => Postgres::new(plan).map(Self::Postgres),
        }
    }

    /// The same with someone who answers in its place, where there is one.
    #[must_use]
    pub fn with_stand_in(self, stand_in: Option<Arc<dyn StandIn>>) -> Self {
        let _ = stand_in;
        self
    }

    /// Its name in the mapping.
    pub fn name(&self) -> &str {
        match self {
            Self::Postgres(database) => database.name(),
            Self::Sqlite(database) => database.name(),
        }
    }

    /// Its breaker and bulkhead, to be looked at.
    pub fn guard(&self) -> &Guard {
        match self {
            Self::Postgres(database) => database.guard(),
            Self::Sqlite(database) => database.guard(),
        }
    }

    /// Runs one statement outside of a transaction.
    ///
    /// # Errors
    /// Everything that goes wrong before the first row.
    pub async fn query(&self, query: Query) -> Result<Rows, SqlError> {
        match self {
            Self::Postgres(database) => database.query(query).await.map(Rows::Postgres),
            Self::Sqlite(database) => database.query(query).await.map(Rows::Sqlite),
        }
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// Where there is no connection in time.
    pub async fn begin(&self, begin: Begin) -> Result<Transaction, SqlError> {
        match self {
            Self::Postgres(database) => database.begin(begin).await.map(Transaction::Postgres),
            Self::Sqlite(database) => database.begin(begin).await.map(Transaction::Sqlite),
        }
    }
}

/// Rows on their way. Dropped before their end, the query is cancelled at the server before
/// its connection is lent again.
#[allow(clippy::large_enum_variant, reason = "one a call, moved a few times")]
pub enum Rows {
    /// Of PostgreSQL.
    Postgres(PostgresRows),
    /// Of SQLite.
    Sqlite(SqliteRows),
}

impl Rows {
    /// The next row; `None` when there are no more, and then the call is settled.
    ///
    /// # Errors
    /// Everything that goes wrong on the way; the call is settled then, too.
    pub async fn next(&mut self) -> Result<Option<Row>, SqlError> {
        match self {
            Self::Postgres(rows) => Ok(rows.next().await?.map(Row::Postgres)),
            Self::Sqlite(rows) => Ok(rows.next().await?.map(Row::Sqlite)),
        }
    }

    /// Rows touched, known after the last row.
    pub fn affected(&self) -> u64 {
        match self {
            Self::Postgres(rows) => rows.affected(),
            Self::Sqlite(rows) => rows.affected(),
        }
    }
}

/// A row.
pub enum Row {
    /// Of PostgreSQL.
    Postgres(super::postgres::PostgresRow),
    /// Of SQLite.
    Sqlite(super::sqlite::SqliteRow),
}

impl Row {
    /// Whether a column's cells have the format of a type: `false` where a table has changed
    /// since its statement was described, and bytes would be taken for something else. All
    /// rows of a statement agree.
    pub fn fits(&self, column: usize, ty: &Type) -> bool {
        match self {
            Self::Postgres(row) => row.fits(column, ty),
            // A cell of SQLite says itself what it is.
            Self::Sqlite(_) => true,
        }
    }
}

impl Row {
    /// The columns of its result, as far as they are known without the catalog: a cursor's.
    pub fn columns(&self) -> Vec<Column> {
        match self {
            Self::Postgres(row) => row.columns(),
            Self::Sqlite(_) => Vec::new(),
        }
    }
}

impl Cells for Row {
    fn cell(&self, column: usize) -> Cell<'_> {
        match self {
            Self::Postgres(row) => row.cell(column),
            Self::Sqlite(row) => row.cell(column),
        }
    }

    fn fits(&self, column: usize, ty: &Type) -> bool {
        match self {
            Self::Postgres(row) => row.fits(column, ty),
            Self::Sqlite(row) => row.fits(column, ty),
        }
    }
}

/// A transaction. Dropped without [`commit`](Self::commit) it is rolled back: a running
/// statement is cancelled first.
#[allow(clippy::large_enum_variant, reason = "one a call, moved a few times")]
pub enum Transaction {
    /// Of PostgreSQL.
    Postgres(PostgresTransaction),
    /// Of SQLite.
    Sqlite(SqliteTransaction),
}

impl Transaction {
    /// Runs a statement and gathers its rows, at most `rows_max` and one more.
    ///
    /// # Errors
    /// An error of the database ends the transaction.
    pub async fn query(
        &mut self,
        text: &str,
        values: Vec<Value>,
        rows_max: u64,
    ) -> Result<ResultSet, SqlError> {
        match self {
            Self::Postgres(transaction) => transaction.query(text, values, rows_max).await,
            Self::Sqlite(transaction) => transaction.query(text, values, rows_max).await,
        }
    }

    /// The rows of an open cursor, at most `rows_max` and one more.
    ///
    /// # Errors
    /// As of [`query`](Self::query). SQLite has no cursors.
    pub async fn fetch(&mut self, cursor: &str, rows_max: u64) -> Result<ResultSet, SqlError> {
        match self {
            Self::Postgres(transaction) => transaction.fetch(cursor, rows_max).await,
            Self::Sqlite(_) => Err(SqlError::Database(Box::new(DatabaseFailure {
                // feature not supported
                sqlstate: "0A000".to_owned(),
                message: "SQLite has no cursors".to_owned(),
                ..DatabaseFailure::default()
            }))),
        }
    }

    /// Commits.
    ///
    /// # Errors
    /// An error of the database means that nothing has changed; a lost connection that it is
    /// unknown.
    pub async fn commit(self) -> Result<(), SqlError> {
        match self {
            Self::Postgres(transaction) => transaction.commit().await,
            Self::Sqlite(transaction) => transaction.commit().await,
        }
    }

    /// Rolls back, and waits until it is done.
    pub async fn rollback(self) {
        match self {
            Self::Postgres(transaction) => transaction.rollback().await,
            Self::Sqlite(transaction) => transaction.rollback().await,
        }
    }
}
