//! The JSON Schema of fixture files, from the types that read them.

use serde_json::{Map, Value, json};
use utoipa::openapi::schema::{Schema, SchemaType};
use utoipa::openapi::{ObjectBuilder, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::fixture::FORMAT;
use super::{Cell, Fixture};

impl PartialSchema for Cell {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(SchemaType::AnyValue).into()
    }
}

impl ToSchema for Cell {}

/// The JSON Schema (2020-12) of a fixture file, for editors.
#[must_use]
pub fn json_schema() -> Value {
    let mut definitions = Vec::new();
    Fixture::schemas(&mut definitions);
    let definitions: Map<String, Value> =
        definitions.into_iter().map(|(name, schema)| (name, json!(schema))).collect();
    let mut root = json!(Fixture::schema());
    if let Value::Object(root) = &mut root {
        root.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
        root.insert("title".into(), json!("figleaf fixture"));
        root.insert("required".into(), json!(["fixture"]));
        root.insert("$defs".into(), Value::Object(definitions));
    }
    if let Some(version) = root.pointer_mut("/properties/fixture") {
        *version = json!({ "const": FORMAT, "description": "The version of the format." });
    }
    adapt(&mut root);
    root
}

/// As files have it: references into the document itself, and texts that a person need not quote.
/// The recursion is over a document of our own types.
fn adapt(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref") {
                *reference = reference.replace("#/components/schemas/", "#/$defs/");
            }
            if !members.contains_key("enum")
                && let Some(types) = members.get_mut("type")
            {
                *types = match types.as_str() {
                    Some("string") => json!(["string", "number", "boolean"]),
                    Some(_) => types.take(),
                    None if types.as_array().is_some_and(|t| t.contains(&json!("string"))) => {
                        json!(["string", "number", "boolean", "null"])
                    }
                    None => types.take(),
                };
            }
            members.values_mut().for_each(adapt);
        }
        Value::Array(items) => items.iter_mut().for_each(adapt),
        _ => {}
    }
}
