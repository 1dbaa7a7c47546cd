//! An old recording, the edits of a hand, and a new recording, brought together node by node.
//!
//! What is in the file is *ours*, what was recorded now is *theirs*, and [`Leaves`] tells of a
//! value whether it is the one that was recorded. A value only the hand has changed stays; one
//! only the backend has changed is listed, and taken where it was accepted; where both have, it
//! is a conflict, which no general leave resolves.

use super::leaves::Leaves;
use super::merging::{Here, Merging};
use super::scope::Scope;
use crate::canonical::{Element, NodePath};

/// What is between a fixture and a new recording of it at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where, from the envelope down.
    pub path: String,
    /// What.
    pub kind: ChangeKind,
    /// What the fixture has; `None` where it has nothing.
    pub ours: Option<String>,
    /// What was recorded now.
    pub theirs: Option<String>,
    /// Whether the merged message has theirs.
    pub taken: bool,
}

/// Kinds of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// The backend answers with something new.
    Added,
    /// The backend does not answer with it any more.
    Removed,
    /// The backend answers with another value.
    Changed,
    /// The backend answers in another order.
    Order,
    /// A hand has changed it, and so has the backend.
    Conflict,
    /// A hand has changed it, and the backend answers as it was recorded.
    Kept,
}

/// What is taken without being asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accepted {
    /// All that the backend alone has changed.
    pub all: bool,
    /// These places, conflicts among them.
    pub paths: Vec<NodePath>,
}

/// What a merge needs beside the two messages.
#[derive(Clone, Copy)]
pub struct MergeRules<'m> {
    /// What the file was when it was recorded; `None` where nobody knows.
    pub base: Option<&'m Leaves>,
    /// Places that differ in meaning, with indices above 1 written; all others are the same
    /// however they are spelt.
    pub differing: &'m dyn Fn(&str) -> bool,
    /// Places that change with every answer.
    pub volatile: &'m [NodePath],
    /// What may be taken.
    pub accepted: &'m Accepted,
}

/// Two messages in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The message.
    pub envelope: Element,
    /// What was found, in the order of the file.
    pub changes: Vec<Change>,
    /// What was recorded, for the next merge: theirs, but where something is still open, what it
    /// was before. `None` where there are too many leaves.
    pub base: Option<Leaves>,
}

/// Brings a fixture's message and a new recording of it together. A change beside an addition is
/// taken only where both were accepted: what looks like one more member may be half of a value
/// that moved.
#[must_use]
pub fn merge(ours: &Element, theirs: &Element, rules: MergeRules<'_>) -> Merged {
    let run = |additions| {
        let mut merging = Merging { rules, additions, changes: Vec::new() };
        let scope = Scope::default();
        let here = Here { key: "", shown: "", scope: &scope };
        let envelope = merging.element(here, ours, theirs);
        let base = next_base(ours, theirs, &merging.changes, rules);
        Merged { envelope, changes: merging.changes, base }
    };
    let merged = run(true);
    let found = |wanted: &[ChangeKind]| merged.changes.iter().any(|c| wanted.contains(&c.kind));
    let is_pure = !found(&[
        ChangeKind::Changed,
        ChangeKind::Removed,
        ChangeKind::Order,
        ChangeKind::Conflict,
    ]);
    if is_pure && !hides_a_deletion(ours, theirs, rules.base) { merged } else { run(false) }
}

/// Whether something recorded is in neither message: a hand may have deleted what the backend
/// has changed, and then it would come back as an addition.
fn hides_a_deletion(ours: &Element, theirs: &Element, base: Option<&Leaves>) -> bool {
    let Some(base) = base else { return true };
    match (Leaves::of(ours), Leaves::of(theirs)) {
        (Some(ours), Some(theirs)) => base.lost(&[&ours, &theirs]) > 0,
        _ => true,
    }
}

fn next_base(
    ours: &Element,
    theirs: &Element,
    changes: &[Change],
    rules: MergeRules<'_>,
) -> Option<Leaves> {
    let is_open = |change: &&Change| {
        !change.taken && !matches!(change.kind, ChangeKind::Kept | ChangeKind::Order)
    };
    // Leaves have no index where it is 1.
    let open: Vec<(String, ChangeKind)> =
        changes.iter().filter(is_open).map(|c| (c.path.replace("[1]", ""), c.kind)).collect();
    let within = |path: &str, root: &str| {
        root.is_empty()
            || path.strip_prefix(root).is_some_and(|r| r.is_empty() || r.starts_with('/'))
    };
    let open_at = |path: &str| open.iter().find(|(root, _)| within(path, root)).map(|(_, k)| *k);
    let theirs = Leaves::under("", theirs).into_iter().filter(|(path, _)| open_at(path).is_none());
    // Of what is still open, the fixture has what was recorded, unless a hand was there, too.
    let as_before = |path: &str| match open_at(path) {
        Some(kind) => matches!(kind, ChangeKind::Changed | ChangeKind::Removed),
        None => !(rules.differing)(path),
    };
    let ours = Leaves::under("", ours).into_iter().filter(|(path, _)| as_before(path));
    Leaves::collect(theirs.chain(ours))
}
