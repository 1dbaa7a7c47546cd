//! Rows of one database, whichever it is.

use super::SqlError;
use super::postgres::PostgresRows;
use super::recorded::{RecordedRow, RecordedStream};
use super::sqlite::SqliteRows;
use super::telling::Telling;
use crate::sql::{Cell, Cells, Column, Type};

/// Rows on their way. Dropped before their end, the query is cancelled at the server before
/// its connection is lent again.
pub struct Rows {
    source: RowSource,
    /// Who hears of them when the last one was here.
    telling: Option<Box<Telling>>,
}

/// Where rows come from.
#[allow(clippy::large_enum_variant, reason = "one a call, moved a few times")]
pub(super) enum RowSource {
    Postgres(PostgresRows),
    Sqlite(SqliteRows),
    Recorded(RecordedStream),
}

impl Rows {
    pub(super) fn new(source: RowSource, telling: Option<Box<Telling>>) -> Self {
        Self { source, telling }
    }

    /// The next row; `None` when there are no more, and then the call is settled.
    ///
    /// # Errors
    /// Everything that goes wrong on the way; the call is settled then, too.
    pub async fn next(&mut self) -> Result<Option<Row>, SqlError> {
        let next = match &mut self.source {
            RowSource::Postgres(rows) => rows.next().await.map(|row| row.map(Row::Postgres)),
            RowSource::Sqlite(rows) => rows.next().await.map(|row| row.map(Row::Sqlite)),
            RowSource::Recorded(rows) => Ok(rows.next().map(Row::Recorded)),
        };
        if let Some(telling) = &mut self.telling {
            match &next {
                Ok(Some(row)) => telling.row(row),
                Ok(None) => {
                    let affected = self.affected();
                    self.telling.take().into_iter().for_each(|told| told.ended(affected));
                }
                Err(error) => self.telling.take().into_iter().for_each(|told| told.failed(error)),
            }
        }
        next
    }

    /// Rows touched, known after the last row.
    pub fn affected(&self) -> u64 {
        match &self.source {
            RowSource::Postgres(rows) => rows.affected(),
            RowSource::Sqlite(rows) => rows.affected(),
            RowSource::Recorded(rows) => rows.affected(),
        }
    }
}

/// A row.
pub enum Row {
    /// Of PostgreSQL.
    Postgres(super::postgres::PostgresRow),
    /// Of SQLite.
    Sqlite(super::sqlite::SqliteRow),
    /// Of a recording.
    Recorded(RecordedRow),
}

impl Row {
    /// Whether a column's cells have the format of a type: `false` where a table has changed
    /// since its statement was described, and bytes would be taken for something else. All
    /// rows of a statement agree.
    pub fn fits(&self, column: usize, ty: &Type) -> bool {
        match self {
            Self::Postgres(row) => row.fits(column, ty),
            // Their cells say themselves what they are.
            Self::Sqlite(_) | Self::Recorded(_) => true,
        }
    }

    /// The columns of its result, as far as they are known without the catalog: a cursor's.
    pub fn columns(&self) -> Vec<Column> {
        match self {
            Self::Postgres(row) => row.columns(),
            Self::Sqlite(row) => row.columns(),
            Self::Recorded(row) => row.columns(),
        }
    }
}

impl Cells for Row {
    fn cell(&self, column: usize) -> Cell<'_> {
        match self {
            Self::Postgres(row) => row.cell(column),
            Self::Sqlite(row) => row.cell(column),
            Self::Recorded(row) => row.cell(column),
        }
    }

    fn fits(&self, column: usize, ty: &Type) -> bool {
        Self::fits(self, column, ty)
    }
}
