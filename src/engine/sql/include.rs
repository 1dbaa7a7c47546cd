//! What a second statement fetched for the rows of the first.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::plan::{IncludePlan, RowPlan};
use crate::sql::{Cell, Cells, Form, Type, write_json};

use super::entity::find;
use super::fold::{RowWriter, Style};
use super::key;
use super::row::{RowError, check_type};

/// The keys of the outer rows, each once.
#[derive(Debug)]
pub struct IncludeKeys {
    seen: HashSet<Vec<u8>>,
    json: Vec<u8>,
}

impl IncludeKeys {
    /// The keys of all rows. NULL is no key.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub fn of<R: Cells>(
        include: &IncludePlan,
        outer: &RowPlan,
        rows: &[R],
    ) -> Result<Self, RowError> {
        let ty = key_type(include, outer);
        let mut keys = Self { seen: HashSet::new(), json: b"[".to_vec() };
        for row in rows {
            let Some(key) = key_of(ty, include.key, &include.name, row)? else { continue };
            if !keys.seen.contains(&key) {
                if !keys.seen.is_empty() {
                    keys.json.push(b',');
                }
                keys.json.extend_from_slice(&key);
                keys.seen.insert(key);
            }
        }
        keys.json.push(b']');
        Ok(keys)
    }

    /// Whether there is nothing to ask for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// As a JSON array.
    #[must_use]
    pub fn json(&self) -> &str {
        // What `write_json` writes is UTF-8.
        std::str::from_utf8(&self.json).unwrap_or("[]")
    }
}

/// The rows of an include, by the key of the row they belong to.
pub struct Included<R> {
    row: Arc<RowPlan>,
    key: (u16, Type, String),
    single: bool,
    groups: HashMap<Vec<u8>, Vec<R>>,
}

impl<R: Cells> Included<R> {
    /// Sorts rows by their keys. `outer` is the plan of the rows they belong to.
    ///
    /// # Errors
    /// Where a key cannot be read.
    pub fn new(include: &IncludePlan, outer: &RowPlan, rows: Vec<R>) -> Result<Self, RowError> {
        let inner = find(&include.row.members, include.on).map(|column| &column.ty);
        let inner = inner.unwrap_or(&include.key_type);
        let mut groups: HashMap<Vec<u8>, Vec<R>> = HashMap::new();
        for row in rows {
            if let Some(key) = key_of(inner, include.on, &include.name, &row)? {
                groups.entry(key).or_default().push(row);
            }
        }
        let key = (include.key, key_type(include, outer).clone(), include.name.clone());
        Ok(Self { row: Arc::clone(&include.row), key, single: include.single, groups })
    }

    /// Appends what belongs to an outer row.
    pub(super) fn write(&self, outer: &R, out: &mut Vec<u8>) -> Result<(), RowError> {
        let (column, ty, name) = &self.key;
        let key = key_of(ty, *column, name, outer)?;
        let group = key.and_then(|key| self.groups.get(&key)).map_or(&[][..], Vec::as_slice);
        if self.single && group.is_empty() {
            out.extend_from_slice(b"null");
            return Ok(());
        }
        let style = if self.single { Style::Single } else { Style::Array };
        let mut writer = RowWriter::new(Arc::clone(&self.row), style);
        writer.begin(out);
        for row in group {
            writer.row(row, &[], out)?;
        }
        writer.end(out);
        if self.single && writer.objects() > 1 {
            return Err(RowError::Cell(name.clone(), "has several rows for one key".to_owned()));
        }
        Ok(())
    }
}

fn key_type<'p>(include: &'p IncludePlan, outer: &'p RowPlan) -> &'p Type {
    find(&outer.members, include.key).map_or(&include.key_type, |column| &column.ty)
}

fn key_of(
    ty: &Type,
    column: u16,
    name: &str,
    row: &impl Cells,
) -> Result<Option<Vec<u8>>, RowError> {
    check_type(name, column, ty, row)?;
    let cell = row.cell(usize::from(column));
    if cell == Cell::Null {
        return Ok(None);
    }
    let mut json = Vec::new();
    write_json(key::written(ty, &cell), Form::Plain, cell, &mut json)
        .map_err(|error| RowError::Cell(format!("key of {name}"), error.0))?;
    Ok(Some(json))
}
