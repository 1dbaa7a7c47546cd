//! Rules of comparison: ties, and what contradicts itself.

use super::super::Compiler;
use super::plan::Migrating;
use crate::diagnostic::{Code, Diagnostic};
use crate::strangler::Comparer;

impl Compiler<'_> {
    /// `None` where rules contradict each other, which has been reported.
    pub(super) fn comparer(&mut self, one: &Migrating<'_>) -> Option<Comparer> {
        let compare = &one.migration.compare;
        let rules: Vec<_> =
            compare.rules.iter().map(|r| (r.pattern.value.clone(), r.rule.clone())).collect();
        let headers = compare.headers.iter().map(|header| header.value.clone()).collect();
        let place = |text: &str| {
            let rule = compare.rules.iter().find(|r| r.pattern.value.to_string() == text);
            rule.map_or(one.migration.candidate.key.span, |r| r.pattern.span)
        };
        let ties = match Comparer::new(rules, headers) {
            Ok(comparer) => return Some(comparer),
            Err(ties) => ties,
        };
        for tie in ties {
            self.report.push(
                Diagnostic::error(Code::MappingRule, place(&tie.second), tie.to_string())
                    .note(place(&tie.first), "the other")
                    .help("name one of the places more exactly, or say both in one rule"),
            );
        }
        None
    }
}
