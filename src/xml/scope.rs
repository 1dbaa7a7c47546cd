//! Namespace bindings in scope while a message is read.

use std::sync::Arc;

use super::{Namespaces, NsId};

#[derive(Debug, Clone)]
struct Binding {
    prefix: std::ops::Range<usize>,
    uri: std::ops::Range<usize>,
    id: NsId,
    depth: u32,
}

/// The bindings of the open elements, innermost last.
#[derive(Debug, Clone)]
pub struct Scope {
    names: Arc<Namespaces>,
    text: String,
    bindings: Vec<Binding>,
}

impl Scope {
    /// An empty scope over a table; only `xml:` is bound.
    #[must_use]
    pub fn new(names: Arc<Namespaces>) -> Self {
        Self { names, text: String::new(), bindings: Vec::new() }
    }

    /// The table ids refer to.
    #[must_use]
    pub fn names(&self) -> &Arc<Namespaces> {
        &self.names
    }

    /// How many bindings there are, for limits.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bindings.len()
    }

    /// Whether nothing is bound.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bindings.is_empty()
    }

    /// Binds a prefix (empty: the default namespace) at a depth.
    pub fn bind(&mut self, depth: u32, prefix: &str, uri: &str) {
        let id = self.names.id(uri);
        let at = self.text.len();
        self.text.push_str(prefix);
        self.text.push_str(uri);
        let split = at + prefix.len();
        self.bindings.push(Binding { prefix: at..split, uri: split..self.text.len(), id, depth });
    }

    /// Whether the element at a depth binds a prefix itself.
    #[must_use]
    pub fn binds_at(&self, depth: u32, prefix: &str) -> bool {
        self.bindings
            .iter()
            .rev()
            .take_while(|b| b.depth >= depth)
            .any(|b| self.text.as_bytes()[b.prefix.clone()] == *prefix.as_bytes())
    }

    /// What the innermost open element, at this depth, binds itself: prefixes and namespaces.
    pub fn bound_at(&self, depth: u32) -> impl Iterator<Item = (&str, &str)> {
        self.bindings
            .iter()
            .rev()
            .take_while(move |b| b.depth >= depth)
            .map(|b| (&self.text[b.prefix.clone()], &self.text[b.uri.clone()]))
    }

    /// Forgets the bindings of an element that ends.
    #[inline]
    pub fn leave(&mut self, depth: u32) {
        while self.bindings.last().is_some_and(|b| b.depth >= depth) {
            if let Some(binding) = self.bindings.pop() {
                self.text.truncate(binding.prefix.start);
            }
        }
    }

    /// The namespace a prefix stands for; `None` if it is not bound.
    #[inline]
    #[must_use]
    pub fn resolve(&self, prefix: &str) -> Option<NsId> {
        for binding in self.bindings.iter().rev() {
            if self.text.as_bytes()[binding.prefix.clone()] == *prefix.as_bytes() {
                return Some(binding.id);
            }
        }
        match prefix {
            "" => Some(NsId::NONE),
            "xml" => Some(NsId::XML),
            _ => None,
        }
    }

    /// The namespace name a prefix stands for, known to the table or not.
    #[must_use]
    pub fn uri(&self, prefix: &str) -> Option<&str> {
        for binding in self.bindings.iter().rev() {
            if self.text[binding.prefix.clone()] == *prefix {
                return Some(&self.text[binding.uri.clone()]);
            }
        }
        match prefix {
            "" => Some(""),
            "xml" => Some(super::ns::XML),
            _ => None,
        }
    }

    /// Splits and resolves a `QName` in content. An unprefixed one takes the default namespace.
    #[must_use]
    pub fn resolve_qname<'t>(&self, qname: &'t str) -> Option<(NsId, &'t str)> {
        let qname = qname.trim();
        let (prefix, local) = qname.split_once(':').unwrap_or(("", qname));
        Some((self.resolve(prefix)?, local))
    }
}
