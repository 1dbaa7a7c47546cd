//! A message as it was written, less what no reader may depend on.

use crate::xml::QName;

/// An element. Comments and processing instructions are gone, CDATA is text, adjacent texts are
/// one; everything else is as it was written, white space too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its expanded name.
    pub name: QName,
    /// The prefix it was written with; empty for none.
    pub prefix: Box<str>,
    /// Prefixes it binds itself and their namespaces; the empty prefix is the default.
    pub bindings: Vec<(Box<str>, Box<str>)>,
    /// Its attributes in the order they were written, `xmlns` left out.
    pub attributes: Vec<Attribute>,
    /// What stands in it.
    pub content: Vec<Item>,
}

/// An attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its expanded name.
    pub name: QName,
    /// The prefix it was written with; empty for none.
    pub prefix: Box<str>,
    /// Its value, references resolved.
    pub value: String,
}

/// A piece of content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// Text, references resolved.
    Text(String),
    /// An element.
    Element(Element),
}

impl Element {
    /// The elements in it, in order.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.content.iter().filter_map(|item| match item {
            Item::Element(element) => Some(element),
            Item::Text(_) => None,
        })
    }

    /// The first element in it of an expanded name.
    #[must_use]
    pub fn child(&self, namespace: &str, local: &str) -> Option<&Element> {
        self.elements().find(|element| element.name.is(namespace, local))
    }

    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, namespace: &str, local: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|a| a.name.is(namespace, local));
        found.map(|attribute| attribute.value.as_str())
    }

    /// All text that stands directly in it.
    #[must_use]
    pub fn text(&self) -> String {
        let texts = self.content.iter().filter_map(|item| match item {
            Item::Text(text) => Some(text.as_str()),
            Item::Element(_) => None,
        });
        texts.collect()
    }
}
