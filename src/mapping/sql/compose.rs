//! Composed answers: several calls, each a route of its own in all but its key.

use super::super::fields::Fields;
use super::super::keys::{PART, PART_NOT_OF_SOAP, PART_NOT_OF_SQL};
use super::super::limits::duration;
use super::super::node::{Entry, Spanned};
use super::super::reader::Context;
use super::super::route::{Route, Target, member, soap};
use super::super::route_key::RouteKey;
use super::query::sql_query;
use super::target::SqlTarget;
use crate::diagnostic::Code;

/// A member of a composed answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The member.
    pub name: Spanned<String>,
    /// The call: a route with the key of the whole.
    pub route: Route,
    /// What becomes of the whole where it fails.
    pub on_failure: Option<Spanned<OnFailure>>,
}

/// What becomes of a composed answer where a part fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// The part's problem is the answer.
    Fail,
    /// The member is `null`.
    Null,
    /// The member is left out.
    Omit,
}

pub(in super::super) fn parts(
    cx: &mut Context<'_>,
    key: Option<&RouteKey>,
    entry: &Entry,
) -> Vec<Part> {
    let lines = cx.entries(&entry.value, entry.key.span, "members and the calls behind them");
    lines.iter().filter_map(|line| part(cx, key, line)).collect()
}

fn part(cx: &mut Context<'_>, key: Option<&RouteKey>, line: &Entry) -> Option<Part> {
    let fields = cx.fields(&line.value, line.key.span, &PART)?;
    // All of it is read before anything is refused, so that every problem in it is found.
    let mut query = sql_query(cx, &fields);
    let returns = member(cx, &fields, "returns");
    let words = [OnFailure::Fail, OnFailure::Null, OnFailure::Omit];
    let on_failure = fields.word(cx, "on_failure", &words);
    let timeout = duration(cx, &fields, "timeout");
    let only = fields.only(cx)?;
    let mut route = Route::bare(key?.clone());
    if only.key.value == "soap" {
        fields.refuse(cx, PART_NOT_OF_SOAP, "a `soap` part");
        route.inputs = std::mem::take(&mut query.inputs);
        route.outputs = std::mem::take(&mut query.outputs);
        route.target = Some(soap(cx, only)?);
    } else {
        fields.refuse(cx, PART_NOT_OF_SQL, "a `sql` part");
        route.target = Some(Target::Sql(Box::new(sql_part(cx, &fields, only, query)?)));
    }
    route.returns = returns;
    route.timeout = timeout;
    Some(Part { name: line.key.clone(), route, on_failure })
}

fn sql_part(
    cx: &mut Context<'_>,
    fields: &Fields<'_>,
    only: &Entry,
    query: super::SqlQuery,
) -> Option<SqlTarget> {
    if fields.get("query").is_none() {
        cx.error(Code::MappingMissing, only.key.span, "a `sql` part needs `query`");
    }
    Some(SqlTarget {
        backend: cx.text(&only.value, only.key.span)?.map(|text| text.value),
        query,
        steps: Vec::new(),
        page: None,
        stream: None,
        etag: None,
        if_match: None,
        session: Vec::new(),
        isolation: None,
        errors: Vec::new(),
    })
}
