//! What a gate says, and why.

use std::fmt;

/// What a gate says. Too little evidence is neither a pass nor a fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// It may move.
    Pass,
    /// More evidence is needed.
    Insufficient,
    /// It must not move.
    Fail,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pass => "pass",
            Self::Insufficient => "insufficient",
            Self::Fail => "fail",
        })
    }
}

/// One thing a gate looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What: `match rate`.
    pub what: &'static str,
    /// What it says.
    pub verdict: Verdict,
    /// What was measured, for people.
    pub measured: String,
    /// What is wanted.
    pub wanted: String,
}

/// A verdict and all its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The worst of the reasons.
    pub verdict: Verdict,
    /// Everything that was looked at.
    pub reasons: Vec<Reason>,
}
