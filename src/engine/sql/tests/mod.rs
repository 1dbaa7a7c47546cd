//! A small ledger as a plan, made by hand, and rows from memory.

mod bind;
mod judge;
mod pages;
mod rows;

use std::sync::Arc;

use crate::engine::{Input, Problem, RequestFacts};
use crate::plan::*;
use crate::sql::*;

use super::{Bound, SqlFacts, bind_sql};

/// A row in memory: cells of SQLite, which need no encoding.
#[derive(Debug, Clone)]
pub enum Field {
    Null,
    Integer(i64),
    Text(&'static str),
}

impl Cells for Vec<Field> {
    fn cell(&self, column: usize) -> Cell<'_> {
        match self.get(column) {
            None | Some(Field::Null) => Cell::Null,
            Some(Field::Integer(number)) => Cell::Integer(*number),
            Some(Field::Text(text)) => Cell::Text(text.as_bytes()),
        }
    }
}

/// A row of numbers, texts and nothing: `row![1, "a", ()]`.
macro_rules! row {
    ($($field:expr),* $(,)?) => { vec![$($crate::engine::sql::tests::Field::from($field)),*] };
}
use row;

impl From<i64> for Field {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<&'static str> for Field {
    fn from(text: &'static str) -> Self {
        Self::Text(text)
    }
}

impl From<()> for Field {
    fn from((): ()) -> Self {
        Self::Null
    }
}

pub const TEXT: Type = Type::Text { max: None };

/// A column, by its index; nullable.
pub fn column(name: &str, index: u16, ty: Type) -> RowMember {
    let column = ColumnPlan {
        index,
        column: name.into(),
        ty,
        nullable: true,
        form: Form::Plain,
        schema: None,
    };
    member(name, RowValue::Column(column))
}

pub fn member(name: &str, value: RowValue) -> RowMember {
    RowMember { name: name.into(), key: key(name), value }
}

pub fn key(name: &str) -> Box<[u8]> {
    format!("\"{name}\":").into_bytes().into()
}

/// `number`, `customer`
pub fn invoice() -> RowPlan {
    let members = vec![column("number", 0, Type::Int8), column("customer", 1, TEXT)];
    RowPlan { members, fold: None }
}

pub fn parameter(name: &str, place: ParameterPlace, ty: Type) -> SqlParameter {
    SqlParameter {
        name: name.to_owned(),
        place,
        ty,
        repeats: false,
        required: place == ParameterPlace::Path,
        default: None,
        bounds: (None, None),
        documentation: None,
    }
}

/// A statement and where each of its parameters comes from, in its own order.
pub fn step(parts: &Parts<'_>, bindings: &[(SqlSource, Type)], result: ResultKind) -> StepPlan {
    let statement = Statement::new(Dialect::Sqlite, parts).unwrap();
    assert_eq!(statement.parameters().len(), bindings.len(), "{:?}", statement.parameters());
    let binding =
        |(source, ty): &(SqlSource, Type)| SqlBinding { source: source.clone(), ty: ty.clone() };
    StepPlan {
        name: String::new(),
        statement: Arc::new(statement),
        bindings: bindings.iter().map(binding).collect(),
        result,
        row: Arc::new(invoice()),
        affected_max: None,
        includes: Vec::new(),
    }
}

pub fn call(steps: Vec<StepPlan>) -> SqlCall {
    SqlCall {
        backend: BackendId(0),
        dialect: Dialect::Sqlite,
        parameters: Vec::new(),
        body: None,
        steps,
        transaction: None,
        answer: 0,
        page: None,
        sorts: Vec::new(),
        filters: Vec::new(),
        status: 200,
        location: None,
        etag: None,
        if_match: false,
        naming: crate::codec::Naming::Camel,
        large_numbers: Form::Plain,
        error_rules: Vec::new(),
        rows_max: 100,
        bytes_max: 1 << 20,
        whole_bytes: 1 << 16,
        stream: false,
    }
}

/// Binds a query string, headers and a body.
pub fn bind(call: &SqlCall, query: &str, body: Option<&str>) -> Result<Bound, Box<Problem>> {
    bind_at(call, query, body, 0)
}

pub fn bind_at(
    call: &SqlCall,
    query: &str,
    body: Option<&str>,
    now: u64,
) -> Result<Bound, Box<Problem>> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap());
    let (mut query, mut headers, mut path) = (Vec::new(), Vec::new(), Vec::new());
    for (name, value) in pairs {
        match name.split_once(':') {
            Some(("path", name)) => path.push((name, value.into())),
            Some((_, name)) => headers.push((name, value.into())),
            None => query.push((name.into(), value.into())),
        }
    }
    let input = Input { path, query, headers, body };
    let cursors = CursorKey::new(b"for tests");
    let request = RequestFacts { id: "id-1", time: "2026-01-02T03:04:05Z", ..Default::default() };
    bind_sql(call, &input, SqlFacts { route: "GET /invoices", request, cursors: &cursors, now })
}

/// What is wrong with a request, a line each.
pub fn wrong(problem: &Problem) -> Vec<String> {
    let place = |error: &crate::engine::InputProblem| {
        error.parameter.clone().or_else(|| error.pointer.clone()).unwrap_or_default()
    };
    problem.errors.iter().map(|error| format!("{} {}", place(error), error.detail)).collect()
}
