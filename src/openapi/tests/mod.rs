//! Documents over contracts made by hand.

mod contract;
mod corpus;
mod document;
mod examples;
mod schema;
mod shop;
mod sql;
mod sql_route;

use serde_json::{Value, json};

/// Checks every example beside a schema, wherever it stands in a document.
fn check_examples(document: &Value, part: &Value, seen: &mut u32) {
    let Some(entries) = part.as_object() else {
        for item in part.as_array().into_iter().flatten() {
            check_examples(document, item, seen);
        }
        return;
    };
    if let (Some(schema), Some(example)) = (entries.get("schema"), entries.get("example"))
        && part.get("style").is_none()
    {
        let whole = json!({ "allOf": [schema], "components": document["components"] });
        let validator = jsonschema::validator_for(&whole).expect("a schema");
        let errors: Vec<String> = validator.iter_errors(example).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{example} is not {schema}: {errors:?}");
        // Headers have descriptions, media types have none.
        *seen += u32::from(part.get("description").is_none());
    }
    for value in entries.values() {
        check_examples(document, value, seen);
    }
}
