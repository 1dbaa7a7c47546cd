//! Two scalars under a rule.

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, Zoned};

use super::rule::{Rule, TextRule, TimeRule};
use crate::codec::{Json, compare_decimals, plain_decimal};

/// Digits after the point that an allowance is computed with.
const SCALE: usize = 18;

/// What two scalars are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The same without any rule.
    Same,
    /// The same by the rule.
    Tolerated,
    /// Another value.
    Value,
    /// Another type.
    Type,
}

/// Compares two scalars; neither is an array or an object.
pub(super) fn scalars(legacy: &Json<'_>, candidate: &Json<'_>, rule: Option<&Rule>) -> Verdict {
    if legacy == candidate {
        return Verdict::Same;
    }
    let Some(rule) = rule else { return differ(legacy, candidate) };
    if let Some(shape) = &rule.shape
        && let (Some(a), Some(b)) = (text(legacy), text(candidate))
        && shape.is_match(a)
        && shape.is_match(b)
    {
        return Verdict::Tolerated;
    }
    if let (Some(a), Some(b)) = (text(legacy), text(candidate))
        && rule.map.get(a).is_some_and(|mapped| mapped == b)
    {
        return Verdict::Tolerated;
    }
    let tolerated = number(legacy, candidate, rule)
        || rule.time.is_some_and(|time| times(legacy, candidate, time))
        || rule.text.is_some_and(|text| texts(legacy, candidate, text));
    if tolerated { Verdict::Tolerated } else { differ(legacy, candidate) }
}

fn differ(legacy: &Json<'_>, candidate: &Json<'_>) -> Verdict {
    let same_type = std::mem::discriminant(legacy) == std::mem::discriminant(candidate);
    if same_type { Verdict::Value } else { Verdict::Type }
}

/// The text of a scalar, however it is written.
pub(super) fn text<'a>(json: &'a Json<'_>) -> Option<&'a str> {
    match json {
        Json::Number(text) | Json::String(text) | Json::Lexical(text) => Some(text),
        Json::Bool(value) => Some(if *value { "true" } else { "false" }),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

fn number(legacy: &Json<'_>, candidate: &Json<'_>, rule: &Rule) -> bool {
    if rule.decimal.is_none() && rule.number.is_none() {
        return false;
    }
    let across = rule.decimal == Some(true);
    let digits = |json: &Json<'_>| match json {
        Json::Number(text) => plain_decimal(text).map(std::borrow::Cow::into_owned),
        Json::String(text) if across => {
            compare_decimals(text, "0").is_some().then(|| text.clone().into_owned())
        }
        _ => None,
    };
    let (Some(a), Some(b)) = (digits(legacy), digits(candidate)) else { return false };
    if compare_decimals(&a, &b) == Some(Ordering::Equal) {
        return true;
    }
    let Some((absolute, relative)) = &rule.number else { return false };
    within(&a, &b, absolute, relative).unwrap_or(false)
}

/// Whether two decimals are near enough, by their digits. `None` where they are too long for it.
fn within(a: &str, b: &str, absolute: &str, relative: &str) -> Option<bool> {
    let (a, b) = (scaled(a)?, scaled(b)?);
    let apart = a.checked_sub(b)?.unsigned_abs();
    if apart <= scaled(absolute)?.unsigned_abs() {
        return Some(true);
    }
    let larger = a.unsigned_abs().max(b.unsigned_abs());
    let share = scaled(relative)?.unsigned_abs();
    // larger * share / 10^SCALE, the whole part of the share and its fraction apart.
    let one = 10_u128.checked_pow(u32::try_from(SCALE).ok()?)?;
    let allowed = (larger / one)
        .checked_mul(share)?
        .checked_add((larger % one) / 1_000_000_000 * (share / 1_000_000_000))?;
    Some(apart <= allowed)
}

/// A decimal as a whole number of 10^-18; digits behind those are cut.
fn scaled(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.get(..SCALE).unwrap_or(fraction);
    let value: i128 = format!("{whole}{fraction:0<SCALE$}").parse().ok()?;
    Some(if negative { -value } else { value })
}

fn texts(legacy: &Json<'_>, candidate: &Json<'_>, rule: TextRule) -> bool {
    let (Json::String(a), Json::String(b)) = (legacy, candidate) else { return false };
    let form = |text: &str| {
        let text = if rule.trim {
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        } else {
            text.to_owned()
        };
        if rule.any_case { text.to_lowercase() } else { text }
    };
    form(a) == form(b)
}

fn times(legacy: &Json<'_>, candidate: &Json<'_>, rule: TimeRule) -> bool {
    let (Json::String(a), Json::String(b)) = (legacy, candidate) else { return false };
    let (Some(a), Some(b)) = (moment(a, rule), moment(b, rule)) else { return false };
    match (a, b) {
        (Moment::Universal(a), Moment::Universal(b)) | (Moment::Local(a), Moment::Local(b)) => {
            a.abs_diff(b) <= rule.tolerance.as_nanos()
        }
        _ => false,
    }
}

/// A time in nanoseconds: with a zone, or without.
enum Moment {
    Universal(i128),
    Local(i128),
}

const NANOS_A_SECOND: i128 = 1_000_000_000;

fn moment(text: &str, rule: TimeRule) -> Option<Moment> {
    let cut = |nanos: i128| {
        if rule.whole_seconds { nanos.div_euclid(NANOS_A_SECOND) * NANOS_A_SECOND } else { nanos }
    };
    let clock = |time: DateTime| {
        let utc = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(Moment::Local(cut(utc.timestamp().as_nanosecond())))
    };
    let (bare, zone) = without_zone(text);
    if !rule.ignore_zone && zone.is_some() {
        let stamp: Timestamp = match bare.len() {
            // A date with a zone is the instant it begins.
            10 => format!("{bare}T00:00:00{}", zone?).parse().ok()?,
            _ => text.parse().or_else(|_| text.parse::<Zoned>().map(|z| z.timestamp())).ok()?,
        };
        return Some(Moment::Universal(cut(stamp.as_nanosecond())));
    }
    match bare.len() {
        10 => clock(bare.parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight())),
        _ => clock(bare.parse().ok()?),
    }
}

/// A time without its zone, and the zone: `Z`, `+02:00`.
fn without_zone(text: &str) -> (&str, Option<&str>) {
    if let Some(bare) = text.strip_suffix(['Z', 'z']) {
        return (bare, Some("Z"));
    }
    match text.len().checked_sub(6).and_then(|at| text.split_at_checked(at)) {
        Some((bare, zone))
            if bare.len() >= 10 && zone.starts_with(['+', '-']) && zone.as_bytes()[3] == b':' =>
        {
            (bare, Some(zone))
        }
        _ => (text, None),
    }
}
