//! Whether an answer may have a place that patterns fit.

use std::collections::HashSet;

use super::shown::{Kind, Shown};
use crate::strangler::Segment;

/// Places of one answer that are looked at; behind them, everything is thought to be there.
const PLACES_MAX: usize = 100_000;

/// Whether an answer may have a place that fits all of some patterns. `unknown` is what is said
/// of places of which nothing is known.
pub(super) fn may_have(shown: Shown<'_>, patterns: &[&[Segment]], unknown: bool) -> bool {
    let mut pending = vec![(shown, vec![0; patterns.len()])];
    let mut seen = HashSet::new();
    while let Some((shown, at)) = pending.pop() {
        if !seen.insert((shown.identity(), at.clone())) {
            continue;
        }
        if seen.len() > PLACES_MAX {
            return unknown;
        }
        let rest = |n: usize| &patterns[n][at[n]..];
        if (0..patterns.len()).all(|n| rest(n).iter().all(|s| *s == Segment::Any)) {
            return true;
        }
        if matches!(shown.kind, Kind::Anything) && shown.arrays == 0 {
            if unknown {
                return true;
            }
            continue;
        }
        let mut enter = |step: Option<&str>, inner| {
            for next in advance(patterns, &at, step) {
                pending.push((inner, next));
            }
        };
        if shown.arrays > 0 {
            enter(None, shown.item());
            continue;
        }
        let Some((members, is_open)) = shown.members() else { continue };
        for (name, inner) in members {
            enter(Some(name), inner);
        }
        if is_open && unknown {
            return true;
        }
    }
    false
}

/// Where patterns may stand behind a step: a member by its name, or an item. Empty where one of
/// them does not fit it.
fn advance(patterns: &[&[Segment]], at: &[usize], step: Option<&str>) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for (pattern, from) in patterns.iter().zip(at) {
        let mut places = Vec::new();
        let mut next = *from;
        // `**` stands for any number of steps, none too.
        while pattern.get(next) == Some(&Segment::Any) {
            places.push(next);
            next += 1;
        }
        let fits = match (pattern.get(next), step) {
            (Some(Segment::Member(name)), Some(step)) => name == step,
            (Some(Segment::AnyMember), Some(_)) | (Some(Segment::AnyItem), None) => true,
            _ => false,
        };
        if fits {
            places.push(next + 1);
        }
        let longer = |start: &Vec<usize>| {
            let start = start.clone();
            places
                .iter()
                .map(move |place| start.iter().copied().chain([*place]).collect())
                .collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}
