//! Deviations from the contract that were met, counted and named.

use crate::diagnostic::Code;

/// Exemplars kept of one message's violations.
const EXEMPLARS_MAX: usize = 16;
/// Characters kept of what was met.
pub(super) const TEXT_CHARS_MAX: usize = 80;

/// One deviation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Its code, of the group `Violation`.
    pub code: Code,
    /// Where in the JSON: names of members and items from 0, `/lines[3]/quantity`.
    pub path: String,
    /// What was met.
    pub what: String,
}

/// The deviations of one message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violations {
    /// How many there were.
    pub count: u64,
    /// The first of them.
    pub first: Vec<Violation>,
}

impl Violations {
    /// Whether one more would only be counted.
    pub(super) fn is_full(&self) -> bool {
        self.first.len() >= EXEMPLARS_MAX
    }

    pub(super) fn push(&mut self, violation: impl FnOnce() -> Violation) {
        self.count += 1;
        if !self.is_full() {
            self.first.push(violation());
        }
    }
}

/// A text for the log, cut where it is long.
pub(super) fn shortened(text: String, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        Some((at, _)) => text[..at].to_owned(),
        None => text,
    }
}
