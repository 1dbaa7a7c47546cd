//! Pieces of a text that become others.

use std::collections::BTreeMap;
use std::ops::Range;

/// What becomes of which pieces; none overlaps another.
#[derive(Debug, Default)]
pub(super) struct Edits {
    /// From where → until where, and what stands there; `None` leaves it to nobody else.
    pieces: BTreeMap<usize, (usize, Option<String>)>,
}

impl Edits {
    /// Whether nothing is said of any part of a piece.
    pub(super) fn is_free(&self, range: &Range<usize>) -> bool {
        let before = self.pieces.range(..range.end).next_back();
        range.start < range.end && before.is_none_or(|(_, (end, _))| *end <= range.start)
    }

    /// Says what becomes of a free piece.
    pub(super) fn put(&mut self, range: Range<usize>, piece: Option<String>) {
        if self.is_free(&range) {
            self.pieces.insert(range.start, (range.end, piece));
        }
    }

    /// The text with its pieces; `None` where nothing changes.
    pub(super) fn apply(self, text: &str) -> Option<String> {
        let mut out = String::new();
        let mut from = 0;
        let mut has_changed = false;
        for (start, (end, piece)) in self.pieces {
            let Some(piece) = piece else { continue };
            out.push_str(&text[from..start]);
            out.push_str(&piece);
            from = end;
            has_changed = true;
        }
        out.push_str(&text[from..]);
        has_changed.then_some(out)
    }
}
