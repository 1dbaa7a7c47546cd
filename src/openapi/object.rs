//! Complex types → object schemas.

use serde_json::Value;
use utoipa::openapi::schema::{AdditionalProperties, Array, ObjectBuilder};
use utoipa::openapi::{RefOr, Schema, Type};

use super::choice::{choices, constraint};
use super::describe::{anything, constant, described, nullable, of_type, paragraphs, with_default};
use super::literal::literal;
use super::names::{Label, Side};
use super::schema::Shaper;
use crate::codec::{Child, Member, MemberSource, Node, Object};

type ObjectSchema = utoipa::openapi::Object;

impl Shaper<'_> {
    /// An object schema; `label` adds the member that names it among alternatives.
    pub(super) fn object(
        &self,
        object: &Object,
        label: Option<&Label>,
        depth: u32,
    ) -> ObjectSchema {
        let mut schema = open(label);
        for (at, member) in object.members.iter().enumerate() {
            let is_label = label.is_some_and(|label| label.property == member.name);
            if member.dropped || is_label {
                continue;
            }
            schema = schema.property(&*member.name, self.member(object, at, depth + 1));
            if is_required(member, self.side) {
                schema = schema.required(&*member.name);
            }
        }
        let (constraints, notes) = choices(object);
        let schema = schema
            .description(paragraphs(object.documentation.as_deref(), &notes))
            .extensions(constraint(constraints));
        self.closed(schema)
    }

    /// A simple value beside the member that names it.
    pub(super) fn labelled_value(&self, label: &Label, value: RefOr<Schema>) -> ObjectSchema {
        let schema = open(Some(label)).property("value", value).required("value");
        self.closed(schema)
    }

    fn closed(&self, schema: ObjectBuilder) -> ObjectSchema {
        if !self.close {
            return schema.build();
        }
        schema.additional_properties(Some(AdditionalProperties::FreeForm(false))).build()
    }

    /// A type that is the value of its only member.
    pub(super) fn unwrapped(&self, object: &Object, only: u16, depth: u32) -> RefOr<Schema> {
        let at = usize::from(only);
        let member = &object.members[at];
        let schema = self.member(object, at, depth + 1);
        if is_null_when_absent(object, member, self.side) { nullable(schema) } else { schema }
    }

    fn member(&self, object: &Object, at: usize, depth: u32) -> RefOr<Schema> {
        let member = &object.members[at];
        let mut notes = Vec::new();
        let mut schema = match member.source {
            MemberSource::Group => self.group_item(object, at, depth),
            MemberSource::Any => wildcard_item(),
            MemberSource::AnyAttribute => wild_attributes(),
            _ => self.content(object, at, depth),
        };
        if let (Some(fixed), Node::Text(text)) = (&member.fixed, self.graph.node(member.node)) {
            match literal(self.graph, text, fixed) {
                Some(value) => schema = constant(value).into(),
                None => notes.push(format!("Always `{fixed}`.")),
            }
        }
        if member.nillable {
            schema = nullable(schema);
        }
        if member.repeats {
            schema = array(member, schema);
        }
        if object.mixed.is_some_and(|mixed| usize::from(mixed) == at) {
            notes.push("XML as text.".to_owned());
        }
        if let (Some(default), Node::Text(text)) = (&member.default, self.graph.node(member.node)) {
            match member.source {
                MemberSource::Attribute => {
                    schema = with_default(schema, literal(self.graph, text, default));
                }
                _ => notes.push(format!("Empty, it means `{default}`.")),
            }
        }
        let text = paragraphs(member.documentation.as_deref(), &notes);
        described(schema, text.as_deref())
    }

    /// The value of an element, an attribute or text.
    fn content(&self, object: &Object, at: usize, depth: u32) -> RefOr<Schema> {
        let stand_ins = stand_ins(object, at);
        if stand_ins.is_empty() {
            return self.value_at(object.members[at].node, depth);
        }
        self.substitutes(&stand_ins)
    }

    /// An object with one member: an element of a repeating group.
    fn group_item(&self, object: &Object, at: usize, depth: u32) -> RefOr<Schema> {
        let mut schema = ObjectBuilder::new().schema_type(Type::Object);
        for child in entries_of(object, at) {
            let Some(label) = child.label.as_deref() else { continue };
            let value = self.value_at(child.node, depth + 1);
            let value = if child.nillable { nullable(value) } else { value };
            schema = schema.property(label, value);
        }
        schema = schema.min_properties(Some(1)).max_properties(Some(1));
        let is_wild = object.any.is_some_and(|any| usize::from(any) == at);
        let schema = if is_wild { schema.build() } else { self.closed(schema) };
        RefOr::T(Schema::Object(schema))
    }
}

/// Whether a member is always there.
pub(super) fn is_required(member: &Member, side: Side) -> bool {
    match (side, member.repeats) {
        (Side::Output, true) => !member.conditional,
        (Side::Output, false) | (Side::Input, true) => member.required,
        // A fixed element is written whether or not the caller sends it.
        (Side::Input, false) => member.required && member.fixed.is_none(),
    }
}

/// Whether a type that is the value of its only member is `null` where nothing came.
pub(super) fn is_null_when_absent(object: &Object, member: &Member, side: Side) -> bool {
    side == Side::Output
        && !object.closed
        && !member.repeats
        && !member.required
        && member.source == MemberSource::Element
}

/// The children that feed a member.
pub(super) fn children_of(object: &Object, at: usize) -> impl Iterator<Item = &Child> {
    object.children.iter().filter(move |c| usize::from(c.member) == at)
}

/// The children that may be entries of a group that repeats.
pub(super) fn entries_of(object: &Object, at: usize) -> impl Iterator<Item = &Child> {
    children_of(object, at).filter(|child| !child.is_abstract)
}

/// The children that may stand in one place under their labels; empty where it is always
/// the same element.
pub(super) fn stand_ins(object: &Object, at: usize) -> Vec<&Child> {
    if object.members[at].source != MemberSource::Element {
        return Vec::new();
    }
    children_of(object, at).filter(|c| c.label.is_some()).collect()
}

fn open(label: Option<&Label>) -> ObjectBuilder {
    let schema = ObjectBuilder::new().schema_type(Type::Object);
    let Some(label) = label else { return schema };
    label.outer.as_deref().into_iter().chain([label]).fold(schema, |schema, label| {
        let name = constant(Value::from(&*label.value));
        let schema = schema.property(&*label.property, name);
        if label.optional { schema } else { schema.required(&*label.property) }
    })
}

fn array(member: &Member, item: RefOr<Schema>) -> RefOr<Schema> {
    let mut array = Array::new(item);
    let count = |n: u32| usize::try_from(n).ok();
    array.min_items = count(member.occurs.0).filter(|min| *min > 0 && member.required);
    array.max_items = member.occurs.1.and_then(count);
    RefOr::T(Schema::Array(array))
}

fn wild_attributes() -> RefOr<Schema> {
    let mut schema = of_type(Type::Object);
    let text = of_type(Type::String);
    schema.additional_properties = Some(Box::new(AdditionalProperties::RefOr(text.into())));
    let words = "Attributes by their names, `{namespace}local` where they have a namespace.";
    described(schema.into(), Some(words))
}

fn wildcard_item() -> RefOr<Schema> {
    let mut schema = of_type(Type::Object);
    let value = anything(
        "The element's value, or its XML as text where the contract has no \
                          such element.",
    );
    schema.additional_properties = Some(Box::new(AdditionalProperties::RefOr(value.into())));
    schema.min_properties = Some(1);
    schema.max_properties = Some(1);
    described(schema.into(), Some("An element by its name."))
}
