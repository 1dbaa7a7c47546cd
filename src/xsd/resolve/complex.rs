//! Complex types: content in force (Part 1, section 3.4.2).

use super::{Resolving, implied_base};
use crate::xsd::authored::{AuthoredComplex, AuthoredContent};
use crate::xsd::builtin::{ANY_TYPE, builtin_id};
use crate::xsd::model::{
    Builtin, ComplexType, Content, Derivation, Occurs, Particle, Term, TypeDefinition, TypeId,
};

impl Resolving<'_> {
    pub(super) fn complex(&mut self, complex: &AuthoredComplex) -> TypeDefinition {
        let (base, derivation) = match &complex.base {
            Some((base, derivation)) => (self.type_id(base), *derivation),
            None => implied_base(),
        };
        if derivation == Derivation::Extension
            && let Some(missing @ TypeDefinition::Missing { .. }) = self.resolved(base)
        {
            return missing.clone();
        }
        let content = match &complex.content {
            AuthoredContent::Simple(Some(inner)) => Content::Simple(*inner),
            AuthoredContent::Simple(None) => self.inherited_simple(base, complex),
            AuthoredContent::Particles(particle) => {
                let own = particle.as_ref().and_then(|particle| self.expand(particle));
                match derivation {
                    Derivation::Extension => self.extended(base, own, complex),
                    Derivation::Restriction => match own {
                        Some(own) => Content::Particles(own),
                        None => self.restricted(base, complex),
                    },
                }
            }
        };
        let attributes = self.effective_attributes(complex, base, derivation);
        let (base_mixed, base_array) = match self.resolved(base) {
            Some(TypeDefinition::Complex(base)) => {
                (base.mixed && derivation == Derivation::Extension, base.array_type.clone())
            }
            _ => (false, None),
        };
        TypeDefinition::Complex(ComplexType {
            name: complex.name.clone(),
            span: Some(complex.span),
            base: Some((base, derivation)),
            is_abstract: complex.is_abstract,
            mixed: complex.mixed || (base_mixed && !matches!(content, Content::Simple(_))),
            content,
            attributes: attributes.uses,
            any_attribute: attributes.any,
            array_type: attributes.array_type.or(base_array),
            documentation: complex.documentation.clone(),
        })
    }

    /// The simple content a simpleContent derivation keeps from its base.
    fn inherited_simple(&mut self, base: TypeId, complex: &AuthoredComplex) -> Content {
        match self.resolved(base) {
            Some(TypeDefinition::Simple(_) | TypeDefinition::Missing { .. }) => {
                Content::Simple(base)
            }
            Some(TypeDefinition::Complex(ComplexType { content: Content::Simple(id), .. })) => {
                Content::Simple(*id)
            }
            found => {
                if found.is_some() && base != ANY_TYPE {
                    let help = "derive from a type with simple content; any text is taken";
                    self.invalid(complex.span, "the base of a simpleContent holds elements", help);
                }
                Content::Simple(builtin_id(Builtin::AnySimpleType))
            }
        }
    }

    /// A restriction that says no content has none, unless its base is text.
    fn restricted(&mut self, base: TypeId, complex: &AuthoredComplex) -> Content {
        let Some(TypeDefinition::Complex(ComplexType { content: Content::Simple(id), .. })) =
            self.resolved(base)
        else {
            return Content::Empty;
        };
        let id = *id;
        let help = "use `xs:simpleContent`, as is assumed";
        self.invalid(complex.span, "a complexContent restricts a type with simple content", help);
        Content::Simple(id)
    }

    /// Base content, then own.
    fn extended(
        &mut self,
        base: TypeId,
        own: Option<Particle>,
        complex: &AuthoredComplex,
    ) -> Content {
        let base_particle = match self.resolved(base) {
            Some(TypeDefinition::Simple(_)) => {
                let help = "use `xs:simpleContent`, as is assumed";
                self.invalid(complex.span, "a complexContent extends a simple type", help);
                return Content::Simple(base);
            }
            Some(TypeDefinition::Complex(base)) => match &base.content {
                Content::Simple(id) => return Content::Simple(*id),
                Content::Particles(particle) => Some(particle.clone()),
                Content::Empty => None,
            },
            Some(TypeDefinition::Missing { .. }) | None => None,
        };
        if let Some(particle) = &base_particle {
            self.spend(particle);
        }
        match (base_particle, own) {
            (None, None) => Content::Empty,
            (Some(one), None) | (None, Some(one)) => Content::Particles(one),
            (Some(first), Some(then)) => {
                let mut items = Vec::new();
                let span = then.span;
                flatten_into(&mut items, first);
                flatten_into(&mut items, then);
                let term = Term::Sequence(items);
                Content::Particles(Particle { occurs: Occurs::ONCE, term, span })
            }
        }
    }
}

/// A sequence that comes once, inside a sequence, is its items.
fn flatten_into(items: &mut Vec<Particle>, particle: Particle) {
    match particle.term {
        Term::Sequence(inner) if particle.occurs == Occurs::ONCE => items.extend(inner),
        term => items.push(Particle { term, ..particle }),
    }
}
