//! Values as text, and how many there are.

use super::comparison::kept;
use crate::codec::Json;

/// Bytes after which the rest of a value is not written.
const WRITTEN_BYTES_MAX: usize = 1_000;

/// Scalars in a value; an empty array or object is one.
pub(super) fn leaves(value: &Json<'_>) -> u64 {
    match value {
        Json::Array(items) => items.iter().map(leaves).sum::<u64>().max(1),
        Json::Object(members) => members.iter().map(|(_, value)| leaves(value)).sum::<u64>().max(1),
        _ => 1,
    }
}

/// A value as JSON, cut short.
pub(super) fn written(value: &Json<'_>) -> String {
    let mut text = String::new();
    write(value, &mut text);
    kept(text)
}

fn write(value: &Json<'_>, text: &mut String) {
    if text.len() > WRITTEN_BYTES_MAX {
        return;
    }
    match value {
        Json::Null => text.push_str("null"),
        Json::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Json::Number(number) => text.push_str(number),
        Json::String(string) | Json::Lexical(string) => text.push_str(&format!("{string:?}")),
        Json::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                write(item, text);
            }
            text.push(']');
        }
        Json::Object(members) => {
            text.push('{');
            for (at, (name, item)) in members.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                text.push_str(&format!("{name:?}:"));
                write(item, text);
            }
            text.push('}');
        }
    }
}
