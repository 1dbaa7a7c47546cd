//! What two messages do not have in common, node by node.

use super::compare::Comparison;
use super::{Meaning, NodePath};

/// A difference of two messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where, below the envelope, with indices where there are several of one name: the place in
    /// the first message, or in the second where the first has nothing there.
    pub path: NodePath,
    /// What kind of difference.
    pub cause: Cause,
    /// What stands there in the first; `None` where nothing does.
    pub left: Option<String>,
    /// What stands there in the second.
    pub right: Option<String>,
}

/// Kinds of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// Only something that changes with every message.
    Volatile,
    /// A text or an attribute has another value.
    Value,
    /// Something of the first is not in the second.
    Missing,
    /// Something of the second is not in the first.
    Extra,
    /// The same local name in another namespace.
    Namespace,
    /// The same elements in another order.
    Order,
    /// Nil in one, absent or empty in the other.
    Nil,
}

/// Every difference of two messages, in document order. Of messages that have very much not in
/// common, those of the first [`DIFFERENCES_MAX`] places.
#[must_use]
pub fn differences(left: &Meaning, right: &Meaning) -> Vec<Difference> {
    Comparison::of(left, right).differences
}

/// How far two messages are apart: the number of nodes that are not the same.
#[must_use]
pub fn distance(left: &Meaning, right: &Meaning) -> usize {
    Comparison::of(left, right).distance
}

/// Differences told of two messages.
pub const DIFFERENCES_MAX: usize = 1_000;
