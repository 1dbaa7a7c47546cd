//! References to attachments, met while an envelope is read.

use super::fill::mark;
use super::references::attachment;
use crate::xml::{NsId, Scope, StartTag, XmlError};

/// XOP 1.0, section 2.1.
const XOP: &str = "http://www.w3.org/2004/08/xop/include";
/// References in one answer.
pub(super) const REFERENCES_MAX: usize = 100_000;

/// What an element is to attachments.
pub(super) enum Link {
    /// Nothing.
    None,
    /// It stands inside of a reference, and says nothing.
    Inside,
    /// It is a reference, and this text stands for it.
    Include(String),
    /// Its content is an attachment, and this text stands for it.
    Content(String),
}

/// References of one answer.
#[derive(Debug, Default)]
pub(super) struct Links {
    pub(super) references: Vec<String>,
    /// Whether the body has SOAP encoding: else `href` is what the contract says it is.
    is_encoded: bool,
    /// How deep inside of an `xop:Include`.
    inside: u32,
}

impl Links {
    pub(super) fn new(is_encoded: bool) -> Self {
        Self { is_encoded, ..Self::default() }
    }

    /// An element starts inside of the payload.
    pub(super) fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<Link, XmlError> {
        if self.inside > 0 {
            self.inside += 1;
            return Ok(Link::Inside);
        }
        if tag.is_bare() {
            return Ok(Link::None);
        }
        if tag.local == "Include" && scope.uri(tag.prefix) == Some(XOP) {
            let href = tag.attribute(NsId::NONE, "href")?.unwrap_or_default().into_owned();
            self.inside = 1;
            return self.add(href).map(Link::Include);
        }
        match attachment(tag).filter(|_| self.is_encoded) {
            Some(href) => self.add(href.into_owned()).map(Link::Content),
            None => Ok(Link::None),
        }
    }

    /// An element ends; whether it was inside of a reference.
    pub(super) fn end(&mut self) -> bool {
        let was_inside = self.inside > 0;
        self.inside = self.inside.saturating_sub(1);
        was_inside
    }

    /// Whether text is inside of a reference.
    pub(super) fn is_inside(&self) -> bool {
        self.inside > 0
    }

    fn add(&mut self, reference: String) -> Result<String, XmlError> {
        if self.references.len() >= REFERENCES_MAX {
            return Err(too_many_references());
        }
        self.references.push(reference);
        Ok(mark(self.references.len() - 1))
    }
}

pub(super) fn too_many_references() -> XmlError {
    XmlError::limit("references to attachments", REFERENCES_MAX as u64, 0)
}
