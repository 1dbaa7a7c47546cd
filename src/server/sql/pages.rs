//! How many items all pages have, and the headers of a page.

use std::sync::Arc;

use super::asked::Asked;
use super::heard::Sent;
use super::runner::{Caps, Failed, Runner};
use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::engine::sql::{Links, link};
use crate::plan::{PagePlan, RowPlan, Total};
use crate::sql::{Cell, Cells, Choice, Dialect, Form, PageChoice, Type, write_json};

/// Items of all pages, where the mapping says that it is told.
pub(super) async fn total(
    asked: &Asked<'_>,
    runner: &mut Runner<'_>,
    plan: &PagePlan,
    (links, shown): (&Links, usize),
) -> Result<Option<u64>, Failed> {
    // The first page, and no other: they have been counted.
    if plan.total != Total::None && !links.first && links.next.is_none() {
        return Ok(Some(shown as u64));
    }
    match (plan.total, asked.call.dialect) {
        (Total::None, _) => Ok(None),
        (Total::Estimate, Dialect::Postgres) => estimate(asked, runner).await.map(Some),
        (Total::Exact | Total::Estimate, _) => count(asked, runner).await.map(Some),
    }
}

const ONE: Caps = Caps { rows: 1, declared: true, bytes: u64::MAX };

async fn count(asked: &Asked<'_>, runner: &mut Runner<'_>) -> Result<u64, Failed> {
    let (call, at) = (asked.call, asked.call.answer);
    let Some(step) = call.steps.get(at) else { return Ok(0) };
    let choice = Choice { page: PageChoice::Count, ..asked.bound.choice(call, at) };
    let assembled = step.statement.assemble(choice);
    let values = asked.bound.values(call, at, &[], &assembled)?;
    let sent = asked.sent(assembled, values, (&step.statement, &step.bindings));
    let set = runner.run(sent, &RowPlan::default(), ONE).await?;
    let mut json = Vec::new();
    let counted = set.rows.first().map_or(Cell::Null, |row| row.cell(0));
    let written = write_json(&Type::Int8, Form::Plain, counted, &mut json).is_ok();
    let number = std::str::from_utf8(&json).ok().filter(|_| written);
    number.and_then(|text| text.parse().ok()).ok_or_else(|| uncounted("count"))
}

/// What the planner thinks, without running anything.
async fn estimate(asked: &Asked<'_>, runner: &mut Runner<'_>) -> Result<u64, Failed> {
    let (call, at) = (asked.call, asked.call.answer);
    let Some(step) = call.steps.get(at) else { return Ok(0) };
    let choice = Choice { page: PageChoice::All, ..asked.bound.choice(call, at) };
    let assembled = step.statement.assemble(choice);
    let values = asked.bound.values(call, at, &[], &assembled)?;
    let text: Arc<str> = format!("explain (format json) {}", assembled.text).into();
    let names = asked.names(&assembled, &step.statement, &step.bindings);
    let set = runner.run(Sent { text, values, names }, &RowPlan::default(), ONE).await?;
    let mut json = Vec::new();
    let told = set.rows.first().map_or(Cell::Null, |row| row.cell(0));
    let written = write_json(&Type::Json, Form::Plain, told, &mut json).is_ok();
    let plan: Option<serde_json::Value> = serde_json::from_slice(&json).ok().filter(|_| written);
    let rows = plan.as_ref().and_then(|plan| plan.pointer("/0/Plan/Plan Rows")?.as_u64());
    rows.ok_or_else(|| uncounted("estimate"))
}

fn uncounted(what: &str) -> Failed {
    Problem::new(Code::DatabaseRows, "").internal(format!("the {what} is no number")).into()
}

/// The addresses of the pages around one: next and prev.
pub(super) struct Around {
    pub next: Option<String>,
    pub prev: Option<String>,
    pub first: Option<String>,
}

impl Around {
    /// Of a page that was asked for at this path with this query.
    pub fn of(links: &Links, path: &str, query: Option<&str>) -> Self {
        let to = |page: &Option<(&'static str, String)>| {
            page.as_ref().map(|(name, value)| link(path, query, Some((name, value))))
        };
        let first = links.first.then(|| link(path, query, None));
        Self { next: to(&links.next), prev: to(&links.prev), first }
    }

    /// As the value of a `Link` header (RFC 8288); `None` where there is none.
    pub fn header(&self) -> Option<String> {
        let named = [("next", &self.next), ("prev", &self.prev), ("first", &self.first)];
        let links: Vec<String> = named
            .into_iter()
            .filter_map(|(rel, link)| Some(format!("<{}>; rel=\"{rel}\"", link.as_ref()?)))
            .collect();
        (!links.is_empty()).then(|| links.join(", "))
    }
}
