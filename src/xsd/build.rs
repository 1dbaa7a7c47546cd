//! Collecting schema documents, then resolving them together.

use std::sync::Arc;

use super::authored::Authored;
use super::model::SchemaSet;
use super::parse::{Parsing, current_namespace, is_xsd};
use super::{builtin, resolve};
use crate::diagnostic::{Report, Span};
use crate::xml::{Node, QName, ns};

/// How a schema document asks for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Components of another namespace.
    Import,
    /// Components of the same namespace, or of none.
    Include,
    /// The same, some of them changed.
    Redefine,
}

/// An `xs:import`, `xs:include` or `xs:redefine`.
#[derive(Debug, Clone)]
pub struct SchemaLink<'d> {
    /// Which of the three.
    pub kind: LinkKind,
    /// The `namespace` of an import.
    pub namespace: Option<&'d str>,
    /// The `schemaLocation`, which an import may leave out.
    pub location: Option<&'d str>,
    /// The location, or the element where there is none.
    pub span: Span,
    /// The element.
    pub node: Node<'d>,
}

/// Whether an element is `xs:schema`.
#[must_use]
pub fn is_schema(node: Node<'_>) -> bool {
    is_xsd(node, "schema")
}

/// Whether nothing is lost when no document of this namespace can be found.
#[must_use]
pub fn is_builtin_namespace(namespace: &str) -> bool {
    builtin::is_builtin_namespace(current_namespace(namespace))
}

/// A name as the recommendation has it, where it was of one of XSD's drafts.
#[must_use]
pub fn current_name(name: QName) -> QName {
    match current_namespace(&name.namespace) {
        namespace if *namespace == *name.namespace => name,
        namespace => QName::new(namespace, name.local),
    }
}

/// The links of an `xs:schema`, in document order.
#[must_use]
pub fn links(schema: Node<'_>) -> Vec<SchemaLink<'_>> {
    let link = |node| {
        let kind = if is_xsd(node, "import") {
            LinkKind::Import
        } else if is_xsd(node, "include") {
            LinkKind::Include
        } else if is_xsd(node, "redefine") {
            LinkKind::Redefine
        } else {
            return None;
        };
        let location = node.attribute("schemaLocation");
        Some(SchemaLink {
            kind,
            namespace: node.value("namespace"),
            location: location.map(|a| a.value.trim()).filter(|value| !value.is_empty()),
            span: location.map_or_else(|| node.span(), |attribute| attribute.value_span),
            node,
        })
    };
    schema.children().filter_map(link).collect()
}

/// Schema documents on their way to a [`SchemaSet`].
#[derive(Debug)]
pub struct SchemaBuilder {
    authored: Authored,
    report: Report,
}

impl Default for SchemaBuilder {
    fn default() -> Self {
        Self { authored: builtin::authored(), report: Report::default() }
    }
}

impl SchemaBuilder {
    /// Takes in an `xs:schema` whose components go into `target`: its own target
    /// namespace, or its includer's where it has none.
    pub fn add(&mut self, schema: Node<'_>, target: &Arc<str>) {
        // The schema for schemas describes what is built in.
        if current_namespace(target) != ns::XSD {
            Parsing::new(&mut self.authored, &mut self.report, schema, target).schema(schema);
        }
    }

    /// Takes in an `xs:redefine`, after the document it redefines.
    pub fn redefine(&mut self, redefine: Node<'_>, target: &Arc<str>) {
        let schema = redefine.parent().unwrap_or(redefine);
        Parsing::new(&mut self.authored, &mut self.report, schema, target).redefinitions(redefine);
    }

    /// Resolves all of it. What cannot be resolved is reported as warnings: only
    /// operations that reach it are concerned.
    #[must_use]
    pub fn finish(self) -> (SchemaSet, Report) {
        let mut report = self.report;
        let (set, resolved) = resolve::resolve(&self.authored);
        report.extend(resolved);
        (set, report)
    }
}
