//! Parameters of a route.

use serde_json::Value;
use utoipa::openapi::path::{
    Parameter as ParameterSchema, ParameterBuilder, ParameterIn, ParameterStyle,
};
use utoipa::openapi::schema::{Array, SchemaType};
use utoipa::openapi::{Object, RefOr, Required, Schema, Type};

use super::describe::{of_type, with_default};
use super::literal::literal;
use super::schema::Shaper;
use crate::codec::{Node, TextKind};
use crate::plan::{Parameter, ParameterPlace};

/// A parameter of a route that is translated.
pub(super) fn parameter(
    shaper: &Shaper<'_>,
    parameter: &Parameter,
    example: Option<Value>,
) -> ParameterSchema {
    let is_list = matches!(shaper.graph.node(parameter.node),
        Node::Text(text) if matches!(text.kind, TextKind::List(_)));
    let schema = value(shaper, parameter, is_list);
    let builder = ParameterBuilder::new()
        .name(&parameter.name)
        .parameter_in(place(parameter.place))
        .required(required(parameter.required || parameter.place == ParameterPlace::Path))
        .description(parameter.documentation.as_deref());
    let is_query = parameter.place == ParameterPlace::Query;
    let builder = match (parameter.repeats, is_list) {
        (true, _) if is_query => builder.style(Some(ParameterStyle::Form)).explode(Some(true)),
        (false, true) if is_query => {
            builder.style(Some(ParameterStyle::SpaceDelimited)).explode(Some(false))
        }
        _ => builder,
    };
    builder.schema(Some(schema)).example(example).build()
}

/// A segment of the path of a route that is passed through.
pub(super) fn path_segment(name: &str) -> ParameterSchema {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(of_type(Type::String)))
        .build()
}

fn value(shaper: &Shaper<'_>, parameter: &Parameter, is_list: bool) -> RefOr<Schema> {
    let Node::Text(text) = shaper.graph.node(parameter.node) else {
        return of_type(Type::String).into();
    };
    if is_list && parameter.place != ParameterPlace::Query {
        return of_type(Type::String).into();
    }
    let (low, high) = parameter.bounds;
    let bounded = low.or(high).is_some();
    let mut schema =
        if bounded { shaper.inline(parameter.node, 0) } else { shaper.value(parameter.node) };
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        bounds(object, low, high);
        // A parameter is text: there is no `null`.
        if let SchemaType::Array(types) = &object.schema_type
            && let Some(first) = types.first().cloned()
        {
            object.schema_type = SchemaType::Type(first);
        }
    }
    if parameter.repeats {
        schema = RefOr::T(Schema::Array(Array::new(schema)));
    }
    let default = parameter.default.as_ref().and_then(|text_of| {
        let value = literal(shaper.graph, text, text_of)?;
        Some(if parameter.repeats { vec![value].into() } else { value })
    });
    with_default(schema, default)
}

/// The mapping's bounds; they can only narrow the contract's.
pub(super) fn bounds(schema: &mut Object, low: Option<i64>, high: Option<i64>) {
    let is_number = |ty: &Type| matches!(ty, Type::Integer | Type::Number);
    let numeric = match &schema.schema_type {
        SchemaType::Type(ty) => is_number(ty),
        SchemaType::Array(types) => types.iter().any(is_number),
        SchemaType::AnyValue => false,
    };
    if !numeric {
        return;
    }
    let number = |n: i64| isize::try_from(n).ok().map(utoipa::Number::Int);
    if let Some(low) = low.and_then(number) {
        schema.minimum = Some(low);
    }
    if let Some(high) = high.and_then(number) {
        schema.maximum = Some(high);
    }
}

/// A place as utoipa knows it.
pub(super) fn place(place: ParameterPlace) -> ParameterIn {
    match place {
        ParameterPlace::Path => ParameterIn::Path,
        ParameterPlace::Query => ParameterIn::Query,
        ParameterPlace::Header => ParameterIn::Header,
    }
}

/// Whether a parameter must be sent, as utoipa knows it.
pub(super) fn required(is_required: bool) -> Required {
    if is_required { Required::True } else { Required::False }
}
