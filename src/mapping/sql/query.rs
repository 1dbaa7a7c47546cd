//! A statement and what a mapping says about it.

use std::path::Path;

use super::super::binding::{Input, inputs};
use super::super::document::map;
use super::super::fields::Fields;
use super::super::node::{Entry, Spanned, Value};
use super::super::output::{Output, outputs};
use super::super::reader::Context;
use super::rows::{Include, Nest, includes, nests};
use super::text::{SqlText, sql_text, sql_texts};
use crate::diagnostic::{Code, Diagnostic};
use crate::sql::{OrderKey, parse_order};

/// A statement, of a route, a step or a part. What is `None` or empty was not written, or was
/// wrong and is reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SqlQuery {
    /// The statement.
    pub statement: Option<Statement>,
    /// Where values of its parameters come from.
    pub inputs: Vec<Input>,
    /// SQL types of parameters.
    pub types: Vec<(Spanned<String>, Spanned<String>)>,
    /// Conditions that may be left out.
    pub filters: Vec<(Spanned<String>, SqlText)>,
    /// Orders to choose from.
    pub sort: Vec<(Spanned<String>, Order)>,
    /// How many rows it gives.
    pub result: Option<Spanned<ResultWord>>,
    /// Changes to members of a row.
    pub outputs: Vec<Output>,
    /// Adjacent rows folded into arrays.
    pub nest: Vec<Nest>,
    /// Statements that fetch what belongs to the rows.
    pub include: Vec<Include>,
    /// Rows of one answer.
    pub max_rows: Option<Spanned<u64>>,
    /// Rows it may touch.
    pub max_affected: Option<Spanned<u64>>,
}

/// The text of a statement, or where to find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// Here.
    Text(SqlText),
    /// `queries/all.sql#name`
    File {
        /// The file, relative to the mapping's.
        path: Spanned<String>,
        /// Which of its statements.
        name: Option<Spanned<String>>,
    },
}

/// Columns to order by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Each with its place.
    pub keys: Vec<Spanned<OrderKey>>,
}

/// How many rows a statement gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultWord {
    /// Exactly one.
    One,
    /// One or none.
    Optional,
    /// Any number.
    Many,
    /// One value.
    Scalar,
    /// None, but their number.
    Affected,
    /// Nothing.
    None,
    /// One row of refcursors.
    Cursors,
}

const RESULTS: &[ResultWord] = &[
    ResultWord::One,
    ResultWord::Optional,
    ResultWord::Many,
    ResultWord::Scalar,
    ResultWord::Affected,
    ResultWord::None,
    ResultWord::Cursors,
];

/// Reads those keys of a statement that the object at hand may have.
pub(super) fn sql_query(cx: &mut Context<'_>, fields: &Fields<'_>) -> SqlQuery {
    let get = |name: &str| if fields.knows(name) { fields.get(name) } else { None };
    SqlQuery {
        statement: get("query").and_then(|entry| statement(cx, entry)),
        inputs: inputs(cx, get("in")),
        types: map(cx, get("types"), |text| text.value),
        filters: sql_texts(cx, get("filters")),
        sort: sorts(cx, get("sort")),
        result: get("result").and_then(|_| fields.word(cx, "result", RESULTS)),
        outputs: outputs(cx, get("out")),
        nest: nests(cx, get("nest")),
        include: includes(cx, get("include")),
        max_rows: get("max_rows").and_then(|_| fields.integer(cx, "max_rows")),
        max_affected: get("max_affected").and_then(|_| fields.integer(cx, "max_affected")),
    }
}

/// The statement behind `query`: a text on one line without spaces that ends in `.sql`, with
/// or without a name, is a file.
pub(super) fn statement(cx: &mut Context<'_>, entry: &Entry) -> Option<Statement> {
    if let Value::Scalar(scalar) = &entry.value.value {
        let (path, name) = match scalar.text.split_once('#') {
            Some((path, name)) => (path, Some(name)),
            None => (scalar.text.as_str(), None),
        };
        let is_file = Path::new(path).extension().is_some_and(|e| e.eq_ignore_ascii_case("sql"));
        if is_file && !scalar.text.contains(char::is_whitespace) {
            let read = cx.text(&entry.value, entry.key.span)?;
            let whole = read.value.value.as_str();
            let path_end = whole.find('#').unwrap_or(whole.len());
            let name = name.map(|_| {
                let at = cx.inside(read.span, whole, path_end + 1, whole.len());
                Spanned::new(whole[path_end + 1..].to_owned(), at)
            });
            let at = cx.inside(read.span, whole, 0, path_end);
            return Some(Statement::File {
                path: Spanned::new(whole[..path_end].to_owned(), at),
                name,
            });
        }
    }
    sql_text(cx, entry).map(Statement::Text)
}

fn sorts(cx: &mut Context<'_>, entry: Option<&Entry>) -> Vec<(Spanned<String>, Order)> {
    let Some(entry) = entry else { return Vec::new() };
    let lines = cx.entries(&entry.value, entry.key.span, "names of orders and their columns");
    let read = lines.iter().filter_map(|line| {
        let text = cx.text(&line.value, line.key.span)?.map(|text| text.value);
        Some((line.key.clone(), order(cx, text.as_ref().map(String::as_str))?))
    });
    read.collect()
}

/// `issued_on desc, id`
pub(super) fn order(cx: &mut Context<'_>, read: Spanned<&str>) -> Option<Order> {
    let text = read.value;
    let keys = match parse_order(text) {
        Ok(keys) => keys,
        Err((range, message)) => {
            let span = cx.inside(read.span, text, range.start, range.end);
            let help = "write columns of the result, `issued_on desc, id`";
            cx.report.push(Diagnostic::error(Code::SqlSyntax, span, message).help(help));
            return None;
        }
    };
    let mut at = 0;
    let place = |key: OrderKey| {
        // A name with quotes in it is written otherwise: then the whole order is its place.
        let Some(found) = text.get(at..).and_then(|rest| rest.find(&key.column)) else {
            return Spanned::new(key, read.span);
        };
        let from = at + found;
        at = from + key.column.len();
        let span = cx.inside(read.span, text, from, at);
        Spanned::new(key, span)
    };
    Some(Order { keys: keys.into_iter().map(place).collect() })
}

/// The texts of a list.
pub(in crate::mapping) fn texts(
    cx: &mut Context<'_>,
    entry: Option<&Entry>,
) -> Vec<Spanned<String>> {
    let Some(entry) = entry else { return Vec::new() };
    let Value::Sequence(items) = &entry.value.value else {
        cx.expected(&entry.value, entry.key.span, "a list such as `[id, name]`");
        return Vec::new();
    };
    let texts = items.iter().filter_map(|item| cx.text(item, entry.key.span));
    texts.map(|text| text.map(|text| text.value)).collect()
}
