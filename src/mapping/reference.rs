//! The reference of the mapping file in Markdown, from the same tables the readers use.

use std::collections::VecDeque;
use std::fmt::Write;

use super::keys::{DOCUMENT, Key, Kind, Shape};

/// Every key of a mapping file: its type, default, an example, and what it means. Sections
/// start with `###`.
pub fn reference() -> String {
    let mut text = String::new();
    let mut pending = VecDeque::from([&DOCUMENT]);
    let mut done: Vec<&str> = Vec::new();
    while let Some(shape) = pending.pop_front() {
        if done.contains(&shape.noun) {
            continue;
        }
        done.push(shape.noun);
        section(&mut text, shape);
        for key in shape.keys {
            objects(&key.kind, &mut pending);
        }
    }
    text
}

fn section(text: &mut String, shape: &Shape) {
    let _ = writeln!(text, "### {}\n", title(shape));
    if !shape.one_of.is_empty() {
        let _ = writeln!(text, "Exactly one of {}.\n", words(shape.one_of, "and"));
    }
    text.push_str("| key | type | default | example | meaning |\n|---|---|---|---|---|\n");
    for key in shape.keys {
        let default = match key.default {
            Some(default) => format!("`{default}`"),
            None if key.required => "required".to_owned(),
            None => "–".to_owned(),
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {default} | {} | {} |",
            key.name,
            kind(&key.kind),
            example(key).map_or_else(|| "–".to_owned(), |e| format!("`{}`", e.replace('|', "\\|"))),
            key.doc.replace('<', "&lt;"),
        );
    }
    text.push('\n');
}

/// `A backend`.
fn title(shape: &Shape) -> String {
    let mut letters = shape.noun.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// `a-backend`, as Markdown makes anchors of headings.
fn link(shape: &Shape) -> String {
    format!("[{}](#{})", shape.noun, shape.noun.replace(' ', "-"))
}

fn words(words: &[&str], last: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{} {last} {end}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// The recursion is over the tables, which are finite and written by us.
fn kind(kind_: &Kind) -> String {
    match kind_ {
        Kind::Text => "text".to_owned(),
        Kind::Boolean => "`true` or `false`".to_owned(),
        Kind::True => "`true`".to_owned(),
        Kind::Integer(min, max) if min == max => format!("`{min}`"),
        Kind::Integer(i64::MIN, i64::MAX) => "a whole number".to_owned(),
        Kind::Integer(min, max) => format!("a number from {min} to {max}"),
        Kind::Words(all) => words(all, "or"),
        Kind::Version => "version".to_owned(),
        Kind::Duration => "duration".to_owned(),
        Kind::Size => "size".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::Stage => "stage".to_owned(),
        Kind::Share => "share".to_owned(),
        Kind::Factor => "a factor".to_owned(),
        Kind::Texts => "list of texts".to_owned(),
        Kind::Schema => "JSON Schema".to_owned(),
        Kind::Object(shape) => link(shape),
        Kind::Map(values, _) => format!("object of {}", kind(values)),
        Kind::List(items) => format!("list of {}", kind(items)),
        Kind::Either(either) => either.iter().map(kind).collect::<Vec<_>>().join(", or "),
    }
}

fn example(key: &Key) -> Option<&'static str> {
    key.example.or(match &key.kind {
        Kind::Boolean | Kind::True => Some("true"),
        Kind::Integer(1, 1) => Some("1"),
        Kind::Words(all) => all.last().copied(),
        Kind::Version => Some("v1"),
        Kind::Share => Some("10%"),
        Kind::Factor => Some("1.5"),
        Kind::Duration => Some("2s"),
        Kind::Size => Some("10MiB"),
        Kind::Date => Some("2027-01-01"),
        Kind::Either(either) if matches!(either.first(), Some(Kind::Duration)) => Some("5s"),
        _ => None,
    })
}

fn objects(kind: &Kind, pending: &mut VecDeque<&'static Shape>) {
    match kind {
        Kind::Object(shape) => pending.push_back(shape),
        Kind::Map(values, _) | Kind::List(values) => objects(values, pending),
        Kind::Either(either) => {
            for one in *either {
                objects(one, pending);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::{BREAKER, LIMITS, TIMEOUT};
    use super::super::values::{
        parse_date, parse_duration, parse_factor, parse_share, parse_size, parse_stage,
    };
    use super::*;
    use crate::plan::{BackendLimits, Breaker, Timeouts};

    #[test]
    fn defaults_and_examples_are_values_of_their_kinds() {
        let check = |key: &Key, text: &str| {
            let good = match &key.kind {
                Kind::Boolean => matches!(text, "true" | "false"),
                Kind::Integer(min, max) => {
                    text.parse::<i64>().is_ok_and(|n| (*min..=*max).contains(&n))
                }
                Kind::Words(words) => words.contains(&text),
                Kind::Duration => parse_duration(text).is_some(),
                Kind::Size => parse_size(text).is_some(),
                Kind::Date => parse_date(text).is_some(),
                Kind::Stage => parse_stage(text).is_some(),
                Kind::Share => parse_share(text).is_some(),
                Kind::Factor => parse_factor(text).is_some(),
                _ => true,
            };
            assert!(good, "{}: {text}", key.name);
        };
        let mut pending = VecDeque::from([&DOCUMENT]);
        let mut left = 100;
        while let Some(shape) = pending.pop_front().filter(|_| left > 0) {
            left -= 1;
            for key in shape.keys {
                for text in key.default.into_iter().chain(example(key)) {
                    check(key, text);
                }
                objects(&key.kind, &mut pending);
            }
        }
    }

    #[test]
    fn defaults_are_what_the_plan_has() {
        let default = |shape: &Shape, name: &str| {
            shape.keys.iter().find(|key| key.name == name).and_then(|key| key.default).unwrap()
        };
        let time = |shape, name| parse_duration(default(shape, name)).unwrap();
        let count = |shape, name| default(shape, name).parse::<u64>().unwrap();
        let size = |name| parse_size(default(&LIMITS, name)).unwrap();
        let timeouts = Timeouts::default();
        assert_eq!(time(&TIMEOUT, "connect"), timeouts.connect);
        assert_eq!(time(&TIMEOUT, "total"), timeouts.total);
        let breaker = Breaker::default();
        assert_eq!(count(&BREAKER, "failures"), u64::from(breaker.failures));
        assert_eq!(time(&BREAKER, "open"), breaker.open);
        assert_eq!(count(&BREAKER, "probes"), u64::from(breaker.probes));
        let limits = BackendLimits::default();
        assert_eq!(count(&LIMITS, "in_flight"), u64::from(limits.in_flight));
        assert_eq!(size("response"), limits.response_bytes);
        let xml = crate::xml::XmlLimits::default();
        assert_eq!(count(&LIMITS, "depth"), u64::from(xml.depth));
        assert_eq!(count(&LIMITS, "elements"), xml.elements);
        assert_eq!(count(&LIMITS, "attributes"), u64::from(xml.attributes));
        assert_eq!(size("attribute"), xml.attribute_bytes as u64);
        assert_eq!(size("text"), xml.token_bytes as u64);
    }
}
