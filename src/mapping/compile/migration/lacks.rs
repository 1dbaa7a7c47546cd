//! Members of a route's answer that its candidate's has not.

use std::collections::{HashSet, VecDeque};

use super::super::Compiler;
use super::compare::Bodies;
use super::plan::Migrating;
use super::shown::{Kind, Shown};
use crate::diagnostic::{Code, Diagnostic};
use crate::mapping::CompareRule;
use crate::strangler::Pattern;

/// Members one message names.
const NAMED_MAX: usize = 8;
/// Pairs of places that are looked at.
const PLACES_MAX: usize = 10_000;

impl Compiler<'_> {
    /// Warns of members that callers have today and would not have then.
    pub(super) fn lacks(&mut self, one: &Migrating<'_>, bodies: Bodies<'_>) {
        let (Some(legacy), Some(candidate)) = (bodies.legacy, bodies.candidate) else { return };
        let lacking = lacking(legacy, candidate, &one.migration.compare.rules);
        if lacking.is_empty() {
            return;
        }
        let more = lacking.len().saturating_sub(NAMED_MAX);
        let named = lacking.iter().take(NAMED_MAX).map(|path| format!("`{path}`"));
        let mut message = "the candidate's answer lacks ".to_owned();
        message += &named.collect::<Vec<_>>().join(", ");
        if more > 0 {
            message += &format!(" and {more} more");
        }
        let span = one.migration.candidate.key.span;
        self.report.push(
            Diagnostic::warning(Code::MappingCandidateLacks, span, message)
                .note(one.route.key.span, "the route has them")
                .help("add them to the candidate, or ignore them under `compare: { rules: … }`"),
        );
    }
}

/// The shortest paths first.
fn lacking(legacy: Shown<'_>, candidate: Shown<'_>, rules: &[CompareRule]) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut pending = VecDeque::from([(String::new(), legacy, candidate)]);
    while let Some((mut path, mut legacy, mut candidate)) = pending.pop_front() {
        while legacy.arrays > 0 && candidate.arrays > 0 {
            path += "[*]";
            legacy.arrays -= 1;
            candidate.arrays -= 1;
        }
        let unknown = |shown: Shown<'_>| matches!(shown.kind, Kind::Anything) || shown.arrays > 0;
        if unknown(legacy) || unknown(candidate) || seen.len() >= PLACES_MAX {
            continue;
        }
        if !seen.insert((legacy.identity(), candidate.identity())) {
            continue;
        }
        let Some((members, _)) = legacy.members() else { continue };
        let (others, is_open) = candidate.members().unwrap_or_default();
        for (name, inner) in members {
            let Some(path) = below(&path, name) else { continue };
            match others.iter().find(|(other, _)| *other == name) {
                Some((_, other)) => pending.push_back((path, inner, *other)),
                None if is_open || is_allowed(&path, rules) => {}
                None => found.push(path),
            }
        }
    }
    found
}

/// A member's place, as a pattern writes it; `None` where none can.
fn below(path: &str, name: &str) -> Option<String> {
    let dot = if path.is_empty() { "" } else { "." };
    let plain = !name.is_empty() && !name.contains(['.', '[', ']', '*', '"']);
    match plain {
        true => Some(format!("{path}{dot}{name}")),
        false if name.contains('"') || name.is_empty() => None,
        false => Some(format!("{path}{dot}\"{name}\"")),
    }
}

/// Whether a rule says that a member may be missing.
fn is_allowed(path: &str, rules: &[CompareRule]) -> bool {
    let Ok(place) = Pattern::parse(path) else { return false };
    let allows = |rule: &&CompareRule| rule.rule.ignore || rule.rule.nullish.is_some();
    rules.iter().filter(allows).any(|rule| rule.pattern.value.holds(&place))
}
