//! Simple types.

use super::super::facet::FacetCheck;
use super::super::form::Form;
use super::super::graph::{Node, Text, TextKind};
use super::super::lexical::Lexical;
use super::Builder;
use crate::xml::QName;
use crate::xsd::{Builtin, SimpleType, TypeDefinition, Variety};

/// Derivation steps from an anonymous type to a named one; resolving allows no more.
const BASES_MAX: u32 = 128;

impl Builder<'_> {
    /// Lowers a simple type.
    pub(super) fn text(&mut self, simple: &SimpleType) -> Text {
        let kind = match &simple.variety {
            Variety::Atomic(Builtin::NmTokens) => self.list_of(Builtin::NmToken),
            Variety::Atomic(Builtin::IdRefs) => self.list_of(Builtin::IdRef),
            Variety::Atomic(Builtin::Entities) => self.list_of(Builtin::Entity),
            Variety::Atomic(builtin) => TextKind::Atomic(match Lexical::of(*builtin) {
                Lexical::String(rule) => Lexical::String(simple.facets.white_space.unwrap_or(rule)),
                other => other,
            }),
            Variety::List(item) => TextKind::List(self.node(*item)),
            Variety::Union(members) => {
                TextKind::Union(members.iter().map(|member| self.node(*member)).collect())
            }
        };
        let is_number = matches!(
            kind,
            TextKind::Atomic(Lexical::Integer { .. } | Lexical::Decimal | Lexical::Float)
        );
        let binary = match kind {
            TextKind::Atomic(Lexical::Form(form @ (Form::Base64 | Form::Hex))) => Some(form),
            _ => None,
        };
        let name = self.nearest_name(simple);
        let check = FacetCheck::new(&simple.facets, is_number, binary);
        let check = if matches!(kind, TextKind::List(_)) { check.of_items() } else { check };
        let own = simple.name.as_ref();
        let is_builtin = simple.span.is_none();
        Text {
            component: own.filter(|_| !is_builtin).map_or("".into(), |n| n.local.clone()),
            name: name.map(|n| (self.namespace(&n.namespace), (&*n.local).into())),
            kind,
            check,
            documentation: simple.documentation.clone(),
        }
    }

    /// The name of the type, or of the nearest base that has one.
    pub(super) fn nearest_name(&self, simple: &SimpleType) -> Option<QName> {
        let mut at = simple;
        for _ in 0..BASES_MAX {
            if let Some(name) = &at.name {
                return Some(name.clone());
            }
            match self.schema.ty(at.base?) {
                TypeDefinition::Simple(base) => at = base,
                _ => return None,
            }
        }
        None
    }

    fn list_of(&mut self, item: Builtin) -> TextKind {
        let item = Text {
            component: "".into(),
            name: None,
            kind: TextKind::Atomic(Lexical::of(item)),
            check: FacetCheck::default(),
            documentation: None,
        };
        TextKind::List(self.push(Node::Text(item)))
    }
}
