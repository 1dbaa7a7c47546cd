//! What may differ at one place.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};

use super::super::fields::Fields;
use super::super::keys::{DECIMAL, NULLISH, NUMBER, RULE, Shape, TEXT, TIME, UNORDERED};
use super::super::limits::duration;
use super::super::node::{Entry, Value};
use super::super::reader::{Context, describe};
use super::super::values::parse_share;
use super::canary::SHARE;
use crate::diagnostic::{Code, Diagnostic};
use crate::strangler::{Rule, Share, TextRule, TimeRule, Unordered};

/// Bytes of a compiled `shape`.
const REGEX_BYTES_MAX: usize = 1 << 20;
/// Digits of a tolerance, before its point and behind it.
const DIGITS_MAX: usize = 18;

/// Reads what stands behind a place.
pub(super) fn rule(cx: &mut Context<'_>, line: &Entry) -> Option<Rule> {
    if !matches!(line.value.value, Value::Mapping(_)) {
        let what = "`ignore`, or the keys of a rule";
        return cx
            .typed(line, what, |text| (text == "ignore").then_some(()))
            .map(|_| Rule { ignore: true, ..Rule::default() });
    }
    let own = cx.fields(&line.value, line.key.span, &RULE)?;
    let errors = cx.report.error_count();
    if own.entries.is_empty() {
        let help = "write `ignore`, or name what may differ there";
        let message = "a rule that says nothing";
        let at = line.key.span;
        cx.report.push(Diagnostic::error(Code::MappingMissing, at, message).help(help));
    }
    let rule = Rule {
        ignore: false,
        critical: own.truth(cx, "critical").is_some(),
        unordered: unordered(cx, &own),
        number: number(cx, &own),
        decimal: plain_or(cx, &own, "decimal", &DECIMAL)
            .map(|inner| inner.is_some_and(|inner| inner.truth(cx, "in_text").is_some())),
        time: time(cx, &own),
        text: text(cx, &own),
        nullish: plain_or(cx, &own, "nullish", &NULLISH)
            .map(|inner| inner.is_some_and(|inner| inner.truth(cx, "empty").is_some())),
        one_or_many: own.truth(cx, "one_or_many").is_some(),
        map: map(cx, &own),
        bijection: own.string(cx, "bijection").map(|name| name.value),
        shape: regex(cx, &own),
    };
    (cx.report.error_count() == errors).then_some(rule)
}

/// A key that is `true`, or says more: `None` within where it is only `true`.
fn plain_or<'n>(
    cx: &mut Context<'_>,
    fields: &Fields<'n>,
    name: &str,
    shape: &'static Shape,
) -> Option<Option<Fields<'n>>> {
    let entry = fields.get(name)?;
    if matches!(entry.value.value, Value::Mapping(_)) {
        return fields.section(cx, name, shape).map(Some);
    }
    let what = format!("`true`, or the keys of {}", shape.noun);
    cx.typed(entry, &what, |text| (text == "true").then_some(())).map(|_| None)
}

fn unordered(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Unordered> {
    let Some(inner) = plain_or(cx, fields, "unordered", &UNORDERED)? else {
        return Some(Unordered::All);
    };
    let by = inner.string(cx, "by")?;
    let names: Vec<String> = by.value.split('.').map(str::to_owned).collect();
    if names.iter().any(String::is_empty) {
        cx.error(Code::MappingRule, by.span, "this is not a path of members");
        return None;
    }
    Some(Unordered::By(names))
}

fn number(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<(String, String)> {
    let inner = fields.section(cx, "number", &NUMBER)?;
    let decimal = |text: &str| is_decimal(text).then(|| text.to_owned());
    let absolute = inner.parsed(cx, "absolute", "a decimal such as `0.01`", decimal);
    let relative = inner.parsed(cx, "relative", SHARE, parse_share);
    if inner.get("absolute").or(inner.get("relative")).is_none() {
        let message = "a tolerance needs `absolute` or `relative`";
        cx.error(Code::MappingMissing, inner.at, message);
    }
    let absolute = absolute.map_or_else(|| "0".to_owned(), |read| read.value);
    Some((absolute, relative.map_or_else(|| "0".to_owned(), |read| decimal_of(read.value))))
}

/// `0.1%` as `0.0010`.
fn decimal_of(share: Share) -> String {
    let points = share.basis_points();
    format!("{}.{:04}", points / 10_000, points % 10_000)
}

fn is_decimal(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let good = |digits: &str| {
        (1..=DIGITS_MAX).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    };
    good(whole) && good(fraction)
}

fn time(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<TimeRule> {
    let Some(inner) = plain_or(cx, fields, "time", &TIME)? else {
        return Some(TimeRule::default());
    };
    Some(TimeRule {
        tolerance: duration(cx, &inner, "tolerance").map_or_else(Default::default, |t| t.value),
        ignore_zone: inner.truth(cx, "ignore_zone").is_some(),
        whole_seconds: inner.truth(cx, "whole_seconds").is_some(),
    })
}

fn text(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<TextRule> {
    let inner = fields.section(cx, "text", &TEXT)?;
    let rule = TextRule {
        trim: inner.truth(cx, "trim").is_some(),
        any_case: inner.truth(cx, "any_case").is_some(),
    };
    if inner.entries.is_empty() {
        cx.error(Code::MappingMissing, inner.at, "a text needs `trim` or `any_case`");
    }
    Some(rule)
}

fn map(cx: &mut Context<'_>, fields: &Fields<'_>) -> BTreeMap<String, String> {
    let Some(entry) = fields.get("map") else { return BTreeMap::new() };
    let lines = cx.entries(&entry.value, entry.key.span, "values and what they are called there");
    let mut map = BTreeMap::new();
    for line in lines {
        if let Some(text) = cx.text(&line.value, line.key.span) {
            map.insert(line.key.value.clone(), text.value.value);
        }
    }
    map
}

/// The whole value has to fit.
fn regex(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Regex> {
    let entry = fields.get("shape")?;
    let read = cx.text(&entry.value, entry.key.span)?;
    let whole = format!(r"\A(?:{})\z", read.value.value);
    match RegexBuilder::new(&whole).size_limit(REGEX_BYTES_MAX).build() {
        Ok(regex) => Some(regex),
        Err(error) => {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let message = format!("{} is no regular expression: {why}", describe(&entry.value));
            cx.error(Code::MappingRule, read.span, message);
            None
        }
    }
}
