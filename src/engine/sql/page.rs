//! Pages of a list: what is asked for, and what leads to the next one.

use crate::codec::{Json, JsonLimits, parse_json};
use crate::engine::input::{Input, InputProblem, ProblemPlace};
use crate::plan::{KeyColumn, PagePlan, PageStyle, ParameterPlace, SqlCall};
use crate::sql::{Cell, Cells, Cursor, CursorKey, Dialect, PageChoice, Value, encode, write_json};

use super::bind::SqlFacts;
use super::key;
use super::row::{RowError, check_type};
use super::view::{CURSOR, LIMIT, PAGE, query_value};

/// How long a cursor is good.
const CURSOR_LIFE_SECONDS: u64 = 24 * 60 * 60;

/// A page, as it is asked for.
#[derive(Debug)]
pub struct PageAsked {
    /// Which part of the result it is.
    pub choice: PageChoice,
    /// Rows of it.
    pub limit: u32,
    /// Its number, from 1, where pages have numbers.
    number: u64,
    /// The key it starts after or before.
    pub(super) keys: Vec<Value>,
    /// The order, by index.
    sort: usize,
    /// What its cursors are good for.
    bound: Vec<u8>,
}

/// What leads on from a page: query parameters and their values.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// To the next page, where there is one.
    pub next: Option<(&'static str, String)>,
    /// To the one before.
    pub prev: Option<(&'static str, String)>,
    /// Whether this is not the first.
    pub first: bool,
}

/// What a request asks of the pages; `None` where the route has none.
pub(super) fn ask(
    call: &SqlCall,
    input: &Input<'_>,
    (filters, sort): (u64, usize),
    parameters: &[Option<Json<'_>>],
    facts: SqlFacts<'_>,
    problems: &mut Vec<InputProblem>,
) -> Option<PageAsked> {
    let plan = call.page.as_ref()?;
    let mut page = PageAsked {
        choice: PageChoice::First,
        limit: limit(plan, input, problems),
        number: 1,
        keys: Vec::new(),
        sort,
        bound: Vec::new(),
    };
    match &plan.style {
        PageStyle::Offset => {
            page.choice = PageChoice::Offset;
            page.number = page_number(input, problems);
        }
        PageStyle::Keyset(sorts) => {
            page.bound = bound(call, facts.route, (filters, sort), parameters);
            if let Some(text) = query_value(input, CURSOR, problems) {
                let columns = sorts.get(sort).map_or(&[][..], Vec::as_slice);
                let opened = facts
                    .cursors
                    .open(text, &page.bound, facts.now)
                    .map_err(|error| error.to_string())
                    .and_then(|cursor| Ok((keys(call.dialect, columns, &cursor)?, cursor)));
                match opened {
                    Ok((keys, cursor)) => {
                        let back = cursor.backward;
                        page.choice = if back { PageChoice::Before } else { PageChoice::After };
                        page.keys = keys;
                    }
                    Err(detail) => {
                        let wrong = InputProblem::parameter(CURSOR, ProblemPlace::Query, detail);
                        problems.push(wrong);
                    }
                }
            }
        }
    }
    Some(page)
}

fn limit(plan: &PagePlan, input: &Input<'_>, problems: &mut Vec<InputProblem>) -> u32 {
    let Some(text) = query_value(input, LIMIT, problems) else { return plan.size };
    match text.parse::<u32>() {
        Ok(limit) if (1..=plan.max).contains(&limit) => limit,
        _ => {
            let detail = format!("must be a whole number from 1 to {}", plan.max);
            problems.push(InputProblem::parameter(LIMIT, ProblemPlace::Query, detail));
            plan.size
        }
    }
}

fn page_number(input: &Input<'_>, problems: &mut Vec<InputProblem>) -> u64 {
    let Some(text) = query_value(input, PAGE, problems) else { return 1 };
    match text.parse::<u32>() {
        Ok(number) if number >= 1 => u64::from(number),
        _ => {
            let detail = "must be a whole number, 1 or more";
            problems.push(InputProblem::parameter(PAGE, ProblemPlace::Query, detail));
            1
        }
    }
}

/// The keys of a cursor as values. They come from a cursor of ours, so what does not fit has
/// changed since.
fn keys(dialect: Dialect, columns: &[KeyColumn], cursor: &Cursor) -> Result<Vec<Value>, String> {
    if columns.len() != cursor.keys.len() {
        return Err("belongs to another order".to_owned());
    }
    let one = |(column, text): (&KeyColumn, &String)| {
        let json = parse_json(text, JsonLimits::default()).map_err(|e| e.to_string())?;
        encode(dialect, key::read(dialect, &column.ty), &json)
    };
    let keys: Result<_, String> = columns.iter().zip(&cursor.keys).map(one).collect();
    keys.map_err(|_| "belongs to another version of this route".to_owned())
}

/// What a cursor is good for: route, order, filters, and the values of path and query. Each
/// text is preceded by its length, so that no two lists of values look alike.
fn bound(
    call: &SqlCall,
    route: &str,
    (filters, sort): (u64, usize),
    parameters: &[Option<Json<'_>>],
) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    let mut text = |text: &str| {
        out.extend_from_slice(&(text.len() as u64).to_be_bytes());
        out.extend_from_slice(text.as_bytes());
    };
    text(route);
    text(call.sorts.get(sort).map_or("", String::as_str));
    text(&filters.to_string());
    for (parameter, value) in call.parameters.iter().zip(parameters) {
        if parameter.place == ParameterPlace::Header {
            continue;
        }
        text(&parameter.name);
        match value {
            Some(Json::Array(items)) => {
                text(&items.len().to_string());
                for item in items {
                    text(lexical(item));
                }
            }
            Some(value) => text(lexical(value)),
            // Distinct from every text by its length.
            None => text("\u{0}absent"),
        }
    }
    out
}

fn lexical<'j>(json: &'j Json<'_>) -> &'j str {
    match json {
        Json::Lexical(text) => text,
        _ => "",
    }
}

impl PageAsked {
    /// Rows to ask for: one more than are shown, so that it is known whether there are more.
    pub fn rows_wanted(&self) -> u64 {
        u64::from(self.limit) + 1
    }

    /// Rows before it, where pages have numbers.
    pub(super) fn offset(&self) -> u64 {
        (self.number - 1) * u64::from(self.limit)
    }

    /// Takes off the row too many, puts the rest in order, and says what leads on.
    ///
    /// # Errors
    /// Where a key column of the first or the last row cannot be read, or is NULL.
    pub fn turn<R: Cells>(
        &self,
        plan: &PagePlan,
        rows: &mut Vec<R>,
        cursors: &CursorKey,
        now: u64,
    ) -> Result<Links, RowError> {
        let shown = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > shown;
        rows.truncate(shown);
        if self.choice == PageChoice::Before {
            rows.reverse();
        }
        let PageStyle::Keyset(sorts) = &plan.style else {
            let page = |number: u64| (PAGE, number.to_string());
            return Ok(Links {
                next: more.then(|| page(self.number + 1)),
                prev: (self.number > 1).then(|| page(self.number - 1)),
                first: self.number > 1,
            });
        };
        let columns = sorts.get(self.sort).map_or(&[][..], Vec::as_slice);
        let cursor = |row: Option<&R>, backward| -> Result<_, RowError> {
            let Some(row) = row else { return Ok(None) };
            let cursor = Cursor { backward, keys: keys_of(columns, row)? };
            let text = cursors.seal(&cursor, &self.bound, now + CURSOR_LIFE_SECONDS);
            Ok(Some((CURSOR, text)))
        };
        let (after, before) = match self.choice {
            PageChoice::Before => (true, more),
            PageChoice::After => (more, true),
            _ => (more, false),
        };
        Ok(Links {
            next: if after { cursor(rows.last(), false)? } else { None },
            prev: if before { cursor(rows.first(), true)? } else { None },
            first: self.choice != PageChoice::First,
        })
    }
}

fn keys_of(columns: &[KeyColumn], row: &impl Cells) -> Result<Vec<String>, RowError> {
    let one = |column: &KeyColumn| {
        check_type(&column.column, column.index, &column.ty, row)?;
        let cell = row.cell(usize::from(column.index));
        if cell == Cell::Null {
            return Err(RowError::Null(column.column.to_string()));
        }
        let mut json = Vec::new();
        let ty = key::written(&column.ty, &cell);
        write_json(ty, key::form(ty), cell, &mut json)
            .map_err(|error| RowError::Cell(column.column.to_string(), error.0))?;
        // What has no form in JSON would be a page that ends too early.
        if json == b"null" {
            return Err(RowError::Null(column.column.to_string()));
        }
        String::from_utf8(json)
            .map_err(|e| RowError::Cell(column.column.to_string(), e.to_string()))
    };
    columns.iter().map(one).collect()
}

/// A number the facade itself binds.
pub(super) fn number(dialect: Dialect, number: u64) -> Value {
    match dialect {
        Dialect::Postgres => Value::Text(number.to_string()),
        Dialect::Sqlite => Value::Integer(i64::try_from(number).unwrap_or(i64::MAX)),
    }
}

/// A page as an object: `{"items": […], "next": "…", "prev": "…", "total": n}`. What is not
/// known or not there is left out.
#[must_use]
pub fn envelope(
    items: &[u8],
    next: Option<&str>,
    prev: Option<&str>,
    total: Option<u64>,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(items.len() + 256);
    out.extend_from_slice(b"{\"items\":");
    out.extend_from_slice(items);
    for (key, link) in [("next", next), ("prev", prev)] {
        let Some(text) = link.and_then(|link| serde_json::to_string(link).ok()) else { continue };
        out.extend_from_slice(format!(",\"{key}\":{text}").as_bytes());
    }
    if let Some(total) = total {
        out.extend_from_slice(format!(",\"total\":{total}").as_bytes());
    }
    out.push(b'}');
    out
}
