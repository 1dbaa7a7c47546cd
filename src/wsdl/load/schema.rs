//! Reading a schema that no WSDL names: that of a document inside messages.

use std::sync::Arc;

use super::documents::Documents;
use super::{LoadFailure, LoadedFile};
use crate::diagnostic::{Code, Diagnostic, Report, Sources, Span};
use crate::wsdl::source::DocumentSource;
use crate::xml::{
    Document, Namespaces, Node, StreamHandler, StreamReader, XmlError, XmlLimits, ns,
};
use crate::xsd::{self, SchemaSet};

/// A schema with all it imports.
#[derive(Debug)]
pub struct Schema {
    /// The texts spans point into.
    pub sources: Sources,
    /// Its components.
    pub set: SchemaSet,
    /// What is wrong with it.
    pub report: Report,
    /// Prefixes it declares, with their namespaces.
    pub prefixes: Vec<(Arc<str>, Arc<str>)>,
}

/// A schema and the documents it was read from.
#[derive(Debug)]
pub struct LoadedSchema {
    /// Every document in the order it was read, the root first.
    pub files: Vec<LoadedFile>,
    /// The schema.
    pub schema: Schema,
}

/// Reads and resolves the schema at `root`, which may also be a WSDL that holds schemas.
///
/// # Errors
/// The root cannot be read, is not XML, or holds no schema.
pub fn load_schema(
    root: &str,
    source: &dyn DocumentSource,
) -> Result<LoadedSchema, Box<LoadFailure>> {
    let mut documents = Documents::read(root, source)?;
    let Some(first) = documents.parsed.first().and_then(Option::as_ref) else {
        return Err(Box::new(documents.into_failure()));
    };
    let node = first.root();
    if !xsd::is_schema(node) && !node.is(ns::WSDL, "definitions") {
        let message = format!("the root element is `{}`, not a schema", node.name().local);
        let diagnostic = Diagnostic::error(Code::ContractSchemaInvalid, node.span(), message);
        let help = format!("the root has to be `schema` in namespace `{}`", ns::XSD);
        documents.report.push(diagnostic.label("not a schema").help(help));
        return Err(Box::new(documents.into_failure()));
    }
    let mut report = std::mem::take(&mut documents.report);
    let (set, found) = super::schemas::schemas(&documents, &mut report).finish();
    report.extend(found);
    let prefixes = super::contract::prefixes(&documents);
    let Documents { sources, files, .. } = documents;
    Ok(LoadedSchema { files, schema: Schema { sources, set, report, prefixes } })
}

/// The `xs:schema` around a place, as XML that stands alone; `None` where it cannot (it
/// refers to entities of a document type declaration).
#[must_use]
pub fn standalone_schema(sources: &Sources, place: Span) -> Option<Arc<str>> {
    let text: Arc<str> = sources.text(place.file).into();
    let document = Document::parse(place.file, text).ok()?;
    let root = document.root();
    let own = xsd::is_schema(root).then_some(root);
    let is_around = |node: &Node<'_>| {
        let start = node.span().start as usize;
        (start..start + node.source().len()).contains(&(place.start as usize))
    };
    let schema = own.into_iter().chain(super::schemas::inline(root)).find(is_around)?;
    let source = schema.source();
    let tag = source.get(..(schema.span().end - schema.span().start) as usize)?;
    let mut declarations = String::new();
    let mut seen = std::collections::HashSet::new();
    for (prefix, uri) in schema.bindings() {
        let colon = if prefix.is_empty() { "" } else { ":" };
        let name = format!("xmlns{colon}{prefix}");
        let is_own = tag.split([' ', '\t', '\r', '\n']).any(|word| {
            word.strip_prefix(&*name).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        });
        if !seen.insert(Arc::clone(prefix)) || is_own || uri.is_empty() {
            continue;
        }
        let mut value = Vec::new();
        crate::xml::write_attribute_value(&mut value, uri).ok()?;
        declarations.push_str(&format!(" {name}=\"{}\"", String::from_utf8(value).ok()?));
    }
    let end = tag.find([' ', '\t', '\r', '\n', '>', '/'])?;
    let (name, rest) = source.split_at(end);
    let alone = format!("{name}{declarations}{rest}");
    let mut reader = StreamReader::new(Arc::new(Namespaces::default()), XmlLimits::default());
    let read = reader.feed(alone.as_bytes(), &mut Unread).and_then(|()| reader.finish(&mut Unread));
    read.is_ok().then(|| alone.into())
}

/// Reads only to see whether it can be read.
struct Unread;

impl StreamHandler for Unread {
    type Error = XmlError;

    fn start(
        &mut self,
        _: &crate::xml::StartTag<'_>,
        _: &crate::xml::Scope,
    ) -> Result<(), XmlError> {
        Ok(())
    }

    fn text(&mut self, _: &str) -> Result<(), XmlError> {
        Ok(())
    }

    fn end(&mut self, _: &crate::xml::Scope) -> Result<(), XmlError> {
        Ok(())
    }
}
