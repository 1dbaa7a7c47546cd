//! What is a secret.

use crate::canonical::NodePath;

/// What the mapping says about secrets of a backend, beside what is always one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RedactRules {
    /// Names of HTTP headers.
    pub headers: Vec<String>,
    /// Elements and attributes of messages.
    pub paths: Vec<NodePath>,
    /// Names: of elements, attributes, JSON members, SQL parameters and columns.
    pub names: Vec<String>,
    /// Elements and attributes that look like secrets and are none.
    pub keep: Vec<NodePath>,
}

/// Finds secrets: built once, shared.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    pub(super) rules: RedactRules,
}

impl Redactor {
    /// A redactor for what is always a secret and what these rules add.
    #[must_use]
    pub fn new(rules: RedactRules) -> Self {
        Self { rules }
    }
}
