//! `xs:schema`: global components, and the names every other file reads.

use std::sync::Arc;

use super::super::authored::{
    AttributeGroupId, Authored, AuthoredGroup, GroupId, Named, Reference, TypeRef,
};
use super::super::builtin::is_stand_in;
use super::super::model::TypeId;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::xml::{Attribute, Node, QName, ns};

/// The XML Schema namespace for any of its drafts, anything else as it is.
pub fn current_namespace(namespace: &str) -> &str {
    if ns::OLD_XSD.contains(&namespace) { ns::XSD } else { namespace }
}

/// Whether the element is this one of XML Schema, in any of its namespaces.
pub fn is_xsd(node: Node<'_>, local: &str) -> bool {
    node.local() == local && current_namespace(&node.name().namespace) == ns::XSD
}

/// The component that is being redefined, which its new definition may refer to.
#[derive(Debug)]
pub(super) enum Redefined {
    Type(QName, TypeId),
    Group(QName, GroupId),
    AttributeGroup(QName, AttributeGroupId),
}

/// One schema document being read.
pub struct Parsing<'a> {
    pub(super) set: &'a mut Authored,
    pub(super) report: &'a mut Report,
    pub(super) target: Arc<str>,
    /// Whether the document has no namespace of its own and takes its includer's.
    pub(super) chameleon: bool,
    pub(super) elements_qualified: bool,
    pub(super) attributes_qualified: bool,
    pub(super) redefined: Option<Redefined>,
}

impl<'a> Parsing<'a> {
    /// Starts on a schema whose components go into the namespace `target`: its own, or
    /// its includer's where it has none.
    pub fn new(
        set: &'a mut Authored,
        report: &'a mut Report,
        schema: Node<'_>,
        target: &Arc<str>,
    ) -> Self {
        let qualified = |attribute| schema.value(attribute) == Some("qualified");
        Self {
            set,
            report,
            target: Arc::clone(target),
            chameleon: schema.value("targetNamespace").is_none_or(str::is_empty),
            elements_qualified: qualified("elementFormDefault"),
            attributes_qualified: qualified("attributeFormDefault"),
            redefined: None,
        }
    }

    /// Reads the global components.
    pub fn schema(&mut self, schema: Node<'_>) {
        for child in schema.children().filter(|c| current_namespace(&c.name().namespace) == ns::XSD)
        {
            match child.local() {
                "element" => self.global_element(child),
                "complexType" | "simpleType" => self.global_type(child),
                "attribute" => self.global_attribute(child),
                "group" => self.global_group(child),
                "attributeGroup" => self.global_attribute_group(child),
                _ => {}
            }
        }
    }

    /// Reads the redefinitions of an `xs:redefine`; what they redefine was read before.
    pub fn redefinitions(&mut self, redefine: Node<'_>) {
        for child in redefine.children() {
            let Some(name) = child.value("name").map(|name| self.global_name(name)) else {
                continue;
            };
            match child.local() {
                "complexType" | "simpleType" => {
                    let old = self.set.names.types.remove(&name).map(|named| named.item);
                    self.redefined = old.map(|id| Redefined::Type(name, id));
                    self.global_type(child);
                }
                "group" => {
                    let old = self.set.names.groups.remove(&name).map(|named| named.item);
                    self.redefined = old.map(|id| Redefined::Group(name, id));
                    self.global_group(child);
                }
                "attributeGroup" => {
                    let old = self.set.names.attribute_groups.remove(&name);
                    self.redefined = old.map(|old| Redefined::AttributeGroup(name, old.item));
                    self.global_attribute_group(child);
                }
                _ => {}
            }
            self.redefined = None;
        }
    }

    pub(super) fn global_type(&mut self, node: Node<'_>) {
        let Some(name) = self.name_of(node) else { return };
        let id = if node.local() == "simpleType" {
            self.simple_type(node, Some(name.clone()))
        } else {
            self.complex_type(node, Some(name.clone()))
        };
        let named = named(id, node);
        enter(&mut self.set.names.types, self.report, "type", name, named);
    }

    pub(super) fn global_element(&mut self, node: Node<'_>) {
        let Some(name) = self.name_of(node) else { return };
        let id = self.element_declaration(node, name.clone(), true);
        let named = named(id, node);
        enter(&mut self.set.names.elements, self.report, "element", name, named);
    }

    pub(super) fn global_attribute(&mut self, node: Node<'_>) {
        let Some(name) = self.name_of(node) else { return };
        let named = named(self.attribute_declaration(node, name.clone()), node);
        enter(&mut self.set.names.attributes, self.report, "attribute", name, named);
    }

    pub(super) fn global_group(&mut self, node: Node<'_>) {
        let Some(name) = self.name_of(node) else { return };
        let particle = self.model(node);
        let named = named(self.set.add_group(AuthoredGroup { particle }), node);
        enter(&mut self.set.names.groups, self.report, "group", name, named);
    }

    pub(super) fn global_attribute_group(&mut self, node: Node<'_>) {
        let Some(name) = self.name_of(node) else { return };
        let attributes = self.attributes(node);
        let group = named(self.set.add_attribute_group(attributes), node);
        let groups = &mut self.set.names.attribute_groups;
        enter(groups, self.report, "attribute group", name, group);
    }

    pub(super) fn global_name(&self, local: &str) -> QName {
        QName { namespace: Arc::clone(&self.target), local: local.into() }
    }

    pub(super) fn name_of(&mut self, node: Node<'_>) -> Option<QName> {
        if let Some(name) = node.value("name").filter(|name| !name.is_empty()) {
            return Some(self.global_name(name));
        }
        let message = format!("`{}` has no name", node.local());
        self.invalid(node, message, "give it a `name`");
        None
    }

    pub(super) fn invalid(&mut self, node: Node<'_>, message: impl Into<String>, help: &str) {
        let diagnostic = Diagnostic::warning(Code::ContractSchemaInvalid, node.span(), message);
        self.report.push(diagnostic.label("not XSD 1.0").help(help));
    }

    /// A name used in an attribute value.
    pub(super) fn reference(&self, node: Node<'_>, attribute: &Attribute) -> Reference {
        self.qname(node, &attribute.value, attribute)
    }

    pub(super) fn qname(&self, node: Node<'_>, lexical: &str, attribute: &Attribute) -> Reference {
        let lexical = lexical.trim();
        let resolved = match node.resolve_qname(lexical) {
            Ok(name) if name.namespace.is_empty() && self.chameleon => {
                self.global_name(&name.local)
            }
            Ok(name) if ns::OLD_XSD.contains(&&*name.namespace) => QName::new(ns::XSD, name.local),
            Ok(name) => name,
            Err(unknown) => {
                let local = lexical.split_once(':').map_or(lexical, |(_, local)| local);
                QName::new(format!("?{}", unknown.0), local)
            }
        };
        let local = lexical.split_once(':').map_or(lexical, |(_, local)| local);
        // A prefix forgotten, or XML Schema's own where the author's was meant.
        let slipped = !lexical.contains(':') || *resolved.namespace == *ns::XSD;
        Reference {
            fallback: (slipped && resolved.namespace != self.target)
                .then(|| self.global_name(local)),
            name: resolved,
            span: attribute.value_span,
        }
    }

    pub(super) fn type_ref(&self, node: Node<'_>, attribute: &Attribute) -> TypeRef {
        self.redefined_or_named(self.reference(node, attribute))
    }

    pub(super) fn redefined_or_named(&self, reference: Reference) -> TypeRef {
        match &self.redefined {
            Some(Redefined::Type(name, old)) if *name == reference.name => TypeRef::Inline(*old),
            _ => TypeRef::Named(reference),
        }
    }
}

/// The text of the `xs:documentation` of an element, trimmed.
pub(super) fn documentation(node: Node<'_>) -> Option<Arc<str>> {
    let annotation = node.children().find(|child| is_xsd(*child, "annotation"))?;
    let texts: Vec<String> = annotation
        .children()
        .filter(|child| is_xsd(*child, "documentation"))
        .map(Node::text)
        .filter(|text| !text.is_empty())
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n").into())
}

pub(super) fn named<T>(item: T, node: Node<'_>) -> Named<T> {
    Named { item, span: Some(node.span()), fingerprint: node.fingerprint() }
}

/// Keeps the first definition of a name, and reports another that differs.
pub(super) fn enter<T>(
    names: &mut std::collections::HashMap<QName, Named<T>>,
    report: &mut Report,
    kind: &str,
    name: QName,
    new: Named<T>,
) {
    use std::collections::hash_map::Entry;
    match names.entry(name) {
        Entry::Vacant(vacant) => {
            vacant.insert(new);
        }
        // What is built in for contracts that leave it out gives way to those that do not.
        Entry::Occupied(mut first)
            if first.get().span.is_none() && is_stand_in(&first.key().namespace) =>
        {
            first.insert(new);
        }
        Entry::Occupied(first) => {
            let (Some(first_span), Some(span)) = (first.get().span, new.span) else { return };
            if first.get().fingerprint == new.fingerprint {
                return;
            }
            let message = format!("{kind} `{}` is defined twice", first.key());
            let help = "keep one of the two; the first is used";
            report.push(
                Diagnostic::warning(Code::ContractDuplicate, span, message)
                    .label("differs from the first")
                    .help(help)
                    .note(first_span, "first defined here"),
            );
        }
    }
}
