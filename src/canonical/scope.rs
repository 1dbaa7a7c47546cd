//! The prefixes in scope while a tree is walked.

use std::rc::Rc;

use super::Element;
use crate::xml::{QName, ns};

/// Prefixes and namespaces around a place in a tree. To keep one costs nothing: what is inside
/// an element points to what is around it.
#[derive(Debug, Clone, Default)]
pub(super) struct Prefixes<'e>(Option<Rc<Link<'e>>>);

#[derive(Debug)]
struct Link<'e> {
    bindings: &'e [(Box<str>, Box<str>)],
    around: Prefixes<'e>,
}

impl<'e> Prefixes<'e> {
    /// What is in scope inside an element.
    pub(super) fn inside(&self, element: &'e Element) -> Self {
        if element.bindings.is_empty() {
            return self.clone();
        }
        Self(Some(Rc::new(Link { bindings: &element.bindings, around: self.clone() })))
    }

    fn uri(&self, prefix: &str) -> Option<&'e str> {
        let mut at = self;
        while let Some(link) = &at.0 {
            if let Some((_, uri)) = link.bindings.iter().rev().find(|(own, _)| **own == *prefix) {
                return Some(uri);
            }
            at = &link.around;
        }
        match prefix {
            "" => Some(""),
            "xml" => Some(ns::XML),
            _ => None,
        }
    }

    /// A `QName` in content; without a prefix it is in the default namespace.
    pub(super) fn resolve<'t>(&self, name: &'t str) -> Option<(&'e str, &'t str)> {
        let name = name.trim();
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        Some((self.uri(prefix)?, local))
    }

    /// The same as text: `{namespace}local`. A prefix that is not bound stays as it is.
    pub(super) fn expanded(&self, name: &str) -> String {
        match self.resolve(name) {
            Some((uri, local)) => QName::new(uri, local).to_string(),
            None => name.trim().to_owned(),
        }
    }
}
