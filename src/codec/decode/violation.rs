//! Deviations from the contract that were met, counted and named.

use crate::diagnostic::Code;

/// Exemplars kept of one message's violations.
const EXEMPLARS_MAX: usize = 16;

/// One deviation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Its code, of the group `Violation`.
    pub code: Code,
    /// Where in the JSON, as a path of member names.
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
    /// Counts those of another part of the same message.
    pub fn absorb(&mut self, other: Self) {
        let room = EXEMPLARS_MAX.saturating_sub(self.first.len());
        self.count += other.count;
        self.first.extend(other.first.into_iter().take(room));
    }

    /// Counts one more.
    pub fn push(&mut self, violation: impl FnOnce() -> Violation) {
        self.count += 1;
        if self.first.len() < EXEMPLARS_MAX {
            self.first.push(violation());
        }
    }
}
