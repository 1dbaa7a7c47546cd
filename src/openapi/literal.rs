//! Texts of a contract (enumerations, defaults, fixed values) as JSON values.

use serde_json::{Number, Value};
use utoipa::openapi::Type;

use crate::codec::{
    Graph, Lexical, Node, NumberForm, Text, TextKind, apply_white_space, boolean, write_number,
};

/// Lists and unions inside each other; deeper ones have no literal.
const TEXT_DEPTH_MAX: u32 = 16;
/// Decimal digits that every double keeps.
const DOUBLE_DIGITS_MAX: usize = 15;
/// The greatest whole number up to which doubles hold every one.
pub(super) const DOUBLE_WHOLE_MAX: i128 = 1 << 53;

/// The JSON value of a text by its type; `None` where it is none, or where JSON readers
/// would not keep its digits.
pub(super) fn literal(graph: &Graph, ty: &Text, text: &str) -> Option<Value> {
    nested(graph, ty, text, TEXT_DEPTH_MAX)
}

fn nested(graph: &Graph, ty: &Text, text: &str, depth: u32) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let inner = |id| match graph.node(id) {
        Node::Text(inner) => Some(inner),
        _ => None,
    };
    match &ty.kind {
        TextKind::Atomic(lexical) => atomic(graph, *lexical, text),
        TextKind::List(item) => {
            let item = inner(*item)?;
            let words = text.split_ascii_whitespace();
            words.map(|word| nested(graph, item, word, depth)).collect::<Option<_>>()
        }
        TextKind::Union(members) => {
            let members = members.iter().filter_map(|id| inner(*id));
            let mut accepting = members.filter(|m| m.check.problem(text).is_none());
            accepting.find_map(|member| nested(graph, member, text, depth))
        }
    }
}

fn atomic(graph: &Graph, lexical: Lexical, text: &str) -> Option<Value> {
    let form = match lexical {
        Lexical::String(rule) => return Some(apply_white_space(rule, text).into_owned().into()),
        Lexical::Form(form) => return form.accepts(text.trim()).then(|| text.trim().into()),
        Lexical::Boolean => return boolean(text.trim()).map(Value::Bool),
        // The prefix of a QName in a facet means nothing outside its schema.
        Lexical::QName => return None,
        Lexical::Integer { .. } => NumberForm::Integer,
        Lexical::Decimal => NumberForm::Decimal,
        Lexical::Float => NumberForm::Float,
    };
    let mut digits = Vec::new();
    if !write_number(&mut digits, text.trim(), form) {
        return None;
    }
    let digits = String::from_utf8(digits).ok()?;
    if lexical.is_string(graph.numbers) {
        return Some(digits.into());
    }
    number(&digits).map(Value::Number)
}

/// A number of JSON's grammar, if a double keeps it.
pub(super) fn number(digits: &str) -> Option<Number> {
    let is_exact = match digits.parse::<i128>() {
        Ok(whole) => whole.abs() <= DOUBLE_WHOLE_MAX,
        Err(_) => significant(digits) <= DOUBLE_DIGITS_MAX,
    };
    if is_exact { serde_json::from_str(digits).ok() } else { None }
}

fn significant(number: &str) -> usize {
    let mantissa = number.split(['e', 'E']).next().unwrap_or(number);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').len()
}

/// A number as a bound.
pub(super) fn bound(digits: &str) -> Option<utoipa::Number> {
    let number = number(digits.strip_prefix('+').unwrap_or(digits))?;
    match number.as_i64() {
        Some(whole) => isize::try_from(whole).ok().map(utoipa::Number::Int),
        None => number.as_f64().map(utoipa::Number::Float),
    }
}

/// The JSON type of a value.
pub(super) fn type_of(value: &Value) -> Type {
    match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Boolean,
        Value::Number(n) if n.is_f64() => Type::Number,
        Value::Number(_) => Type::Integer,
        Value::String(_) => Type::String,
        Value::Array(_) => Type::Array,
        Value::Object(_) => Type::Object,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_a_double_keeps_are_written() {
        let check = |digits: &str, expected: Option<&str>| {
            assert_eq!(number(digits).map(|n| n.to_string()).as_deref(), expected, "{digits}");
        };
        check("12.50", Some("12.5"));
        check("9007199254740992", Some("9007199254740992"));
        check("9007199254740993", None);
        check("0.1234567890123456", None);
        check("-0.25", Some("-0.25"));
    }
}
