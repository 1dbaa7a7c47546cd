//! Two values, place by place.

use std::collections::{BTreeSet, HashMap};

use super::comparer::Comparer;
use super::comparison::{Class, Comparison, Mismatch, Tolerated, kept};
use super::pattern::{Path, Segment, Step};
use super::rule::Rule;
use super::scalar::{self, Verdict};
use crate::codec::Json;

/// Where in which rule a walk stands: rule, and segments behind it.
type Threads = Vec<(usize, usize)>;

/// Pairs of values that stand for each other, by bijection.
#[derive(Debug, Clone, Default)]
pub(super) struct Pairs {
    there: HashMap<(String, String), String>,
    back: HashMap<(String, String), String>,
}

/// A walk through two values.
pub(super) struct Walk<'c> {
    pub(super) comparer: &'c Comparer,
    pub(super) found: &'c mut Comparison,
    pub(super) path: Vec<Step>,
    threads: Vec<Threads>,
    /// The rule by which nothing here counts.
    ignored: Vec<Option<usize>>,
    critical: Vec<bool>,
    pub(super) pairs: Pairs,
    /// Whether only the first mismatch is wanted, and nothing recorded.
    pub(super) probe: bool,
    pub(super) differs: bool,
}

impl<'c> Walk<'c> {
    pub(super) fn new(comparer: &'c Comparer, found: &'c mut Comparison) -> Self {
        let threads =
            vec![closed(comparer, (0..comparer.rules.len()).map(|rule| (rule, 0)).collect())];
        let mut walk = Self {
            comparer,
            found,
            path: Vec::new(),
            threads,
            ignored: Vec::new(),
            critical: Vec::new(),
            pairs: Pairs::default(),
            probe: false,
            differs: false,
        };
        walk.arrive();
        walk
    }

    /// Goes one step down.
    pub(super) fn enter(&mut self, step: Step) {
        let above = self.threads.last().map_or(&[][..], |threads| threads);
        let mut next = Threads::new();
        for (rule, at) in above {
            let segments = &self.comparer.rules[*rule].0.segments;
            match segments.get(*at) {
                Some(Segment::Any) => next.push((*rule, *at)),
                Some(segment) if segment.fits(&step) => next.push((*rule, at + 1)),
                _ => {}
            }
        }
        self.threads.push(closed(self.comparer, next));
        self.path.push(step);
        self.arrive();
    }

    /// Goes one step up.
    pub(super) fn leave(&mut self) {
        self.threads.pop();
        self.path.pop();
        self.ignored.pop();
        self.critical.pop();
    }

    fn arrive(&mut self) {
        let own = self.own();
        let rule = own.map(|at| &self.comparer.rules[at].1);
        let above = self.ignored.last().copied().flatten();
        let ignored = match (own, rule) {
            (Some(at), Some(rule)) if rule.ignore => Some(at),
            (Some(_), Some(_)) => None,
            _ => above,
        };
        let critical = self.critical.last().copied().unwrap_or(false);
        self.ignored.push(ignored);
        self.critical.push(critical || rule.is_some_and(|rule| rule.critical));
    }

    /// The rule that decides here.
    pub(super) fn own(&self) -> Option<usize> {
        let ends =
            |(rule, at): &&(usize, usize)| self.comparer.rules[*rule].0.segments.len() == *at;
        self.threads.last()?.iter().filter(ends).map(|(rule, _)| *rule).min()
    }

    pub(super) fn rule(&self) -> Option<&'c Rule> {
        self.own().map(|at| &self.comparer.rules[at].1)
    }

    fn is_ignored(&self) -> Option<usize> {
        self.ignored.last().copied().flatten()
    }

    /// Two values of which one or both may not be there.
    pub(super) fn optional(&mut self, legacy: Option<&Json<'_>>, candidate: Option<&Json<'_>>) {
        if self.probe && self.differs {
            return;
        }
        match (legacy, candidate) {
            (None, None) => {}
            (Some(a), Some(b)) => self.values(a, b),
            (Some(value), None) => self.alone(value, Class::Missing),
            (None, Some(value)) => self.alone(value, Class::Extra),
        }
    }

    fn alone(&mut self, value: &Json<'_>, class: Class) {
        self.used();
        if self.rule().and_then(|rule| rule.nullish).is_some_and(|empty| is_nothing(value, empty)) {
            self.hid(self.own(), sides(value, class));
            self.found.leaves += 1;
            return;
        }
        let leaves = leaves(value);
        self.found.leaves += leaves;
        if let Some(rule) = self.is_ignored() {
            self.found.hidden += leaves;
            self.hid(Some(rule), sides(value, class));
            return;
        }
        let [legacy, candidate] = sides(value, class).map(|side| side.map(written));
        self.mismatch(class, legacy, candidate);
    }

    fn values(&mut self, legacy: &Json<'_>, candidate: &Json<'_>) {
        self.used();
        let rule = self.rule();
        let both = [Some(legacy), Some(candidate)];
        if let Some(empty) = rule.and_then(|rule| rule.nullish)
            && is_nothing(legacy, empty)
            && is_nothing(candidate, empty)
        {
            self.found.leaves += 1;
            if legacy != candidate {
                self.hid(self.own(), both);
            }
            return;
        }
        match (legacy, candidate) {
            (Json::Object(a), Json::Object(b)) => self.members(a, b),
            (Json::Array(a), Json::Array(b)) => self.items(a, b),
            (Json::Array(a), b) if rule.is_some_and(|r| r.one_or_many) => {
                self.hid(self.own(), both);
                self.items(a, std::slice::from_ref(b));
            }
            (a, Json::Array(b)) if rule.is_some_and(|r| r.one_or_many) => {
                self.hid(self.own(), both);
                self.items(std::slice::from_ref(a), b);
            }
            (Json::Object(_) | Json::Array(_), _) | (_, Json::Object(_) | Json::Array(_)) => {
                let leaves = leaves(legacy) + leaves(candidate);
                self.found.leaves += leaves;
                if let Some(rule) = self.is_ignored() {
                    self.found.hidden += leaves;
                    self.hid(Some(rule), both);
                } else {
                    self.mismatch(Class::Type, Some(written(legacy)), Some(written(candidate)));
                }
            }
            (a, b) => self.scalar(a, b),
        }
    }

    fn scalar(&mut self, legacy: &Json<'_>, candidate: &Json<'_>) {
        self.found.leaves += 1;
        if let Some(rule) = self.is_ignored() {
            self.found.hidden += 1;
            if legacy != candidate {
                self.hid(Some(rule), [Some(legacy), Some(candidate)]);
            }
            return;
        }
        let rule = self.rule();
        if let Some(name) = rule.and_then(|rule| rule.bijection.as_deref())
            && let (Some(a), Some(b)) = (scalar::text(legacy), scalar::text(candidate))
        {
            if self.pairs.take(name, a, b) {
                if a != b {
                    self.hid(self.own(), [Some(legacy), Some(candidate)]);
                }
            } else {
                self.mismatch(Class::Value, Some(written(legacy)), Some(written(candidate)));
            }
            return;
        }
        match scalar::scalars(legacy, candidate, rule) {
            Verdict::Same => {}
            Verdict::Tolerated => self.hid(self.own(), [Some(legacy), Some(candidate)]),
            Verdict::Value => {
                self.mismatch(Class::Value, Some(written(legacy)), Some(written(candidate)));
            }
            Verdict::Type => {
                self.mismatch(Class::Type, Some(written(legacy)), Some(written(candidate)));
            }
        }
    }

    /// Members by name, whatever their order.
    fn members(
        &mut self,
        legacy: &[(std::borrow::Cow<'_, str>, Json<'_>)],
        candidate: &[(std::borrow::Cow<'_, str>, Json<'_>)],
    ) {
        let names: BTreeSet<&str> =
            legacy.iter().chain(candidate).map(|(name, _)| &**name).collect();
        let a: HashMap<&str, &Json<'_>> =
            legacy.iter().map(|(name, value)| (&**name, value)).collect();
        let b: HashMap<&str, &Json<'_>> =
            candidate.iter().map(|(name, value)| (&**name, value)).collect();
        if names.is_empty() {
            self.found.leaves += 1;
        }
        for name in names {
            self.enter(Step::Member(name.to_owned()));
            self.optional(a.get(name).copied(), b.get(name).copied());
            self.leave();
        }
    }

    fn used(&mut self) {
        if let Some(at) = self.own().filter(|_| !self.probe) {
            self.found.rules[at].matched += 1;
        }
    }

    pub(super) fn hid(&mut self, rule: Option<usize>, sides: [Option<&Json<'_>>; 2]) {
        let Some(rule) = rule.filter(|_| !self.probe) else { return };
        self.found.rules[rule].hid += 1;
        if self.found.explained {
            let [legacy, candidate] = sides.map(|side| side.map(written));
            let path = Path { steps: self.path.clone() };
            self.found.tolerated.push(Tolerated { path, rule, legacy, candidate });
        }
    }

    pub(super) fn mismatch(
        &mut self,
        class: Class,
        legacy: Option<String>,
        candidate: Option<String>,
    ) {
        self.differs = true;
        if self.probe {
            return;
        }
        let path = Path { steps: self.path.clone() };
        let critical = self.critical.last().copied().unwrap_or(false);
        let rule = self.own();
        self.found.add(Mismatch { path, class, legacy, candidate, critical, rule });
    }

    /// Whether nothing here counts.
    pub(super) fn hides(&self) -> bool {
        self.is_ignored().is_some()
    }
}

impl Pairs {
    /// Whether two values may stand for each other; from then on they do.
    fn take(&mut self, name: &str, legacy: &str, candidate: &str) -> bool {
        let there = self.there.entry((name.to_owned(), legacy.to_owned()));
        let back = self.back.entry((name.to_owned(), candidate.to_owned()));
        *there.or_insert_with(|| candidate.to_owned()) == candidate
            && *back.or_insert_with(|| legacy.to_owned()) == legacy
    }
}

/// Threads with those behind a `**` that stands for nothing.
fn closed(comparer: &Comparer, mut threads: Threads) -> Threads {
    let mut at = 0;
    while let Some((rule, segment)) = threads.get(at).copied() {
        let any = comparer.rules[rule].0.segments.get(segment) == Some(&Segment::Any);
        if any && !threads.contains(&(rule, segment + 1)) {
            threads.push((rule, segment + 1));
        }
        at += 1;
    }
    threads
}

/// A value that only one side has.
fn sides<'v, 'j>(value: &'v Json<'j>, class: Class) -> [Option<&'v Json<'j>>; 2] {
    if class == Class::Missing { [Some(value), None] } else { [None, Some(value)] }
}

fn is_nothing(value: &Json<'_>, empty_too: bool) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => empty_too && text.is_empty(),
        Json::Array(items) => empty_too && items.is_empty(),
        Json::Object(members) => empty_too && members.is_empty(),
        _ => false,
    }
}

/// Scalars in a value; an empty array or object is one.
pub(super) fn leaves(value: &Json<'_>) -> u64 {
    match value {
        Json::Array(items) => items.iter().map(leaves).sum::<u64>().max(1),
        Json::Object(members) => members.iter().map(|(_, value)| leaves(value)).sum::<u64>().max(1),
        _ => 1,
    }
}

/// A value as JSON, cut short.
pub(super) fn written(value: &Json<'_>) -> String {
    let mut text = String::new();
    write(value, &mut text);
    kept(text)
}

/// Bytes after which the rest of a value is not written.
const WRITTEN_BYTES_MAX: usize = 1_000;

fn write(value: &Json<'_>, text: &mut String) {
    if text.len() > WRITTEN_BYTES_MAX {
        return;
    }
    match value {
        Json::Null => text.push_str("null"),
        Json::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Json::Number(number) => text.push_str(number),
        Json::String(string) | Json::Lexical(string) => text.push_str(&format!("{string:?}")),
        Json::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                write(item, text);
            }
            text.push(']');
        }
        Json::Object(members) => {
            text.push('{');
            for (at, (name, item)) in members.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                text.push_str(&format!("{name:?}:"));
                write(item, text);
            }
            text.push('}');
        }
    }
}
