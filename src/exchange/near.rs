//! The fixtures nearest to a request that has none.

use super::find::{Question, Unfit, other_state};
use super::index::{Indexed, OperationIndex, Signature, redacted};
use super::line::line;
use super::tokens::renumbered;
use super::{Collection, EntryId, Near, Why};
use crate::canonical::{Cause, Difference, Side, differences, distance};

/// Fixtures compared node by node; the others are known to be further by counting.
const COMPARED_MAX: usize = 12;
/// Fixtures told of.
const TOLD_MAX: usize = 3;

/// Fixtures by their distance.
#[derive(Debug, Default)]
pub(super) struct Nearest {
    all: Vec<Measured>,
    /// One whose answer can stand in without a request: nothing is known to be nearer.
    last_resort: Option<EntryId>,
}

#[derive(Debug)]
struct Measured {
    near: Near,
    /// Whether all but the scenario's state or less fits.
    unfit: Option<Unfit>,
    /// Nodes that are not the same and do not change with every message; then all of them.
    distance: (usize, usize),
}

impl Nearest {
    /// The nearest of an operation. `unfit` are those with the key of the request.
    pub(super) fn of(
        collection: &Collection,
        question: &Question<'_>,
        index: &OperationIndex,
        unfit: &[(usize, Unfit)],
    ) -> Self {
        let signatures: Vec<Signature> = index
            .lists
            .iter()
            .map(|list| {
                let mut meaning = question.meaning.clone();
                meaning.leave_out(&list.paths);
                Signature::of(&renumbered(&meaning).0)
            })
            .collect();
        let mut counted: Vec<(usize, usize)> = Vec::new();
        for (at, indexed) in index.entries.iter().enumerate().filter(|(_, i)| i.key.is_some()) {
            let is_unfit = unfit.iter().any(|(other, _)| *other == at);
            let (apart, _) = indexed.signature.apart(&signatures[indexed.list]);
            counted.push((if is_unfit { 0 } else { apart + 1 }, at));
        }
        counted.sort_unstable();
        let mut all: Vec<Measured> = counted
            .into_iter()
            .take(COMPARED_MAX)
            .map(|(_, at)| {
                let why = unfit.iter().find(|(other, _)| *other == at).map(|(_, why)| why.clone());
                let indexed = &index.entries[at];
                measured(collection, question, index, indexed, why)
            })
            .collect();
        all.sort_by(|a, b| (a.distance, &a.near.name).cmp(&(b.distance, &b.near.name)));
        let without = index.entries.iter().find(|indexed| indexed.key.is_none());
        Self { all, last_resort: without.map(|indexed| indexed.id) }
    }

    /// The nearest of other operations, where they hold what the request does: then the
    /// operation is what differs.
    pub(super) fn elsewhere(collection: &Collection, question: &Question<'_>) -> (Why, Self) {
        let own = Signature::of(&renumbered(&question.meaning).0);
        let backend = collection.index.backends.get(question.asked.backend);
        let mut found: Vec<(usize, &OperationIndex, &Indexed)> = Vec::new();
        for index in backend.into_iter().flat_map(|all| all.values()) {
            for indexed in index.entries.iter().filter(|indexed| indexed.key.is_some()) {
                let (apart, both) = indexed.signature.apart(&own);
                if both > 0 && apart <= both {
                    found.push((apart, index, indexed));
                }
            }
        }
        found.sort_by_key(|(apart, _, indexed)| (*apart, indexed.id));
        let all: Vec<Measured> = found
            .into_iter()
            .take(TOLD_MAX)
            .map(|(_, index, indexed)| {
                let mut measured = measured(collection, question, index, indexed, None);
                measured.near.line = None;
                measured
            })
            .collect();
        let why = if all.is_empty() { Why::NoFixture } else { Why::OtherOperation };
        (why, Self { all, last_resort: None })
    }

    /// Why the nearest does not answer.
    pub(super) fn why(&self) -> Why {
        let Some(first) = self.all.first() else { return Why::NoFixture };
        match &first.unfit {
            Some(Unfit::State(_)) => Why::State,
            Some(Unfit::Where) => Why::Where,
            Some(Unfit::Version) => Why::Version,
            None => Why::of(&first.near.differences),
        }
    }

    /// The one that may stand in: the nearest whose scenario is where it has to be.
    pub(super) fn stand_in(&self) -> Option<EntryId> {
        let fits = self.all.iter().find(|measured| measured.near.state.is_none());
        fits.map(|measured| measured.near.entry).or(self.last_resort)
    }

    /// The nearest three.
    pub(super) fn into_three(self) -> Vec<Near> {
        self.all.into_iter().take(TOLD_MAX).map(|measured| measured.near).collect()
    }
}

fn measured(
    collection: &Collection,
    question: &Question<'_>,
    index: &OperationIndex,
    indexed: &Indexed,
    unfit: Option<Unfit>,
) -> Measured {
    let entry = collection.entry(indexed.id);
    let paths = &index.lists[indexed.list].paths;
    let redactor = collection.redactors.get(&entry.backend).map(|redactor| &**redactor);
    let named = entry.fixture.operation.as_deref();
    let operation = named.and_then(|name| question.vocabulary.operation(name));
    let operation = operation.or(Some(question.operation));
    let mut right = question.meaning.clone();
    right.leave_out(paths);
    let left = entry.request.as_ref().map(|request| {
        let request = redacted(request, redactor);
        question.vocabulary.meaning(operation, Side::Request, &request, paths)
    });
    let (differences, distance) = match &left {
        Some(left) => {
            let (left, right) = (renumbered(left).0, renumbered(&right).0);
            let all = distance(&left, &right);
            let differences = differences(&left, &right);
            let is_volatile = |d: &&Difference| d.cause == Cause::Volatile;
            let volatile = differences.iter().filter(is_volatile).count();
            (differences, (all - volatile, all))
        }
        None => (Vec::new(), (usize::MAX, usize::MAX)),
    };
    let state = other_state(entry.fixture.scenario.as_ref(), question.asked.states);
    let line = line(entry, left.as_ref(), &question.meaning, &differences, unfit.as_ref());
    let near = Near {
        entry: indexed.id,
        name: entry.name.clone(),
        line: line.filter(|_| unfit.is_some() || state.is_none()),
        differences,
        state,
    };
    Measured { near, unfit, distance }
}
