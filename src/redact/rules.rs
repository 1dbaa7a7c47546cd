//! What is a secret.

use std::collections::HashSet;

use super::names;
use crate::canonical::NodePath;

/// What the mapping says about secrets of a backend, beside what is always one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RedactRules {
    /// Names of HTTP headers.
    pub headers: Vec<String>,
    /// Elements and attributes of messages, with all that stands in them.
    pub paths: Vec<NodePath>,
    /// Names: of elements, attributes, JSON members, SQL parameters and columns. Case, and what
    /// is neither letter nor digit, do not count.
    pub names: Vec<String>,
    /// Elements and attributes that look like secrets and are none, with all that stands in them.
    /// Members, parameters and columns of the last step's name are none either.
    pub keep: Vec<NodePath>,
}

/// Finds secrets: built once, shared.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    pub(super) rules: RedactRules,
    /// [`RedactRules::names`], as [`names::joined`] gives them.
    names: HashSet<String>,
    headers: HashSet<String>,
    /// Last steps of what is kept.
    keep_names: HashSet<String>,
    pub(super) has_indices: bool,
}

impl Redactor {
    /// A redactor for what is always a secret and what these rules add.
    #[must_use]
    pub fn new(rules: RedactRules) -> Self {
        let last = |paths: &[NodePath]| -> HashSet<String> {
            let steps = paths.iter().filter_map(|path| path.steps.last());
            steps.map(|step| names::joined(&step.local)).filter(|name| !name.is_empty()).collect()
        };
        let all = || rules.paths.iter().chain(&rules.keep).flat_map(|path| &path.steps);
        Self {
            names: rules.names.iter().map(|name| names::joined(name)).collect(),
            headers: rules.headers.iter().map(|name| name.to_ascii_lowercase()).collect(),
            keep_names: last(&rules.keep),
            has_indices: all().any(|step| step.index.is_some()),
            rules,
        }
    }

    /// Whether the mapping has given this name.
    pub(super) fn names(&self, name: &str) -> bool {
        !self.names.is_empty() && self.names.contains(&names::joined(name))
    }

    /// Whether the mapping has given this header, its name in lower case.
    pub(super) fn has_header(&self, name: &str) -> bool {
        self.headers.contains(name)
    }

    /// Whether what has this name and no path is kept.
    pub(super) fn keeps(&self, name: &str) -> bool {
        !self.keep_names.is_empty() && self.keep_names.contains(&names::joined(name))
    }
}
