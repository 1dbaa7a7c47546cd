//! From text to arena, checking what quick-xml does not: one root, all of it closed,
//! legal characters, declared prefixes, no attribute twice, limits.

use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::entity::Entities;
use super::html;
use super::scope::{ScopeId, Scopes};
use super::value::{ValueError, ValueErrorKind, attribute_value, first_bad_char};
use super::{Attribute, Document, Element, Piece};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::xml::QName;
use crate::xml::limits::{
    CONTRACT_ATTRIBUTES_MAX, CONTRACT_BINDINGS_MAX, CONTRACT_BYTES_MAX, CONTRACT_DEPTH_MAX,
    CONTRACT_ELEMENTS_MAX,
};

type Result<T> = std::result::Result<T, Diagnostic>;

pub(super) struct Reading {
    pub file: FileId,
    pub text: Arc<str>,
    document: Document,
    open: Vec<u32>,
    names: HashMap<Box<str>, Arc<str>>,
    entities: Entities,
    root_closed: bool,
}

/// An attribute before its prefix is looked up.
struct RawAttribute<'t> {
    name: &'t str,
    value: Arc<str>,
    span: Span,
    value_span: Span,
}

impl Reading {
    pub fn new(file: FileId, text: Arc<str>) -> Self {
        let document = Document {
            file,
            text: Arc::clone(&text),
            elements: Vec::new(),
            attributes: Vec::new(),
            pieces: Vec::new(),
            scopes: Scopes::default(),
        };
        let names = HashMap::new();
        let entities = Entities::default();
        Self { file, text, document, open: Vec::new(), names, entities, root_closed: false }
    }

    pub fn run(mut self) -> Result<Document> {
        let text = Arc::clone(&self.text);
        if text.len() > CONTRACT_BYTES_MAX {
            return Err(self.limit((0, 1), "bytes in one document", CONTRACT_BYTES_MAX));
        }
        if let Some((at, c)) = first_bad_char(&text) {
            return Err(self.bad_char(at, c));
        }
        let mut reader = Reader::from_str(&text);
        reader.config_mut().check_comments = true;
        loop {
            let start = offset(reader.buffer_position());
            let event = reader.read_event().map_err(|error| {
                let at = offset(reader.error_position()).min(text.len());
                self.not_xml((at, at + 1), error.to_string())
            })?;
            let range = (start, offset(reader.buffer_position()));
            if matches!(event, Event::Eof) {
                return self.finish();
            }
            self.event(event, range)?;
        }
    }

    fn event(&mut self, event: Event<'_>, range: (usize, usize)) -> Result<()> {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::Empty(tag) => {
                self.start(&tag, range)?;
                self.end(range.1);
                Ok(())
            }
            Event::End(_) => {
                self.end(range.1);
                Ok(())
            }
            Event::Text(text) => self.characters(&text.into_inner(), range),
            Event::CData(text) => {
                if self.open.is_empty() {
                    return Err(self.not_xml(range, "there is text outside the root element"));
                }
                self.characters(&text.into_inner(), range)
            }
            Event::GeneralRef(name) => {
                let name = name.into_inner();
                let text = self.entities.reference(&name).map(std::borrow::Cow::into_owned);
                let at =
                    ValueError { at: 0, len: range.1 - range.0, kind: ValueErrorKind::Unclosed };
                let text =
                    text.map_err(|kind| self.bad_value(range.0, ValueError { kind, ..at }))?;
                self.characters(&text, range)
            }
            Event::Decl(_) if range.0 > 0 => Err(self
                .not_xml(range, "the XML declaration is not at the start of the document")
                .help("remove everything before `<?xml`, blank lines included")),
            Event::DocType(doctype) => self.doctype(&doctype.into_inner(), range),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Eof => Ok(()),
        }
    }

    fn doctype(&mut self, doctype: &str, range: (usize, usize)) -> Result<()> {
        if html::looks_like_html(&self.text) {
            return Err(self.not_xml(range, "this is an HTML page"));
        }
        if !self.document.elements.is_empty() {
            return Err(self.not_xml(range, "a DOCTYPE stands after the root element began"));
        }
        self.entities.read_doctype(doctype).map_err(|why| {
            Diagnostic::error(Code::ContractDtd, self.span(range), why)
                .label("document type declaration")
                .help("remove the DOCTYPE; nothing outside the document is ever fetched for it")
        })
    }

    fn start(&mut self, tag: &BytesStart<'_>, range: (usize, usize)) -> Result<()> {
        if self.root_closed {
            return Err(self.not_xml(range, "there is a second root element"));
        }
        if self.open.len() >= CONTRACT_DEPTH_MAX {
            return Err(self.limit(range, "elements inside each other", CONTRACT_DEPTH_MAX));
        }
        if self.document.elements.len() >= CONTRACT_ELEMENTS_MAX {
            return Err(self.limit(range, "elements in one document", CONTRACT_ELEMENTS_MAX));
        }
        let text = Arc::clone(&self.text);
        let (raw, scope) = self.raw_attributes(&text, tag, range)?;
        let name = self.expand(tag.name().0, scope, true, range)?;
        let first = self.document.attributes.len();
        for attribute in raw {
            let at = (attribute.span.start as usize, attribute.span.end as usize);
            let name = self.expand(attribute.name, scope, false, at)?;
            let RawAttribute { value, span, value_span, .. } = attribute;
            self.document.attributes.push(Attribute { name, value, span, value_span });
        }
        self.check_twice(first, range)?;
        let index = number(self.document.elements.len());
        self.document.elements.push(Element {
            name,
            parent: self.open.last().copied(),
            end: index + 1,
            scope,
            attributes: (number(first), number(self.document.attributes.len())),
            pieces: (number(self.document.pieces.len()), 0),
            tag: range,
            close: range.1,
        });
        self.open.push(index);
        Ok(())
    }

    fn end(&mut self, close: usize) {
        let Some(index) = self.open.pop() else { return };
        let end = number(self.document.elements.len());
        let pieces = number(self.document.pieces.len());
        let element = &mut self.document.elements[index as usize];
        element.end = end;
        element.close = close;
        element.pieces.1 = pieces;
        self.root_closed = self.open.is_empty();
    }

    fn characters(&mut self, text: &str, range: (usize, usize)) -> Result<()> {
        let Some(parent) = self.open.last().copied() else {
            return if text.trim().is_empty() {
                Ok(())
            } else {
                Err(self.not_xml(range, "there is text outside the root element"))
            };
        };
        if !text.is_empty() {
            self.document.pieces.push(Piece { parent, text: text.into() });
        }
        Ok(())
    }

    fn raw_attributes<'t>(
        &mut self,
        text: &'t str,
        tag: &BytesStart<'_>,
        range: (usize, usize),
    ) -> Result<(Vec<RawAttribute<'t>>, ScopeId)> {
        let mut scope = self.scope();
        let mut raw = Vec::new();
        for (count, attribute) in tag.attributes().with_checks(false).enumerate() {
            if count >= CONTRACT_ATTRIBUTES_MAX {
                return Err(self.limit(
                    range,
                    "attributes of one element",
                    CONTRACT_ATTRIBUTES_MAX,
                ));
            }
            let attribute = attribute.map_err(|error| self.not_xml(range, error.to_string()))?;
            let key = within(text, attribute.key.0);
            let value_at = within(text, &attribute.value);
            let value = attribute_value(&attribute.value, &mut self.entities)
                .map_err(|error| self.bad_value(value_at.0, error))?;
            let name = text.get(key.0..key.1).unwrap_or_default();
            let value = self.intern(&value);
            if let Some(prefix) = declared_prefix(name) {
                let prefix = self.intern(prefix);
                scope = self.document.scopes.bind(scope, prefix, value);
                if self.document.scopes.count(scope) > CONTRACT_BINDINGS_MAX {
                    return Err(self.limit(range, "namespaces in scope", CONTRACT_BINDINGS_MAX));
                }
                continue;
            }
            let span = self.span((key.0, (value_at.1 + 1).min(text.len())));
            raw.push(RawAttribute { name, value, span, value_span: self.span(value_at) });
        }
        Ok((raw, scope))
    }

    fn scope(&self) -> ScopeId {
        let parent = self.open.last().and_then(|index| self.document.elements.get(*index as usize));
        parent.map_or_else(ScopeId::default, |parent| parent.scope)
    }

    fn expand(
        &mut self,
        name: &str,
        scope: ScopeId,
        is_element: bool,
        range: (usize, usize),
    ) -> Result<QName> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        if !is_ncname(local) || (!prefix.is_empty() && !is_ncname(prefix)) {
            return Err(self.not_xml(range, format!("`{name}` is not a name")));
        }
        let namespace = if prefix.is_empty() && !is_element {
            self.intern("")
        } else {
            self.document.scopes.resolve(scope, prefix).ok_or_else(|| {
                self.not_xml(range, format!("prefix `{prefix}` is not declared"))
                    .help(format!("declare it with `xmlns:{prefix}=\"…\"`"))
            })?
        };
        Ok(QName { namespace, local: self.intern(local) })
    }

    fn check_twice(&self, first: usize, range: (usize, usize)) -> Result<()> {
        let mut names: Vec<&QName> =
            self.document.attributes[first..].iter().map(|a| &a.name).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(self.not_xml(range, format!("attribute `{}` comes twice", pair[0]))),
            None => Ok(()),
        }
    }

    fn finish(self) -> Result<Document> {
        let end = self.text.len();
        if let Some(open) = self.open.last() {
            let element = &self.document.elements[*open as usize];
            return Err(self
                .not_xml(element.tag, format!("`{}` is never closed", element.name.local))
                .label("opened here")
                .help("the document ends too early; fetch it again"));
        }
        if self.document.elements.is_empty() {
            return Err(self.not_xml((0, end.min(1)), "there is no root element"));
        }
        Ok(self.document)
    }

    fn intern(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return Arc::clone(known);
        }
        let shared: Arc<str> = name.into();
        self.names.insert(name.into(), Arc::clone(&shared));
        shared
    }
}

fn declared_prefix(name: &str) -> Option<&str> {
    if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") }
}

/// Where a borrowed part lies in the text it was borrowed from.
fn within(text: &str, part: &str) -> (usize, usize) {
    let start = (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize).min(text.len());
    (start, (start + part.len()).min(text.len()))
}

/// Near enough to the `NCName` production to refuse what is no name at all.
fn is_ncname(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| {
            matches!(c, '_' | '-' | '.' | '\u{B7}') || c.is_alphanumeric() || c as u32 > 0x2FF
        })
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
