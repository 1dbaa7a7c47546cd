//! Values as text: for people, and in one form for comparing.

use serde_json::Value;

/// Characters of a value that are shown to people.
const SHOWN_CHARS_MAX: usize = 80;

/// A value with the members of its objects in one order.
pub(super) fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            let parts: Vec<String> = members
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(&**name), canonical(value)))
                .collect();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", parts.join(","))
        }
        Value::Number(number) => plain(number),
        scalar => scalar.to_string(),
    }
}

/// `10.0` and `10` are one number to JSON Schema.
fn plain(number: &serde_json::Number) -> String {
    let text = number.to_string();
    match text.split_once('.') {
        Some((whole, rest)) if rest.bytes().all(|b| b == b'0') => whole.to_owned(),
        _ => text,
    }
}

/// A value in backticks, cut where it is long.
pub(super) fn shown(value: &str) -> String {
    let mut chars = value.chars();
    let head: String = chars.by_ref().take(SHOWN_CHARS_MAX).collect();
    let more = if chars.next().is_some() { "…" } else { "" };
    format!("`{head}{more}`")
}

/// Equal keywords whose lists have no order.
pub(super) fn unordered(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let mut parts: Vec<String> = items.iter().map(unordered).collect();
            parts.sort();
            format!("[{}]", parts.join(","))
        }
        Value::Object(members) => {
            let mut parts: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{}:{}", Value::from(&**name), unordered(value)))
                .collect();
            parts.sort();
            format!("{{{}}}", parts.join(","))
        }
        scalar => canonical(scalar),
    }
}
