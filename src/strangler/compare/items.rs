//! Items of two arrays: in their order, or paired.

use std::collections::HashMap;

use super::comparison::{Class, RuleUse};
use super::pattern::Step;
use super::rule::Unordered;
use super::walk::{Walk, written};
use crate::codec::Json;

/// Items that are paired by all they hold; above that their texts are sorted, and rules inside
/// of them pair nothing.
const PAIRED_MAX: usize = 500;

impl Walk<'_> {
    pub(super) fn items(&mut self, legacy: &[Json<'_>], candidate: &[Json<'_>]) {
        if legacy.is_empty() && candidate.is_empty() {
            self.found.leaves += 1;
            return;
        }
        match self.rule().and_then(|rule| rule.unordered.clone()) {
            None => self.in_order(legacy, candidate),
            Some(Unordered::By(member)) => self.by_member(legacy, candidate, &member),
            Some(Unordered::All) => self.by_all(legacy, candidate),
        }
    }

    fn in_order(&mut self, legacy: &[Json<'_>], candidate: &[Json<'_>]) {
        if !self.hides()
            && legacy.len() == candidate.len()
            && legacy != candidate
            && is_shuffled(legacy, candidate)
        {
            let number = legacy.iter().map(super::walk::leaves).sum::<u64>();
            self.found.leaves += number;
            self.mismatch(Class::Order, Some(list(legacy)), Some(list(candidate)));
            return;
        }
        if !self.hides() && legacy.len() != candidate.len() {
            let say = |items: &[Json<'_>]| Some(format!("{} items", items.len()));
            self.mismatch(Class::Length, say(legacy), say(candidate));
        }
        for at in 0..legacy.len().max(candidate.len()) {
            self.enter(Step::Item(at));
            match (legacy.get(at), candidate.get(at)) {
                (Some(a), Some(b)) => self.optional(Some(a), Some(b)),
                // The length has said it.
                (Some(one), None) | (None, Some(one)) => {
                    let number = super::walk::leaves(one);
                    self.found.leaves += number;
                    self.found.hidden += if self.hides() { number } else { 0 };
                }
                (None, None) => {}
            }
            self.leave();
        }
    }

    /// Pairs items by the value of a member; items of one value in their order.
    fn by_member(&mut self, legacy: &[Json<'_>], candidate: &[Json<'_>], member: &[String]) {
        let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, item) in candidate.iter().enumerate().rev() {
            waiting.entry(key(item, member)).or_default().push(at);
        }
        let mut moved = false;
        for (at, item) in legacy.iter().enumerate() {
            let other = waiting.get_mut(&key(item, member)).and_then(Vec::pop);
            moved |= other.is_some_and(|other| other != at);
            self.enter(Step::Item(at));
            self.optional(Some(item), other.and_then(|other| candidate.get(other)));
            self.leave();
        }
        let mut left: Vec<usize> = waiting.into_values().flatten().collect();
        left.sort_unstable();
        for at in left {
            self.enter(Step::Item(at));
            self.optional(None, candidate.get(at));
            self.leave();
        }
        if moved {
            self.hid(self.own(), [None, None]);
        }
    }

    /// Pairs items that are the same under the rules; what is left over is missing or extra.
    fn by_all(&mut self, legacy: &[Json<'_>], candidate: &[Json<'_>]) {
        let mut free: Vec<bool> = vec![true; candidate.len()];
        let few = legacy.len().max(candidate.len()) <= PAIRED_MAX;
        let mut by_text: HashMap<String, Vec<usize>> = HashMap::new();
        if !few {
            for (at, item) in candidate.iter().enumerate().rev() {
                by_text.entry(sorted(item)).or_default().push(at);
            }
        }
        let mut moved = false;
        for (at, item) in legacy.iter().enumerate() {
            self.enter(Step::Item(at));
            // One at the same place first: most are.
            let places =
                || std::iter::once(at).chain((0..candidate.len()).filter(move |o| *o != at));
            let other = if few {
                places().find(|o| free.get(*o) == Some(&true) && self.same(item, &candidate[*o]))
            } else {
                by_text.get_mut(&sorted(item)).and_then(Vec::pop)
            };
            moved |= other.is_some_and(|other| other != at);
            if let Some(other) = other {
                free[other] = false;
            }
            self.optional(Some(item), other.map(|other| &candidate[other]));
            self.leave();
        }
        for at in (0..candidate.len()).filter(|at| free[*at]) {
            self.enter(Step::Item(at));
            self.optional(None, candidate.get(at));
            self.leave();
        }
        if moved {
            self.hid(self.own(), [None, None]);
        }
    }

    /// Whether two items are the same under the rules. Nothing is recorded.
    fn same(&mut self, legacy: &Json<'_>, candidate: &Json<'_>) -> bool {
        let pairs = self.pairs.clone();
        let counted = std::mem::take(self.found);
        self.found.rules = vec![RuleUse::default(); counted.rules.len()];
        let before = (self.probe, self.differs);
        (self.probe, self.differs) = (true, false);
        self.optional(Some(legacy), Some(candidate));
        let same = !self.differs;
        (self.probe, self.differs) = before;
        *self.found = counted;
        self.pairs = pairs;
        same
    }
}

/// Whether the same items stand in another order.
fn is_shuffled(legacy: &[Json<'_>], candidate: &[Json<'_>]) -> bool {
    let texts = |items: &[Json<'_>]| {
        let mut texts: Vec<String> = items.iter().map(sorted).collect();
        texts.sort_unstable();
        texts
    };
    texts(legacy) == texts(candidate)
}

/// A value as text, members in the order of their names.
fn sorted(value: &Json<'_>) -> String {
    match value {
        Json::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            let each = members.iter().map(|(name, value)| format!("{name:?}:{}", sorted(value)));
            format!("{{{}}}", each.collect::<Vec<_>>().join(","))
        }
        Json::Array(items) => list(items),
        Json::Null => "null".to_owned(),
        Json::Bool(value) => value.to_string(),
        Json::Number(text) => text.clone().into_owned(),
        Json::String(text) | Json::Lexical(text) => format!("{text:?}"),
    }
}

fn list(items: &[Json<'_>]) -> String {
    super::comparison::kept(format!("[{}]", items.iter().map(sorted).collect::<Vec<_>>().join(",")))
}

fn key(item: &Json<'_>, member: &[String]) -> String {
    let found = member.iter().try_fold(item, |json, name| match json {
        Json::Object(members) => members.iter().find(|(n, _)| n == name).map(|(_, value)| value),
        _ => None,
    });
    found.map_or_else(String::new, written)
}
