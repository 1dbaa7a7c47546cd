//! Ranges and multiranges as literals (PostgreSQL, section 8.17.5).

use std::cmp::Ordering;

use super::array::{item_error, list};
use super::postgres::{literal, push_quoted};
use super::row::{member_error, unknown_member};
use super::scalar::{Scalar, scalar};
use super::value::not;
use crate::codec::{Json, compare_decimals};
use crate::sql::Type;

const EXPECTED: &str = "a range such as {\"lower\":1,\"upper\":5}";
const MEMBERS: [&str; 5] = ["lower", "upper", "lowerInclusive", "upperInclusive", "empty"];

/// Two bounds; `Json::Null` is none.
struct Bounds<'j, 'a> {
    lower: &'j Json<'a>,
    upper: &'j Json<'a>,
    lower_inclusive: bool,
    upper_inclusive: bool,
}

/// A range of `{"lower":…,"upper":…,"lowerInclusive":true,"upperInclusive":false}`, the
/// values shown being the defaults of the last two, of `{"empty":true}`, or of the lexical
/// text `[1,5)`.
pub(super) fn range(item: &Type, json: &Json<'_>, depth: u32) -> Result<String, String> {
    match json {
        Json::Object(entries) => object(item, entries, depth),
        Json::Lexical(text) if text == "empty" => Ok("empty".to_owned()),
        Json::Lexical(text) => lexical(item, text, depth),
        other => Err(not(EXPECTED, other)),
    }
}

/// An array of ranges.
pub(super) fn multirange(item: &Type, json: &Json<'_>, depth: u32) -> Result<String, String> {
    let Json::Array(items) = json else { return Err(not("an array of ranges", json)) };
    let ranges: Vec<String> = items
        .iter()
        .enumerate()
        .map(|(index, json)| range(item, json, depth).map_err(|error| item_error(index, &error)))
        .collect::<Result<_, _>>()?;
    Ok(format!("{{{}}}", ranges.join(",")))
}

fn object(
    item: &Type,
    entries: &[(std::borrow::Cow<'_, str>, Json<'_>)],
    depth: u32,
) -> Result<String, String> {
    if let Some((name, _)) = entries.iter().find(|(name, _)| !MEMBERS.contains(&&**name)) {
        return Err(unknown_member(name, MEMBERS));
    }
    let member = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, value)| value);
    let flag = |name: &str, default: bool| match member(name) {
        None => Ok(default),
        Some(Json::Bool(value)) => Ok(*value),
        Some(other) => Err(member_error(name, &not("a boolean", other))),
    };
    if flag("empty", false)? {
        if entries.len() > 1 {
            return Err("must have no other member beside `empty`".to_owned());
        }
        return Ok("empty".to_owned());
    }
    if member("lower").or(member("upper")).is_none() {
        return Err("must have `lower`, `upper` or `empty`".to_owned());
    }
    let bounds = Bounds {
        lower: member("lower").unwrap_or(&Json::Null),
        upper: member("upper").unwrap_or(&Json::Null),
        lower_inclusive: flag("lowerInclusive", true)?,
        upper_inclusive: flag("upperInclusive", false)?,
    };
    write(item, &bounds, depth)
}

/// `[1,5)`: bounds as the subtype's lexical texts, which hold no comma.
fn lexical(item: &Type, text: &str, depth: u32) -> Result<String, String> {
    let wrong = || "must be a range such as `[1,5)`".to_owned();
    let (open, rest) = text.split_at_checked(1).ok_or_else(wrong)?;
    let (inner, close) = rest.split_at_checked(rest.len().saturating_sub(1)).ok_or_else(wrong)?;
    if !matches!(open, "[" | "(") || !matches!(close, "]" | ")") {
        return Err(wrong());
    }
    let ends = list(inner);
    let [lower, upper] = &ends[..] else { return Err(wrong()) };
    let bounds = Bounds {
        lower: present(lower),
        upper: present(upper),
        lower_inclusive: open == "[",
        upper_inclusive: close == "]",
    };
    write(item, &bounds, depth)
}

/// An empty text is no bound.
fn present<'j, 'a>(json: &'j Json<'a>) -> &'j Json<'a> {
    match json {
        Json::Lexical(text) if text.is_empty() => &Json::Null,
        other => other,
    }
}

fn write(item: &Type, bounds: &Bounds<'_, '_>, depth: u32) -> Result<String, String> {
    let end = |name, json| literal(item, json, depth).map_err(|error| member_error(name, &error));
    let lower = end("lower", bounds.lower)?;
    let upper = end("upper", bounds.upper)?;
    if order(item, bounds.lower, bounds.upper) == Some(Ordering::Greater) {
        return Err("must not have `lower` above `upper`".to_owned());
    }
    let mut out = String::new();
    out.push(if bounds.lower_inclusive { '[' } else { '(' });
    for (index, text) in [lower, upper].iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        if let Some(text) = text {
            push_quoted(&mut out, text);
        }
    }
    out.push(if bounds.upper_inclusive { ']' } else { ')' });
    Ok(out)
}

/// The order of two bounds, where the type has one that is not the database's alone.
fn order(item: &Type, lower: &Json<'_>, upper: &Json<'_>) -> Option<Ordering> {
    match (scalar(item, lower).ok()?, scalar(item, upper).ok()?) {
        (Scalar::Whole(a), Scalar::Whole(b))
        | (Scalar::Day(a), Scalar::Day(b))
        | (Scalar::Local(a), Scalar::Local(b))
        | (Scalar::Utc(a), Scalar::Utc(b)) => Some(a.cmp(&b)),
        (Scalar::Decimal(a), Scalar::Decimal(b)) => compare_decimals(&a, &b),
        (Scalar::Float(a, _), Scalar::Float(b, _)) => a.partial_cmp(&b),
        _ => None,
    }
}
