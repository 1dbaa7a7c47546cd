//! Disagreements that somebody looked into: `known.tsv` says whose they are, and why.
//!
//! `case` is a whole name, or the part after `/` where two suites share it. `whose`: `Rule`
//! is a rule of ours, `Peer` the peer's deviation from its own contract or a standard,
//! `NotYet` what is not built.

use super::messages::{Kind, Measured, Verdict};

struct Known {
    case: &'static str,
    kind: &'static str,
    whose: &'static str,
    why: &'static str,
}

impl Known {
    fn names(&self, case: &str, kind: Kind) -> bool {
        let of_suite = || case.split_once('/').is_some_and(|(_, name)| name == self.case);
        self.kind == format!("{kind:?}") && (self.case == case || of_suite())
    }
}

fn known() -> impl Iterator<Item = Known> {
    include_str!("known.tsv").lines().skip(1).filter_map(|line| {
        let mut columns = line.split('\t');
        let mut next = || columns.next();
        Some(Known { case: next()?, kind: next()?, whose: next()?, why: next()? })
    })
}

/// Replaces a failure that is known by its reason.
pub fn judge(case: &str, kind: Kind, verdict: Verdict) -> Verdict {
    let is_open = matches!(verdict, Verdict::Fail(_) | Verdict::Peer(_));
    let Some(row) = known().find(|row| is_open && row.names(case, kind)) else { return verdict };
    let why = row.why.to_owned();
    match row.whose {
        "Rule" => Verdict::Rule(why),
        "Peer" => Verdict::Peer(why),
        _ => Verdict::NotYet(why),
    }
}

/// Rows that explain nothing any more.
pub fn stale(all: &[Measured]) -> Vec<&'static str> {
    let is_used = |row: &Known| {
        all.iter().filter(|m| row.names(&m.case, m.kind)).any(|m| match &m.verdict {
            Verdict::Rule(why) | Verdict::Peer(why) | Verdict::NotYet(why) => why == row.why,
            _ => false,
        })
    };
    known().filter(|row| !is_used(row)).map(|row| row.case).collect()
}
