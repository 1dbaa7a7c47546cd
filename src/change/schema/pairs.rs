//! Pairs of schemas, each compared once however often it is met, and what was found in them.

use std::collections::{HashMap, HashSet, VecDeque};

use super::local::Local;
use super::read::{Conjunction, Reader};
use crate::change::rules::Rule;

/// Schemas of all pairs of two documents together, however often each is in one. Beyond it,
/// deeper pairs are taken to be equal; no contract known comes near. Conjunctions that lead
/// back to themselves in other company each time would have no end in practice.
const SCHEMAS_MAX: usize = 500_000;

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) enum Direction {
    /// From the caller.
    Request,
    /// To the caller.
    Response,
}

impl Direction {
    /// The rule of this direction.
    pub(super) fn of(self, request: &'static Rule, response: &'static Rule) -> &'static Rule {
        match self {
            Self::Request => request,
            Self::Response => response,
        }
    }
}

/// Something found in a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Found {
    pub(in super::super) rule: &'static Rule,
    /// From the pair on: empty, or a member of it.
    pub(in super::super) place: String,
    pub(in super::super) text: String,
    pub(in super::super) before: String,
    pub(in super::super) after: String,
}

/// A pair by where its schemas are in memory: no schema is copied.
type Key = (Vec<usize>, Vec<usize>, Direction);

struct Pair {
    found: Vec<Found>,
    /// Places inside, and the pairs there.
    inside: Vec<(String, usize)>,
    /// Whether anything was found in it or inside it.
    differs: bool,
}

/// All pairs of two documents.
pub(in super::super) struct Pairs<'d> {
    pub(in super::super) before: Reader<'d>,
    pub(in super::super) after: Reader<'d>,
    index: HashMap<Key, usize>,
    pairs: Vec<Pair>,
    pending: VecDeque<(usize, Conjunction<'d>, Conjunction<'d>, Direction)>,
    /// Schemas that may still be compared.
    left: usize,
}

impl<'d> Pairs<'d> {
    pub(in super::super) fn new(before: Reader<'d>, after: Reader<'d>) -> Self {
        let (index, pairs, pending) = (HashMap::new(), Vec::new(), VecDeque::new());
        Self { before, after, index, pairs, pending, left: SCHEMAS_MAX }
    }

    /// The number of a pair, which is compared when all are settled.
    pub(in super::super) fn pair(
        &mut self,
        before: Conjunction<'d>,
        after: Conjunction<'d>,
        direction: Direction,
    ) -> usize {
        let at = |schemas: &Conjunction<'d>| -> Vec<usize> {
            schemas.iter().map(|schema| std::ptr::from_ref(*schema).addr()).collect()
        };
        let next = self.pairs.len();
        let known = *self.index.entry((at(&before), at(&after), direction)).or_insert(next);
        if known == next {
            let (found, inside) = (Vec::new(), Vec::new());
            self.pairs.push(Pair { found, inside, differs: false });
            let schemas = before.len() + after.len();
            if schemas <= self.left {
                self.left -= schemas;
                self.pending.push_back((next, before, after, direction));
            }
        }
        known
    }

    /// Compares every pair, and those inside them.
    pub(in super::super) fn settle(&mut self) {
        while let Some((at, before, after, direction)) = self.pending.pop_front() {
            let mut local = Local::new(self.before, self.after, direction);
            local.compare(&before, &after);
            let (found, edges) = (local.found, local.edges);
            let inside = edges
                .into_iter()
                .map(|edge| (edge.step, self.pair(edge.before, edge.after, direction)))
                .collect();
            self.pairs[at] = Pair { differs: !found.is_empty(), found, inside };
        }
        self.spread();
    }

    /// What differs inside differs.
    fn spread(&mut self) {
        let mut around: Vec<Vec<usize>> = vec![Vec::new(); self.pairs.len()];
        for (at, pair) in self.pairs.iter().enumerate() {
            for (_, inside) in &pair.inside {
                around[*inside].push(at);
            }
        }
        let differs = |at: &usize| self.pairs[*at].differs;
        let mut pending: Vec<usize> = (0..self.pairs.len()).filter(differs).collect();
        while let Some(at) = pending.pop() {
            for outer in &around[at] {
                if !self.pairs[*outer].differs {
                    self.pairs[*outer].differs = true;
                    pending.push(*outer);
                }
            }
        }
    }

    /// Everything found from a pair on, each at the shortest way to it.
    pub(in super::super) fn found(&self, root: usize) -> Vec<(String, &Found)> {
        let mut found = Vec::new();
        let mut seen = HashSet::from([root]);
        let mut pending = VecDeque::from([(root, String::new())]);
        while let Some((at, place)) = pending.pop_front() {
            let pair = &self.pairs[at];
            found.extend(pair.found.iter().map(|f| (format!("{place}{}", f.place), f)));
            for (step, inside) in &pair.inside {
                if self.pairs[*inside].differs && seen.insert(*inside) {
                    pending.push_back((*inside, format!("{place}{step}")));
                }
            }
        }
        found
    }
}
