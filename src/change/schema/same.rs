//! Whether two schemas are one, words aside, and how much alike two are.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::local::Local;
use super::pairs::Direction;
use super::read::{Conjunction, Reader};
use super::types::Types;
use crate::change::rules::{self, Rule};

/// Pairs looked into before two schemas are taken to differ.
const PAIRS_MAX: usize = 4_096;

/// Whether two schemas allow the same values, as far as their keywords tell.
pub(super) fn same<'d>(
    of_before: Reader<'d>,
    before: &'d Value,
    of_after: Reader<'d>,
    after: &'d Value,
) -> bool {
    let address = |schemas: &Conjunction<'d>| -> Vec<usize> {
        schemas.iter().map(|schema| std::ptr::from_ref(*schema).addr()).collect()
    };
    let mut pending: Vec<(Conjunction<'d>, Conjunction<'d>)> = vec![(vec![before], vec![after])];
    let mut seen = HashSet::new();
    while let Some((before, after)) = pending.pop() {
        // A pair met again is the same if all others are.
        if !seen.insert((address(&before), address(&after))) {
            continue;
        }
        if seen.len() > PAIRS_MAX {
            return false;
        }
        let mut local = Local::new(of_before, of_after, Direction::Request);
        // Looking for the same kind inside would never end where kinds hold one another.
        local.by_order = true;
        local.compare(&before, &after);
        let words: [&Rule; 2] = [&rules::DOCUMENTATION_CHANGED, &rules::MEMBER_DEPRECATED];
        if local.found.iter().any(|found| !words.contains(&found.rule)) {
            return false;
        }
        pending.extend(local.edges.into_iter().map(|edge| (edge.before, edge.after)));
    }
    true
}

/// How much of two schemas is the same: 0 nothing, 1 all that is looked at.
pub(super) fn likeness<'d>(
    of_before: Reader<'d>,
    before: &[&'d Value],
    of_after: Reader<'d>,
    after: &[&'d Value],
) -> f64 {
    let (b, a) = (of_before.view(before), of_after.view(after));
    let (old, new) = (b.types.without(Types::NULL), a.types.without(Types::NULL));
    if !old.meets(new) {
        return 0.0;
    }
    if !(old.meets(Types::OBJECT) && new.meets(Types::OBJECT)) {
        return if old == new { 1.0 } else { 0.5 };
    }
    let names = |members: &[(&'d str, Conjunction<'d>)]| -> BTreeSet<&'d str> {
        members.iter().map(|(name, _)| *name).collect()
    };
    let (old, new) = (names(&b.members), names(&a.members));
    let either = old.union(&new).count();
    if either == 0 {
        return 1.0;
    }
    let both = u32::try_from(old.intersection(&new).count()).unwrap_or(u32::MAX);
    f64::from(both) / f64::from(u32::try_from(either).unwrap_or(u32::MAX))
}
