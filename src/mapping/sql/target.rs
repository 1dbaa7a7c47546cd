//! A route to a database: one statement, or steps in one transaction.

use super::super::binding::{Input, inputs};
use super::super::fields::Fields;
use super::super::keys::{ERROR_OBJECT, FAULT_STATUS_MAX, FAULT_STATUS_MIN, STEP};
use super::super::node::{Entry, Spanned, Value};
use super::super::reader::{Context, number};
use super::query::{SqlQuery, sql_query};
use super::rows::{Page, page};
use crate::diagnostic::{Code, Diagnostic};

/// What a route says about statements. What is `None` or empty was not written, or was wrong
/// and is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlTarget {
    /// The name of the backend.
    pub backend: Spanned<String>,
    /// Its only statement; without one where there are steps.
    pub query: SqlQuery,
    /// Its statements, where there are several.
    pub steps: Vec<Step>,
    /// How the list is cut into pages.
    pub page: Option<Spanned<Page>>,
    /// Whether it is a long answer.
    pub stream: Option<Spanned<bool>>,
    /// The column that is the entity tag.
    pub etag: Option<Spanned<String>>,
    /// The parameter that is `If-Match`.
    pub if_match: Option<Spanned<String>>,
    /// Settings of the transaction.
    pub session: Vec<Input>,
    /// The isolation of the transaction.
    pub isolation: Option<Spanned<Isolation>>,
    /// Statuses of errors.
    pub errors: Vec<ErrorRule>,
}

/// One of several statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: Spanned<String>,
    /// The statement.
    pub query: SqlQuery,
}

/// Isolation levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// READ COMMITTED
    ReadCommitted,
    /// REPEATABLE READ
    RepeatableRead,
    /// SERIALIZABLE
    Serializable,
}

/// One line of `errors`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorRule {
    /// A constraint, a SQLSTATE, or the first two characters of one.
    pub pattern: Spanned<String>,
    /// The status, 400 to 599.
    pub status: Spanned<u16>,
    /// The title of the problem.
    pub title: Option<Spanned<String>>,
}

/// Keys that belong to the steps where there are some.
const OF_A_STEP: &[&str] = &[
    "in",
    "types",
    "filters",
    "sort",
    "page",
    "result",
    "out",
    "nest",
    "include",
    "max_affected",
    "stream",
];

pub(in super::super) fn sql_target(
    cx: &mut Context<'_>,
    fields: &Fields<'_>,
    entry: &Entry,
) -> Option<SqlTarget> {
    let query = sql_query(cx, fields);
    let steps = fields.get("steps").map(|entry| steps(cx, entry)).unwrap_or_default();
    match (fields.get("query"), fields.get("steps")) {
        (None, None) => {
            let message = "a `sql` route needs `query` or `steps`";
            cx.error(Code::MappingMissing, entry.key.span, message);
        }
        (Some(query), Some(steps)) => cx.report.push(
            Diagnostic::error(Code::MappingValue, steps.key.span, "`steps` beside `query`")
                .note(query.key.span, "one of the two")
                .help("a route has one statement or steps"),
        ),
        (None, Some(_)) => fields.refuse(cx, OF_A_STEP, "a route with steps: it is theirs"),
        (Some(_), None) => fields.refuse(cx, &["returns"], "a route with one statement"),
    }
    let isolations = [Isolation::ReadCommitted, Isolation::RepeatableRead, Isolation::Serializable];
    let page = page(cx, fields);
    let errors = fields.get("errors").map(|entry| errors(cx, entry)).unwrap_or_default();
    let target = SqlTarget {
        query,
        steps,
        page,
        stream: fields.boolean(cx, "stream"),
        etag: fields.string(cx, "etag"),
        if_match: fields.string(cx, "if_match"),
        session: inputs(cx, fields.get("session")),
        isolation: fields.word(cx, "isolation", &isolations),
        errors,
        backend: cx.text(&entry.value, entry.key.span)?.map(|text| text.value),
    };
    Some(target)
}

fn steps(cx: &mut Context<'_>, entry: &Entry) -> Vec<Step> {
    let lines = cx.entries(&entry.value, entry.key.span, "names of steps and their statements");
    let read = lines.iter().filter_map(|line| {
        let fields = cx.fields(&line.value, line.key.span, &STEP)?;
        Some(Step { name: line.key.clone(), query: sql_query(cx, &fields) })
    });
    read.collect()
}

fn errors(cx: &mut Context<'_>, entry: &Entry) -> Vec<ErrorRule> {
    let what = "constraints or SQLSTATEs and their statuses";
    let lines = cx.entries(&entry.value, entry.key.span, what);
    lines.iter().filter_map(|line| error(cx, line)).collect()
}

fn error(cx: &mut Context<'_>, line: &Entry) -> Option<ErrorRule> {
    let pattern = line.key.clone();
    if !matches!(line.value.value, Value::Mapping(_)) {
        let status = number(cx, line, FAULT_STATUS_MIN, FAULT_STATUS_MAX)?;
        return Some(ErrorRule { pattern, status, title: None });
    }
    let fields = cx.fields(&line.value, line.key.span, &ERROR_OBJECT)?;
    let status = fields.integer(cx, "status");
    let title = fields.string(cx, "title");
    Some(ErrorRule { pattern, status: status?, title })
}
