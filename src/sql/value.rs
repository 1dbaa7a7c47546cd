//! What is bound to a placeholder.

/// A value on its way to a database.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// NULL
    Null,
    /// PostgreSQL: any type in its text format. SQLite: TEXT.
    Text(String),
    /// SQLite only: INTEGER.
    Integer(i64),
    /// SQLite only: REAL.
    Real(f64),
    /// SQLite only: BLOB.
    Blob(Vec<u8>),
}
