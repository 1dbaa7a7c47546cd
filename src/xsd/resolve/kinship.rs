//! Who may stand in for whom: substitution groups and derived types, transitively.

use std::collections::HashMap;

use crate::xsd::builtin::ANY_TYPE;
use crate::xsd::limits::{DERIVATION_DEPTH_MAX, SUBSTITUTION_DEPTH_MAX};
use crate::xsd::model::{ElementDeclaration, ElementId, TypeDefinition, TypeId};

/// Head → members that are not abstract, in document order.
pub(super) fn substitutes(elements: &[ElementDeclaration]) -> HashMap<ElementId, Vec<ElementId>> {
    let mut substitutes: HashMap<ElementId, Vec<ElementId>> = HashMap::new();
    for (at, element) in elements.iter().enumerate().filter(|(_, element)| !element.is_abstract) {
        let id = ElementId(number(at));
        let mut head = element.substitution_head;
        for _ in 0..SUBSTITUTION_DEPTH_MAX {
            let Some(above) = head.filter(|above| *above != id) else { break };
            substitutes.entry(above).or_default().push(id);
            head = elements.get(above.0 as usize).and_then(|above| above.substitution_head);
        }
    }
    for members in substitutes.values_mut() {
        members.dedup();
    }
    substitutes
}

/// Type → named types derived from it, in document order. Of built-in types nothing is
/// listed: everything derives from them.
pub(super) fn derived(types: &[TypeDefinition], builtin: u32) -> HashMap<TypeId, Vec<TypeId>> {
    let mut derived: HashMap<TypeId, Vec<TypeId>> = HashMap::new();
    for (at, ty) in types.iter().enumerate().skip(builtin as usize) {
        let id = TypeId(number(at));
        let named = match ty {
            TypeDefinition::Simple(simple) => simple.name.is_some(),
            TypeDefinition::Complex(complex) => complex.name.is_some(),
            TypeDefinition::Missing { .. } => false,
        };
        let mut base = base_of(ty).filter(|_| named);
        for _ in 0..DERIVATION_DEPTH_MAX {
            let Some(above) = base.filter(|above| *above != id && *above != ANY_TYPE) else {
                break;
            };
            if above.0 >= builtin {
                derived.entry(above).or_default().push(id);
            }
            base = types.get(above.0 as usize).and_then(base_of);
        }
    }
    for types in derived.values_mut() {
        types.dedup();
    }
    derived
}

fn base_of(ty: &TypeDefinition) -> Option<TypeId> {
    match ty {
        TypeDefinition::Simple(simple) => simple.base,
        TypeDefinition::Complex(complex) => complex.base.map(|(base, _)| base),
        TypeDefinition::Missing { .. } => None,
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
