//! Simple types.

use super::super::facet::FacetCheck;
use super::super::form::Form;
use super::super::graph::{Node, Text, TextKind};
use super::super::lexical::Lexical;
use super::Builder;
use crate::xsd::{Builtin, SimpleType, Variety};

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
        let name = simple.name.as_ref();
        let is_builtin = simple.span.is_none();
        Text {
            component: name.filter(|_| !is_builtin).map_or("".into(), |n| n.local.clone()),
            name: name.map(|n| (self.namespace(&n.namespace), (&*n.local).into())),
            kind,
            check: FacetCheck::new(&simple.facets, is_number, binary),
            documentation: simple.documentation.clone(),
        }
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
