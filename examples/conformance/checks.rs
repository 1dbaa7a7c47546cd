//! An answer beside what the document says of it.

use std::collections::BTreeSet;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::offered::Served;

/// Errors of one answer that are written down.
const ERRORS_MAX: usize = 10;
/// Where components stand in a document.
const COMPONENTS: &str = "#/components/schemas/";

/// The schema of a route's answers.
pub struct Checks(Result<Validator, String>);

impl Checks {
    /// Takes it out of the document, with the components it reaches.
    pub fn of(served: Served<'_>) -> Self {
        let answer = &served.described()["responses"][served.call.status.to_string()];
        let Some(schema) = answer["content"]["application/json"].get("schema") else {
            return Self(Err("the document has no schema for the answer".to_owned()));
        };
        let all = &served.offer.document["components"]["schemas"];
        let mut names = BTreeSet::new();
        let mut pending = vec![schema];
        while let Some(part) = pending.pop() {
            for name in references(part) {
                if names.insert(name) {
                    pending.push(&all[name]);
                }
            }
        }
        let reached: Map<String, Value> =
            names.into_iter().map(|name| (name.to_owned(), all[name].clone())).collect();
        let whole = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [schema],
            "components": { "schemas": reached },
        });
        Self(jsonschema::validator_for(&whole).map_err(|why| format!("no schema: {why}")))
    }

    /// What the schema says against an answer.
    pub fn errors(&self, json: &str) -> Vec<String> {
        let validator = match &self.0 {
            Ok(validator) => validator,
            Err(why) => return vec![why.clone()],
        };
        match serde_json::from_str(json) {
            Err(why) => vec![format!("no JSON: {why}")],
            Ok(json) => validator
                .iter_errors(&json)
                .take(ERRORS_MAX)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect(),
        }
    }
}

/// The components a schema names.
fn references(schema: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    let mut pending = vec![schema];
    while let Some(part) = pending.pop() {
        match part {
            Value::Object(entries) => {
                let named = entries.get("$ref").and_then(Value::as_str);
                found.extend(named.and_then(|name| name.strip_prefix(COMPONENTS)));
                // A discriminator names its alternatives once more.
                pending.extend(entries.values());
            }
            Value::Array(items) => pending.extend(items),
            _ => {}
        }
    }
    found
}
