//! The ledger as SQL.

/// Tables and a view for SQLite.
pub const SQLITE: &str = include_str!("schema.sqlite.sql");
/// Tables, a view, domains, an enum, functions and a procedure for PostgreSQL.
pub const POSTGRES: &str = include_str!("schema.postgres.sql");
/// The rows, for either.
pub const SEED: &str = include_str!("seed.sql");
