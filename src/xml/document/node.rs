//! Walking a document.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::{Document, Element};
use crate::diagnostic::Span;
use crate::xml::{QName, ns};

/// An attribute with its places.
#[derive(Debug)]
pub struct Attribute {
    /// Its expanded name.
    pub name: QName,
    /// Its value, normalised (XML 1.0, section 3.3.3).
    pub value: Arc<str>,
    /// Name, sign and value.
    pub span: Span,
    /// The value between its quotes.
    pub value_span: Span,
}

/// A prefix that nothing declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrefixUnknown(pub String);

/// An element of a document.
#[derive(Debug, Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document,
    index: u32,
}

impl<'d> Node<'d> {
    pub(super) fn new(document: &'d Document, index: u32) -> Self {
        Self { document, index }
    }

    fn element(self) -> &'d Element {
        &self.document.elements[self.index as usize]
    }

    /// Its number in its document.
    #[must_use]
    pub fn index(self) -> u32 {
        self.index
    }

    /// The document it is in.
    #[must_use]
    pub fn document(self) -> &'d Document {
        self.document
    }

    /// Its expanded name.
    #[must_use]
    pub fn name(self) -> &'d QName {
        &self.element().name
    }

    /// Its local name.
    #[must_use]
    pub fn local(self) -> &'d str {
        &self.element().name.local
    }

    /// Whether it has this name.
    #[must_use]
    pub fn is(self, namespace: &str, local: &str) -> bool {
        self.element().name.is(namespace, local)
    }

    /// Its start tag.
    #[must_use]
    pub fn span(self) -> Span {
        let (start, end) = self.element().tag;
        Span::new(self.document.file, start, end)
    }

    /// All of it, from its start tag to its end tag, as written.
    #[must_use]
    pub fn source(self) -> &'d str {
        let element = self.element();
        self.document.text.get(element.tag.0..element.close).unwrap_or("")
    }

    /// Equal for elements that are written the same, white space aside.
    #[must_use]
    pub fn fingerprint(self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.source().split_ascii_whitespace().for_each(|word| word.hash(&mut hasher));
        hasher.finish()
    }

    /// Its parent; `None` for the root.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.element().parent.map(|index| Self { index, ..self })
    }

    /// Its child elements in document order.
    pub fn children(self) -> impl Iterator<Item = Self> {
        let end = self.element().end;
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = Self { document: self.document, index: next };
                next = child.element().end;
                child
            })
        })
    }

    /// Its first child of this name.
    #[must_use]
    pub fn child(self, namespace: &str, local: &str) -> Option<Self> {
        self.children().find(|child| child.is(namespace, local))
    }

    /// Its attributes, without namespace declarations.
    #[must_use]
    pub fn attributes(self) -> &'d [Attribute] {
        let (start, end) = self.element().attributes;
        &self.document.attributes[start as usize..end as usize]
    }

    /// The attribute of this name in no namespace.
    #[must_use]
    pub fn attribute(self, local: &str) -> Option<&'d Attribute> {
        self.attribute_ns("", local)
    }

    /// The attribute of this expanded name.
    #[must_use]
    pub fn attribute_ns(self, namespace: &str, local: &str) -> Option<&'d Attribute> {
        self.attributes().iter().find(|attribute| attribute.name.is(namespace, local))
    }

    /// The trimmed value of an attribute in no namespace.
    #[must_use]
    pub fn value(self, local: &str) -> Option<&'d str> {
        self.attribute(local).map(|attribute| attribute.value.trim())
    }

    /// All character data in it and below, joined and trimmed.
    #[must_use]
    pub fn text(self) -> String {
        let (start, end) = self.element().pieces;
        let mut text = String::new();
        let mut parent = self.index;
        for piece in &self.document.pieces[start as usize..end as usize] {
            if piece.parent != parent && !text.is_empty() {
                text.push(' ');
            }
            parent = piece.parent;
            text.push_str(&piece.text);
        }
        text.trim().to_owned()
    }

    /// Namespace declarations in scope, innermost first.
    pub fn bindings(self) -> impl Iterator<Item = (&'d Arc<str>, &'d Arc<str>)> {
        self.document.scopes.iter(self.element().scope)
    }

    /// What a `prefix:local` in an attribute value means here; without a prefix it is in
    /// the default namespace (XML Schema Part 1, section 3.15.3).
    ///
    /// # Errors
    /// The prefix that is not declared.
    pub fn resolve_qname(self, lexical: &str) -> Result<QName, PrefixUnknown> {
        let lexical = lexical.trim();
        let (prefix, local) = lexical.split_once(':').unwrap_or(("", lexical));
        let namespace = match self.document.scopes.find(self.element().scope, prefix) {
            Some(namespace) => Arc::clone(namespace),
            None if prefix.is_empty() => "".into(),
            None if prefix == "xml" => ns::XML.into(),
            None => return Err(PrefixUnknown(prefix.to_owned())),
        };
        Ok(QName { namespace, local: local.into() })
    }
}
