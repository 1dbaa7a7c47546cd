//! Simple types: variety and facets in force (Part 1, section 3.14.6; Part 2, 4.1.2).

use super::Resolving;
use crate::xsd::authored::{AuthoredSimple, SimpleDerivation};
use crate::xsd::builtin::builtin_id;
use crate::xsd::model::{Builtin, Content, Facets, SimpleType, TypeDefinition, TypeId, Variety};

impl Resolving<'_> {
    pub(super) fn simple(&mut self, simple: &AuthoredSimple) -> TypeDefinition {
        let (base, variety, facets) = match &simple.derivation {
            SimpleDerivation::List(item) => {
                let item = self.type_id(item);
                (builtin_id(Builtin::AnySimpleType), Variety::List(item), Facets::default())
            }
            SimpleDerivation::Union(members) => {
                let members = members.iter().map(|member| self.type_id(member)).collect();
                (builtin_id(Builtin::AnySimpleType), Variety::Union(members), Facets::default())
            }
            SimpleDerivation::Restriction { base, facets } => {
                let named = self.type_id(base);
                match self.simple_base(named, simple) {
                    Ok((id, variety, inherited)) => (id, variety, restrict(inherited, facets)),
                    Err(missing) => return *missing,
                }
            }
        };
        TypeDefinition::Simple(SimpleType {
            name: simple.name.clone(),
            span: Some(simple.span),
            base: Some(base),
            variety,
            facets,
            documentation: simple.documentation.clone(),
        })
    }

    /// What a restriction starts from; the content of a complex base where it has a simple one.
    fn simple_base(
        &mut self,
        id: TypeId,
        simple: &AuthoredSimple,
    ) -> Result<(TypeId, Variety, Facets), Box<TypeDefinition>> {
        let id = match self.resolved(id) {
            Some(TypeDefinition::Complex(complex)) => match complex.content {
                Content::Simple(content) => content,
                _ if complex.base.is_none() || complex.mixed => builtin_id(Builtin::AnySimpleType),
                _ => {
                    let help = "derive from a simple type; any text is taken";
                    self.invalid(simple.span, "a simple type restricts a complex one", help);
                    builtin_id(Builtin::AnySimpleType)
                }
            },
            _ => id,
        };
        match self.resolved(id) {
            Some(TypeDefinition::Simple(base)) => {
                Ok((id, base.variety.clone(), base.facets.clone()))
            }
            Some(missing @ TypeDefinition::Missing { .. }) => Err(Box::new(missing.clone())),
            // Only a cycle leads here; it was reported.
            Some(TypeDefinition::Complex(_)) | None => {
                let id = builtin_id(Builtin::String);
                Ok((id, Variety::Atomic(Builtin::String), Facets::default()))
            }
        }
    }
}

/// The facets after one more restriction step.
fn restrict(inherited: Facets, own: &Facets) -> Facets {
    let mut facets = inherited;
    if !own.enumeration.is_empty() {
        facets.enumeration.clone_from(&own.enumeration);
    }
    facets.patterns.extend(own.patterns.iter().cloned());
    for (slot, value) in [
        (&mut facets.length, own.length),
        (&mut facets.min_length, own.min_length),
        (&mut facets.max_length, own.max_length),
        (&mut facets.total_digits, own.total_digits),
        (&mut facets.fraction_digits, own.fraction_digits),
    ] {
        *slot = value.or(*slot);
    }
    if own.min_inclusive.is_some() || own.min_exclusive.is_some() {
        facets.min_inclusive.clone_from(&own.min_inclusive);
        facets.min_exclusive.clone_from(&own.min_exclusive);
    }
    if own.max_inclusive.is_some() || own.max_exclusive.is_some() {
        facets.max_inclusive.clone_from(&own.max_inclusive);
        facets.max_exclusive.clone_from(&own.max_exclusive);
    }
    facets.white_space = own.white_space.or(facets.white_space);
    facets
}
