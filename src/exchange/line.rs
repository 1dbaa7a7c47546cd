//! The line that makes a fixture fit a request.

use std::collections::BTreeMap;

use super::Entry;
use super::find::Unfit;
use crate::canonical::{Cause, Difference, Meaning, NodePath};

/// Places that a line names; with more of them it is another message.
const PLACES_MAX: usize = 5;

/// The line to add to a fixture, or to put in the place of one that begins like it.
pub(super) fn line(
    entry: &Entry,
    left: Option<&Meaning>,
    right: &Meaning,
    differences: &[Difference],
    unfit: Option<&Unfit>,
) -> Option<String> {
    match unfit {
        Some(Unfit::State(state)) => {
            let sets = entry.fixture.scenario.as_ref().and_then(|s| s.sets.as_deref());
            return Some(scenario(&state.scenario, &state.is, sets));
        }
        Some(Unfit::Where) => {
            let paths = entry.fixture.where_.keys();
            let patterns = paths.map(|path| (path.clone(), ".*".to_owned())).collect();
            return Some(pattern_line(&patterns));
        }
        Some(Unfit::Version) => return None,
        None => {}
    }
    let left = left?;
    let is_value = |d: &Difference| matches!(d.cause, Cause::Value | Cause::Volatile);
    let can_be_left_out = |d: &Difference| {
        is_value(d) || matches!(d.cause, Cause::Missing | Cause::Extra | Cause::Nil)
    };
    if differences.is_empty() || !differences.iter().all(can_be_left_out) {
        return None;
    }
    let paths: BTreeMap<String, &Difference> =
        differences.iter().map(|d| (short(left, right, differences, d), d)).collect();
    if paths.len() > PLACES_MAX {
        return None;
    }
    let are_values = differences.iter().all(is_value);
    let is_volatile = differences.iter().all(|d| d.cause == Cause::Volatile);
    if are_values && !is_volatile {
        let mut patterns = entry.fixture.where_.clone();
        patterns.extend(paths.iter().map(|(path, d)| (path.clone(), pattern(d))));
        return Some(pattern_line(&patterns));
    }
    let own = entry.fixture.ignore.iter().cloned();
    let all: Vec<String> = own.chain(paths.into_keys()).map(|path| quoted(&path)).collect();
    Some(format!("ignore: [{}]", all.join(", ")))
}

fn scenario(name: &str, needs: &str, sets: Option<&str>) -> String {
    let sets = sets.map_or(String::new(), |sets| format!(", sets: {}", quoted(sets)));
    format!("scenario: {{ name: {}, needs: {}{sets} }}", quoted(name), quoted(needs))
}

fn pattern_line(patterns: &BTreeMap<String, String>) -> String {
    let all: Vec<String> =
        patterns.iter().map(|(path, p)| format!("{}: {}", quoted(path), quoted(p))).collect();
    format!("where: {{ {} }}", all.join(", "))
}

/// Text in YAML in which no character but the quote means anything.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A pattern that both values match, and what is like them.
fn pattern(difference: &Difference) -> String {
    const SHAPES: [&str; 4] = [
        r"\d+",
        r"\d{4}-\d{2}-\d{2}",
        r"\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})?",
        r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    ];
    let values =
        [difference.left.as_deref(), difference.right.as_deref()].map(Option::unwrap_or_default);
    let fits = |shape: &&str| {
        regex::Regex::new(&format!("^(?:{shape})$"))
            .is_ok_and(|shape| values.iter().all(|value| shape.is_match(value)))
    };
    let shape = SHAPES.into_iter().find(|shape| fits(shape));
    let any = if values.contains(&"") { ".*" } else { ".+" };
    shape.unwrap_or(any).to_owned()
}

/// The shortest path that means only places that differ: `//RequestId`, else more of what is
/// around it, else the whole way.
fn short(
    left: &Meaning,
    right: &Meaning,
    differences: &[Difference],
    difference: &Difference,
) -> String {
    let whole = plain(&difference.path, true);
    let steps = &plain(&difference.path, false).steps;
    let alike = |suffix: &NodePath| {
        let ends = |d: &&Difference| plain(&d.path, false).steps.ends_with(&suffix.steps);
        differences.iter().filter(ends).count()
    };
    (1..steps.len())
        .map(|count| NodePath { anywhere: true, steps: steps[steps.len() - count..].to_vec() })
        .filter(|path| !path.steps[0].is_attribute || path.steps.len() == 1)
        .find(|path| {
            let several = alike(path);
            left.find(path).len() <= several && right.find(path).len() <= several
        })
        .unwrap_or(whole)
        .to_string()
}

/// A path with local names.
fn plain(path: &NodePath, with_indexes: bool) -> NodePath {
    let mut path = path.clone();
    for step in &mut path.steps {
        step.namespace = None;
        step.index = step.index.filter(|_| with_indexes);
    }
    path
}
