//! Schema components as authors wrote them: names not looked up, groups not expanded.
//!
//! Types and elements already have their final ids, so resolving never moves them.

use std::collections::HashMap;
use std::sync::Arc;

use super::model::{Derivation, ElementId, Facets, Occurs, SimpleType, TypeId, Wildcard};
use crate::diagnostic::Span;
use crate::xml::QName;

/// Everything that was parsed, over all documents.
#[derive(Debug, Default)]
pub(super) struct Authored {
    pub types: Vec<AuthoredType>,
    pub elements: Vec<AuthoredElement>,
    pub groups: Vec<AuthoredGroup>,
    pub attribute_groups: Vec<AuthoredAttributes>,
    pub names: Names,
    /// Whether ids below these are built in, so that a document may not redefine them.
    pub builtin_types: u32,
}

/// Global components by expanded name, one table per symbol space.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub types: HashMap<QName, Named<TypeId>>,
    pub elements: HashMap<QName, Named<ElementId>>,
    pub attributes: HashMap<QName, Named<AuthoredAttribute>>,
    pub groups: HashMap<QName, Named<GroupId>>,
    pub attribute_groups: HashMap<QName, Named<AttributeGroupId>>,
}

/// A global component with what is needed to tell a repeat from a contradiction.
#[derive(Debug, Clone)]
pub(super) struct Named<T> {
    pub item: T,
    /// `None` for built-in components.
    pub span: Option<Span>,
    /// Hash of its source, white space aside.
    pub fingerprint: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GroupId(pub u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AttributeGroupId(pub u32);

/// A name used somewhere.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    pub name: QName,
    /// The same local name in the document's own namespace, where the author wrote no
    /// prefix: schemas forget it.
    pub fallback: Option<QName>,
    pub span: Span,
}

/// What a `type`, `base` or `itemType` says.
#[derive(Debug, Clone)]
pub(super) enum TypeRef {
    Named(Reference),
    Inline(TypeId),
    /// The simple content of the complex type meant (simpleContent/restriction).
    ContentOf(Box<TypeRef>),
}

#[derive(Debug)]
pub(super) enum AuthoredType {
    /// Complete as it is.
    Builtin(Box<SimpleType>),
    AnyType,
    Simple(AuthoredSimple),
    Complex(Box<AuthoredComplex>),
}

#[derive(Debug)]
pub(super) struct AuthoredSimple {
    pub name: Option<QName>,
    pub span: Span,
    pub derivation: SimpleDerivation,
    pub documentation: Option<Arc<str>>,
}

#[derive(Debug)]
pub(super) enum SimpleDerivation {
    Restriction { base: TypeRef, facets: Box<Facets> },
    List(TypeRef),
    Union(Vec<TypeRef>),
}

#[derive(Debug)]
pub(super) struct AuthoredComplex {
    pub name: Option<QName>,
    pub span: Span,
    pub is_abstract: bool,
    pub mixed: bool,
    /// `None` without complexContent or simpleContent: a restriction of anyType.
    pub base: Option<(TypeRef, Derivation)>,
    pub content: AuthoredContent,
    pub attributes: AuthoredAttributes,
    pub documentation: Option<Arc<str>>,
}

#[derive(Debug)]
pub(super) enum AuthoredContent {
    Particles(Option<AuthoredParticle>),
    /// simpleContent; with the restricted type where there is one.
    Simple(Option<TypeId>),
}

#[derive(Debug, Clone)]
pub(super) struct AuthoredParticle {
    pub occurs: Occurs,
    pub span: Span,
    pub term: AuthoredTerm,
}

#[derive(Debug, Clone)]
pub(super) enum AuthoredTerm {
    Element(ElementId),
    ElementRef(Reference),
    GroupRef(Reference),
    /// A group by id: the redefined one inside its redefinition.
    Group(GroupId),
    Sequence(Vec<AuthoredParticle>),
    Choice(Vec<AuthoredParticle>),
    All(Vec<AuthoredParticle>),
    Any(Wildcard),
}

#[derive(Debug)]
pub(super) struct AuthoredGroup {
    pub particle: Option<AuthoredParticle>,
}

#[derive(Debug)]
pub(super) struct AuthoredElement {
    pub name: QName,
    pub global: bool,
    /// `None`: the type of its head, or anyType.
    pub ty: Option<TypeRef>,
    pub nillable: bool,
    pub is_abstract: bool,
    pub default: Option<Arc<str>>,
    pub fixed: Option<Arc<str>>,
    pub head: Option<Reference>,
    pub documentation: Option<Arc<str>>,
    pub span: Span,
}

/// Attribute declarations of a type or an attribute group.
#[derive(Debug, Default)]
pub(super) struct AuthoredAttributes {
    pub items: Vec<AttributeItem>,
    pub any: Option<Wildcard>,
    pub array_type: Option<(QName, Arc<str>)>,
}

#[derive(Debug)]
pub(super) enum AttributeItem {
    Own(AuthoredAttribute),
    Ref {
        reference: Reference,
        presence: Presence,
        default: Option<Arc<str>>,
        fixed: Option<Arc<str>>,
    },
    GroupRef(Reference),
    /// The redefined group inside its redefinition.
    Group(AttributeGroupId),
}

#[derive(Debug, Clone)]
pub(super) struct AuthoredAttribute {
    pub name: QName,
    /// `None`: anySimpleType.
    pub ty: Option<TypeRef>,
    pub presence: Presence,
    pub default: Option<Arc<str>>,
    pub fixed: Option<Arc<str>>,
    pub documentation: Option<Arc<str>>,
    pub span: Span,
}

/// The `use` of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Optional,
    Required,
    Prohibited,
}

impl Authored {
    pub fn add_type(&mut self, ty: AuthoredType) -> TypeId {
        self.types.push(ty);
        TypeId(index(self.types.len()))
    }

    pub fn add_element(&mut self, element: AuthoredElement) -> ElementId {
        self.elements.push(element);
        ElementId(index(self.elements.len()))
    }

    pub fn add_group(&mut self, group: AuthoredGroup) -> GroupId {
        self.groups.push(group);
        GroupId(index(self.groups.len()))
    }

    pub fn add_attribute_group(&mut self, group: AuthoredAttributes) -> AttributeGroupId {
        self.attribute_groups.push(group);
        AttributeGroupId(index(self.attribute_groups.len()))
    }
}

fn index(len: usize) -> u32 {
    u32::try_from(len - 1).unwrap_or(u32::MAX)
}
