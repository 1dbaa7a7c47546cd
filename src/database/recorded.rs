//! A recorded result, given as if it had just come.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::RecordedRows;
use super::sheet::{BASE64, TEXT};
use crate::sql::{Cell, Cells, Column, Dialect, Type};

/// The cells of a recorded result, as its database would hold them.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Held>>,
}

#[derive(Debug, PartialEq)]
enum Held {
    Null,
    Bytes(Vec<u8>),
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
    Written(String),
}

/// A row of a recording.
#[derive(Debug, Clone)]
pub struct RecordedRow {
    table: Arc<Table>,
    at: usize,
}

impl Table {
    /// Takes a recording.
    ///
    /// # Errors
    /// Where a value is none of this kind of database: its place and why.
    pub(super) fn new(dialect: Dialect, recorded: RecordedRows) -> Result<Arc<Self>, String> {
        let RecordedRows { columns, types, rows, .. } = recorded;
        let mut types = types.into_iter();
        let column =
            |name| Column { name, ty: types.next().unwrap_or(Type::Dynamic), nullable: true };
        let columns = columns.into_iter().map(column).collect();
        let held = |(row, cells): (usize, Vec<Option<String>>)| {
            let one = |(at, cell): (usize, Option<String>)| {
                let held = cell.map_or(Ok(Held::Null), |text| held(dialect, text));
                held.map_err(|why| format!("row {}, value {}: {why}", row + 1, at + 1))
            };
            cells.into_iter().enumerate().map(one).collect()
        };
        let rows = rows.into_iter().enumerate().map(held).collect::<Result<_, _>>()?;
        Ok(Arc::new(Self { columns, rows }))
    }

    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Bytes of text and blob.
    pub(super) fn bytes(&self) -> u64 {
        let of = |held: &Held| match held {
            Held::Bytes(bytes) | Held::Blob(bytes) => bytes.len() as u64,
            Held::Text(text) | Held::Written(text) => text.len() as u64,
            Held::Null | Held::Integer(_) | Held::Real(_) => 0,
        };
        self.rows.iter().flatten().map(of).sum()
    }
}

fn held(dialect: Dialect, text: String) -> Result<Held, &'static str> {
    let string = match text.starts_with('"') {
        true => Some(serde_json::from_str::<String>(&text).map_err(|_| "it is no JSON")?),
        false => None,
    };
    if let Some(base64) = string.as_ref().and_then(|string| string.strip_prefix(BASE64)) {
        let bytes = STANDARD.decode(base64).map_err(|_| "what stands behind `base64:` is none")?;
        return Ok(match dialect {
            Dialect::Postgres => Held::Bytes(bytes),
            Dialect::Sqlite => Held::Blob(bytes),
        });
    }
    match (dialect, string) {
        (Dialect::Postgres, _) => Ok(Held::Written(text)),
        (Dialect::Sqlite, Some(string)) => {
            Ok(Held::Text(string.strip_prefix(TEXT).map_or(string.clone(), str::to_owned)))
        }
        (Dialect::Sqlite, None) => stored(text),
    }
}

/// What SQLite would have stored; what it has no class for is kept as a number or a text.
fn stored(text: String) -> Result<Held, &'static str> {
    let is_number = text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    Ok(match text.as_str() {
        "true" => Held::Integer(1),
        "false" => Held::Integer(0),
        _ if is_number && text.contains(['.', 'e', 'E']) => {
            Held::Real(text.parse().map_err(|_| "it is no number")?)
        }
        _ if is_number => Held::Integer(text.parse().map_err(|_| "it is no INTEGER")?),
        _ => Held::Text(text),
    })
}

impl RecordedRow {
    /// The row of a result, by number.
    pub(super) fn of(table: &Arc<Table>, at: usize) -> Option<Self> {
        (at < table.rows()).then(|| Self { table: Arc::clone(table), at })
    }

    /// The columns of its result, as far as the recording knows them.
    pub fn columns(&self) -> Vec<Column> {
        self.table.columns.clone()
    }
}

impl Cells for RecordedRow {
    fn cell(&self, column: usize) -> Cell<'_> {
        match self.table.rows.get(self.at).and_then(|row| row.get(column)) {
            None | Some(Held::Null) => Cell::Null,
            Some(Held::Bytes(bytes)) => Cell::Binary(bytes),
            Some(Held::Integer(number)) => Cell::Integer(*number),
            Some(Held::Real(number)) => Cell::Real(*number),
            Some(Held::Text(text)) => Cell::Text(text.as_bytes()),
            Some(Held::Blob(bytes)) => Cell::Blob(bytes),
            Some(Held::Written(text)) => Cell::Written(text),
        }
    }
}

/// Recorded rows on their way.
pub struct RecordedStream {
    table: Arc<Table>,
    next: usize,
    affected: u64,
    permit: Option<crate::backend::Permit>,
}

impl RecordedStream {
    pub(super) fn new(table: Arc<Table>, affected: u64, permit: crate::backend::Permit) -> Self {
        Self { table, next: 0, affected, permit: Some(permit) }
    }

    /// The next row; `None` when there are no more.
    pub(super) fn next(&mut self) -> Option<RecordedRow> {
        let row = RecordedRow::of(&self.table, self.next);
        self.next += 1;
        if row.is_none() {
            self.settle();
        }
        row
    }

    /// Rows touched.
    pub(super) fn affected(&self) -> u64 {
        self.affected
    }

    fn settle(&mut self) {
        if let Some(permit) = self.permit.take() {
            permit.settle(crate::backend::Verdict::Healthy);
        }
    }
}

impl Drop for RecordedStream {
    fn drop(&mut self) {
        self.settle();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_what_its_database_would_hold() {
        let check = |dialect, text: &str, expected: Result<Held, &str>| {
            assert_eq!(held(dialect, text.to_owned()), expected, "{text}");
        };
        check(Dialect::Sqlite, "12", Ok(Held::Integer(12)));
        check(Dialect::Sqlite, "-12.0", Ok(Held::Real(-12.0)));
        check(Dialect::Sqlite, "1e999", Ok(Held::Real(f64::INFINITY)));
        check(Dialect::Sqlite, r#""a\"b""#, Ok(Held::Text("a\"b".to_owned())));
        check(Dialect::Sqlite, "\"base64:AAE=\"", Ok(Held::Blob(vec![0, 1])));
        check(Dialect::Sqlite, "\"text:base64:?\"", Ok(Held::Text("base64:?".to_owned())));
        check(Dialect::Sqlite, "[1,2]", Ok(Held::Text("[1,2]".to_owned())));
        check(Dialect::Sqlite, "12a", Err("it is no INTEGER"));
        check(Dialect::Sqlite, "99999999999999999999", Err("it is no INTEGER"));
        check(Dialect::Postgres, "12", Ok(Held::Written("12".to_owned())));
        check(Dialect::Postgres, "\"base64:AAE=\"", Ok(Held::Bytes(vec![0, 1])));
        check(Dialect::Postgres, "\"base64:?\"", Err("what stands behind `base64:` is none"));
    }
}
