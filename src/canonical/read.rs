//! Bytes → tree, within limits.

use std::collections::HashSet;
use std::sync::Arc;

use super::tree::{Attribute, Element, Item};
use crate::mime::MultipartError;
use crate::xml::{
    Namespaces, QName, Scope, StartTag, StreamHandler, StreamReader, XmlError, XmlLimits,
};

/// Elements inside each other, whatever a caller allows: what walks a tree recurses.
pub const DEPTH_MAX: u32 = 200;
/// Elements of one message, whatever a caller allows.
pub const ELEMENTS_MAX: u64 = 5_000_000;
/// Bytes of one message, as text.
pub const MESSAGE_BYTES_MAX: usize = 256 << 20;

/// Why a message is no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadProblem {
    /// It is no XML, or crosses a limit.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// Its bytes are not in the encoding they claim, or that is none we read.
    #[error("{0}")]
    Encoding(String),
    /// It has several parts, and cannot be taken apart.
    #[error(transparent)]
    Multipart(#[from] MultipartError),
}

/// Reads a whole document in UTF-8. A document type declaration is refused.
///
/// # Errors
/// Where it is not well-formed, or crosses a limit.
pub fn read(text: &[u8], limits: XmlLimits) -> Result<Element, ReadProblem> {
    if text.len() > MESSAGE_BYTES_MAX {
        return Err(XmlError::limit("bytes", MESSAGE_BYTES_MAX as u64, 0).into());
    }
    let limits = XmlLimits {
        depth: limits.depth.min(DEPTH_MAX),
        elements: limits.elements.min(ELEMENTS_MAX),
        ..limits
    };
    let mut stream = StreamReader::new(Arc::new(Namespaces::default()), limits);
    let mut trees = Trees::default();
    stream.feed(text, &mut trees)?;
    stream.finish(&mut trees)?;
    trees.root.ok_or_else(|| XmlError::Truncated { offset: text.len() as u64 }.into())
}

#[derive(Default)]
struct Trees {
    open: Vec<Element>,
    root: Option<Element>,
    depth: u32,
    /// A message says few names many times.
    names: HashSet<Arc<str>>,
}

impl Trees {
    fn name(&mut self, namespace: &str, local: &str) -> QName {
        QName { namespace: self.shared(namespace), local: self.shared(local) }
    }

    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.names.insert(Arc::clone(&new));
        new
    }
}

impl StreamHandler for Trees {
    type Error = ReadProblem;

    fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), ReadProblem> {
        self.depth += 1;
        let uri = |prefix: &str| scope.uri(prefix).unwrap_or_default();
        let mut bindings: Vec<(Box<str>, Box<str>)> =
            scope.bound_at(self.depth).map(|(prefix, uri)| (prefix.into(), uri.into())).collect();
        bindings.reverse();
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let namespace = if attribute.prefix.is_empty() { "" } else { uri(attribute.prefix) };
            attributes.push(Attribute {
                name: self.name(namespace, attribute.local),
                prefix: attribute.prefix.into(),
                value: attribute.value()?.into_owned(),
            });
        }
        let name = self.name(uri(tag.prefix), tag.local);
        let prefix = tag.prefix.into();
        self.open.push(Element { name, prefix, bindings, attributes, content: Vec::new() });
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), ReadProblem> {
        let Some(element) = self.open.last_mut() else { return Ok(()) };
        match element.content.last_mut() {
            Some(Item::Text(before)) => before.push_str(text),
            _ if text.is_empty() => {}
            _ => element.content.push(Item::Text(text.to_owned())),
        }
        Ok(())
    }

    fn end(&mut self, _: &Scope) -> Result<(), ReadProblem> {
        self.depth -= 1;
        let Some(element) = self.open.pop() else { return Ok(()) };
        match self.open.last_mut() {
            Some(parent) => parent.content.push(Item::Element(element)),
            None => self.root = Some(element),
        }
        Ok(())
    }
}
