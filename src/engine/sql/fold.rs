//! Rows → JSON, one by one: adjacent rows of one object folded, in constant memory.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use crate::plan::{FoldPlan, RowPlan};
use crate::sql::{Cell, Cells};

use super::include::Included;
use super::row::{RowError, check_types, is_absent, write_members};

/// Keys of objects that are remembered, to notice one that comes again after others. Beyond
/// them only neighbours are compared.
const KEYS_SEEN_MAX: usize = 100_000;

/// What stands around and between objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `[a,b]`
    Array,
    /// A line each (NDJSON).
    Lines,
    /// Nothing: there is one.
    Single,
}

/// Writes rows as JSON.
pub struct RowWriter {
    plan: Arc<RowPlan>,
    style: Style,
    levels: Vec<Level>,
    hasher: RandomState,
    checked: bool,
}

/// Where the writer is at one depth of nesting.
#[derive(Default)]
struct Level {
    /// Items written into the array at this depth.
    items: u64,
    /// Whether the last of them still takes rows.
    open: bool,
    key: Vec<u8>,
    next: Vec<u8>,
    seen: HashSet<u64>,
}

impl Level {
    fn restart(&mut self) {
        (self.items, self.open) = (0, false);
        self.seen.clear();
    }

    /// Takes the key of a row; whether it is the key of the open object.
    fn is_same(&mut self, fold: &FoldPlan, row: &impl Cells) -> bool {
        self.next.clear();
        for column in &fold.keys {
            push_key(row.cell(usize::from(*column)), &mut self.next);
        }
        self.open && self.next == self.key
    }

    /// Makes the key just taken the open object's; `false` where it was one before.
    fn take_key(&mut self, hasher: &RandomState) -> bool {
        std::mem::swap(&mut self.key, &mut self.next);
        let hash = hasher.hash_one(&self.key);
        if self.seen.len() < KEYS_SEEN_MAX {
            self.seen.insert(hash)
        } else {
            !self.seen.contains(&hash)
        }
    }
}

impl RowWriter {
    /// A writer at its start.
    #[must_use]
    pub fn new(plan: Arc<RowPlan>, style: Style) -> Self {
        let mut levels = vec![Level::default()];
        let mut fold = plan.fold.as_ref();
        while let Some(inner) = fold {
            levels.push(Level::default());
            fold = inner.row.fold.as_ref();
        }
        Self { plan, style, levels, hasher: RandomState::new(), checked: false }
    }

    /// Objects begun so far: rows, where none are folded.
    #[must_use]
    pub fn objects(&self) -> u64 {
        self.levels.first().map_or(0, |level| level.items)
    }

    /// Appends what comes before the first row.
    pub fn begin(&self, out: &mut Vec<u8>) {
        if self.style == Style::Array {
            out.push(b'[');
        }
    }

    /// Appends a row.
    ///
    /// # Errors
    /// Where it is not what the plan says. What was appended is of no use then.
    pub fn row<R: Cells>(
        &mut self,
        row: &R,
        included: &[Included<R>],
        out: &mut Vec<u8>,
    ) -> Result<(), RowError> {
        // All rows of a result are of one kind.
        if !self.checked {
            check_types(&self.plan, row)?;
            self.checked = true;
        }
        let writing = Writing { row, included, hasher: &self.hasher };
        writing.level(&self.plan, &mut self.levels, Some(self.style), out)
    }

    /// Appends what comes after the last row.
    pub fn end(&mut self, out: &mut Vec<u8>) {
        close(&self.plan, &mut self.levels, Some(self.style), out);
        if self.style == Style::Array {
            out.push(b']');
        }
    }
}

/// One row being written.
struct Writing<'w, R> {
    row: &'w R,
    included: &'w [Included<R>],
    hasher: &'w RandomState,
}

impl<R: Cells> Writing<'_, R> {
    /// Writes the row at one depth. `style` is set at the outermost only.
    fn level(
        &self,
        plan: &RowPlan,
        levels: &mut [Level],
        style: Option<Style>,
        out: &mut Vec<u8>,
    ) -> Result<(), RowError> {
        let Some(fold) = &plan.fold else {
            let Some(level) = levels.first_mut() else { return Ok(()) };
            separate(level, style, out);
            out.push(b'{');
            write_members(&plan.members, self.row, self.included, out)?;
            out.push(b'}');
            if style == Some(Style::Lines) {
                out.push(b'\n');
            }
            return Ok(());
        };
        let Some(level) = levels.first_mut() else { return Ok(()) };
        if !level.is_same(fold, self.row) {
            close(plan, levels, style, out);
            let Some(level) = levels.first_mut() else { return Ok(()) };
            if !level.take_key(self.hasher) {
                return Err(RowError::Apart(names_of(plan, fold)));
            }
            separate(level, style, out);
            level.open = true;
            out.push(b'{');
            write_members(&plan.members, self.row, self.included, out)?;
            if !plan.members.is_empty() {
                out.push(b',');
            }
            out.extend_from_slice(&fold.key);
            out.push(b'[');
        }
        if is_absent(&fold.row, self.row) {
            return Ok(());
        }
        self.level(&fold.row, &mut levels[1..], None, out)
    }
}

fn separate(level: &mut Level, style: Option<Style>, out: &mut Vec<u8>) {
    if level.items > 0 && matches!(style, None | Some(Style::Array)) {
        out.push(b',');
    }
    level.items += 1;
}

/// Closes the open object of this depth and of those inside it.
fn close(plan: &RowPlan, levels: &mut [Level], style: Option<Style>, out: &mut Vec<u8>) {
    let (Some(fold), Some((level, inner))) = (&plan.fold, levels.split_first_mut()) else { return };
    if !level.open {
        return;
    }
    close(&fold.row, inner, None, out);
    inner.iter_mut().for_each(Level::restart);
    out.extend_from_slice(b"]}");
    if style == Some(Style::Lines) {
        out.push(b'\n');
    }
    level.open = false;
}

/// Appends a cell so that no two lists of cells look alike.
pub(super) fn push_key(cell: Cell<'_>, out: &mut Vec<u8>) {
    let mut push = |tag: u8, bytes: &[u8]| {
        out.push(tag);
        out.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        out.extend_from_slice(bytes);
    };
    match cell {
        Cell::Null => push(0, &[]),
        Cell::Binary(bytes) => push(1, bytes),
        Cell::Integer(number) => push(2, &number.to_be_bytes()),
        Cell::Real(number) => push(3, &number.to_bits().to_be_bytes()),
        Cell::Text(bytes) => push(4, bytes),
        Cell::Blob(bytes) => push(5, bytes),
        Cell::Written(text) => push(6, text.as_bytes()),
    }
}

fn names_of(plan: &RowPlan, fold: &FoldPlan) -> String {
    let name = |key: &u16| match super::entity::find(&plan.members, *key) {
        Some(column) => format!("`{}`", column.column),
        None => format!("column {}", key + 1),
    };
    fold.keys.iter().map(name).collect::<Vec<_>>().join(", ")
}
