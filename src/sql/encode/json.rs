//! JSON, written again digit for digit.

use crate::codec::{Json, JsonLimits, parse_json, write_string};

/// The greatest exponent, and the most digits, of a number in a `jsonb`: it becomes a
/// `numeric`.
const EXPONENT_MAX: i32 = 16_000;
const DIGITS_MAX: usize = 16_000;

/// The text of a JSON value; lexical text must be JSON itself. A `jsonb` holds no character
/// U+0000 and no number beyond `numeric`.
pub(super) fn json_text(json: &Json<'_>, is_jsonb: bool) -> Result<String, String> {
    if let Json::Lexical(text) = json {
        let parsed = parse_json(text, JsonLimits::default());
        let parsed = parsed.map_err(|error| format!("must be JSON: {error}"))?;
        return json_text(&parsed, is_jsonb);
    }
    let mut out = Vec::new();
    push(json, is_jsonb, &mut out)?;
    String::from_utf8(out).map_err(|_| "must be UTF-8".to_owned())
}

fn push(json: &Json<'_>, is_jsonb: bool, out: &mut Vec<u8>) -> Result<(), String> {
    match json {
        Json::Null => out.extend_from_slice(b"null"),
        Json::Bool(true) => out.extend_from_slice(b"true"),
        Json::Bool(false) => out.extend_from_slice(b"false"),
        Json::Number(digits) if is_jsonb && !is_numeric(digits) => {
            return Err("has a number beyond those of the database".to_owned());
        }
        Json::Number(digits) => out.extend_from_slice(digits.as_bytes()),
        Json::String(text) | Json::Lexical(text) => push_text(text, is_jsonb, out)?,
        Json::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                separate(index, out);
                push(item, is_jsonb, out)?;
            }
            out.push(b']');
        }
        Json::Object(entries) => {
            out.push(b'{');
            for (index, (key, value)) in entries.iter().enumerate() {
                separate(index, out);
                push_text(key, is_jsonb, out)?;
                out.push(b':');
                push(value, is_jsonb, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

fn push_text(text: &str, is_jsonb: bool, out: &mut Vec<u8>) -> Result<(), String> {
    if is_jsonb && text.contains('\0') {
        return Err("must not have the character U+0000".to_owned());
    }
    write_string(out, text);
    Ok(())
}

fn is_numeric(digits: &str) -> bool {
    let exponent = digits.find(['e', 'E']).map(|at| digits[at + 1..].parse::<i32>());
    digits.len() <= DIGITS_MAX
        && match exponent {
            None => true,
            Some(Ok(exponent)) => (-EXPONENT_MAX..=EXPONENT_MAX).contains(&exponent),
            Some(Err(_)) => false,
        }
}

fn separate(index: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
}
