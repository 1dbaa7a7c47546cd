//! What must be true of the texts of a statement.

use std::ops::Range;

use super::effect::{Effect, Outline};
use super::lexer::{Kind, Lexed, lex};
use super::order::KEYS_MAX;
use super::{Part, Parts, StatementProblem};
use crate::sql::Dialect;

/// Bytes of all texts of a statement together: 1 MiB.
const TEXT_BYTES_MAX: usize = 1 << 20;
/// Filters of a statement: each has a bit of a choice.
const FILTERS_MAX: usize = 64;
/// Orders of a statement.
const SORTS_MAX: usize = 64;
/// Bytes of a type.
const TYPE_BYTES_MAX: usize = 200;

/// What is too much to read at all.
pub(super) fn sizes(parts: &Parts<'_>) -> Vec<StatementProblem> {
    let mut problems = Vec::new();
    let mut most = |number: usize, max: usize, part: Part, what: &str, help: &str| {
        if number > max {
            let message = format!("has {number} {what}, more than {max}");
            problems.push(StatementProblem::new(part, 0..0, message, help));
        }
    };
    let bytes = parts.base.len() + parts.filters.iter().map(|filter| filter.len()).sum::<usize>();
    most(bytes, TEXT_BYTES_MAX, Part::Base, "bytes", "make a view or a function of it");
    let filters = parts.filters.len();
    most(filters, FILTERS_MAX, Part::Base, "filters", "split the route");
    most(parts.sorts.len(), SORTS_MAX, Part::Base, "orders", "offer fewer");
    for (index, keys) in parts.sorts.iter().enumerate() {
        most(keys.len(), KEYS_MAX, Part::Sort(index), "columns", "order by fewer");
    }
    problems
}

/// What must be true of the statement itself: there is one, and one mark at most.
pub(super) fn base(text: &str, lexed: &Lexed) -> Vec<StatementProblem> {
    let mut problems = Vec::new();
    let mut problem = |range: Range<usize>, message: &str, help: &str| {
        problems.push(StatementProblem::new(Part::Base, range, message, help));
    };
    let tokens = &lexed.tokens;
    let end = tokens.iter().position(|token| token.kind == Kind::Semicolon);
    if tokens.iter().take(end.unwrap_or(tokens.len())).all(|token| token.kind == Kind::Mark) {
        problem(0..text.len(), "there is no statement", "write one, as in `select 1 as one`");
    }
    if let Some(behind) = end.and_then(|end| tokens.get(end + 1)) {
        let help = "one query is one statement; several are `steps` of a route";
        problem(behind.range.clone(), "something follows the end of the statement", help);
    }
    for mark in tokens.iter().filter(|token| token.kind == Kind::Mark).skip(1) {
        let help = "filters stand in one place; remove one of the marks";
        problem(mark.range.clone(), "there is a second `/*filters*/`", help);
    }
    problems
}

/// What must be true of a filter: it is a condition.
pub(super) fn filter(index: usize, text: &str, lexed: &Lexed) -> Vec<StatementProblem> {
    let part = Part::Filter(index);
    if lexed.tokens.is_empty() {
        let help = "write a condition, as in `status = :status`";
        return vec![StatementProblem::new(part, 0..text.len(), "the filter is empty", help)];
    }
    let wrong = lexed.tokens.iter().filter_map(|token| {
        let message = match token.kind {
            Kind::Semicolon => "a filter is a condition, not a statement",
            Kind::Mark => "the mark `/*filters*/` belongs in the statement",
            _ => return None,
        };
        Some(StatementProblem::new(part, token.range.clone(), message, "remove it"))
    });
    wrong.collect()
}

/// What must be true of the parts together.
pub(super) fn together(parts: &Parts<'_>, outline: &Outline, mark: bool) -> Vec<StatementProblem> {
    let mut problems = Vec::new();
    let mut problem = |part: Part, range: &Range<usize>, message: String, help: &str| {
        problems.push(StatementProblem::new(part, range.clone(), message, help));
    };
    for (index, keys) in parts.sorts.iter().enumerate() {
        let name = |column: &str| !column.is_empty() && !column.contains('\0');
        if keys.is_empty() || !keys.iter().all(|key| name(&key.column)) {
            let message = "the order has no columns, or one without a name".to_owned();
            problem(Part::Sort(index), &(0..0), message, "name columns of the result");
        }
    }
    let sorted = !parts.sorts.is_empty();
    let filtered = !parts.filters.is_empty();
    let (verb, effect) = (&outline.verb, outline.effect);
    let does = match effect {
        Effect::Queries => "queries",
        Effect::Shows => "tells a setting",
        Effect::Locks => "locks rows",
        Effect::Writes => "may change something",
    };
    if sorted && effect != Effect::Queries {
        let message = format!("the statement {does}: it has no orders to choose from");
        let help = "remove the orders, or write a statement that only queries";
        problem(Part::Base, verb, message, help);
    }
    if filtered && effect != Effect::Queries && !(effect == Effect::Locks && mark) {
        let message = format!("the statement {does}: no condition of it may be left out");
        let help = if effect == Effect::Locks {
            "write `/*filters*/` behind the conditions of its `where`"
        } else {
            "write the condition into the statement; its parameters are then required"
        };
        problem(Part::Base, verb, message, help);
    }
    if effect == Effect::Queries && (sorted || (filtered && !mark)) {
        let help = match (sorted, filtered && !mark) {
            (true, false) => "remove it: the order is the caller's choice, and pages have a limit",
            (true, true) => "remove it, or move it into a part of the query in parentheses",
            _ => {
                "write `/*filters*/` behind the conditions of its `where`, so that they apply first"
            }
        };
        let what = if sorted { "orders" } else { "filters" };
        for clause in outline.order.iter().chain(&outline.limit) {
            let message = format!("it stands inside of the {what}, which go around the statement");
            problem(Part::Base, clause, message, help);
        }
    }
    problems
}

/// Whether a text may be the name of a type: nothing can come of it but a type or an error of
/// the database.
pub(super) fn is_type(text: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || " _.\"()[],".contains(c);
    if text.len() > TYPE_BYTES_MAX || !text.chars().all(letter) {
        return false;
    }
    let Lexed { tokens, problems, .. } = lex(Dialect::Postgres, Part::Base, text);
    let first = tokens.first().is_some_and(|first| matches!(first.kind, Kind::Word | Kind::Name));
    let fits = tokens.iter().all(|token| {
        let list = token.depth == 0 && &text[token.range.clone()] == ",";
        !list && !matches!(token.kind, Kind::Text | Kind::Parameter)
    });
    first && fits && problems.is_empty()
}
