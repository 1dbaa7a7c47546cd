//! A whole XML document for contracts: bounded, read-only, every part with its place.
//!
//! Elements lie in one vector in document order; a [`Node`] is a number into it. Nothing
//! here recurses. Messages are never read this way.

mod complaint;
mod entity;
mod html;
mod node;
mod read;
mod scope;
mod value;

pub use node::{Attribute, Node, PrefixUnknown};

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, FileId};
use crate::xml::QName;

/// A parsed document.
#[derive(Debug)]
pub struct Document {
    file: FileId,
    text: Arc<str>,
    elements: Vec<Element>,
    attributes: Vec<Attribute>,
    pieces: Vec<Piece>,
    scopes: scope::Scopes,
}

#[derive(Debug)]
struct Element {
    name: QName,
    parent: Option<u32>,
    /// One past the last descendant.
    end: u32,
    scope: scope::ScopeId,
    attributes: (u32, u32),
    /// The pieces of text in it and in its descendants.
    pieces: (u32, u32),
    /// Start tag.
    tag: (usize, usize),
    /// One past the end tag.
    close: usize,
}

/// A run of character data that is not all white space.
#[derive(Debug)]
struct Piece {
    parent: u32,
    text: Box<str>,
}

impl Document {
    /// Parses the text that was given to [`crate::diagnostic::Sources`] as `file`.
    ///
    /// # Errors
    /// One diagnostic: not well-formed, a refused DOCTYPE, or a limit.
    pub fn parse(file: FileId, text: Arc<str>) -> Result<Self, Box<Diagnostic>> {
        read::Reading::new(file, text).run().map_err(Box::new)
    }

    /// The document element.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node::new(self, 0)
    }

    /// The file it was read from.
    #[must_use]
    pub fn file(&self) -> FileId {
        self.file
    }

    /// An element by its number, as [`Node::index`] gave it out.
    #[must_use]
    pub fn node(&self, index: u32) -> Option<Node<'_>> {
        ((index as usize) < self.elements.len()).then(|| Node::new(self, index))
    }
}

#[cfg(test)]
mod tests;
