//! Disagreements that somebody looked into: whose they are, and why.

use super::messages::{Kind, Verdict};

enum Whose {
    /// A rule of `wire.md`.
    Rule,
    /// The peer's mistake against its own contract or a standard.
    Peer,
    /// Ours, not built yet.
    NotYet,
}

/// Case (a whole name, or the part after `/` where two suites share it), kind, whose, why.
const KNOWN: &[(&str, Kind, Whose, &str)] = &[];

/// Replaces a failure that is known by its reason. A row that is no longer needed fails.
pub fn judge(case: &str, kind: Kind, verdict: Verdict) -> Verdict {
    let row = KNOWN.iter().find(|(name, of, ..)| {
        *of == kind && (*name == case || case.split_once('/').is_some_and(|(_, n)| n == *name))
    });
    match (row, verdict) {
        (Some((.., whose, why)), Verdict::Fail(_)) => match whose {
            Whose::Rule => Verdict::Rule((*why).to_owned()),
            Whose::Peer => Verdict::Peer((*why).to_owned()),
            Whose::NotYet => Verdict::NotYet((*why).to_owned()),
        },
        (_, verdict) => verdict,
    }
}
