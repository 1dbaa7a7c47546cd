//! What a statement is made of, and what may be wrong with it.

use std::ops::Range;

/// What a statement is made of: all of it text of the mapping.
#[derive(Debug, Clone, Default)]
pub struct Parts<'a> {
    /// The statement itself.
    pub base: &'a str,
    /// Conditions that may be left out, in their order. They stand where the base says
    /// `/*filters*/`, each as `and (…)`; without that mark, around the whole.
    pub filters: Vec<&'a str>,
    /// The orders to choose from; empty where the base is left as it is.
    pub sorts: Vec<Vec<OrderKey>>,
    /// Types of parameters, written as casts (PostgreSQL): names and SQL types.
    pub casts: Vec<(&'a str, &'a str)>,
}

/// A column of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderKey {
    /// A column of the result.
    pub column: String,
    /// Greatest first.
    pub descending: bool,
}

/// Something wrong with the text of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementProblem {
    /// Which text.
    pub part: Part,
    /// Bytes of that text.
    pub range: Range<usize>,
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

impl StatementProblem {
    pub(super) fn new(
        part: Part,
        range: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { part, range, message: message.into(), help: help.into() }
    }
}

/// A text of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The statement itself.
    Base,
    /// A filter, by index.
    Filter(usize),
    /// An order, by index.
    Sort(usize),
}
