//! One value, by its type and dialect.

use super::{postgres, sqlite};
use crate::codec::Json;
use crate::sql::{Dialect, Type, Value};

/// Types inside each other: arrays of composites of ranges.
pub(super) const TYPE_DEPTH_MAX: u32 = 32;

/// A JSON value, or text of a path, a query or a header ([`Json::Lexical`]), as a value of a
/// type. The error is what a caller may read, a fragment such as `must be a whole number, is
/// a string`.
///
/// A JSON value must be of the kind answers have: a number for a number, a string for a text
/// or a date. `numeric` is taken as a string as well, and `"NaN"`, `"Infinity"` and
/// `"-Infinity"` are for every type that has them. Lexical text is whatever the type says;
/// of an array, its items separated by commas.
pub fn encode(dialect: Dialect, ty: &Type, json: &Json<'_>) -> Result<Value, String> {
    let value = match (dialect, json) {
        (_, Json::Null) => Value::Null,
        (Dialect::Postgres, _) => match postgres::literal(ty, json, TYPE_DEPTH_MAX)? {
            Some(text) => Value::Text(text),
            None => Value::Null,
        },
        (Dialect::Sqlite, _) => sqlite::value(ty, json)?,
    };
    match &value {
        Value::Text(text) if memchr::memchr(0, text.as_bytes()).is_some() => {
            Err("must not have the character U+0000".to_owned())
        }
        _ => Ok(value),
    }
}

/// That a value is of another kind than its type.
pub(super) fn not(expected: &str, json: &Json<'_>) -> String {
    match json {
        Json::Lexical(_) => format!("must be {expected}"),
        _ => format!("must be {expected}, is {}", json.kind()),
    }
}
