//! `simpleType` (Part 1, section 3.14.2).

use super::{Parsing, documentation, is_xsd};
use crate::xml::{Node, QName};
use crate::xsd::authored::{AuthoredSimple, AuthoredType, SimpleDerivation, TypeRef};
use crate::xsd::builtin::builtin_id;
use crate::xsd::model::{Builtin, Facets, TypeId};

impl Parsing<'_> {
    /// A `simpleType` element, global or anonymous.
    pub(super) fn simple_type(&mut self, node: Node<'_>, name: Option<QName>) -> TypeId {
        let derivation = self.simple_derivation(node);
        let documentation = documentation(node);
        let span = node.span();
        let simple = AuthoredSimple { name, span, derivation, documentation };
        self.set.add_type(AuthoredType::Simple(simple))
    }

    /// The inline `simpleType` child, where there is one.
    pub(super) fn inline_simple_type(&mut self, node: Node<'_>) -> Option<TypeId> {
        let inline = node.children().find(|child| is_xsd(*child, "simpleType"))?;
        Some(self.simple_type(inline, None))
    }

    fn simple_derivation(&mut self, node: Node<'_>) -> SimpleDerivation {
        for child in node.children() {
            if is_xsd(child, "restriction") {
                let base = self.ref_or_inline(child, "base");
                let facets = Box::new(self.facets(child));
                return SimpleDerivation::Restriction { base, facets };
            }
            if is_xsd(child, "list") {
                return SimpleDerivation::List(self.ref_or_inline(child, "itemType"));
            }
            if is_xsd(child, "union") {
                return SimpleDerivation::Union(self.union_members(child));
            }
        }
        // The 1999 draft wrote the base on the type itself.
        if let Some(base) = node.attribute("base") {
            let base = self.type_ref(node, base);
            return SimpleDerivation::Restriction { base, facets: Box::new(self.facets(node)) };
        }
        self.invalid(node, "a simple type derives from nothing", "add an `xs:restriction`");
        let base = TypeRef::Inline(builtin_id(Builtin::AnySimpleType));
        SimpleDerivation::Restriction { base, facets: Box::<Facets>::default() }
    }

    fn ref_or_inline(&mut self, node: Node<'_>, attribute: &str) -> TypeRef {
        if let Some(attribute) = node.attribute(attribute) {
            return self.type_ref(node, attribute);
        }
        let inline = self.inline_simple_type(node);
        if inline.is_none() {
            let message = format!("`{}` has neither `{attribute}` nor a type inside", node.local());
            self.invalid(node, message, "name a type; text of any kind is taken");
        }
        TypeRef::Inline(inline.unwrap_or_else(|| builtin_id(Builtin::String)))
    }

    fn union_members(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        let mut members = Vec::new();
        if let Some(attribute) = node.attribute("memberTypes") {
            for lexical in attribute.value.split_ascii_whitespace() {
                members.push(self.redefined_or_named(self.qname(node, lexical, attribute)));
            }
        }
        for child in node.children().filter(|child| is_xsd(*child, "simpleType")) {
            members.push(TypeRef::Inline(self.simple_type(child, None)));
        }
        members
    }
}
