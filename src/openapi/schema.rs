//! Types → schemas.

use std::sync::Arc;

use utoipa::openapi::schema::{AnyOf, Discriminator, OneOf, SchemaType};
use utoipa::openapi::{Ref, RefOr, Schema};

use super::component::Components;
use super::describe::{anything, described};
use super::names::{Form, Key, Label, Side};
use crate::codec::{Child, Graph, Node, NodeId, Object};

/// Anonymous types inside each other that are written out; deeper ones allow anything.
pub(super) const INLINE_DEPTH_MAX: u32 = 48;

/// Writes schemas of one graph's values, one way.
#[derive(Clone, Copy)]
pub(super) struct Shaper<'c> {
    pub(super) graph: &'c Graph,
    /// Index of the graph.
    pub(super) at: usize,
    pub(super) side: Side,
    /// Whether objects have no members but those named.
    pub(super) close: bool,
    pub(super) components: &'c Components<'c>,
}

impl Shaper<'_> {
    /// The schema of a value: a reference where the type has a component.
    pub(super) fn value(&self, node: NodeId) -> RefOr<Schema> {
        self.value_at(node, 0)
    }

    pub(super) fn value_at(&self, node: NodeId, depth: u32) -> RefOr<Schema> {
        if self.components.is_component(self.at, node) {
            return self.reference(node, Form::Declared);
        }
        self.inline(node, depth)
    }

    /// The schema behind a reference.
    pub(super) fn component(&self, key: &Key) -> RefOr<Schema> {
        match &key.form {
            Form::Declared => self.inline(key.node, 0),
            Form::Labelled(label) => self.labelled(key.node, label),
        }
    }

    fn reference(&self, node: NodeId, form: Form) -> RefOr<Schema> {
        let key = Key { graph: self.at, node, side: self.side, form };
        RefOr::Ref(Ref::new(self.components.reference(key)))
    }

    /// The schema of a type, written out.
    pub(super) fn inline(&self, node: NodeId, depth: u32) -> RefOr<Schema> {
        if depth > INLINE_DEPTH_MAX {
            return anything("Nested too deeply to be described.").into();
        }
        match self.graph.node(node) {
            Node::Text(text) => self.text(text, depth),
            Node::Any(_) => anything(
                "Any value: text, an object with a `type` of the contract, or `{\"$xml\": \"…\"}` \
                 with XML as text.",
            )
            .into(),
            Node::Object(object) if !object.alternatives.is_empty() => {
                let schema = self.alternatives(node, object);
                described(schema, object.documentation.as_deref())
            }
            Node::Object(object) => match object.unwrap {
                Some(only) => self.unwrapped(object, only, depth),
                None => RefOr::T(Schema::Object(self.object(object, None, depth))),
            },
        }
    }

    /// An alternative, with the member that names it.
    fn labelled(&self, node: NodeId, label: &Label) -> RefOr<Schema> {
        if label.is_element && self.graph.is_beside_label(node) {
            let value = match self.graph.node(node) {
                Node::Object(object) if object.unwrap.is_none() => {
                    RefOr::T(Schema::Object(self.object(object, None, 1)))
                }
                Node::Object(_) => self.value_at(node, 1),
                _ => self.inline(node, 1),
            };
            return RefOr::T(Schema::Object(self.labelled_value(label, value)));
        }
        match self.graph.node(node) {
            Node::Object(object) if object.unwrap.is_none() => {
                RefOr::T(Schema::Object(self.object(object, Some(label), 0)))
            }
            _ => self.inline(node, 0),
        }
    }

    /// The types that may stand in by `xsi:type`.
    fn alternatives(&self, own: NodeId, object: &Object) -> RefOr<Schema> {
        let labels = alternative_labels(own, object, self.side);
        self.one_of(&labels)
    }

    /// The elements that may stand in for another (substitution group).
    pub(super) fn substitutes(&self, children: &[&Child]) -> RefOr<Schema> {
        self.one_of(&substitute_labels(children, self.side))
    }

    fn one_of(&self, labels: &[(NodeId, Label)]) -> RefOr<Schema> {
        let is_labelled = |(node, label): &(NodeId, Label)| {
            label.is_element || !self.graph.is_beside_label(*node)
        };
        let refer =
            |(node, label): &(NodeId, Label)| self.reference(*node, Form::Labelled(label.clone()));
        let items: Vec<RefOr<Schema>> = labels.iter().map(refer).collect();
        let Some((_, first)) = labels.first() else {
            return anything("Nothing may stand here: the type is abstract.").into();
        };
        if !labels.iter().all(is_labelled) {
            let mut any_of = AnyOf::new();
            any_of.schema_type = SchemaType::AnyValue;
            any_of.items = items;
            return RefOr::T(Schema::AnyOf(any_of));
        }
        let mapping = labels.iter().zip(&items).filter_map(|((_, label), item)| match item {
            RefOr::Ref(reference) => Some((&*label.value, &*reference.ref_location)),
            RefOr::T(_) => None,
        });
        let discriminator = Discriminator::with_mapping(&*first.property, mapping);
        let mut one_of = OneOf::new();
        one_of.schema_type = SchemaType::AnyValue;
        one_of.items = items;
        one_of.discriminator = Some(discriminator);
        RefOr::T(Schema::OneOf(one_of))
    }
}

/// The alternatives of a type and how each is named.
pub(super) fn alternative_labels(own: NodeId, object: &Object, side: Side) -> Vec<(NodeId, Label)> {
    let label = |a: &crate::codec::Alternative| Label {
        property: Arc::clone(&object.discriminator),
        value: Arc::clone(&a.label),
        optional: side == Side::Input && a.node == own,
        is_element: false,
    };
    object.alternatives.iter().map(|a| (a.node, label(a))).collect()
}

/// The elements that may stand in one place and how each is named; the declared one first.
pub(super) fn substitute_labels(children: &[&Child], side: Side) -> Vec<(NodeId, Label)> {
    let named = children.iter().enumerate().filter(|(_, child)| !child.is_abstract);
    named
        .filter_map(|(at, child)| {
            let property = Arc::clone(&child.discriminator);
            let value = Arc::clone(child.label.as_ref()?);
            let optional = side == Side::Input && at == 0;
            Some((child.node, Label { property, value, optional, is_element: true }))
        })
        .collect()
}
