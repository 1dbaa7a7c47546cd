//! Rules of comparison: ties, contradictions, and places no answer has.

use super::super::Compiler;
use super::places::may_have;
use super::plan::Migrating;
use super::shown::{Kind, Shown};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::mapping::{CompareRule, Writes};
use crate::strangler::{Comparer, Pattern, Segment};

/// Any JSON.
const ANYTHING: Option<Shown<'_>> = Some(Shown { kind: Kind::Anything, arrays: 0 });

/// The bodies of both sides; `None` for one that has none.
#[derive(Clone, Copy)]
pub(super) struct Bodies<'p> {
    pub(super) legacy: Option<Shown<'p>>,
    pub(super) candidate: Option<Shown<'p>>,
}

impl Bodies<'_> {
    /// Of routes of which nothing is known.
    pub(super) const UNKNOWN: Self = Self { legacy: ANYTHING, candidate: ANYTHING };

    /// What is compared of a route: its answers, or of a write what its `shadow` says; `None`
    /// where nothing is.
    fn compared(self, one: &Migrating<'_>) -> Option<Self> {
        let writes = one.migration.shadow.writes.as_ref().map(|writes| &writes.value);
        match writes {
            _ if !one.is_write() => Some(self),
            Some(Writes::DryRun { .. }) => Some(self),
            // What is sent has a form of its own.
            Some(Writes::Render) => Some(Self::UNKNOWN),
            // A read afterwards is compared by its own rules.
            Some(Writes::Off | Writes::ReadBack(_)) | None => None,
        }
    }
}

impl Compiler<'_> {
    /// `None` where rules contradict each other, which has been reported.
    pub(super) fn comparer(&mut self, one: &Migrating<'_>, bodies: Bodies<'_>) -> Option<Comparer> {
        let compare = &one.migration.compare;
        let rules: Vec<_> =
            compare.rules.iter().map(|r| (r.pattern.value.clone(), r.rule.clone())).collect();
        let headers = compare.headers.iter().map(|header| header.value.clone()).collect();
        let errors = self.report.error_count();
        match bodies.compared(one) {
            Some(bodies) => {
                self.hidden_criticals(&compare.rules, bodies.legacy);
                for rule in &compare.rules {
                    self.unused_rule(one, rule, bodies);
                }
            }
            None => self.nothing_compared(&compare.rules),
        }
        let place = |text: &str| {
            let rule = compare.rules.iter().find(|r| r.pattern.value.to_string() == text);
            rule.map_or(one.migration.candidate.key.span, |r| r.pattern.span)
        };
        match Comparer::new(rules, headers) {
            Ok(comparer) => (self.report.error_count() == errors).then_some(comparer),
            Err(ties) => {
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
    }

    fn nothing_compared(&mut self, rules: &[CompareRule]) {
        let Some(first) = rules.first() else { return };
        let message = "nothing of this write is compared by these rules";
        self.report.push(
            Diagnostic::warning(Code::MappingRuleUnused, first.pattern.span, message)
                .help("say how it is compared, `shadow: { writes: … }`; a readback has the rules of its route"),
        );
    }

    /// What is critical stands in nothing that is ignored, and nothing is ignored in it.
    fn hidden_criticals(&mut self, rules: &[CompareRule], legacy: Option<Shown<'_>>) {
        let ignored = || rules.iter().filter(|rule| rule.rule.ignore);
        for critical in rules.iter().filter(|rule| rule.rule.critical) {
            let place = &critical.pattern.value;
            let Some(hides) = ignored().find(|i| hides(&i.pattern.value, place, legacy)) else {
                continue;
            };
            let message =
                format!("`{place}` is critical, and `{}` is ignored", hides.pattern.value);
            self.report.push(
                Diagnostic::error(Code::MappingRule, critical.pattern.span, message)
                    .note(hides.pattern.span, "ignored here")
                    .help("neither may lie inside the other: name what to ignore more narrowly"),
            );
        }
    }

    /// A rule that no answer can ever need is a misspelling.
    fn unused_rule(&mut self, one: &Migrating<'_>, rule: &CompareRule, bodies: Bodies<'_>) {
        let place = rule.pattern.value.segments();
        if let Some(Segment::Member(first)) = place.first().filter(|_| is_aside(place)) {
            return self.unused_aside(one, rule, first);
        }
        let fits = |body: Option<Shown<'_>>| body.is_some_and(|b| may_have(b, &[place], true));
        // What only the candidate has can be ignored; every other rule is about two values.
        let of_one_side = rule.rule.ignore || rule.rule.nullish.is_some();
        if fits(bodies.legacy) || (of_one_side && fits(bodies.candidate)) {
            return;
        }
        let message = format!("the route's answer has no `{}`", rule.pattern.value);
        let diagnostic = Diagnostic::warning(Code::MappingRuleUnused, rule.pattern.span, message);
        self.report.push(match bodies.legacy.and_then(|body| instead(body, place)) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }

    /// `@status` is always there, `@header.x` where it is compared.
    fn unused_aside(&mut self, one: &Migrating<'_>, rule: &CompareRule, first: &str) {
        let place = rule.pattern.value.segments();
        let headers = || one.migration.compare.headers.iter().map(|name| name.value.as_str());
        let help = match (first, place) {
            ("@status", [_]) | ("@header", [_, Segment::AnyMember | Segment::Any]) => return,
            ("@header", [_, Segment::Member(name)]) if headers().any(|known| known == name) => {
                return;
            }
            ("@header", [_, Segment::Member(name)]) => {
                format!("add `{name}`, in lower case, to `compare: {{ headers: … }}`")
            }
            _ => "beside the body there are `@status` and `@header.name`".to_owned(),
        };
        let message = format!("`{}` is nothing that is compared", rule.pattern.value);
        self.report.push(
            Diagnostic::warning(Code::MappingRuleUnused, rule.pattern.span, message).help(help),
        );
    }
}

fn is_aside(place: &[Segment]) -> bool {
    matches!(place.first(), Some(Segment::Member(name)) if name.starts_with('@'))
}

/// Whether ignoring a place hides something critical, or the other way round.
fn hides(ignored: &Pattern, critical: &Pattern, legacy: Option<Shown<'_>>) -> bool {
    if ignored.holds(critical) {
        return true;
    }
    if !ignored.segments().contains(&Segment::Any) {
        return critical.holds(ignored);
    }
    // `**.updated` may lie in every place; whether it does is the schema's to say.
    let mut inside = critical.segments().to_vec();
    inside.push(Segment::Any);
    legacy.is_some_and(|body| may_have(body, &[&inside, ignored.segments()], false))
}

/// What could be meant by a place that is not there.
fn instead(mut shown: Shown<'_>, place: &[Segment]) -> Option<String> {
    let mut so_far = String::new();
    for segment in place {
        match segment {
            Segment::Member(_) if shown.arrays > 0 => {
                return Some(format!("`{}` is an array: write `{so_far}[*]`", name(&so_far)));
            }
            Segment::Member(wanted) => {
                let (members, _) = shown.members()?;
                if let Some((_, inner)) = members.iter().find(|(name, _)| name == wanted) {
                    so_far += if so_far.is_empty() { "" } else { "." };
                    so_far += wanted;
                    shown = *inner;
                    continue;
                }
                let names = || members.iter().map(|(name, _)| *name);
                if let Some(near) = did_you_mean(wanted, names()) {
                    return Some(format!("did you mean `{near}`?"));
                }
                let names = names().collect::<Vec<_>>().join(", ");
                return Some(format!("the members of `{}` are {names}", name(&so_far)));
            }
            Segment::AnyItem if shown.arrays > 0 => {
                so_far += "[*]";
                shown = Shown { arrays: shown.arrays - 1, ..shown };
            }
            Segment::AnyItem if matches!(shown.kind, Kind::Anything) => return None,
            Segment::AnyItem => return Some(format!("`{}` is no array", name(&so_far))),
            Segment::AnyMember | Segment::Any => return None,
        }
    }
    None
}

fn name(so_far: &str) -> &str {
    if so_far.is_empty() { "$" } else { so_far }
}
