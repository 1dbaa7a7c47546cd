//! Texts in the one form that all spellings of a value share (XML Schema Part 2).

use std::borrow::Cow;

use super::moment;
use super::scope::Prefixes;
use crate::codec::{
    Form, Graph, Lexical, Node, Text, TextKind, apply_white_space, boolean, compare_decimals,
};
use crate::xsd::WhiteSpace;

/// Lists and unions inside each other; what is deeper is text.
const TEXT_DEPTH_MAX: u32 = 16;

/// A text in the canonical form of its type. What is no value of the type keeps its text, without
/// the white space around it where the type has none.
pub(super) fn canonical(graph: &Graph, ty: &Text, text: &str, prefixes: &Prefixes<'_>) -> String {
    nested(graph, ty, text, prefixes, TEXT_DEPTH_MAX)
}

fn nested(graph: &Graph, ty: &Text, text: &str, prefixes: &Prefixes<'_>, depth: u32) -> String {
    let of = |id| match graph.node(id) {
        Node::Text(text) => Some(text),
        _ => None,
    };
    let Some(depth) = depth.checked_sub(1) else { return collapsed(text).into_owned() };
    match &ty.kind {
        TextKind::Atomic(lexical) => atomic(*lexical, text, prefixes),
        TextKind::List(item) => {
            let Some(item) = of(*item) else { return collapsed(text).into_owned() };
            let words = text.split_ascii_whitespace();
            let items: Vec<String> =
                words.map(|word| nested(graph, item, word, prefixes, depth)).collect();
            items.join(" ")
        }
        TextKind::Union(members) => {
            let mut members = members.iter().filter_map(|id| of(*id));
            match members.find(|member| accepts(graph, member, text, prefixes, depth)) {
                Some(member) => nested(graph, member, text, prefixes, depth),
                None => collapsed(text).into_owned(),
            }
        }
    }
}

/// The canonical form of a value of a built-in type.
pub(super) fn atomic(lexical: Lexical, text: &str, prefixes: &Prefixes<'_>) -> String {
    if let Lexical::String(rule) = lexical {
        return apply_white_space(rule, text).into_owned();
    }
    let text = &*collapsed(text);
    let form = match lexical {
        Lexical::Boolean => boolean(text).map(|value| value.to_string()),
        Lexical::Integer { .. } | Lexical::Decimal => decimal(text),
        Lexical::Float => float(text),
        Lexical::QName => Some(prefixes.expanded(text)),
        Lexical::Form(form) => of_form(form, text),
        Lexical::String(_) => None,
    };
    form.unwrap_or_else(|| text.to_owned())
}

fn of_form(form: Form, text: &str) -> Option<String> {
    match form {
        Form::Base64 => Some(text.split_ascii_whitespace().collect()),
        Form::Hex => Some(text.split_ascii_whitespace().collect::<String>().to_ascii_uppercase()),
        Form::DateTime => moment::date_time(text),
        Form::Time => moment::time(text),
        Form::Duration => moment::duration(text),
        Form::Date
        | Form::GYear
        | Form::GYearMonth
        | Form::GMonth
        | Form::GMonthDay
        | Form::GDay => Some(moment::day(text)),
        Form::Language | Form::Name | Form::NcName | Form::NmToken | Form::Id | Form::IdRef => None,
    }
}

fn collapsed(text: &str) -> Cow<'_, str> {
    apply_white_space(WhiteSpace::Collapse, text)
}

/// Whether a text is a value of a type, facets included: how a union chooses (Part 2, section
/// 2.5.1.3).
fn accepts(graph: &Graph, ty: &Text, text: &str, prefixes: &Prefixes<'_>, depth: u32) -> bool {
    let of = |id| match graph.node(id) {
        Node::Text(text) => Some(text),
        _ => None,
    };
    let Some(depth) = depth.checked_sub(1) else { return false };
    let value = match &ty.kind {
        TextKind::Atomic(Lexical::String(rule)) => apply_white_space(*rule, text),
        _ => collapsed(text),
    };
    let is_of_kind = match &ty.kind {
        TextKind::Atomic(lexical) => is_value(*lexical, &value, prefixes),
        TextKind::List(item) => of(*item).is_some_and(|item| {
            value
                .split(' ')
                .filter(|w| !w.is_empty())
                .all(|w| accepts(graph, item, w, prefixes, depth))
        }),
        TextKind::Union(members) => {
            let mut members = members.iter().filter_map(|id| of(*id));
            members.any(|member| accepts(graph, member, text, prefixes, depth))
        }
    };
    is_of_kind && ty.check.problem(&value).is_none()
}

fn is_value(lexical: Lexical, text: &str, prefixes: &Prefixes<'_>) -> bool {
    use std::cmp::Ordering;
    match lexical {
        Lexical::String(_) => true,
        Lexical::Boolean => boolean(text).is_some(),
        Lexical::Decimal => decimal(text).is_some(),
        Lexical::Float => float(text).is_some(),
        Lexical::Integer { min, max, .. } => {
            let beyond = |bound: Option<i128>, wrong| {
                bound.is_some_and(|b| compare_decimals(text, &b.to_string()) == Some(wrong))
            };
            !text.contains('.')
                && decimal(text).is_some()
                && !beyond(min, Ordering::Less)
                && !beyond(max, Ordering::Greater)
        }
        Lexical::QName => prefixes.resolve(text).is_some(),
        Lexical::Form(form) => form.accepts(text),
    }
}

/// `+01.50` → `1.5` (Part 2, section 3.2.3.2, without the point that it wants of whole numbers).
fn decimal(text: &str) -> Option<String> {
    let (negative, whole, fraction) = digits(text)?;
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if negative { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}"))
}

/// Sign, digits before the point and behind it, without zeros at the ends. Zero has no sign.
fn digits(text: &str) -> Option<(bool, &str, &str)> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let are_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    Some((negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction))
}

/// `0.10E2` → `1E1`: the digits that say something and the place of the first, through no float.
fn float(text: &str) -> Option<String> {
    match text {
        "INF" | "-INF" | "NaN" => return Some(text.to_owned()),
        "+INF" => return Some("INF".to_owned()),
        _ => {}
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().ok()?;
    let (negative, whole, fraction) = digits(mantissa)?;
    let all = format!("{whole}{fraction}");
    let significant = all.trim_start_matches('0');
    let Some((first, rest)) =
        significant.split_at_checked(1).filter(|(first, _)| !first.is_empty())
    else {
        return Some("0".to_owned());
    };
    let leading = i32::try_from(all.len() - significant.len()).ok()?;
    let exponent = exponent.checked_add(i32::try_from(whole.len()).ok()? - leading - 1)?;
    let rest = rest.trim_end_matches('0');
    let sign = if negative { "-" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    Some(format!("{sign}{first}{point}{rest}E{exponent}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xsd::Builtin;

    fn form(builtin: Builtin, text: &str) -> String {
        atomic(Lexical::of(builtin), text, &Prefixes::default())
    }

    /// All are one value, and the last is not.
    fn check(builtin: Builtin, same: &[&str], other: &str) {
        let forms: Vec<String> = same.iter().map(|text| form(builtin, text)).collect();
        for (text, own) in same.iter().zip(&forms) {
            assert_eq!(own, &forms[0], "{builtin:?} {text}");
        }
        assert_ne!(form(builtin, other), forms[0], "{builtin:?} {other}");
    }

    #[test]
    fn values_have_one_form() {
        check(Builtin::Decimal, &["1.0", "1.00", "+1", "01", " 1 ", "1."], "1.01");
        check(Builtin::Decimal, &["-0.50", "-.5", "-00.5"], "0.5");
        check(Builtin::Decimal, &["0", "-0", "+0.00"], "1");
        check(Builtin::Decimal, &["99999999999999999999.10", "+99999999999999999999.1"], "1e20");
        check(Builtin::Int, &["7", "+7", "007"], "70");
        check(Builtin::Boolean, &["1", "true", "\ttrue\n"], "0");
        check(Builtin::Double, &["100", "1E2", "1.0e+2", "0.01E4", "100.00"], "1000");
        check(Builtin::Double, &["0", "-0", "0E5"], "1E-5");
        check(Builtin::Double, &["0.001", "1E-3", "10e-4"], "0.0010001");
        check(Builtin::HexBinary, &["0fb7", " 0FB7 "], "0FB8");
        check(Builtin::Base64Binary, &["Zmln bGVh Zg==", "ZmlnbGVhZg=="], "zmlnbGVhZg==");
        check(Builtin::Token, &["a b", " a\n b "], "ab");
        check(Builtin::Duration, &["P1D", "PT24H", "PT86400.0S"], "P1M");
        check(Builtin::Date, &["2026-11-21+00:00", "2026-11-21Z"], "2026-11-21");
    }

    #[test]
    fn a_string_is_what_it_is() {
        check(Builtin::String, &[" a  b "], "a b");
        check(Builtin::NormalizedString, &[" a\tb", " a b"], "a b");
        check(Builtin::String, &["1.0"], "1.00");
    }

    #[test]
    fn what_is_no_value_keeps_its_text() {
        assert_eq!(form(Builtin::Int, " twelve "), "twelve");
        assert_eq!(form(Builtin::DateTime, "yesterday"), "yesterday");
        assert_eq!(form(Builtin::Double, "1E99999999999"), "1E99999999999");
    }
}
