//! Parameters of a SQL route, those of its order and pages among them.

use serde_json::{Value, json};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::schema::{Array, KnownFormat, SchemaFormat};
use utoipa::openapi::{Object, RefOr, Schema, Type as JsonType};

use super::super::describe::{of_type, with_default};
use super::super::literal::number;
use super::super::parameter::{bounds, place, required};
use super::value::{Place, value};
use crate::plan::{PagePlan, PageStyle, ParameterPlace, SqlCall, SqlParameter};
use crate::sql::Type;

/// Every parameter a call takes.
pub(in super::super) fn parameters(call: &SqlCall) -> Vec<Parameter> {
    let own = call.parameters.iter().enumerate().map(|(at, p)| parameter(call, at, p));
    let sort = (!call.sorts.is_empty()).then(|| sort(&call.sorts));
    let pages = call.page.iter().flat_map(pages);
    let condition = call.if_match.then(if_match);
    own.chain(sort).chain(pages).chain(condition).collect()
}

fn parameter(call: &SqlCall, at: usize, parameter: &SqlParameter) -> Parameter {
    let is_path = parameter.place == ParameterPlace::Path;
    let is_list = parameter.repeats || matches!(parameter.ty, Type::Array(_));
    let builder = ParameterBuilder::new()
        .name(&parameter.name)
        .parameter_in(place(parameter.place))
        .required(required(parameter.required || is_path))
        .description(description(call, at, parameter));
    let builder = if is_list && parameter.place == ParameterPlace::Query {
        builder.style(Some(ParameterStyle::Form)).explode(Some(parameter.repeats))
    } else {
        builder
    };
    builder.schema(Some(schema(parameter))).build()
}

/// What the mapping says, and which filter wants it.
fn description(call: &SqlCall, at: usize, parameter: &SqlParameter) -> Option<String> {
    if let Some(text) = &parameter.documentation {
        return Some(text.to_string());
    }
    if parameter.required || parameter.default.is_some() {
        return None;
    }
    let filter = call.filters.iter().find(|filter| filter.parameters.contains(&at))?;
    let others = filter.parameters.iter().filter(|other| **other != at);
    let names: Vec<String> = others
        .filter_map(|other| call.parameters.get(*other))
        .filter(|other| !other.required && other.default.is_none())
        .map(|other| format!("`{}`", other.name))
        .collect();
    Some(match &names[..] {
        [] => "A filter: it applies where this is sent.".to_owned(),
        names => format!("A filter: it applies together with {}.", names.join(" and ")),
    })
}

fn schema(parameter: &SqlParameter) -> RefOr<Schema> {
    let mut schema = value(&parameter.ty, Place::Parameter);
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        let (low, high) = parameter.bounds;
        bounds(object, low, high);
    }
    if parameter.repeats {
        schema = RefOr::T(Schema::Array(Array::new(schema)));
    }
    let default = parameter.default.as_ref().and_then(|text| {
        let value = literal(&parameter.ty, text)?;
        Some(if parameter.repeats { json!([value]) } else { value })
    });
    with_default(schema, default)
}

/// The JSON value of a parameter's text; `None` where JSON readers would not keep it.
fn literal(ty: &Type, text: &str) -> Option<Value> {
    match ty {
        Type::Bool => crate::codec::boolean(text).map(Value::Bool),
        Type::Int2
        | Type::Int4
        | Type::Int8
        | Type::Oid
        | Type::Numeric { .. }
        | Type::Float4
        | Type::Float8 => number(text).map(Value::Number),
        Type::Array(_) if text.is_empty() => Some(json!([])),
        Type::Array(item) => text.split(',').map(|text| literal(item, text)).collect(),
        _ => Some(Value::from(text)),
    }
}

fn sort(keys: &[String]) -> Parameter {
    let mut schema = of_type(JsonType::String);
    schema.enum_values = Some(keys.iter().map(|key| Value::from(key.as_str())).collect());
    schema.default = keys.first().map(|key| Value::from(key.as_str()));
    query("sort", "The order.", schema)
}

/// `limit`, and what says which page it is.
fn pages(page: &PagePlan) -> [Parameter; 2] {
    let mut limit = whole(1);
    limit.default = Some(json!(page.size));
    limit.maximum = isize::try_from(page.max).ok().map(utoipa::Number::Int);
    let which = match page.style {
        PageStyle::Keyset(_) => {
            let words = "Where the page starts: as a `Link` of another page has it.";
            query("cursor", words, of_type(JsonType::String))
        }
        PageStyle::Offset => {
            let mut number = whole(1);
            number.default = Some(json!(1));
            query("page", "The number of the page.", number)
        }
    };
    [query("limit", "Items of a page.", limit), which]
}

fn whole(least: isize) -> Object {
    let mut schema = of_type(JsonType::Integer);
    schema.format = Some(SchemaFormat::KnownFormat(KnownFormat::Int32));
    schema.minimum = Some(utoipa::Number::Int(least));
    schema
}

fn query(name: &str, words: &str, schema: Object) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(required(false))
        .description(Some(words))
        .schema(Some(schema))
        .build()
}

fn if_match() -> Parameter {
    ParameterBuilder::new()
        .name("If-Match")
        .parameter_in(ParameterIn::Header)
        .required(required(true))
        .description(Some("The `ETag` of the version that is changed (RFC 9110)."))
        .schema(Some(of_type(JsonType::String)))
        .build()
}
