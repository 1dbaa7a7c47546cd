//! A statement with everything that may be chosen about it, and its assembly.

use std::sync::Arc;

/// A statement of a mapping: its text, its named parameters, its filters and orders. All of
/// it is text of the mapping; callers choose among its parts and send values beside it.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Names of its parameters, each once, in the order of their first use.
    pub parameters: Vec<String>,
}

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
    /// All of it.
    #[default]
    All,
    /// The first rows.
    First,
    /// The rows after a key.
    After,
    /// The rows before a key, in reverse order.
    Before,
    /// Rows by number.
    Offset,
    /// How many rows there are, instead of them.
    Count,
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
    /// A column of the keyset, by index.
    Key(u16),
    /// The number of rows.
    Limit,
    /// The number of rows before them.
    Offset,
}
