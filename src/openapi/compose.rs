//! Composed routes → operations: the parts' together.

use serde_json::{Map, Value};
use utoipa::openapi::path::Parameter;
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{AllOf, ObjectBuilder, SchemaType};
use utoipa::openapi::{Content, ContentBuilder, RefOr, Required, ResponseBuilder, Schema, Type};

use super::component::Components;
use super::describe::{nullable, of_type};
use super::example::example;
use super::names::Side;
use super::operation::{body_of, parameters_of};
use super::response::text_header;
use super::sql;
use crate::plan::{ComposeCall, OnFailure, PartPlan, ResultKind, RoutePlan, Translator};

/// The parameters of all parts: one that several take is one, required where one of them
/// requires it.
pub(super) fn parameters(components: &Components<'_>, call: &ComposeCall) -> Vec<Parameter> {
    let mut all: Vec<Parameter> = Vec::new();
    for parameter in call.parts.iter().flat_map(|p| parameters_of(components, &p.translator)) {
        let same = |other: &&mut Parameter| {
            other.name == parameter.name && other.parameter_in == parameter.parameter_in
        };
        let Some(known) = all.iter_mut().find(same) else {
            all.push(parameter);
            continue;
        };
        let is_required = [&known.required, &parameter.required].contains(&&Required::True);
        // What is sent has to suit every part: the one that asks for most describes it.
        if has_pattern(&parameter) && !has_pattern(known) {
            *known = parameter;
        }
        if is_required {
            known.required = Required::True;
        }
    }
    all
}

/// Whether it is of a type of its own, or has a pattern.
fn has_pattern(parameter: &Parameter) -> bool {
    match &parameter.schema {
        Some(RefOr::T(Schema::Object(object))) => object.pattern.is_some(),
        Some(RefOr::Ref(_)) => true,
        _ => false,
    }
}

/// The body, which every part that takes one is given.
pub(super) fn body(components: &Components<'_>, call: &ComposeCall) -> Option<RequestBody> {
    let bodies = call.parts.iter().filter_map(|part| body_of(components, &part.translator));
    let mut bodies: Vec<RequestBody> = bodies.collect();
    if bodies.len() < 2 {
        return bodies.pop();
    }
    let schema = |content: &RefOr<Content>| match content {
        RefOr::T(content) => content.schema.clone(),
        RefOr::Ref(_) => None,
    };
    let mut all_of = AllOf::new();
    all_of.schema_type = SchemaType::AnyValue;
    all_of.items = bodies.iter().flat_map(|b| b.content.values()).filter_map(schema).collect();
    let content = ContentBuilder::new().schema(Some(RefOr::T(Schema::AllOf(all_of)))).build();
    Some(
        RequestBodyBuilder::new()
            .content("application/json", content)
            .required(Some(Required::True))
            .build(),
    )
}

/// The answer: an object of the parts'.
pub(super) fn response(
    components: &Components<'_>,
    route: &RoutePlan,
    call: &ComposeCall,
) -> ResponseBuilder {
    let mut schema = ObjectBuilder::new().schema_type(Type::Object);
    let mut entries = Some(Map::new());
    for part in &call.parts {
        let (value, example) = member(components, part);
        let is_optional = part.on_failure == OnFailure::Omit;
        let value = match part.on_failure {
            OnFailure::Null => nullable(value),
            OnFailure::Fail | OnFailure::Omit => value,
        };
        schema = schema.property(&part.name, value);
        if !is_optional {
            schema = schema.required(&part.name);
        }
        match (&mut entries, example) {
            (Some(entries), Some(example)) => {
                entries.insert(part.name.clone(), example);
            }
            (_, None) if is_optional => {}
            _ => entries = None,
        }
    }
    let mut builder = ResponseBuilder::new().description("The answers of all parts.");
    if call.parts.iter().any(|part| part.on_failure != OnFailure::Fail) {
        let words = "Names of the parts that failed, where any did.".to_owned();
        builder = builder.header("X-Figleaf-Partial", text_header(words, None));
    }
    if route.method == "HEAD" {
        return builder;
    }
    let content = ContentBuilder::new()
        .schema(Some(RefOr::T(Schema::Object(schema.build()))))
        .example(entries.map(Value::Object))
        .build();
    builder.content("application/json", content)
}

/// The value of a part, `null` where it has nothing to say.
fn member(components: &Components<'_>, part: &PartPlan) -> (RefOr<Schema>, Option<Value>) {
    let nothing = || (of_type(Type::Null).into(), Some(Value::Null));
    match &part.translator {
        Translator::Soap(call) => {
            let Some(node) = call.shown else { return nothing() };
            let schema = components.of(&call.graph, Side::Output).value(node);
            (schema, example(&call.graph, node, Side::Output))
        }
        Translator::Sql(call) => {
            let Some(shape) = sql::answer(call) else { return nothing() };
            let step = call.steps.get(call.answer);
            let is_optional = step.is_some_and(|step| step.result == ResultKind::Optional);
            let schema = if is_optional { nullable(shape.schema) } else { shape.schema };
            (schema, shape.example)
        }
        // Neither is a part of anything.
        Translator::Http(_) | Translator::Compose(_) => nothing(),
    }
}
