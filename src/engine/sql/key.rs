//! Keys of rows as the database has them: callers may see them written in another way.

use crate::sql::{Cell, Dialect, Form, Type};

/// The type a key is written by. SQLite compares what it has stored, so a code keeps its
/// padding there, and a date the way it was written.
pub(super) fn written<'t>(ty: &'t Type, cell: &Cell<'_>) -> &'t Type {
    match cell {
        Cell::Integer(_) | Cell::Real(_) | Cell::Text(_) => &Type::Dynamic,
        Cell::Null | Cell::Blob(_) | Cell::Binary(_) | Cell::Written(_) => ty,
    }
}

/// How a key is written. Infinity and NaN are values of an order and have no JSON number.
pub(super) fn form(ty: &Type) -> Form {
    match ty {
        Type::Date
        | Type::Timestamp
        | Type::TimestampTz
        | Type::Float4
        | Type::Float8
        | Type::Numeric { .. } => Form::String,
        _ => Form::Plain,
    }
}

/// The type a key is read back by.
pub(super) fn read(dialect: Dialect, ty: &Type) -> &Type {
    match (dialect, ty) {
        (Dialect::Postgres, ty) | (Dialect::Sqlite, ty @ Type::Bytea) => ty,
        (Dialect::Sqlite, _) => &Type::Dynamic,
    }
}
