//! JSON by meaning.

use serde_json::Value;

/// Where two values differ, and whether a rule of `wire.md` explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// By a rule, in words.
    Rule(&'static str),
    /// Otherwise: the place, ours, theirs.
    Other(String),
}

/// Every difference; none means they say the same.
pub fn differences(ours: &Value, theirs: &Value) -> Vec<Difference> {
    let mut all = Vec::new();
    walk("", ours, theirs, &mut all);
    all
}

fn walk(at: &str, ours: &Value, theirs: &Value, all: &mut Vec<Difference>) {
    let mut other = || all.push(Difference::Other(format!("{at}: {ours} for {theirs}")));
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            for (name, value) in a {
                match b.get(name) {
                    Some(their) => walk(&format!("{at}/{name}"), value, their, all),
                    None => alone(at, name, value, all),
                }
            }
            for (name, value) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
                all.push(Difference::Other(format!("{at}/{name}: nothing for {value}")));
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                walk(&format!("{at}/{index}"), a, b, all);
            }
        }
        (Value::String(a), Value::String(b)) => match () {
            () if a == b => {}
            () if a.trim() == b.trim() => {
                all.push(Difference::Rule("text is kept with its white space"));
            }
            () if same_moment(a, b) => {
                all.push(Difference::Rule("dates and times are passed on as they are"));
            }
            () => other(),
        },
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64(), b.as_f64());
            if a.zip(b).is_none_or(|(a, b)| (a - b).abs() > f64::EPSILON * a.abs()) {
                other();
            }
        }
        // Peers read `<x/>` of whatever type as null.
        (Value::String(a), Value::Null) if a.trim().is_empty() => {
            all.push(Difference::Rule("an empty element is \"\", not null"));
        }
        (Value::Object(a), Value::Null)
            if a.values().all(|v| v.as_array().is_some_and(Vec::is_empty)) =>
        {
            all.push(Difference::Rule("an empty element is \"\", not null"));
        }
        _ if ours == theirs => {}
        _ => other(),
    }
}

fn alone(at: &str, name: &str, value: &Value, all: &mut Vec<Difference>) {
    all.push(match value {
        Value::Array(items) if items.is_empty() => {
            Difference::Rule("an array that nothing came for is []")
        }
        Value::Null => Difference::Rule("nil is null, not left out"),
        _ => Difference::Other(format!("{at}/{name}: {value} for nothing")),
    });
}

/// A peer reads `2010-01-01` as a date object and prints `2010-01-01T00:00:00.000Z`.
fn same_moment(ours: &str, theirs: &str) -> bool {
    let is_date = |text: &str| {
        let bytes = text.as_bytes();
        bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-'
    };
    is_date(ours) && is_date(theirs) && theirs.ends_with('Z') && ours.get(..7) == theirs.get(..7)
}
