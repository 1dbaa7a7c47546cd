//! Looking names up, and saying what is missing.

use std::collections::HashMap;

use super::Resolving;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::xml::QName;
use crate::xsd::authored::{
    AttributeGroupId, AuthoredAttribute, GroupId, Named, Reference, TypeRef,
};
use crate::xsd::model::{ElementDeclaration, ElementId, TypeDefinition, TypeId};

/// Missing names that get a did-you-mean; searching costs the size of the contract each.
const SUGGESTIONS_MAX: usize = 100;

/// The symbol space of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Type,
    Element,
    Attribute,
    Group,
    AttributeGroup,
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Element => "element",
            Self::Attribute => "attribute",
            Self::Group => "group",
            Self::AttributeGroup => "attribute group",
        }
    }
}

impl<'a> Resolving<'a> {
    /// The id of a type, or of a [`TypeDefinition::Missing`].
    pub(super) fn type_id(&mut self, reference: &TypeRef) -> TypeId {
        let reference = match reference {
            TypeRef::Inline(id) => return *id,
            TypeRef::ContentOf(inner) => return self.type_id(inner),
            TypeRef::Named(reference) => reference,
        };
        let authored = self.authored;
        if let Some(named) = self.find(Kind::Type, &authored.names.types, reference) {
            return named.item;
        }
        let first = authored.types.len();
        if let Some(id) = self.known_missing(Kind::Type, &reference.name) {
            return TypeId(id);
        }
        let id = number(first + self.missing_types.len());
        let Reference { name, span, .. } = reference.clone();
        self.missing_types.push(TypeDefinition::Missing { name, span });
        self.tell_missing(Kind::Type, reference, id, &authored.names.types);
        TypeId(id)
    }

    /// The id of a global element; of one with a missing type where there is none.
    pub(super) fn element_id(&mut self, reference: &Reference) -> ElementId {
        let authored = self.authored;
        if let Some(named) = self.find(Kind::Element, &authored.names.elements, reference) {
            return named.item;
        }
        if let Some(id) = self.known_missing(Kind::Element, &reference.name) {
            return ElementId(id);
        }
        let id = number(authored.elements.len() + self.missing_elements.len());
        let ty = number(authored.types.len() + self.missing_types.len());
        let Reference { name, span, .. } = reference.clone();
        self.missing_types.push(TypeDefinition::Missing { name: name.clone(), span });
        self.missing_elements.push(ElementDeclaration {
            name,
            global: true,
            ty: TypeId(ty),
            nillable: false,
            is_abstract: false,
            default: None,
            fixed: None,
            substitution_head: None,
            documentation: None,
            span,
        });
        self.tell_missing(Kind::Element, reference, id, &authored.names.elements);
        ElementId(id)
    }

    /// Stands in for a group or an attribute that is defined nowhere, so that whatever
    /// reaches it is known to be incomplete.
    pub(super) fn missing_type(&mut self, reference: &Reference) -> TypeId {
        let ty = number(self.authored.types.len() + self.missing_types.len());
        let Reference { name, span, .. } = reference.clone();
        self.missing_types.push(TypeDefinition::Missing { name, span });
        TypeId(ty)
    }

    /// An element in the place of a group that is defined nowhere.
    pub(super) fn missing_group(&mut self, reference: &Reference) -> ElementId {
        let ty = self.missing_type(reference);
        let id = number(self.authored.elements.len() + self.missing_elements.len());
        let Reference { name, span, .. } = reference.clone();
        self.missing_elements.push(ElementDeclaration {
            name,
            global: true,
            ty,
            nillable: false,
            is_abstract: false,
            default: None,
            fixed: None,
            substitution_head: None,
            documentation: None,
            span,
        });
        ElementId(id)
    }

    pub(super) fn attribute(&mut self, reference: &Reference) -> Option<&'a AuthoredAttribute> {
        let names = &self.authored.names.attributes;
        let found = self.find(Kind::Attribute, names, reference).map(|named| &named.item);
        if found.is_none() && self.known_missing(Kind::Attribute, &reference.name).is_none() {
            self.tell_missing(Kind::Attribute, reference, 0, names);
        }
        found
    }

    pub(super) fn group(&mut self, reference: &Reference) -> Option<GroupId> {
        let names = &self.authored.names.groups;
        let found = self.find(Kind::Group, names, reference).map(|named| named.item);
        if found.is_none() && self.known_missing(Kind::Group, &reference.name).is_none() {
            self.tell_missing(Kind::Group, reference, 0, names);
        }
        found
    }

    pub(super) fn attribute_group(&mut self, reference: &Reference) -> Option<AttributeGroupId> {
        let names = &self.authored.names.attribute_groups;
        let found = self.find(Kind::AttributeGroup, names, reference).map(|named| named.item);
        if found.is_none() && self.known_missing(Kind::AttributeGroup, &reference.name).is_none() {
            self.tell_missing(Kind::AttributeGroup, reference, 0, names);
        }
        found
    }

    /// The component of a name, or of the same name with the prefix the author forgot.
    fn find<'n, T>(
        &mut self,
        kind: Kind,
        names: &'n HashMap<QName, Named<T>>,
        reference: &Reference,
    ) -> Option<&'n Named<T>> {
        if let Some(found) = names.get(&reference.name) {
            return Some(found);
        }
        let found = names.get(reference.fallback.as_ref()?)?;
        if self.missing_ids.insert((kind, reference.name.clone()), u32::MAX).is_none() {
            let local = &reference.name.local;
            let message = format!("{} `{local}` lacks the prefix of its namespace", kind.words());
            let help = "write the prefix of the schema's target namespace, as is assumed";
            self.invalid(reference.span, message, help);
        }
        Some(found)
    }

    fn known_missing(&self, kind: Kind, name: &QName) -> Option<u32> {
        self.missing_ids.get(&(kind, name.clone())).copied()
    }

    fn tell_missing<T>(
        &mut self,
        kind: Kind,
        reference: &Reference,
        id: u32,
        names: &HashMap<QName, Named<T>>,
    ) {
        self.missing_ids.insert((kind, reference.name.clone()), id);
        let name = &reference.name;
        let message = match name.namespace.strip_prefix('?') {
            Some(prefix) => format!("prefix `{prefix}` of `{}` is not declared", name.local),
            None => format!("{} `{}` is defined nowhere", kind.words(), name.local),
        };
        let suggest = self.missing_ids.len() <= SUGGESTIONS_MAX;
        self.report.push(
            Diagnostic::warning(Code::ContractReferenceMissing, reference.span, message)
                .label("not defined")
                .help(help(name, suggest, || names.keys())),
        );
    }
}

/// What to do about a missing name: the likely slip, or the import that is not there.
fn help<'n, I>(name: &QName, suggest: bool, names: impl Fn() -> I) -> String
where
    I: Iterator<Item = &'n QName>,
{
    if name.namespace.starts_with('?') {
        return "declare the prefix with an `xmlns:` attribute".to_owned();
    }
    let in_namespace = || names().filter(|known| known.namespace == name.namespace);
    if suggest {
        if let Some(near) = did_you_mean(&name.local, in_namespace().map(|known| &*known.local)) {
            return format!("did you mean `{near}`?");
        }
        let mut elsewhere: Vec<&QName> = names().filter(|k| k.local == name.local).collect();
        elsewhere.sort_unstable();
        if let Some(other) = elsewhere.first() {
            return format!(
                "the name is in namespace `{}`; one of that name is in `{}`: check the prefix",
                name.namespace, other.namespace
            );
        }
    }
    if in_namespace().next().is_none() {
        format!(
            "nothing of namespace `{}` was read: add the import that defines it",
            name.namespace
        )
    } else {
        format!("namespace `{}` has no such name: check the spelling", name.namespace)
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
