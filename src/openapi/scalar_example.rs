//! Example values of simple types.

use serde_json::Value;

use super::generate::generate;
use super::literal::literal;
use crate::codec::{Form, Graph, Lexical, Node, NodeId, Text, TextKind};

/// Lists and unions inside each other.
const TEXT_DEPTH_MAX: u32 = 16;
/// Characters of a text made longer because its type wants that.
const TEXT_CHARS_MAX: u64 = 256;
/// Items of a list made longer because its type wants that.
const ITEMS_MAX: u64 = 20;
/// How often an open quantifier of a pattern is taken beyond its least.
const QUANTIFIER_EXTRA_MAX: usize = 12;

/// An example of a simple type, valid by its facets.
pub(super) fn scalar(graph: &Graph, ty: &Text) -> Option<Value> {
    nested(graph, ty, TEXT_DEPTH_MAX)
}

fn nested(graph: &Graph, ty: &Text, depth: u32) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let facets = &ty.check.facets;
    let inner = |id: NodeId| match graph.node(id) {
        Node::Text(inner) => nested(graph, inner, depth),
        _ => None,
    };
    let chosen = facets.enumeration.iter().find_map(|value| literal(graph, ty, value));
    match &ty.kind {
        TextKind::Atomic(Lexical::QName) => Some(Value::from("name")),
        TextKind::Atomic(lexical) => chosen.or_else(|| {
            let fits = |text: &String| in_range(*lexical, text) && is_form(*lexical, text);
            let candidates = candidates(ty, *lexical).into_iter().filter(fits);
            let mut valid = candidates.filter(|text| ty.check.problem(text).is_none());
            valid.find_map(|text| literal(graph, ty, &text))
        }),
        TextKind::List(_) | TextKind::Union(_) if !facets.enumeration.is_empty() => chosen,
        TextKind::List(item) => {
            if !facets.patterns.is_empty() {
                return None;
            }
            let count = facets.length.or(facets.min_length).unwrap_or(1).max(1);
            let room = facets.length.or(facets.max_length).unwrap_or(count);
            if count > ITEMS_MAX || room < count {
                return None;
            }
            let item = inner(*item)?;
            Some(Value::Array(vec![item; usize::try_from(count).ok()?]))
        }
        TextKind::Union(members) => members.iter().find_map(|member| inner(*member)),
    }
}

fn in_range(lexical: Lexical, text: &str) -> bool {
    let Lexical::Integer { min, max, .. } = lexical else { return true };
    let Ok(number) = text.parse::<i128>() else { return false };
    min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
}

fn is_form(lexical: Lexical, text: &str) -> bool {
    match lexical {
        Lexical::Form(form) => form.accepts(text),
        _ => true,
    }
}

/// Texts worth trying, the most telling first.
fn candidates(ty: &Text, lexical: Lexical) -> Vec<String> {
    let facets = &ty.check.facets;
    let bounds = || {
        let all = [
            &facets.min_inclusive,
            &facets.max_inclusive,
            &facets.min_exclusive,
            &facets.max_exclusive,
        ];
        all.into_iter().flatten().map(ToString::to_string)
    };
    let mut texts = match lexical {
        Lexical::Boolean => vec!["true".to_owned()],
        Lexical::Integer { min, max, .. } => {
            let mut numbers = vec![1, 0, -1, 10, 100];
            numbers.extend(min.into_iter().chain(max));
            for bound in bounds().filter_map(|b| b.parse::<i128>().ok()) {
                numbers.extend([bound, bound.saturating_add(1), bound.saturating_sub(1)]);
            }
            numbers.iter().map(ToString::to_string).collect()
        }
        Lexical::Decimal | Lexical::Float => {
            let mut texts = vec!["12.5".to_owned()];
            texts.extend(["1", "0.5", "0", "-1", "100"].map(str::to_owned));
            texts.extend(bounds());
            texts.extend(between(ty));
            texts
        }
        Lexical::Form(form) => forms(ty, form, bounds()),
        Lexical::String(_) | Lexical::QName => padded(ty, "text", "text text "),
    };
    texts.extend(by_pattern(ty));
    texts
}

/// A number beside a bound that is excluded.
fn between(ty: &Text) -> Vec<String> {
    let facets = &ty.check.facets;
    let parse = |b: &Option<std::sync::Arc<str>>| b.as_ref().and_then(|b| b.parse::<f64>().ok());
    let low = parse(&facets.min_exclusive).or(parse(&facets.min_inclusive));
    let high = parse(&facets.max_exclusive).or(parse(&facets.max_inclusive));
    match (low, high) {
        (Some(low), Some(high)) => vec![f64::midpoint(low, high).to_string()],
        (Some(low), None) => vec![(low + 1.0).to_string()],
        (None, Some(high)) => vec![(high - 1.0).to_string()],
        (None, None) => Vec::new(),
    }
}

fn forms(ty: &Text, form: Form, bounds: impl Iterator<Item = String>) -> Vec<String> {
    let facets = &ty.check.facets;
    let least = facets.length.or(facets.min_length).unwrap_or(0).max(1);
    let repeat = |piece: &str, times: u64| piece.repeat(usize::try_from(times).unwrap_or(0));
    match form {
        // A bound of a date is allowed by it, whatever the calendar says about others.
        Form::Date | Form::DateTime | Form::Time | Form::Duration => {
            bounds.chain([form.example().to_owned()]).collect()
        }
        Form::Hex if least <= TEXT_CHARS_MAX => {
            vec![form.example().to_owned(), repeat("0F", least)]
        }
        Form::Base64 if least <= TEXT_CHARS_MAX => {
            let tail = ["", "AA==", "AAA="][usize::try_from(least % 3).unwrap_or(0)];
            vec![form.example().to_owned(), repeat("AAAA", least / 3) + tail]
        }
        Form::Name | Form::NcName | Form::NmToken | Form::Id | Form::IdRef => {
            padded(ty, "name", "name")
        }
        _ => vec![form.example().to_owned()],
    }
}

/// A text, cut or made longer to what its type wants.
fn padded(ty: &Text, text: &str, filling: &str) -> Vec<String> {
    let facets = &ty.check.facets;
    let least = facets.length.or(facets.min_length).unwrap_or(0);
    let most = facets.length.or(facets.max_length).unwrap_or(u64::MAX);
    if least > TEXT_CHARS_MAX {
        return Vec::new();
    }
    let wanted = usize::try_from((text.len() as u64).clamp(least, most.max(least))).unwrap_or(0);
    if wanted <= text.len() {
        return vec![text[..wanted].to_owned()];
    }
    let mut long: String = filling.chars().cycle().take(wanted).collect();
    if long.ends_with(' ') {
        long.pop();
        long.push('t');
    }
    vec![long]
}

fn by_pattern(ty: &Text) -> Vec<String> {
    let facets = &ty.check.facets;
    let least = facets.length.or(facets.min_length).and_then(|n| usize::try_from(n).ok());
    // One open quantifier alone has to make up the whole length.
    let long = least.map_or(0..0, |n| n.saturating_sub(1)..n.saturating_add(1));
    let steps = facets.patterns.iter().flatten();
    steps
        .flat_map(|pattern| {
            let extras = (0..=QUANTIFIER_EXTRA_MAX).chain(long.clone());
            extras.filter_map(|extra| generate(pattern, extra))
        })
        .collect()
}
