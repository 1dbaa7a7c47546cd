//! What a call would send, as JSON that can be compared.

use serde_json::json;

use super::asked::{Asked, SqlAsked};
use crate::sql::Value;

/// The statements of a call with their values. `None` where the request is refused, or a later
/// step needs what an earlier one gives.
pub(in crate::server) fn rendered(asked: &SqlAsked<'_, '_>) -> Option<String> {
    let asked = Asked::new(asked).ok()?;
    let results: Vec<Option<String>> = vec![None; asked.call.steps.len()];
    let mut sent = Vec::new();
    for (at, step) in asked.call.steps.iter().enumerate() {
        let assembled = step.statement.assemble(asked.bound.choice(asked.call, at));
        let values = asked.bound.values(asked.call, at, &results, &assembled).ok()?;
        let values: Vec<_> = values.iter().map(text).collect();
        sent.push(json!({ "statement": &*assembled.text, "values": values }));
    }
    Some(json!(sent).to_string())
}

fn text(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Text(text) => json!(text),
        Value::Integer(number) => json!(number),
        Value::Real(number) => json!(number),
        Value::Blob(bytes) => json!(bytes),
    }
}
