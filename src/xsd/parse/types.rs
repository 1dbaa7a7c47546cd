//! `complexType` (Part 1, section 3.4.2).

use super::{Parsing, documentation, is_xsd};
use crate::xml::{Node, QName};
use crate::xsd::authored::{
    AuthoredComplex, AuthoredContent, AuthoredSimple, AuthoredType, SimpleDerivation, TypeRef,
};
use crate::xsd::builtin::ANY_TYPE;
use crate::xsd::model::{Derivation, Facets, TypeId};

impl Parsing<'_> {
    /// A `complexType` element, global or anonymous.
    pub(super) fn complex_type(&mut self, node: Node<'_>, name: Option<QName>) -> TypeId {
        let holder = node
            .children()
            .find(|child| is_xsd(*child, "complexContent") || is_xsd(*child, "simpleContent"));
        let mut complex = match holder.and_then(|holder| self.derivation(holder)) {
            Some(derived) => derived,
            None => AuthoredComplex {
                name: None,
                span: node.span(),
                is_abstract: false,
                mixed: false,
                base: None,
                content: AuthoredContent::Particles(self.model(node)),
                attributes: self.attributes(node),
                documentation: None,
            },
        };
        let flag = |node: Node<'_>, name| is_true(node.value(name));
        complex.name = name;
        complex.span = node.span();
        complex.is_abstract = flag(node, "abstract");
        complex.mixed = match holder.and_then(|holder| holder.value("mixed")) {
            Some(mixed) => is_true(Some(mixed)),
            None => flag(node, "mixed"),
        };
        complex.documentation = documentation(node);
        self.set.add_type(AuthoredType::Complex(Box::new(complex)))
    }

    fn derivation(&mut self, holder: Node<'_>) -> Option<AuthoredComplex> {
        let Some(step) = holder
            .children()
            .find(|child| is_xsd(*child, "extension") || is_xsd(*child, "restriction"))
        else {
            let message = format!("`{}` has no extension or restriction", holder.local());
            self.invalid(holder, message, "add one; the content is taken as empty");
            return None;
        };
        let base = if let Some(base) = step.attribute("base") {
            self.type_ref(step, base)
        } else {
            self.invalid(step, format!("`{}` has no base", step.local()), "add `base`");
            TypeRef::Inline(ANY_TYPE)
        };
        let derivation = if step.local() == "extension" {
            Derivation::Extension
        } else {
            Derivation::Restriction
        };
        let content = if holder.local() == "simpleContent" {
            AuthoredContent::Simple(self.restricted_content(step, &base, derivation))
        } else {
            AuthoredContent::Particles(self.model(step))
        };
        Some(AuthoredComplex {
            name: None,
            span: holder.span(),
            is_abstract: false,
            mixed: false,
            base: Some((base, derivation)),
            content,
            attributes: self.attributes(step),
            documentation: None,
        })
    }

    /// The anonymous simple type a simpleContent restriction makes, where it restricts.
    fn restricted_content(
        &mut self,
        step: Node<'_>,
        base: &TypeRef,
        derivation: Derivation,
    ) -> Option<TypeId> {
        if derivation == Derivation::Extension {
            return None;
        }
        let inline = self.inline_simple_type(step);
        let facets = self.facets(step);
        if is_unrestricted(&facets) {
            return inline;
        }
        let base =
            inline.map_or_else(|| TypeRef::ContentOf(Box::new(base.clone())), TypeRef::Inline);
        Some(self.set.add_type(AuthoredType::Simple(AuthoredSimple {
            name: None,
            span: step.span(),
            derivation: SimpleDerivation::Restriction { base, facets: Box::new(facets) },
            documentation: None,
        })))
    }
}

fn is_unrestricted(facets: &Facets) -> bool {
    let Facets {
        enumeration,
        patterns,
        length,
        min_length,
        max_length,
        min_inclusive,
        min_exclusive,
        max_inclusive,
        max_exclusive,
        total_digits,
        fraction_digits,
        white_space,
    } = facets;
    let numbers = [length, min_length, max_length, total_digits, fraction_digits];
    let bounds = [min_inclusive, min_exclusive, max_inclusive, max_exclusive];
    enumeration.is_empty()
        && patterns.is_empty()
        && white_space.is_none()
        && numbers.iter().all(|n| n.is_none())
        && bounds.iter().all(|b| b.is_none())
}

/// Whether a boolean attribute is true.
pub(super) fn is_true(value: Option<&str>) -> bool {
    matches!(value, Some("true" | "1"))
}
