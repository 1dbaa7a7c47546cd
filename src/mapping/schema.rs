//! The JSON Schema for editors, from the same tables the readers use.

use serde_json::{Map, Value, json};

use super::keys::{DOCUMENT, Kind, Shape};

/// A value taken from outside is allowed wherever a typed one is.
const VARIABLE: &str = r"\$\{[^}]+\}";

/// The JSON Schema (2020-12) of a mapping file.
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    let mut root = object(&DOCUMENT, &mut definitions);
    root.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    root.insert("title".into(), json!("figleaf mapping"));
    root.insert("$defs".into(), Value::Object(definitions));
    Value::Object(root)
}

/// The recursion is over the tables, which are finite and written by us.
fn object(shape: &'static Shape, definitions: &mut Map<String, Value>) -> Map<String, Value> {
    let mut properties = Map::new();
    for key in shape.keys {
        let mut schema = value(&key.kind, definitions);
        if let Value::Object(schema) = &mut schema {
            schema.insert("description".into(), json!(key.doc));
            if let Some(default) = key.default {
                schema.insert("default".into(), written(&key.kind, default));
            }
            if let Some(example) = key.example.filter(|e| !e.starts_with(['{', '['])) {
                schema.insert("examples".into(), json!([written(&key.kind, example)]));
            }
        }
        properties.insert(key.name.to_owned(), schema);
    }
    let required: Vec<&str> = shape.keys.iter().filter(|k| k.required).map(|k| k.name).collect();
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    schema.insert("properties".into(), Value::Object(properties));
    schema.insert("additionalProperties".into(), json!(false));
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    if !shape.one_of.is_empty() {
        let one: Vec<Value> =
            shape.one_of.iter().map(|name| json!({ "required": [name] })).collect();
        schema.insert("oneOf".into(), Value::Array(one));
    }
    schema
}

fn value(kind: &'static Kind, definitions: &mut Map<String, Value>) -> Value {
    match kind {
        Kind::Text => json!({ "type": ["string", "number", "boolean"] }),
        Kind::Boolean => json!({ "anyOf": [{ "type": "boolean" }, variable()] }),
        Kind::True => json!({ "const": true }),
        Kind::Integer(min, max) if min == max => json!({ "const": min }),
        Kind::Integer(min, max) => {
            let mut schema = json!({ "type": "integer" });
            for (name, bound) in [("minimum", *min), ("maximum", *max)] {
                if bound != i64::MIN && bound != i64::MAX {
                    schema[name] = json!(bound);
                }
            }
            json!({ "anyOf": [schema, variable()] })
        }
        Kind::Words(words) => json!({ "enum": words }),
        Kind::Version => pattern(r"v(0|[1-9][0-9]*)"),
        Kind::Duration => pattern(r"(0|[1-9][0-9]*)(ms|s|m|h|d)"),
        Kind::Size => pattern(r"(0|[1-9][0-9]*)(B|KiB|MiB|GiB|KB|MB|GB)"),
        Kind::Date => pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        Kind::Stage => {
            pattern(r"(legacy|shadow|canary [0-9]{1,2}(\.[0-9]{1,2})?%|primary|standby|retired)")
        }
        Kind::Share => pattern(r"(0|[1-9][0-9]{0,2})(\.[0-9]{1,2})?%"),
        Kind::Factor => json!({ "anyOf": [{ "type": "number", "minimum": 1 }, variable()] }),
        Kind::Texts => json!({ "type": "array", "items": { "type": ["string", "number"] } }),
        Kind::Schema => json!({ "type": "object" }),
        Kind::Object(shape) => {
            let name = shape.noun.rsplit(' ').next().unwrap_or(shape.noun);
            if !definitions.contains_key(name) {
                let schema = object(shape, definitions);
                definitions.insert(name.to_owned(), Value::Object(schema));
            }
            json!({ "$ref": format!("#/$defs/{name}") })
        }
        Kind::Map(values, keys) => json!({
            "type": "object",
            "patternProperties": { *keys: value(values, definitions) },
            "additionalProperties": false,
        }),
        Kind::List(items) => json!({ "type": "array", "items": value(items, definitions) }),
        Kind::Either(either) => {
            let either: Vec<Value> = either.iter().map(|one| value(one, definitions)).collect();
            json!({ "anyOf": either })
        }
    }
}

/// A value of the tables, which is text there, as the kind has it.
fn written(kind: &Kind, text: &str) -> Value {
    match kind {
        Kind::Integer(..) | Kind::Boolean | Kind::True | Kind::Factor => {
            serde_json::from_str(text).unwrap_or_else(|_| json!(text))
        }
        _ => json!(text),
    }
}

fn variable() -> Value {
    json!({ "type": "string", "pattern": VARIABLE })
}

fn pattern(own: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^{own}$|{VARIABLE}") })
}
