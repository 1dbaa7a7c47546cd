//! One value of a result as it lies in the driver's memory.

use super::Type;

/// A value on its way from a database.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// NULL
    Null,
    /// PostgreSQL's binary format; what it means is its column's [`Type`](super::Type).
    Binary(&'a [u8]),
    /// SQLite's INTEGER.
    Integer(i64),
    /// SQLite's REAL.
    Real(f64),
    /// SQLite's TEXT; not necessarily UTF-8.
    Text(&'a [u8]),
    /// SQLite's BLOB.
    Blob(&'a [u8]),
    /// Of a recording of PostgreSQL: the JSON text [`Form::Recorded`](super::Form) writes.
    Written(&'a str),
}

/// A row, whichever driver holds it.
pub trait Cells {
    /// The value of a column; NULL past the last one.
    fn cell(&self, column: usize) -> Cell<'_>;

    /// Whether a column's cells are what a type says. A table may have changed since its
    /// statement was described.
    fn fits(&self, column: usize, ty: &Type) -> bool {
        let _ = (column, ty);
        true
    }
}
