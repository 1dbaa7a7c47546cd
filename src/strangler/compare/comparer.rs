//! Rules, compiled; two answers, compared.

use super::comparison::{Class, Comparison, Mismatch, RuleUse, kept};
use super::pattern::{Path, Pattern, Step};
use super::rule::Rule;
use super::walk::Walk;
use crate::codec::{Json, JsonLimits, parse_json};

/// Values of one body that are compared; a longer one counts as no JSON.
const VALUES_MAX: u32 = 1_000_000;

/// What a side answered.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: &'a [(String, String)],
    /// The body; empty for none.
    pub body: &'a str,
}

/// Two rules between which nothing decides.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{first}` and `{second}` fit the same places, and neither says more than the other")]
pub struct RulesProblem {
    /// One.
    pub first: String,
    /// The other.
    pub second: String,
}

/// Compares answers by the rules of a route.
#[derive(Debug, Clone, Default)]
pub struct Comparer {
    /// The most specific first.
    pub(super) rules: Vec<(Pattern, Rule)>,
    /// Where each rule stood when it was given.
    pub(super) given: Vec<usize>,
    /// Headers that are compared, in lower case.
    headers: Vec<String>,
}

impl Comparer {
    /// Compiles the rules of a route and the headers that are compared.
    ///
    /// # Errors
    /// Every pair of rules that fit one place and are equally specific.
    pub fn new(
        rules: Vec<(Pattern, Rule)>,
        headers: Vec<String>,
    ) -> Result<Self, Vec<RulesProblem>> {
        let mut order: Vec<usize> = (0..rules.len()).collect();
        let specificity = |at: &usize| std::cmp::Reverse(rules[*at].0.specificity());
        order.sort_by_key(specificity);
        let mut ties = Vec::new();
        for (i, a) in rules.iter().enumerate() {
            for b in &rules[i + 1..] {
                if a.0.specificity() == b.0.specificity() && a.0.overlaps(&b.0) {
                    ties.push(RulesProblem { first: a.0.to_string(), second: b.0.to_string() });
                }
            }
        }
        if !ties.is_empty() {
            return Err(ties);
        }
        let mut rules: Vec<Option<(Pattern, Rule)>> = rules.into_iter().map(Some).collect();
        let sorted = order.iter().filter_map(|at| rules[*at].take()).collect();
        Ok(Self { rules: sorted, given: order, headers })
    }

    /// Compares two answers. A candidate that gave none is `None`.
    #[must_use]
    pub fn compare(&self, legacy: Answer<'_>, candidate: Option<Answer<'_>>) -> Comparison {
        self.compared(legacy, candidate, Comparison::default())
    }

    /// The same for a person who asks why: every mismatch is kept, and every difference a rule
    /// lets pass. Not for every request.
    #[must_use]
    pub fn explain(&self, legacy: Answer<'_>, candidate: Option<Answer<'_>>) -> Comparison {
        self.compared(legacy, candidate, Comparison { explained: true, ..Comparison::default() })
    }

    fn compared(
        &self,
        legacy: Answer<'_>,
        candidate: Option<Answer<'_>>,
        mut found: Comparison,
    ) -> Comparison {
        found.rules = vec![RuleUse::default(); self.rules.len()];
        let Some(candidate) = candidate else {
            found.add(mismatch(root(), Class::NoAnswer, (None, None)));
            return self.in_given_order(found);
        };
        let failed = |answer: Answer<'_>| answer.status >= 400;
        match (failed(legacy), failed(candidate)) {
            (true, true) => errors(legacy, candidate, &mut found),
            (false, false) => {
                self.status(legacy, candidate, &mut found);
                self.headers(legacy, candidate, &mut found);
                self.bodies(legacy.body, candidate.body, &mut found);
            }
            _ => {
                let statuses =
                    (Some(legacy.status.to_string()), Some(candidate.status.to_string()));
                found.add(mismatch(named("@status"), Class::ErrorVsOk, statuses));
            }
        }
        self.in_given_order(found)
    }

    fn status(&self, legacy: Answer<'_>, candidate: Answer<'_>, found: &mut Comparison) {
        let number = |status: u16| Json::Number(status.to_string().into());
        self.aside(
            "@status",
            Class::Status,
            [number(legacy.status), number(candidate.status)].each_ref().map(Some),
            found,
        );
    }

    fn headers(&self, legacy: Answer<'_>, candidate: Answer<'_>, found: &mut Comparison) {
        for name in &self.headers {
            let value = |answer: Answer<'_>| {
                let header = answer.headers.iter().find(|(n, _)| n == name);
                header.map(|(_, value)| Json::String(value.clone().into()))
            };
            let values = [value(legacy), value(candidate)];
            let path = format!("@header.{name}");
            self.aside(&path, Class::Header, values.each_ref().map(Option::as_ref), found);
        }
    }

    /// A value beside the body. Its mismatches are of one class.
    fn aside(
        &self,
        path: &str,
        class: Class,
        values: [Option<&Json<'_>>; 2],
        found: &mut Comparison,
    ) {
        let mut walk = Walk::new(self, found);
        let steps =
            path.split_inclusive('.').map(|s| Step::Member(s.trim_end_matches('.').to_owned()));
        for step in steps {
            walk.enter(step);
        }
        let before = walk.found.mismatches.len();
        let looked_at = (walk.found.leaves, walk.found.hidden);
        walk.optional(values[0], values[1]);
        // How much of the *body* rules hide must not look better for it.
        (walk.found.leaves, walk.found.hidden) = looked_at;
        walk.finish();
        for mismatch in found.mismatches.iter_mut().skip(before) {
            mismatch.class = class;
        }
    }

    fn bodies(&self, legacy: &str, candidate: &str, found: &mut Comparison) {
        let limits = JsonLimits { nodes: VALUES_MAX, ..JsonLimits::default() };
        let parsed = |text| {
            if str::trim(text).is_empty() { Ok(None) } else { parse_json(text, limits).map(Some) }
        };
        match (parsed(legacy), parsed(candidate)) {
            (Ok(a), Ok(b)) => {
                let mut walk = Walk::new(self, found);
                walk.optional(a.as_ref(), b.as_ref());
                walk.finish();
            }
            (Err(_), Err(_)) if legacy == candidate => {}
            _ => {
                let start = |text: &str| Some(kept(text.to_owned()));
                found.add(mismatch(root(), Class::NotJson, (start(legacy), start(candidate))));
            }
        }
    }

    fn in_given_order(&self, mut found: Comparison) -> Comparison {
        let mut rules = vec![RuleUse::default(); found.rules.len()];
        for (used, given) in found.rules.iter().zip(&self.given) {
            rules[*given] = *used;
        }
        found.rules = rules;
        for mismatch in &mut found.mismatches {
            mismatch.rule = mismatch.rule.map(|at| self.given[at]);
        }
        for tolerated in &mut found.tolerated {
            tolerated.rule = self.given[tolerated.rule];
        }
        found
    }
}

/// Failures are compared by what they are, not by their words: status and, of problems
/// (RFC 9457), type and code.
fn errors(legacy: Answer<'_>, candidate: Answer<'_>, found: &mut Comparison) {
    let words = |answer: Answer<'_>| {
        let json = parse_json(answer.body, JsonLimits::default()).ok();
        let member = |name: &str| match &json {
            Some(Json::Object(members)) => {
                let value = members.iter().find(|(n, _)| n == name).map(|(_, value)| value);
                value.and_then(super::scalar::text).map(str::to_owned)
            }
            _ => None,
        };
        (answer.status, member("type"), member("code"))
    };
    let (a, b) = (words(legacy), words(candidate));
    if a != b {
        let say = |(status, kind, code): (u16, Option<String>, Option<String>)| {
            let named = code.or(kind).map(|name| format!(" {name}")).unwrap_or_default();
            Some(format!("{status}{named}"))
        };
        found.add(mismatch(named("@status"), Class::ErrorDiffers, (say(a), say(b))));
    }
}

fn root() -> Path {
    Path::default()
}

fn named(name: &str) -> Path {
    Path { steps: vec![Step::Member(name.to_owned())] }
}

fn mismatch(
    path: Path,
    class: Class,
    (legacy, candidate): (Option<String>, Option<String>),
) -> Mismatch {
    Mismatch { path, class, legacy, candidate, critical: false, rule: None }
}
