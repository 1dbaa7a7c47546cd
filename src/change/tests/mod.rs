//! Every rule by an example: what was, what is, and what is said of it.

mod operations;
mod properties;
mod schemas;
mod unions;

use serde_json::{Value, json};

use super::{Day, Severity, compare, rules};

/// An example.
pub(super) struct Case {
    pub(super) before: Value,
    pub(super) after: Value,
    /// `severity rule place: text`, one a line.
    pub(super) expected: &'static str,
}

/// A document of one operation, `GET /a/{id}`.
pub(super) fn document(operation: &Value, components: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "A", "version": "v1" },
        "paths": { "/a/{id}": { "post": operation } },
        "components": components,
    })
}

/// Operations that differ in one thing.
pub(super) fn operations(before: &Value, after: &Value, expected: &'static str) -> Case {
    let none = json!({});
    Case { before: document(before, &none), after: document(after, &none), expected }
}

/// Request bodies of two schemas.
pub(super) fn requests(before: &Value, after: &Value, expected: &'static str) -> Case {
    let body = |schema: &Value| json!({ "requestBody": { "content": { "application/json": { "schema": schema } } } });
    operations(&body(before), &body(after), expected)
}

/// Answers of two schemas.
pub(super) fn responses(before: &Value, after: &Value, expected: &'static str) -> Case {
    let answer = |schema: &Value| json!({ "responses": { "200": { "content": { "application/json": { "schema": schema } } } } });
    operations(&answer(before), &answer(after), expected)
}

pub(super) fn lines(before: &Value, after: &Value) -> Vec<String> {
    let changes = compare(before, after, Day::parse("2026-06-30"));
    let line =
        |c: &super::Change| format!("{} {} {}: {}", c.severity.as_str(), c.rule, c.place, c.text);
    changes.iter().map(line).collect()
}

fn cases() -> Vec<Case> {
    let all = [operations::cases(), schemas::cases(), unions::cases()];
    all.into_iter().flatten().collect()
}

#[test]
fn every_example_is_judged_as_it_says() {
    let mut wrong = Vec::new();
    for case in cases() {
        let lines = lines(&case.before, &case.after).join("\n");
        let expected: Vec<&str> = case.expected.lines().map(str::trim).collect();
        if lines != expected.join("\n") {
            wrong.push(format!("{}\nbut it is\n{lines}", expected.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_rule_has_an_example() {
    let cases = cases();
    let has = |id: &str| cases.iter().any(|c| c.expected.split([' ', '\n']).any(|w| w == id));
    let without: Vec<&str> = rules().iter().map(|rule| rule.id).filter(|id| !has(id)).collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn nothing_that_breaks_is_silent_the_other_way_round() {
    for case in cases() {
        let there = compare(&case.before, &case.after, None);
        if there.iter().any(|change| change.severity == Severity::Breaking) {
            let back = compare(&case.after, &case.before, None);
            assert!(!back.is_empty(), "{}", case.expected);
        }
    }
}
