//! Databases as data.

use std::time::Duration;

use crate::sql::Dialect;

/// A database behind a name.
#[derive(Debug, Clone, PartialEq)]
pub struct DatabasePlan {
    /// What it speaks.
    pub dialect: Dialect,
    /// PostgreSQL: `postgres://user:password@host/name?sslmode=require`. SQLite: the file's
    /// path, or `:memory:`.
    pub address: super::Secret,
    /// Its connections.
    pub pool: Pool,
}

/// The connections of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// Connections of reads, and as many of writes, made when needed.
    pub size: u32,
    /// Connections of routes marked `stream`.
    pub stream: u32,
    /// How long a call waits for a free one.
    pub wait: Duration,
}

impl Default for Pool {
    fn default() -> Self {
        Self { size: 16, stream: 2, wait: Duration::from_millis(500) }
    }
}
