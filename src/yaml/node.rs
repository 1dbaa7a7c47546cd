//! The generic tree of a YAML file: every node knows its place, no scalar is interpreted.

use crate::diagnostic::Span;

/// A value and the place it was written at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value at a place.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }

    /// The same place with a borrowed value.
    pub const fn as_ref(&self) -> Spanned<&T> {
        Spanned { value: &self.value, span: self.span }
    }
}

/// One node of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The text it was read from; empty where nothing was written after a key.
    pub span: Span,
    /// What it holds.
    pub value: Value,
}

/// The three kinds of node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A single text, not interpreted.
    Scalar(Scalar),
    /// `[a, b]` or lines with dashes.
    Sequence(Vec<Node>),
    /// `{a: b}` or lines with keys, in the order written, each key once.
    Mapping(Vec<Entry>),
}

impl Value {
    /// What it is called in a message.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Scalar(scalar) if scalar.is_nothing() => "nothing",
            Self::Scalar(_) => "a single value",
            Self::Sequence(_) => "a list",
            Self::Mapping(_) => "an object",
        }
    }
}

/// A text as it was written, after YAML's own escapes; `no`, `0777` and `1.10` stay that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The characters.
    pub text: String,
    /// Whether quotes or a block made clear that it is text.
    pub quoted: bool,
}

impl Scalar {
    /// Whether nothing, `~` or `null` was written, without quotes.
    pub fn is_nothing(&self) -> bool {
        !self.quoted && matches!(self.text.as_str(), "" | "~" | "null")
    }
}

/// One line of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key's text.
    pub key: Spanned<String>,
    /// What stands behind it.
    pub value: Node,
}
