//! Attribute uses in force: groups flattened, base uses first (Part 1, section 3.4.2).

use std::collections::HashMap;
use std::sync::Arc;

use super::Resolving;
use crate::diagnostic::Span;
use crate::xml::QName;
use crate::xsd::authored::{
    AttributeGroupId, AttributeItem, AuthoredAttribute, AuthoredAttributes, AuthoredComplex,
    Presence, Reference,
};
use crate::xsd::builtin::builtin_id;
use crate::xsd::limits::{ATTRIBUTE_GROUP_DEPTH_MAX, ATTRIBUTE_USES_MAX};
use crate::xsd::model::{
    AttributeUse, Builtin, Derivation, NamespaceConstraint, TypeDefinition, TypeId, Wildcard,
};

/// The attributes of one type.
#[derive(Debug, Default)]
pub(super) struct Effective {
    pub uses: Vec<AttributeUse>,
    pub any: Option<Wildcard>,
    pub array_type: Option<(QName, Arc<str>)>,
    positions: HashMap<QName, usize>,
    prohibited: Vec<QName>,
}

impl Effective {
    fn put(&mut self, attribute: AttributeUse) {
        if let Some(at) = self.positions.get(&attribute.name) {
            self.uses[*at] = attribute;
        } else {
            self.positions.insert(attribute.name.clone(), self.uses.len());
            self.uses.push(attribute);
        }
    }
}

impl Resolving<'_> {
    pub(super) fn effective_attributes(
        &mut self,
        complex: &AuthoredComplex,
        base: TypeId,
        derivation: Derivation,
    ) -> Effective {
        let mut all = Effective::default();
        let mut base_any = None;
        if let Some(TypeDefinition::Complex(base)) = self.resolved(base) {
            base_any.clone_from(&base.any_attribute);
            let uses = base.attributes.clone();
            if self.afford(uses.len(), complex.span) {
                for attribute in uses {
                    all.put(attribute);
                }
            }
        }
        self.collect(&complex.attributes, complex.span, &mut all, &mut Vec::new());
        if !all.prohibited.is_empty() {
            let prohibited = std::mem::take(&mut all.prohibited);
            all.uses.retain(|attribute| !prohibited.contains(&attribute.name));
        }
        if derivation == Derivation::Extension {
            all.any = union(all.any, base_any);
        }
        all
    }

    /// Global attributes, for wildcards.
    pub(super) fn global_attributes(&mut self) -> HashMap<QName, AttributeUse> {
        let authored = self.authored;
        let mut names: Vec<_> = authored.names.attributes.iter().collect();
        names.sort_unstable_by_key(|(_, named)| named.span);
        names
            .into_iter()
            .map(|(name, named)| (name.clone(), self.attribute_use(&named.item)))
            .collect()
    }

    fn collect(
        &mut self,
        attributes: &AuthoredAttributes,
        span: Span,
        all: &mut Effective,
        groups: &mut Vec<AttributeGroupId>,
    ) {
        if attributes.array_type.is_some() {
            all.array_type.clone_from(&attributes.array_type);
        }
        if let Some(own) = &attributes.any {
            all.any = Some(match all.any.take() {
                Some(other) => intersection(own, &other),
                None => own.clone(),
            });
        }
        if !self.afford(attributes.items.len(), span) {
            return;
        }
        for item in &attributes.items {
            match item {
                AttributeItem::Own(own) => self.put(own, own.presence, all),
                AttributeItem::Ref { reference, presence, default, fixed } => {
                    let Some(global) = self.attribute(reference) else {
                        self.put_missing(reference, all);
                        continue;
                    };
                    let mut own = global.clone();
                    own.default = default.clone().or(own.default);
                    own.fixed = fixed.clone().or(own.fixed);
                    self.put(&own, *presence, all);
                }
                AttributeItem::Group(id) => self.collect_group(*id, span, all, groups),
                AttributeItem::GroupRef(reference) => {
                    let Some(id) = self.attribute_group(reference) else {
                        self.put_missing(reference, all);
                        continue;
                    };
                    self.collect_group(id, reference.span, all, groups);
                }
            }
        }
    }

    fn collect_group(
        &mut self,
        id: AttributeGroupId,
        span: Span,
        all: &mut Effective,
        groups: &mut Vec<AttributeGroupId>,
    ) {
        if groups.contains(&id) {
            let help = "break the circle; the inner reference is left out";
            self.invalid(span, "an attribute group contains itself", help);
            return;
        }
        if groups.len() >= ATTRIBUTE_GROUP_DEPTH_MAX {
            self.limit("attribute groups inside each other", ATTRIBUTE_GROUP_DEPTH_MAX, span);
            return;
        }
        groups.push(id);
        let authored = self.authored;
        self.collect(&authored.attribute_groups[id.0 as usize], span, all, groups);
        groups.pop();
    }

    fn put(&mut self, own: &AuthoredAttribute, presence: Presence, all: &mut Effective) {
        if presence == Presence::Prohibited {
            all.prohibited.push(own.name.clone());
            return;
        }
        let mut attribute = self.attribute_use(own);
        attribute.required = presence == Presence::Required;
        all.put(attribute);
    }

    /// An optional attribute of a type that is missing, in the place of what is nowhere
    /// defined.
    fn put_missing(&mut self, reference: &Reference, all: &mut Effective) {
        // `soapenc:arrayType` only says what an array holds; many forget its import.
        if &*reference.name.local == "arrayType" {
            return;
        }
        let ty = self.missing_type(reference);
        all.put(AttributeUse {
            name: reference.name.clone(),
            ty,
            required: false,
            default: None,
            fixed: None,
            documentation: None,
            span: reference.span,
        });
    }

    fn attribute_use(&mut self, own: &AuthoredAttribute) -> AttributeUse {
        let ty = match &own.ty {
            Some(reference) => self.type_id(reference),
            None => builtin_id(Builtin::AnySimpleType),
        };
        AttributeUse {
            name: own.name.clone(),
            ty,
            required: own.presence == Presence::Required,
            default: own.default.clone(),
            fixed: own.fixed.clone(),
            documentation: own.documentation.clone(),
            span: own.span,
        }
    }

    fn afford(&mut self, count: usize, span: Span) -> bool {
        let affordable = count <= self.attributes_left;
        if affordable {
            self.attributes_left -= count;
        } else {
            self.limit("attribute uses", ATTRIBUTE_USES_MAX, span);
        }
        affordable
    }
}

/// What either lets in (section 3.10.6), wider where it cannot be said exactly.
fn union(own: Option<Wildcard>, base: Option<Wildcard>) -> Option<Wildcard> {
    use NamespaceConstraint as N;
    let (own, base) = match (own, base) {
        (Some(own), Some(base)) => (own, base),
        (one, other) => return one.or(other),
    };
    let namespaces = match (own.namespaces, base.namespaces) {
        (N::List(mut a), N::List(b)) => {
            a.extend(b);
            a.sort_unstable();
            a.dedup();
            N::List(a)
        }
        (a, b) if a == b => a,
        _ => N::Any,
    };
    Some(Wildcard { namespaces, span: own.span })
}

/// What both let in, the first where it cannot be said exactly.
fn intersection(first: &Wildcard, second: &Wildcard) -> Wildcard {
    use NamespaceConstraint as N;
    let namespaces = match (&first.namespaces, &second.namespaces) {
        (N::Any, other) => other.clone(),
        (N::List(list), N::List(other)) => {
            N::List(list.iter().filter(|ns| other.contains(ns)).cloned().collect())
        }
        (N::List(list), N::Other(not)) | (N::Other(not), N::List(list)) => {
            N::List(list.iter().filter(|ns| *ns != not && !ns.is_empty()).cloned().collect())
        }
        (one, _) => one.clone(),
    };
    Wildcard { namespaces, span: first.span }
}
