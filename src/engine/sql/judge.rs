//! Errors of the database as problems: the one place that gives a SQLSTATE its status.

use std::time::Duration;

use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::plan::{Outcome, SqlCall, SqlErrorRule};
use crate::sql::DatabaseFailure;

use super::row::RowError;

/// When a refusal of the moment is worth another attempt.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// An error of the database as a problem: a rule of the mapping first, then the table. What
/// the database said stays in the log. `statement` is the one that failed; `None` where it
/// was the commit.
#[must_use]
pub fn judge_sql(call: &SqlCall, failure: &DatabaseFailure, statement: Option<&str>) -> Problem {
    let mut code = code_of(call, failure, statement);
    let rule = call.error_rules.iter().find(|rule| applies(rule, failure));
    // A rule says what an error without a meaning of its own means.
    if rule.is_some() && matches!(code, Code::DatabaseStatement | Code::DatabaseFailed) {
        code = Code::DatabaseRefused;
    }
    let mut problem = Problem::new(code, "").outcome(Outcome::Rejected).internal(in_words(failure));
    if let Some(rule) = rule {
        problem.status = rule.status;
        problem.title.clone_from(&rule.title);
    }
    if problem.status == 503 {
        problem.retry_after = Some(RETRY_AFTER);
    }
    problem
}

/// A row that is not what the route declares.
#[must_use]
pub fn judge_rows(error: &RowError) -> Problem {
    Problem::new(Code::DatabaseRows, "").internal(error.to_string())
}

/// Whether the same transaction may succeed the next time: a serialization failure or a
/// deadlock.
#[must_use]
pub fn is_transient(failure: &DatabaseFailure) -> bool {
    matches!(failure.sqlstate.as_str(), "40001" | "40P01")
}

fn applies(rule: &SqlErrorRule, failure: &DatabaseFailure) -> bool {
    let pattern = rule.pattern.as_str();
    // Names are written as in the statement that made them, and kept in one case or another.
    failure.constraint.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(pattern))
        || failure.sqlstate == pattern
        || (pattern.len() == 2 && failure.sqlstate.starts_with(pattern))
}

/// PostgreSQL, appendix A; SQLite's errors come with the like codes.
fn code_of(call: &SqlCall, failure: &DatabaseFailure, statement: Option<&str>) -> Code {
    let state = failure.sqlstate.as_str();
    let class = state.get(..2).unwrap_or("");
    let has_input = call.body.is_some() || !call.parameters.is_empty();
    match (class, state) {
        // A division by zero is in the statement, whatever was sent.
        ("22", state) if has_input && state != "22012" => Code::DatabaseValue,
        ("23", "23505" | "23P01") => Code::DatabaseDuplicate,
        ("23", "23001") => Code::DatabaseInUse,
        ("23", "23503") if statement.is_some_and(deletes) => Code::DatabaseInUse,
        ("23", "23503") => Code::DatabaseReference,
        ("23" | "44", _) => Code::DatabaseConstraint,
        (_, "42501") => Code::DatabaseDenied,
        ("40", _) | (_, "55P03" | "55006") => Code::DatabaseConflict,
        (_, "57014") => Code::BackendTimeout,
        ("08" | "28" | "3D" | "53", _) | (_, "57P01" | "57P02" | "57P03" | "57P05") => {
            Code::DatabaseUnavailable
        }
        // Words of the statement, of its author or of its functions.
        (
            "0A" | "20" | "21" | "22" | "25" | "26" | "2D" | "34" | "3B" | "3F" | "42" | "54"
            | "55" | "P0",
            _,
        ) => Code::DatabaseStatement,
        _ => Code::DatabaseFailed,
    }
}

/// Whether a statement's first word is DELETE.
fn deletes(statement: &str) -> bool {
    let word = statement.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next();
    word.is_some_and(|word| word.eq_ignore_ascii_case("delete"))
}

/// Everything the database said, for the log.
fn in_words(failure: &DatabaseFailure) -> String {
    let mut text = format!("{}: {}", failure.sqlstate, failure.message);
    let fields = [
        ("detail", &failure.detail),
        ("hint", &failure.hint),
        ("constraint", &failure.constraint),
        ("table", &failure.table),
        ("column", &failure.column),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            text.push_str(&format!("; {name}: {value}"));
        }
    }
    if let Some(offset) = failure.offset {
        text.push_str(&format!("; at byte {offset} of the statement"));
    }
    text
}
