//! What a call chooses about a statement, and what it gets.

use std::sync::Arc;

/// What a call chooses about a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Choice {
    /// Filters that apply, one bit each, in the statement's order.
    pub filters: u64,
    /// The order, by index.
    pub sort: usize,
    /// The part of the result.
    pub page: PageChoice,
}

/// The part of a result a call wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PageChoice {
    /// All of it, in its order where there is one.
    #[default]
    All,
    /// The first rows.
    First,
    /// The rows after a key; without an order, the first rows.
    After,
    /// The rows before a key, nearest first; without an order, the first rows.
    Before,
    /// Rows by number.
    Offset,
    /// How many rows there are, instead of them.
    Count,
}

impl PageChoice {
    /// All of them, each at the index it has as a number.
    pub(super) const ALL: [Self; 6] =
        [Self::All, Self::First, Self::After, Self::Before, Self::Offset, Self::Count];
}

/// A statement as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembled {
    /// Its text, with the dialect's placeholders.
    pub text: Arc<str>,
    /// What each placeholder takes, in their order.
    pub slots: Arc<[Slot]>,
}

/// What a placeholder takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A parameter of the statement, by index.
    Parameter(u16),
    /// A column of the order, by index.
    Key(u16),
    /// The number of rows.
    Limit,
    /// The number of rows before them.
    Offset,
}
