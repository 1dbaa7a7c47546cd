//! A row as it came.

use std::error::Error;

use tokio_postgres::types::{FromSql, Type};

use super::fits::fits;
use super::found::found;
use crate::sql::{Cell, Cells, Column};

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
    /// The columns of its result, as the driver knows them.
    pub fn columns(&self) -> Vec<Column> {
        let column = |column: &tokio_postgres::Column| Column {
            name: column.name().to_owned(),
            ty: found(column.type_()),
            nullable: true,
        };
        self.0.columns().iter().map(column).collect()
    }
}

impl Cells for PostgresRow {
    fn cell(&self, column: usize) -> Cell<'_> {
        match self.0.try_get::<usize, Option<Raw<'_>>>(column) {
            Ok(Some(Raw(bytes))) => Cell::Binary(bytes),
            Ok(None) | Err(_) => Cell::Null,
        }
    }

    fn fits(&self, column: usize, ty: &crate::sql::Type) -> bool {
        self.0.columns().get(column).is_some_and(|found| fits(found.type_(), ty))
    }
}
