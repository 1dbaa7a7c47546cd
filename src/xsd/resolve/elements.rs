//! Element declarations (Part 1, section 3.3.2).

use super::Resolving;
use crate::xsd::builtin::ANY_TYPE;
use crate::xsd::limits::SUBSTITUTION_DEPTH_MAX;
use crate::xsd::model::{ElementDeclaration, TypeId};

impl Resolving<'_> {
    /// Every authored element, in the order of their ids.
    pub(super) fn all_elements(&mut self) -> Vec<ElementDeclaration> {
        let authored = self.authored;
        let mut elements = Vec::with_capacity(authored.elements.len());
        for (at, element) in authored.elements.iter().enumerate() {
            let head = element.head.as_ref().map(|head| self.element_id(head));
            elements.push(ElementDeclaration {
                name: element.name.clone(),
                global: element.global,
                ty: self.element_type(at),
                nillable: element.nillable,
                is_abstract: element.is_abstract,
                default: element.default.clone(),
                fixed: element.fixed.clone(),
                substitution_head: head,
                documentation: element.documentation.clone(),
                span: element.span,
            });
        }
        elements
    }

    /// Its own type, else that of its head, else anyType.
    fn element_type(&mut self, at: usize) -> TypeId {
        let authored = self.authored;
        let mut element = &authored.elements[at];
        for _ in 0..SUBSTITUTION_DEPTH_MAX {
            if let Some(ty) = &element.ty {
                return self.type_id(ty);
            }
            let Some(head) = &element.head else { return ANY_TYPE };
            let Some(named) = authored.names.elements.get(&head.name) else { return ANY_TYPE };
            element = &authored.elements[named.item.0 as usize];
        }
        ANY_TYPE
    }
}
