//! `element` declarations (Part 1, section 3.3.2).

use std::sync::Arc;

use super::types::is_true;
use super::{Parsing, documentation, is_xsd};
use crate::xml::{Node, QName};
use crate::xsd::authored::{AuthoredElement, TypeRef};
use crate::xsd::model::ElementId;

impl Parsing<'_> {
    /// Declares an element under the name it has in messages.
    pub(super) fn element_declaration(
        &mut self,
        node: Node<'_>,
        name: QName,
        global: bool,
    ) -> ElementId {
        let ty = match node.attribute("type") {
            Some(attribute) => Some(self.type_ref(node, attribute)),
            None => self.inline_type(node).map(TypeRef::Inline),
        };
        let value = |name| node.attribute(name).map(|attribute| Arc::clone(&attribute.value));
        let head = node.attribute("substitutionGroup").filter(|_| global);
        let element = AuthoredElement {
            name,
            global,
            ty,
            nillable: is_true(node.value("nillable")) || is_true(node.value("nullable")),
            is_abstract: is_true(node.value("abstract")),
            default: value("default"),
            fixed: value("fixed"),
            head: head.map(|attribute| self.reference(node, attribute)),
            documentation: documentation(node),
            span: node.span(),
        };
        self.set.add_element(element)
    }

    fn inline_type(&mut self, node: Node<'_>) -> Option<crate::xsd::model::TypeId> {
        let inline = node
            .children()
            .find(|child| is_xsd(*child, "complexType") || is_xsd(*child, "simpleType"))?;
        Some(if inline.local() == "complexType" {
            self.complex_type(inline, None)
        } else {
            self.simple_type(inline, None)
        })
    }

    /// The name of a local element or attribute by its form.
    pub(super) fn local_name(&mut self, node: Node<'_>, qualified: bool) -> Option<QName> {
        let name = self.name_of(node)?;
        let qualified = match node.value("form") {
            Some(form) => form == "qualified",
            None => qualified,
        };
        Some(if qualified { name } else { QName { namespace: "".into(), ..name } })
    }
}
