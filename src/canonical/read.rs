//! Bytes → tree, within limits.

use std::sync::Arc;

use super::tree::{Attribute, Element, Item};
use crate::xml::{
    Namespaces, QName, Scope, StartTag, StreamHandler, StreamReader, XmlError, XmlLimits,
};

/// Why a message is no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadProblem {
    /// It is no XML, or crosses a limit.
    #[error(transparent)]
    Xml(#[from] XmlError),
}

/// Reads a whole document in UTF-8. A document type declaration is refused.
///
/// # Errors
/// Where it is not well-formed, or crosses a limit.
pub fn read(text: &[u8], limits: XmlLimits) -> Result<Element, ReadProblem> {
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
}

impl StreamHandler for Trees {
    type Error = ReadProblem;

    fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), ReadProblem> {
        self.depth += 1;
        let uri = |prefix: &str| scope.uri(prefix).unwrap_or_default().to_owned();
        let mut bindings: Vec<(Box<str>, Box<str>)> =
            scope.bound_at(self.depth).map(|(prefix, uri)| (prefix.into(), uri.into())).collect();
        bindings.reverse();
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let namespace =
                if attribute.prefix.is_empty() { String::new() } else { uri(attribute.prefix) };
            attributes.push(Attribute {
                name: QName::new(namespace, attribute.local),
                prefix: attribute.prefix.into(),
                value: attribute.value()?.into_owned(),
            });
        }
        self.open.push(Element {
            name: QName::new(uri(tag.prefix), tag.local),
            prefix: tag.prefix.into(),
            bindings,
            attributes,
            content: Vec::new(),
        });
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
