//! Rows as text, for a recording.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{RecordedRows, Row};
use crate::sql::{Cell, Cells, Column, Form, Type, write_json};

/// Bytes of one result that are kept for a recording.
const BYTES_MAX: usize = 8 << 20;
/// What begins bytes that have no form in JSON.
pub(super) const BASE64: &str = "base64:";
/// What begins a TEXT of SQLite that would be taken for something else.
pub(super) const TEXT: &str = "text:";
/// How PostgreSQL names cursors nobody named: by a number that is another one each time.
const PORTAL: &str = "<unnamed portal ";

/// A result being written down.
pub(super) struct Sheet {
    rows_max: usize,
    columns: Option<Vec<Column>>,
    rows: RecordedRows,
    bytes: usize,
    is_full: bool,
}

impl Sheet {
    pub(super) fn new(rows_max: usize) -> Self {
        let rows = RecordedRows::default();
        Self { rows_max, columns: None, rows, bytes: 0, is_full: false }
    }

    /// Adds a row, as long as there is room. Names of cursors go through `portals`.
    pub(super) fn add(&mut self, row: &Row, portals: &mut Portals) {
        if self.is_full || self.rows.rows.len() >= self.rows_max || self.bytes > BYTES_MAX {
            // What cannot be kept whole is not kept at all.
            self.is_full = true;
            self.rows.rows = Vec::new();
            return;
        }
        let columns = self.columns.get_or_insert_with(|| row.columns());
        let of = |(at, column): (usize, &Column)| match (row.cell(at), &column.ty) {
            (Cell::Binary(name), Type::Refcursor) => Some(portals.name(name)),
            (cell, ty) => text(ty, cell),
        };
        let cells: Vec<_> = columns.iter().enumerate().map(of).collect();
        self.bytes += cells.iter().flatten().map(String::len).sum::<usize>();
        self.rows.rows.push(cells);
    }

    /// The result; `None` where it was too much. Types are kept where no mapping knows them.
    pub(super) fn finish(self, affected: u64, with_types: bool) -> Option<RecordedRows> {
        if self.is_full {
            return None;
        }
        let columns = self.columns.unwrap_or_default();
        let types =
            if with_types { columns.iter().map(|c| c.ty.clone()).collect() } else { vec![] };
        let columns = columns.into_iter().map(|column| column.name).collect();
        Some(RecordedRows { columns, types, affected, ..self.rows })
    }
}

/// Cursors of a transaction that have no name of their own, in the order they were opened.
#[derive(Default)]
pub(super) struct Portals(Vec<String>);

impl Portals {
    /// The name of a cursor in a recording, as JSON.
    fn name(&mut self, name: &[u8]) -> String {
        let name = String::from_utf8_lossy(name);
        if name.starts_with(PORTAL) && !self.0.iter().any(|known| *known == name) {
            self.0.push(name.clone().into_owned());
        }
        json(&self.recorded(&name))
    }

    /// The name of a cursor in a recording.
    pub(super) fn recorded(&self, name: &str) -> String {
        let at = self.0.iter().position(|known| known == name);
        at.map_or_else(|| name.to_owned(), |at| format!("cursor {}", at + 1))
    }
}

/// A value as a recording has it.
fn text(ty: &Type, cell: Cell<'_>) -> Option<String> {
    Some(match cell {
        Cell::Null => return None,
        Cell::Binary(bytes) => binary(ty, bytes),
        Cell::Integer(number) => number.to_string(),
        // Greater than every double, so read back as what it was.
        Cell::Real(f64::INFINITY) => "1e999".to_owned(),
        Cell::Real(f64::NEG_INFINITY) => "-1e999".to_owned(),
        Cell::Real(number) => format!("{number:?}"),
        Cell::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) if [BASE64, TEXT].iter().any(|prefix| text.starts_with(prefix)) => {
                json(&format!("{TEXT}{text}"))
            }
            Ok(text) => json(text),
            Err(_) => base64(bytes),
        },
        Cell::Blob(bytes) => base64(bytes),
        Cell::Written(text) => text.to_owned(),
    })
}

/// A value of PostgreSQL by its type; its bytes where nothing is known of it, or where its
/// text would be taken for something else.
fn binary(ty: &Type, bytes: &[u8]) -> String {
    let mut out = Vec::new();
    let written = write_json(ty, Form::Recorded, Cell::Binary(bytes), &mut out).is_ok();
    let text = String::from_utf8(out).ok().filter(|_| written);
    let is_clear = |text: &String| {
        text != "null" && !text.strip_prefix('"').is_some_and(|text| text.starts_with(BASE64))
    };
    text.filter(is_clear).unwrap_or_else(|| base64(bytes))
}

fn base64(bytes: &[u8]) -> String {
    json(&format!("{BASE64}{}", STANDARD.encode(bytes)))
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
