//! Items of two arrays: in their order, or paired.

use std::collections::HashMap;

use super::comparison::{Class, kept};
use super::pattern::Step;
use super::rule::Unordered;
use super::text::leaves;
use super::walk::Walk;
use crate::codec::Json;

impl Walk<'_> {
    pub(super) fn items(&mut self, legacy: &[Json<'_>], candidate: &[Json<'_>]) {
        if legacy.is_empty() && candidate.is_empty() {
            self.found.leaves += 1;
            return;
        }
        match self.shaping().and_then(|rule| rule.unordered.clone()) {
            None => self.in_order(legacy, candidate),
            Some(Unordered::By(member)) => self.by_member(legacy, candidate, &member),
            Some(Unordered::All) => self.by_all(legacy, candidate),
        }
    }

    fn in_order(&mut self, legacy: &[Json<'_>], candidate: &[Json<'_>]) {
        if !self.hides() && !self.probe && is_shuffled(legacy, candidate) {
            let ((), differs) = self.probing(|walk| walk.one_by_one(legacy, candidate));
            if differs {
                self.found.leaves += legacy.iter().map(leaves).sum::<u64>();
                let critical = self.any_critical(legacy, 0);
                let said = [legacy, candidate].map(|items| Some(kept(list(items))));
                return self.said(Class::Order, said, critical);
            }
        }
        self.one_by_one(legacy, candidate);
    }

    fn one_by_one(&mut self, legacy: &[Json<'_>], candidate: &[Json<'_>]) {
        if !self.hides() && legacy.len() != candidate.len() {
            let critical = !self.probe && self.lost_critical(legacy, candidate);
            let said = [legacy, candidate].map(|items| Some(format!("{} items", items.len())));
            self.said(Class::Length, said, critical);
        }
        for at in 0..legacy.len().max(candidate.len()) {
            self.enter(Step::Item(at));
            match (legacy.get(at), candidate.get(at)) {
                (Some(a), Some(b)) => self.optional(Some(a), Some(b)),
                // The length has said it.
                (Some(one), None) | (None, Some(one)) => {
                    let number = leaves(one);
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
        if self.probe && legacy.len() != candidate.len() {
            self.differs = true;
            return;
        }
        let pairing = self.paired(legacy, candidate);
        let mut moved = false;
        for (at, item) in legacy.iter().enumerate() {
            let other = pairing.there[at];
            moved |= other.is_some_and(|other| other != at);
            self.enter(Step::Item(at));
            self.optional(Some(item), other.and_then(|other| candidate.get(other)));
            self.leave();
        }
        for at in (0..candidate.len()).filter(|at| pairing.back[*at].is_none()) {
            self.enter(Step::Item(at));
            self.optional(None, candidate.get(at));
            self.leave();
        }
        if moved {
            self.hid(self.own(), [None, None]);
        }
    }

    /// Whether two items are the same under the rules. Nothing is recorded.
    pub(super) fn same(&mut self, legacy: &Json<'_>, candidate: &Json<'_>) -> bool {
        self.enter(Step::Item(0));
        let ((), differs) = self.probing(|walk| walk.optional(Some(legacy), Some(candidate)));
        self.leave();
        !differs
    }

    /// What a walk gives that records nothing, and whether it found a mismatch.
    fn probing<T>(&mut self, walk: impl FnOnce(&mut Self) -> T) -> (T, bool) {
        let counts = (self.found.leaves, self.found.hidden);
        let would = std::mem::take(&mut self.would);
        let before = (self.probe, self.differs);
        (self.probe, self.differs) = (true, self.probes == 0);
        let given = walk(self);
        let differs = self.differs;
        (self.probe, self.differs) = before;
        (self.found.leaves, self.found.hidden) = counts;
        self.would = would;
        (given, differs)
    }

    /// Whether items that only one side has hold something critical.
    fn lost_critical(&mut self, legacy: &[Json<'_>], candidate: &[Json<'_>]) -> bool {
        let both = legacy.len().min(candidate.len());
        let longer = if legacy.len() > both { legacy } else { candidate };
        self.any_critical(longer, both)
    }

    /// Whether items from one on hold something critical.
    fn any_critical(&mut self, items: &[Json<'_>], from: usize) -> bool {
        items.iter().enumerate().skip(from).any(|(at, item)| {
            self.enter(Step::Item(at));
            let is = self.holds_critical(item);
            self.leave();
            is
        })
    }
}

/// Whether the same items stand in another order, members of objects in any.
fn is_shuffled(legacy: &[Json<'_>], candidate: &[Json<'_>]) -> bool {
    if legacy.len() != candidate.len() || legacy == candidate {
        return false;
    }
    let texts = |items: &[Json<'_>]| items.iter().map(sorted).collect::<Vec<_>>();
    let (mut a, mut b) = (texts(legacy), texts(candidate));
    if a == b {
        return false;
    }
    a.sort_unstable();
    b.sort_unstable();
    a == b
}

/// A value as text, members in the order of their names.
pub(super) fn sorted(value: &Json<'_>) -> String {
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
    format!("[{}]", items.iter().map(sorted).collect::<Vec<_>>().join(","))
}

fn key(item: &Json<'_>, member: &[String]) -> String {
    let found = member.iter().try_fold(item, |json, name| match json {
        Json::Object(members) => members.iter().find(|(n, _)| n == name).map(|(_, value)| value),
        _ => None,
    });
    found.map_or_else(String::new, sorted)
}
