//! Asking a database what a statement takes and gives, before anything is served.

use std::sync::Arc;

use super::{postgres, sqlite};
use crate::plan::BackendPlan;
use crate::sql::{DescribeError, Description, Dialect};

/// Describes statements, each by itself; runs none of them. Blocks: it has connections of
/// its own.
pub fn describe(
    plan: &BackendPlan,
    statements: &[Arc<str>],
) -> Vec<Result<Description, DescribeError>> {
    match plan.database.as_ref().map(|d| d.dialect) {
        Some(Dialect::Sqlite) => sqlite::describe(plan, statements),
        _ => postgres::describe(plan, statements),
    }
}
