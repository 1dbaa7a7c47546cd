//! A row as it came.

use std::error::Error;

use tokio_postgres::types::{FromSql, Type};

use super::fits::fits;
use crate::sql::{Cell, Cells};

/// A row.
pub struct PostgresRow(pub(super) tokio_postgres::Row);

/// The bytes of a value, whatever it is.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl PostgresRow {
    /// Whether a column's cells are what a type says, or were, when the statement was
    /// described.
    pub fn fits(&self, column: usize, ty: &crate::sql::Type) -> bool {
        self.0.columns().get(column).is_some_and(|found| fits(found.type_(), ty))
    }
}

impl Cells for PostgresRow {
    fn cell(&self, column: usize) -> Cell<'_> {
        match self.0.try_get::<usize, Option<Raw<'_>>>(column) {
            Ok(Some(Raw(bytes))) => Cell::Binary(bytes),
            Ok(None) | Err(_) => Cell::Null,
        }
    }
}
