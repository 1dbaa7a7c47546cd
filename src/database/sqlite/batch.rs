//! Rows on their way from a worker, some at a time.

use std::ops::Range;
use std::sync::Arc;

use rusqlite::types::ValueRef;

use crate::sql::{Cell, Cells, Column, Type};

/// Rows of a batch.
pub(super) const BATCH_ROWS: usize = 64;
/// Bytes of text and blob from which a batch is sent with fewer rows.
pub(super) const BATCH_BYTES: usize = 64 << 10;

/// Rows of one result, without a separate allocation for each.
#[derive(Debug, Default)]
pub(super) struct Batch {
    columns: usize,
    /// Of columns, where somebody wants to know.
    names: Option<Arc<[String]>>,
    cells: Vec<Held>,
    bytes: Vec<u8>,
}

#[derive(Debug)]
enum Held {
    Null,
    Integer(i64),
    Real(f64),
    Text(Range<usize>),
    Blob(Range<usize>),
}

impl Batch {
    pub(super) fn new(columns: usize, names: Option<Vec<&str>>) -> Self {
        let names = names.map(|names| names.into_iter().map(str::to_owned).collect());
        Self { columns, names, ..Self::default() }
    }

    /// One for the rows after these.
    pub(super) fn next(&self, columns: usize) -> Self {
        Self { columns, names: self.names.clone(), ..Self::default() }
    }

    pub(super) fn rows(&self) -> usize {
        self.cells.len().checked_div(self.columns).unwrap_or_default()
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows() >= BATCH_ROWS || self.bytes.len() >= BATCH_BYTES
    }

    /// Bytes of text and blob.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Adds a row.
    ///
    /// # Errors
    /// Where SQLite has no memory for a value it converts.
    pub(super) fn add(&mut self, row: &rusqlite::Row<'_>) -> Result<(), rusqlite::Error> {
        for column in 0..self.columns {
            let held = match row.get_ref(column)? {
                ValueRef::Null => Held::Null,
                ValueRef::Integer(value) => Held::Integer(value),
                ValueRef::Real(value) => Held::Real(value),
                ValueRef::Text(text) => Held::Text(self.keep(text)),
                ValueRef::Blob(blob) => Held::Blob(self.keep(blob)),
            };
            self.cells.push(held);
        }
        Ok(())
    }

    fn keep(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        start..self.bytes.len()
    }
}

/// A row of a batch.
#[derive(Debug, Clone)]
pub struct SqliteRow {
    batch: Arc<Batch>,
    row: usize,
}

impl SqliteRow {
    /// The row of a batch, by number.
    pub(super) fn of(batch: &Arc<Batch>, row: usize) -> Option<Self> {
        (row < batch.rows()).then(|| Self { batch: Arc::clone(batch), row })
    }

    /// The columns of its result; their names only where they were asked for.
    pub fn columns(&self) -> Vec<Column> {
        let batch = &*self.batch;
        let name = |at: usize| batch.names.as_ref().and_then(|names| names.get(at)).cloned();
        let column =
            |at| Column { name: name(at).unwrap_or_default(), ty: Type::Dynamic, nullable: true };
        (0..batch.columns).map(column).collect()
    }
}

impl Cells for SqliteRow {
    fn cell(&self, column: usize) -> Cell<'_> {
        let batch = &*self.batch;
        if column >= batch.columns {
            return Cell::Null;
        }
        let bytes = |range: &Range<usize>| batch.bytes.get(range.clone()).unwrap_or_default();
        match batch.cells.get(self.row * batch.columns + column) {
            None | Some(Held::Null) => Cell::Null,
            Some(Held::Integer(value)) => Cell::Integer(*value),
            Some(Held::Real(value)) => Cell::Real(*value),
            Some(Held::Text(range)) => Cell::Text(bytes(range)),
            Some(Held::Blob(range)) => Cell::Blob(bytes(range)),
        }
    }
}
