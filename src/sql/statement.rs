//! A statement with everything that may be chosen about it, and its assembly.

use std::sync::Arc;

use super::Dialect;

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
    pub range: std::ops::Range<usize>,
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// How to mend it.
    pub help: String,
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

/// A statement of a mapping: its text, its named parameters, its filters and orders. All of
/// it is text of the mapping; callers choose among its parts and send values beside it.
#[derive(Debug, Clone)]
pub struct Statement {
    dialect: Dialect,
    parameters: Vec<String>,
}

impl Statement {
    /// Reads the texts; all that is wrong with them is found at once.
    pub fn new(dialect: Dialect, parts: &Parts<'_>) -> Result<Self, Vec<StatementProblem>> {
        let _ = parts;
        Ok(Self { dialect, parameters: Vec::new() })
    }

    /// What it is written for.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Names of its parameters, each once: those of the base first, then those of filters.
    #[must_use]
    pub fn parameters(&self) -> &[String] {
        &self.parameters
    }

    /// Indexes of the parameters a text uses.
    #[must_use]
    pub fn parameters_of(&self, part: Part) -> &[u16] {
        let _ = part;
        &[]
    }

    /// Where a parameter stands first: for diagnostics.
    #[must_use]
    pub fn place_of(&self, parameter: usize) -> Option<(Part, std::ops::Range<usize>)> {
        let _ = parameter;
        None
    }

    /// Whether its first word says that it may change something: anything but SELECT,
    /// VALUES, TABLE, SHOW and a WITH of those alone.
    #[must_use]
    pub fn writes(&self) -> bool {
        false
    }

    /// The statement as it is sent.
    #[must_use]
    pub fn assemble(&self, choice: Choice) -> Assembled {
        let _ = choice;
        Assembled { text: Arc::from(""), slots: Arc::from([]) }
    }

    /// The text and the byte in it that became a byte of an assembled statement.
    #[must_use]
    pub fn locate(&self, choice: Choice, offset: usize) -> Option<(Part, usize)> {
        let _ = (choice, offset);
        None
    }
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
    /// All of it, in its order where there is one.
    #[default]
    All,
    /// The first rows.
    First,
    /// The rows after a key.
    After,
    /// The rows before a key, nearest first.
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
    /// A column of the order, by index.
    Key(u16),
    /// The number of rows.
    Limit,
    /// The number of rows before them.
    Offset,
}
