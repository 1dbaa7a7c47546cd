//! Why no fixture fits, and what to do.

use super::EntryId;
use crate::canonical::{Cause, Difference};

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
    /// The state it needs, where its scenario is in another.
    pub state: Option<OtherState>,
    /// The line to add to the fixture so that it fits, where one line is enough. It takes the
    /// place of a line that begins like it.
    pub line: Option<String>,
}

/// A scenario that is not where a fixture needs it to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherState {
    /// The scenario.
    pub scenario: String,
    /// The state the fixture needs.
    pub needs: String,
    /// The state it is in.
    pub is: String,
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
    /// The same elements come in another order.
    Order,
    /// Something is nil in one, absent or empty in the other.
    Nil,
    /// A namespace is another.
    Namespace,
    /// The operation is another.
    OtherOperation,
    /// The statement is another.
    Statement,
    /// The scenario is in another state.
    State,
    /// A text does not match the pattern that `where` gives it.
    Where,
    /// The fixture is for the other version of SOAP.
    Version,
}

impl Why {
    /// The reason that differences of two messages are: where there are several, what has to be
    /// put right first.
    pub(super) fn of(differences: &[Difference]) -> Self {
        let has = |cause: Cause| differences.iter().any(|d| d.cause == cause);
        if has(Cause::Namespace) {
            Self::Namespace
        } else if has(Cause::Missing) || has(Cause::Extra) {
            Self::Structure
        } else if has(Cause::Nil) {
            Self::Nil
        } else if has(Cause::Order) {
            Self::Order
        } else if has(Cause::Value) {
            Self::Value
        } else {
            Self::Volatile
        }
    }

    /// The reason in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoFixture => "there is no fixture of this operation",
            Self::NoOperation => "the operation is not known",
            Self::Volatile => "only what changes with every message differs",
            Self::Value => "a value differs",
            Self::Structure => "an element is missing, or one too many",
            Self::Order => "the same elements come in another order",
            Self::Nil => "something is nil in one, absent or empty in the other",
            Self::Namespace => "a namespace is another",
            Self::OtherOperation => "the operation is another",
            Self::Statement => "the statement is another",
            Self::State => "the scenario is in another state",
            Self::Where => "a text does not match the pattern that `where` gives it",
            Self::Version => "the fixture is for the other version of SOAP",
        }
    }
}
