//! The JSON body of a request.

use serde_json::{Map, Value};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::ObjectBuilder;
use utoipa::openapi::{ContentBuilder, RefOr, Required, Schema, Type as JsonType};

use super::super::describe::nullable;
use super::example::example;
use super::value::{Place, closed, value};
use crate::plan::{BodyKind, BodyMember, SqlBody};

/// A body. It may be left out where all its members may.
pub(in super::super) fn body(body: &SqlBody) -> RequestBody {
    let content = ContentBuilder::new()
        .schema(Some(object(&body.members)))
        .example(object_example(&body.members))
        .build();
    let is_required = body.members.iter().any(|member| member.required);
    RequestBodyBuilder::new()
        .content("application/json", content)
        .required(Some(if is_required { Required::True } else { Required::False }))
        .build()
}

fn object(members: &[BodyMember]) -> RefOr<Schema> {
    let mut schema = ObjectBuilder::new().schema_type(JsonType::Object);
    for member in members {
        let value = match &member.kind {
            BodyKind::Value(ty) => value(ty, Place::Body),
            BodyKind::Object(members) => object(members),
        };
        let value = if member.nullable { nullable(value) } else { value };
        schema = schema.property(&*member.name, value);
        if member.required {
            schema = schema.required(&*member.name);
        }
    }
    closed(schema, Place::Body)
}

fn object_example(members: &[BodyMember]) -> Option<Value> {
    let one = |member: &BodyMember| {
        let value = match &member.kind {
            BodyKind::Value(ty) => example(ty, Place::Body),
            BodyKind::Object(members) => object_example(members),
        };
        Some((member.name.to_string(), value?))
    };
    Some(Value::Object(members.iter().map(one).collect::<Option<Map<_, _>>>()?))
}
