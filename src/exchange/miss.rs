//! Why no fixture fits, and what to do.

use super::EntryId;
use crate::canonical::Difference;

/// A request no fixture answers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Miss {
    /// The operation and how it was found, for people: `GetOrder, by the element in the body`.
    pub operation: Option<String>,
    /// The nearest fixtures, nearest first; at most three.
    pub nearest: Vec<Near>,
    /// Why the nearest one does not answer.
    pub why: Why,
}

/// A fixture that nearly fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// Which.
    pub entry: EntryId,
    /// Its name.
    pub name: String,
    /// What differs: the fixture left, the request right.
    pub differences: Vec<Difference>,
    /// The line to add to the fixture so that it fits, where one line is enough.
    pub line: Option<String>,
}

/// Why a request has no fixture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Why {
    /// There is no fixture of this operation.
    #[default]
    NoFixture,
    /// The operation is not known.
    NoOperation,
    /// Only what changes with every message differs.
    Volatile,
    /// A value differs.
    Value,
    /// An element is missing or one too many.
    Structure,
    /// A namespace is another.
    Namespace,
    /// The operation is another.
    OtherOperation,
    /// The scenario is in another state.
    State,
    /// The recorded answer is in another version of SOAP than the request.
    Version,
}
