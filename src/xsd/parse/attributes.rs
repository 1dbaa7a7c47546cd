//! Attributes, attribute groups and their wildcards (Part 1, sections 3.2, 3.4 and 3.6).

use std::sync::Arc;

use super::{Parsing, Redefined, documentation, is_xsd};
use crate::xml::{Node, QName, ns};
use crate::xsd::authored::{
    AttributeItem, AuthoredAttribute, AuthoredAttributes, Presence, TypeRef,
};

/// Dimensions read of an `arraySize`.
const DIMENSIONS_MAX: usize = 8;

impl Parsing<'_> {
    /// The attribute declarations written directly in a type, derivation step or group.
    pub(super) fn attributes(&mut self, parent: Node<'_>) -> AuthoredAttributes {
        let mut attributes = AuthoredAttributes::default();
        for child in parent.children() {
            if is_xsd(child, "attribute") {
                self.array_type(child, &mut attributes.array_type);
                attributes.items.extend(self.attribute_item(child));
            } else if is_xsd(child, "attributeGroup") {
                attributes.items.extend(self.attribute_group_item(child));
            } else if is_xsd(child, "anyAttribute") {
                attributes.any = Some(self.wildcard(child));
            }
        }
        attributes
    }

    /// An attribute declaration under the name it has in messages.
    pub(super) fn attribute_declaration(
        &mut self,
        node: Node<'_>,
        name: QName,
    ) -> AuthoredAttribute {
        let ty = match node.attribute("type") {
            Some(attribute) => Some(self.type_ref(node, attribute)),
            None => self.inline_simple_type(node).map(TypeRef::Inline),
        };
        AuthoredAttribute {
            name,
            ty,
            presence: presence(node),
            default: value(node, "default"),
            fixed: value(node, "fixed"),
            documentation: documentation(node),
            span: node.span(),
        }
    }

    fn attribute_item(&mut self, node: Node<'_>) -> Option<AttributeItem> {
        let Some(reference) = node.attribute("ref") else {
            let name = self.local_name(node, self.attributes_qualified)?;
            return Some(AttributeItem::Own(self.attribute_declaration(node, name)));
        };
        Some(AttributeItem::Ref {
            reference: self.reference(node, reference),
            presence: presence(node),
            default: value(node, "default"),
            fixed: value(node, "fixed"),
        })
    }

    fn attribute_group_item(&mut self, node: Node<'_>) -> Option<AttributeItem> {
        let reference = self.reference(node, node.attribute("ref")?);
        Some(match &self.redefined {
            Some(Redefined::AttributeGroup(name, old)) if *name == reference.name => {
                AttributeItem::Group(*old)
            }
            _ => AttributeItem::GroupRef(reference),
        })
    }

    /// `wsdl:arrayType="tns:Item[,]"`: the item type and the dimensions (WSDL 1.1, section
    /// 2.2); for the encoding of SOAP 1.2, `wsdl:itemType` and `wsdl:arraySize="* 3"`.
    fn array_type(&self, node: Node<'_>, array: &mut Option<(QName, Arc<str>)>) {
        let said = |local| node.attribute_ns(ns::WSDL, local);
        if let Some(attribute) = said("arrayType") {
            let value = attribute.value.trim();
            let (item, dimensions) = value.split_at(value.find('[').unwrap_or(value.len()));
            let name = self.qname(node, item, attribute).name;
            let dimensions = if dimensions.is_empty() { "[]" } else { dimensions };
            *array = Some((name, dimensions.into()));
        } else if let Some(attribute) = said("itemType") {
            let name = self.qname(node, &attribute.value, attribute).name;
            let dimensions = array.take().map_or_else(|| "[]".into(), |(_, dimensions)| dimensions);
            *array = Some((name, dimensions));
        } else if let Some(attribute) = said("arraySize") {
            let rank = attribute.value.split_whitespace().take(DIMENSIONS_MAX).count().max(1);
            let name = array.take().map_or_else(|| QName::new("", ""), |(name, _)| name);
            *array = Some((name, format!("[{}]", ",".repeat(rank - 1)).into()));
        }
    }
}

fn presence(node: Node<'_>) -> Presence {
    match node.value("use") {
        Some("required") => Presence::Required,
        Some("prohibited") => Presence::Prohibited,
        _ => Presence::Optional,
    }
}

fn value(node: Node<'_>, name: &str) -> Option<Arc<str>> {
    node.attribute(name).map(|attribute| Arc::clone(&attribute.value))
}
