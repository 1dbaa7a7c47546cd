//! Nodes as JSON text, digit for digit.

use super::node::{Node, Value};

/// A type that is a newtype of this name and a text gets its value as JSON text: `1.50` stays
/// `1.50`, a text gets quotes.
pub const JSON: &str = "Json";

/// A node as JSON text. What YAML takes for nothing, a truth value or a number of JSON is that;
/// everything else, and everything in quotes, is a text.
#[must_use]
pub fn json(node: &Node) -> String {
    let mut text = String::new();
    put(node, &mut text);
    text
}

/// Recursive, but no deeper than a tree may be.
fn put(node: &Node, out: &mut String) {
    match &node.value {
        Value::Scalar(scalar) if scalar.is_nothing() => out.push_str("null"),
        Value::Scalar(scalar) if !scalar.quoted && is_literal(&scalar.text) => {
            out.push_str(&scalar.text);
        }
        Value::Scalar(scalar) => out.push_str(&string(&scalar.text)),
        Value::Sequence(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                put(item, out);
            }
            out.push(']');
        }
        Value::Mapping(entries) => {
            out.push('{');
            for (at, entry) in entries.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                out.push_str(&string(&entry.key.value));
                out.push(':');
                put(&entry.value, out);
            }
            out.push('}');
        }
    }
}

/// A text as a string of JSON.
pub(super) fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether a plain scalar is a truth value or a number of JSON.
pub(super) fn is_literal(text: &str) -> bool {
    matches!(text, "true" | "false") || is_number(text)
}

fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent = exponent.map(|e| e.strip_prefix(['+', '-']).unwrap_or(e));
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_of_json_are_numbers() {
        for number in ["0", "-0", "12", "1.50", "-1e5", "1.0E-7", "9007199254740993.10"] {
            assert!(is_number(number), "{number}");
        }
        for text in ["", "-", "01", "1.", ".5", "1e", "0x1", "1_000", "+1", "nan", "00018", "1 "] {
            assert!(!is_number(text), "{text}");
        }
    }
}
