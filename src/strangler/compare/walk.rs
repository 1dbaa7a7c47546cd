//! Two values, place by place.

use std::collections::{BTreeSet, HashMap};

use super::bijection::{Pair, Pairs};
use super::comparer::Comparer;
use super::comparison::{Class, Comparison, Mismatch};
use super::pattern::{Path, Segment, Step};
use super::rule::Rule;
use super::scalar::{self, Verdict};
use super::text::{leaves, written};
use crate::codec::Json;

/// Where in which rule a walk stands: rule, and segments behind it.
type Threads = Vec<(usize, usize)>;

/// A walk through two values.
pub(super) struct Walk<'c> {
    pub(super) comparer: &'c Comparer,
    pub(super) found: &'c mut Comparison,
    pub(super) path: Vec<Step>,
    threads: Vec<Threads>,
    /// The rule by which nothing here counts.
    ignored: Vec<Option<usize>>,
    critical: Vec<bool>,
    pairs: Pairs,
    /// Pairs of values that would stand for each other if the probed items were the same.
    pub(super) would: Pairs,
    /// Whether only the first mismatch is wanted, and nothing recorded.
    pub(super) probe: bool,
    pub(super) differs: bool,
    /// Values that may still be probed.
    pub(super) probes: u32,
}

/// Values that are probed in one comparison: a bound on its time, where items that have no
/// order are many and all alike but for their ends. Beyond it only items that are identical
/// are paired.
const PROBES_MAX: u32 = 1_000_000;

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
            would: Pairs::default(),
            probe: false,
            differs: false,
            probes: PROBES_MAX,
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

    /// The rule that says how values here belong together: what is ignored may hold what is
    /// not, and ignoring it must not pair that differently.
    pub(super) fn shaping(&self) -> Option<&'c Rule> {
        let ends =
            |(rule, at): &&(usize, usize)| self.comparer.rules[*rule].0.segments.len() == *at;
        let mut fitting: Vec<usize> =
            self.threads.last()?.iter().filter(ends).map(|(rule, _)| *rule).collect();
        fitting.sort_unstable();
        fitting.into_iter().map(|at| &self.comparer.rules[at].1).find(|rule| !rule.ignore)
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
        let one = Some(value);
        let both = if class == Class::Missing { [one, None] } else { [None, one] };
        let nullish = self.shaping().and_then(|rule| rule.nullish);
        if nullish.is_some_and(|empty| is_nothing(value, empty)) {
            self.hid(self.own(), both);
            self.found.leaves += 1;
            return;
        }
        let leaves = leaves(value);
        self.found.leaves += leaves;
        if let Some(rule) = self.is_ignored() {
            self.found.hidden += leaves;
            self.hid(Some(rule), both);
            return;
        }
        self.mismatch(class, both);
    }

    fn values(&mut self, legacy: &Json<'_>, candidate: &Json<'_>) {
        self.used();
        if self.probe {
            self.probes = self.probes.saturating_sub(1);
            self.differs |= self.probes == 0;
        }
        let rule = self.shaping();
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
                    self.mismatch(Class::Type, [Some(legacy), Some(candidate)]);
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
            self.stands_for(name, (a, b), [written(legacy), written(candidate)]);
            return;
        }
        match scalar::scalars(legacy, candidate, rule) {
            Verdict::Same => {}
            Verdict::Tolerated => self.hid(self.own(), [Some(legacy), Some(candidate)]),
            Verdict::Value => self.mismatch(Class::Value, [Some(legacy), Some(candidate)]),
            Verdict::Type => self.mismatch(Class::Type, [Some(legacy), Some(candidate)]),
        }
    }

    /// Two values that may stand for each other.
    fn stands_for(&mut self, name: &str, (legacy, candidate): (&str, &str), shown: [String; 2]) {
        let pair = Pair {
            name: name.to_owned(),
            legacy: legacy.to_owned(),
            candidate: candidate.to_owned(),
            path: if self.probe { Path::default() } else { self.here() },
            shown,
            critical: self.is_critical(),
            rule: self.own(),
            count: 1,
        };
        if !self.probe {
            return self.pairs.add(pair);
        }
        let fits = |pairs: &Pairs| pairs.allows(name, legacy, candidate);
        if fits(&self.pairs) && fits(&self.would) {
            self.would.add(pair);
        } else {
            self.differs = true;
        }
    }

    /// Ends the walk: only now it is known which values cannot stand for each other.
    pub(super) fn finish(mut self) {
        for (pair, is_wrong) in std::mem::take(&mut self.pairs).judged() {
            let [legacy, candidate] = pair.shown;
            if is_wrong {
                self.found.add(Mismatch {
                    path: pair.path,
                    class: Class::Value,
                    legacy: Some(legacy),
                    candidate: Some(candidate),
                    critical: pair.critical,
                    rule: pair.rule,
                });
                self.found.count += pair.count - 1;
            } else if let Some(at) = pair.rule.filter(|_| pair.legacy != pair.candidate) {
                self.found.rules[at].hid += pair.count;
                self.found.tolerate(pair.path, at, || [Some(legacy), Some(candidate)]);
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
            let path = self.here();
            self.found.tolerate(path, rule, || sides.map(|side| side.map(written)));
        }
    }

    /// Notes that these differ, or that one of them is not there.
    pub(super) fn mismatch(&mut self, class: Class, values: [Option<&Json<'_>>; 2]) {
        let critical = !self.probe && values.iter().flatten().any(|v| self.holds_critical(v));
        self.said(class, values.map(|value| value.map(written)), critical);
    }

    /// The same, in words.
    pub(super) fn said(&mut self, class: Class, said: [Option<String>; 2], critical: bool) {
        self.differs = true;
        if self.probe {
            return;
        }
        let [legacy, candidate] = said;
        let critical = critical || self.is_critical();
        let (path, rule) = (self.here(), self.own());
        self.found.add(Mismatch { path, class, legacy, candidate, critical, rule });
    }

    /// Whether a value that is lost or changed as a whole is critical, or anything in it.
    pub(super) fn holds_critical(&mut self, value: &Json<'_>) -> bool {
        if self.is_critical() {
            return true;
        }
        if !self.comparer.rules.iter().any(|(_, rule)| rule.critical) {
            return false;
        }
        let mut inside = |step: Step, value: &Json<'_>| {
            self.enter(step);
            let is = self.holds_critical(value);
            self.leave();
            is
        };
        match value {
            Json::Object(members) => {
                members.iter().any(|(name, value)| inside(Step::Member(name.to_string()), value))
            }
            Json::Array(items) => {
                items.iter().enumerate().any(|(at, item)| inside(Step::Item(at), item))
            }
            _ => false,
        }
    }

    pub(super) fn is_critical(&self) -> bool {
        self.critical.last().copied().unwrap_or(false)
    }

    fn here(&self) -> Path {
        Path { steps: self.path.clone() }
    }

    /// Whether nothing here counts.
    pub(super) fn hides(&self) -> bool {
        self.is_ignored().is_some()
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

fn is_nothing(value: &Json<'_>, empty_too: bool) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => empty_too && text.is_empty(),
        Json::Array(items) => empty_too && items.is_empty(),
        Json::Object(members) => empty_too && members.is_empty(),
        _ => false,
    }
}
