//! Small changes to schemas that any part of the room makes.

use serde_json::Value;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::schema::{AnyOf, Object, SchemaType};
use utoipa::openapi::{RefOr, Schema, Type};

/// A schema that allows anything.
pub(super) fn anything(description: &str) -> Object {
    let mut object = Object::default();
    object.schema_type = SchemaType::AnyValue;
    object.description = Some(description.to_owned());
    object
}

/// A schema of one type.
pub(super) fn of_type(ty: Type) -> Object {
    Object::with_type(ty)
}

/// A schema of one value.
pub(super) fn constant(value: Value) -> Object {
    let mut object = of_type(super::literal::type_of(&value));
    object.extensions = Some(keyword("const", value));
    object
}

/// One keyword of JSON Schema that utoipa's types do not have. Never two on one schema:
/// their order would be left to chance.
pub(super) fn keyword(name: &str, value: Value) -> Extensions {
    [(name, value)].into_iter().collect()
}

/// Gives a schema a description, in place of its own.
pub(super) fn described(mut schema: RefOr<Schema>, text: Option<&str>) -> RefOr<Schema> {
    let Some(text) = text.filter(|t| !t.is_empty()) else { return schema };
    match &mut schema {
        RefOr::Ref(reference) => text.clone_into(&mut reference.description),
        RefOr::T(Schema::Array(a)) => a.description = Some(text.to_owned()),
        RefOr::T(Schema::Object(o)) => o.description = Some(text.to_owned()),
        RefOr::T(Schema::OneOf(o)) => o.description = Some(text.to_owned()),
        RefOr::T(Schema::AllOf(a)) => a.description = Some(text.to_owned()),
        RefOr::T(Schema::AnyOf(a)) => a.description = Some(text.to_owned()),
        RefOr::T(_) => {}
    }
    schema
}

/// Gives a schema a default.
pub(super) fn with_default(mut schema: RefOr<Schema>, value: Option<Value>) -> RefOr<Schema> {
    let Some(value) = value else { return schema };
    match &mut schema {
        RefOr::Ref(reference) => reference.default = Some(value),
        RefOr::T(Schema::Array(a)) => a.default = Some(value),
        RefOr::T(Schema::Object(o)) => o.default = Some(value),
        RefOr::T(Schema::AnyOf(a)) => a.default = Some(value),
        RefOr::T(_) => {}
    }
    schema
}

/// Lets `null` be a value as well.
pub(super) fn nullable(schema: RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut o)) if o.extensions.is_none() => {
            o.schema_type = match o.schema_type {
                SchemaType::Type(ty) => SchemaType::from_iter([ty, Type::Null]),
                SchemaType::Array(mut types) if !types.contains(&Type::Null) => {
                    types.push(Type::Null);
                    SchemaType::Array(types)
                }
                other => other,
            };
            if let Some(values) = &mut o.enum_values {
                values.push(Value::Null);
            }
            RefOr::T(Schema::Object(o))
        }
        RefOr::T(Schema::Array(mut a)) if a.extensions.is_none() => {
            a.schema_type = SchemaType::from_iter([Type::Array, Type::Null]);
            RefOr::T(Schema::Array(a))
        }
        other => {
            let mut either = AnyOf::new();
            either.schema_type = SchemaType::AnyValue;
            either.items = vec![other, of_type(Type::Null).into()];
            RefOr::T(Schema::AnyOf(either))
        }
    }
}

/// Sentences and paragraphs as one text; `None` for nothing.
pub(super) fn paragraphs(first: Option<&str>, notes: &[String]) -> Option<String> {
    let notes = notes.join(" ");
    let parts = [first.unwrap_or("").trim(), &notes];
    let parts: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}
