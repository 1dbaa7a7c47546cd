//! What a comparison found.

use super::pattern::Path;

/// Mismatches kept of one comparison that is not explained; all are counted.
pub(super) const KEPT_MAX: usize = 50;
/// Bytes kept of a value.
const VALUE_BYTES_MAX: usize = 200;

/// Which of the two answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The legacy system's.
    Legacy,
    /// The candidate's.
    Candidate,
}

/// Kinds of mismatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Another value.
    Value,
    /// A value of another type.
    Type,
    /// The candidate lacks it.
    Missing,
    /// Only the candidate has it.
    Extra,
    /// The same items in another order.
    Order,
    /// Another number of items.
    Length,
    /// Another status, both of success or both of failure.
    Status,
    /// Another header.
    Header,
    /// One answered, the other failed.
    ErrorVsOk,
    /// Both failed, in other ways.
    ErrorDiffers,
    /// The candidate gave no answer at all.
    NoAnswer,
    /// A body that is no JSON where the other's is.
    NotJson,
}

/// One difference that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Where.
    pub path: Path,
    /// What kind.
    pub class: Class,
    /// What the legacy system has there, as JSON, cut short.
    pub legacy: Option<String>,
    /// What the candidate has there.
    pub candidate: Option<String>,
    /// Whether a rule says that this must never be.
    pub critical: bool,
    /// The rule that decides there and does not let it pass, by its place among those given.
    pub rule: Option<usize>,
}

/// A difference that a rule lets pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tolerated {
    /// Where.
    pub path: Path,
    /// The rule, by its place among those given.
    pub rule: usize,
    /// What the legacy system has there, as JSON, cut short; `None` for nothing, and where only
    /// the order differs.
    pub legacy: Option<String>,
    /// What the candidate has there.
    pub candidate: Option<String>,
}

/// What a rule did in one comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RuleUse {
    /// Places it decided.
    pub matched: u64,
    /// Differences it made not count.
    pub hid: u64,
}

/// The result of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// The first mismatches.
    pub mismatches: Vec<Mismatch>,
    /// All of them.
    pub count: u64,
    /// Whether one is critical.
    pub critical: bool,
    /// Scalars that were looked at, on either side.
    pub leaves: u64,
    /// Of these, those no rule let count.
    pub hidden: u64,
    /// By rule, in the order they were given.
    pub rules: Vec<RuleUse>,
    /// Differences that rules let pass; only where the comparison is explained.
    pub tolerated: Vec<Tolerated>,
    /// Whether everything is kept, to be explained.
    pub(super) explained: bool,
}

impl Comparison {
    /// Whether nothing that counts differs.
    #[must_use]
    pub fn is_match(&self) -> bool {
        self.count == 0
    }

    /// Keeps a difference that a rule lets pass, where the comparison is explained.
    pub(super) fn tolerate(
        &mut self,
        path: Path,
        rule: usize,
        shown: impl FnOnce() -> [Option<String>; 2],
    ) {
        if self.explained {
            let [legacy, candidate] = shown();
            self.tolerated.push(Tolerated { path, rule, legacy, candidate });
        }
    }

    pub(super) fn add(&mut self, mismatch: Mismatch) {
        self.count += 1;
        self.critical |= mismatch.critical;
        if self.explained || self.mismatches.len() < KEPT_MAX {
            self.mismatches.push(mismatch);
        }
    }
}

/// A value as it is kept.
pub(super) fn kept(mut text: String) -> String {
    if text.len() > VALUE_BYTES_MAX {
        let end = (0..=VALUE_BYTES_MAX).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}
