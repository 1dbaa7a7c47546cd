//! Why no fixture answers a statement.

use std::sync::Arc;

use super::find::other_state;
use super::sql::{Near, Wanted};
use super::{Miss, Near as NearFixture, Why};
use crate::canonical::{Cause, Difference, NodePath, PathStep};

/// Fixtures that are named.
const NEAREST_MAX: usize = 3;
/// Letters of a statement by which it is named.
const NAME_LETTERS: usize = 60;

/// What is nearest, and why it does not answer.
pub(super) fn miss(wanted: &Wanted<'_>, mut nearby: Vec<Near<'_>>) -> Miss {
    let distance = |near: &Near<'_>| {
        let unlike = &near.unlike;
        let words = if unlike.statement { apart(wanted, near).2 } else { 0 };
        (unlike.statement, words, unlike.step, unlike.differs_by(), unlike.state)
    };
    nearby.sort_by_cached_key(distance);
    let why = match nearby.first().map(|near| &near.unlike) {
        None => Why::NoFixture,
        Some(unlike) if unlike.statement => Why::Statement,
        Some(unlike) if unlike.differs_by() > 0 => Why::Value,
        Some(unlike) if unlike.step => Why::Structure,
        Some(_) => Why::State,
    };
    let nearest = nearby.iter().take(NEAREST_MAX).map(|near| told(wanted, near)).collect();
    Miss { operation: Some(name(wanted.asked.statement)), nearest, why }
}

/// The first letters of a statement, on one line.
fn name(statement: &str) -> String {
    let line = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(NAME_LETTERS) {
        Some((end, _)) => format!("`{}…`", &line[..end]),
        None => format!("`{line}`"),
    }
}

fn told(wanted: &Wanted<'_>, near: &Near<'_>) -> NearFixture {
    let mut differences = Vec::new();
    if near.unlike.statement {
        let (left, right, _) = apart(wanted, near);
        differences.push(difference(path("statement", None), Some(left), Some(right)));
    }
    if near.unlike.step {
        let text = |step: Option<u32>| step.map(|step| step.to_string());
        let (left, right) = (text(near.sql.step), text(wanted.asked.step));
        differences.push(difference(path("step", None), left, right));
    }
    let lists = [
        ("before", &near.unlike.before, &near.sql.before, &wanted.before),
        ("parameters", &near.unlike.values, &near.sql.parameters, &wanted.given),
    ];
    for (list, places, recorded, asked) in lists {
        for at in places {
            // NULL is a value, nothing is none.
            let shown = |text: Option<&str>| text.map_or("null".to_owned(), str::to_owned);
            let left = recorded.get(*at).map(|cell| shown(cell.text().as_deref()));
            let right = asked.get(*at).map(|text| shown(text.as_deref()));
            let name = (list == "parameters").then(|| parameter(wanted, *at)).flatten();
            let place = name.map_or_else(|| path(list, Some(at + 1)), |name| path(name, None));
            differences.push(difference(place, left, right));
        }
    }
    NearFixture {
        entry: near.id,
        name: near.entry.name.clone(),
        state: other_state(near.entry.fixture.scenario.as_ref(), wanted.asked.states),
        line: line(wanted, near),
        differences,
    }
}

/// The name of a parameter, where it has one.
fn parameter<'w>(wanted: &'w Wanted<'_>, at: usize) -> Option<&'w str> {
    let given = wanted.asked.given.get(at)?;
    Some(&*given.name).filter(|name| !name.is_empty())
}

/// The one line after which a fixture answers.
fn line(wanted: &Wanted<'_>, near: &Near<'_>) -> Option<String> {
    let unlike = &near.unlike;
    if unlike.statement {
        return None;
    }
    match (&unlike.values[..], &unlike.before[..], unlike.step, unlike.state) {
        ([at], [], false, false) if wanted.given.len() > *at => {
            let name = match parameter(wanted, *at) {
                Some(name) => name.to_owned(),
                None => format!("parameters[{}]", at + 1),
            };
            Some(format!("ignore: [\"{name}\"]"))
        }
        ([], [], true, false) => match wanted.asked.step {
            Some(step) => Some(format!("step: {step}")),
            None => None,
        },
        _ => None,
    }
}

/// The words in which two statements differ, the fixture's first, and how many they are.
fn apart(wanted: &Wanted<'_>, near: &Near<'_>) -> (String, String, usize) {
    let (left, right) = (near.sql.statement.as_str(), wanted.asked.statement);
    let left: Vec<&str> = left.split_whitespace().collect();
    let right: Vec<&str> = right.split_whitespace().collect();
    let alike = |(a, b): &(&&str, &&str)| a == b;
    let front = left.iter().zip(&right).take_while(alike).count();
    let (left, right) = (&left[front..], &right[front..]);
    let back = left.iter().rev().zip(right.iter().rev()).take_while(alike).count();
    let (left, right) = (&left[..left.len() - back], &right[..right.len() - back]);
    (left.join(" "), right.join(" "), left.len() + right.len())
}

fn difference(path: NodePath, left: Option<String>, right: Option<String>) -> Difference {
    let cause = match (&left, &right) {
        (Some(_), None) => Cause::Missing,
        (None, Some(_)) => Cause::Extra,
        _ => Cause::Value,
    };
    Difference { path, cause, left, right }
}

fn path(name: &str, index: Option<usize>) -> NodePath {
    let step = PathStep { namespace: None, local: Arc::from(name), is_attribute: false, index };
    NodePath { anywhere: false, steps: vec![step] }
}
