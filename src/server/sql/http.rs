//! A SQL call's answer as HTTP.

use std::cmp::Ordering;
use std::rc::Rc;

use actix_web::http::header::{
    ACCEPT, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH, LINK, LOCATION, VARY,
};
use actix_web::http::{Method, Version};
use actix_web::web::Payload;
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::stream;
use tracing::Instrument;

use super::asked::{Asked, SqlAsked, header_names};
use super::list::List;
use super::pages::Around;
use super::pump;
use super::steps::Answered;
use crate::engine::Problem;
use crate::engine::sql::{Style, envelope, matches_none};
use crate::plan::{Effect, ParameterPlace, ResultKind, SqlCall};
use crate::server::answer::locate;
use crate::server::exchange::Exchange;
use crate::server::{body, input, recording, respond};

const X_TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");
const NDJSON: HeaderValue = HeaderValue::from_static("application/x-ndjson");

/// Answers a request by its statements.
pub(in crate::server) async fn answer(
    exchange: &Rc<Exchange>,
    call: &SqlCall,
    payload: Payload,
) -> Result<HttpResponse, Box<Problem>> {
    let bytes_max = exchange.route().request_bytes;
    let text =
        body::read(&exchange.request, payload, bytes_max, exchange.shared.body_time_max).await?;
    recording::body(exchange, text.as_deref());
    let asked = {
        let input = input::take(exchange, header_names(call), text.as_deref())?;
        let deadline = exchange.deadline;
        Asked::new(&SqlAsked { exchange, call, input, parts: &[], deadline })?
    };
    drop(text);
    let style = style(exchange, call);
    let span = span(&asked);
    if asked.flows() {
        return list(&asked, style).instrument(span).await;
    }
    let answered = asked.answer(style).instrument(span.clone()).await;
    note(&span, answered.as_ref().err().map(|problem| &**problem));
    Ok(respond(exchange, call, style, answered?))
}

/// The span of a call. What was sent with it is nobody's but the caller's.
pub(in crate::server) fn span(asked: &Asked<'_>) -> tracing::Span {
    let step = asked.call.steps.get(asked.call.answer);
    tracing::debug_span!(
        "backend call",
        backend = asked.database.name(),
        statement = step.map(|step| step.name.as_str()).filter(|name| !name.is_empty()),
        rows = tracing::field::Empty,
        outcome = tracing::field::Empty,
    )
}

/// Records what is known of a call.
pub(in crate::server) fn note(span: &tracing::Span, problem: Option<&Problem>) {
    match problem {
        None => span.in_scope(|| tracing::debug!("the database answered")),
        Some(problem) => {
            span.record("outcome", problem.outcome.map_or("", |outcome| outcome.as_str()));
        }
    }
}

/// Lists are lines where the caller likes them better than an array.
fn style(exchange: &Exchange, call: &SqlCall) -> Style {
    let is_list = call.steps.get(call.answer).is_some_and(|s| s.result == ResultKind::Many);
    let enveloped = call.page.as_ref().is_some_and(|page| page.envelope);
    let accept = exchange.request.headers().get(ACCEPT).and_then(|v| v.to_str().ok());
    match accept {
        Some(accept) if is_list && !enveloped && likes_lines(accept) => Style::Lines,
        _ => Style::Array,
    }
}

/// Whether lines stand above JSON in an `Accept` (RFC 9110, section 12.5.1).
fn likes_lines(accept: &str) -> bool {
    let weight = |wanted: &[&str]| {
        let ranges = accept.split(',').enumerate().filter_map(|(at, range)| {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next()?.to_ascii_lowercase();
            let q = parts.find_map(|p| p.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok());
            wanted.contains(&name.as_str()).then_some((q.unwrap_or(0.0_f32), at))
        });
        ranges.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
    };
    let lines = weight(&["application/x-ndjson", "application/ndjson"]);
    match (lines, weight(&["application/json"])) {
        (Some((lines, _)), None) => lines > 0.0,
        // Of two alike, the first.
        (Some((lines, at)), Some((json, after))) => {
            lines.total_cmp(&json).then(after.cmp(&at)) == Ordering::Greater
        }
        (None, _) => false,
    }
}

/// A list as it comes: whole where it is short, so that a failure is still a problem.
async fn list(asked: &Asked<'_>, style: Style) -> Result<HttpResponse, Box<Problem>> {
    let (exchange, call) = (asked.exchange, asked.call);
    let mut list = List::open(asked, style).await?;
    let request = &exchange.request;
    // HTTP/1.0 has no chunks.
    let chunks = request.version() > Version::HTTP_10;
    let whole = if chunks { call.whole_bytes } else { usize::MAX };
    let ended = list.fill(call, whole).await?;
    tracing::Span::current().record("rows", list.count);
    let mut builder = builder(exchange, call.status, style);
    if ended {
        tracing::debug!("the database answered");
        return Ok(builder.body(list.take()));
    }
    if request.method() == Method::HEAD {
        return Ok(builder.streaming(stream::empty::<Result<bytes::Bytes, std::io::Error>>()));
    }
    Ok(builder.streaming(pump::body(list)))
}

fn builder(exchange: &Exchange, status: u16, style: Style) -> HttpResponseBuilder {
    let mut builder = respond::json(status, &exchange.correlation, exchange.route());
    if style == Style::Lines {
        builder.insert_header((CONTENT_TYPE, NDJSON));
    }
    builder.insert_header((VARY, HeaderValue::from_static("Accept")));
    builder
}

/// An answer that is whole.
fn respond(
    exchange: &Rc<Exchange>,
    call: &SqlCall,
    style: Style,
    answered: Answered,
) -> HttpResponse {
    let Answered { shaped, links, total } = answered;
    let tag = shaped.tag.as_deref().and_then(|tag| HeaderValue::from_str(tag).ok());
    let route = exchange.route();
    let is_known = |tag: &HeaderValue| {
        let known = exchange.request.headers().get(IF_NONE_MATCH).and_then(|v| v.to_str().ok());
        let tag = tag.to_str().unwrap_or("");
        !exchange.is_beside()
            && route.effect == Effect::Read
            && known.is_some_and(|known| matches_none(known, tag))
    };
    if let Some(tag) = tag.as_ref().filter(|tag| is_known(tag)) {
        let mut builder = respond::builder(304, &exchange.correlation, Some(route));
        return builder.insert_header((ETAG, tag.clone())).finish();
    }
    let Some(mut json) = shaped.json else {
        let status = if call.status == 200 { 204 } else { call.status };
        return respond::builder(status, &exchange.correlation, Some(route)).finish();
    };
    let mut builder = builder(exchange, call.status, style);
    if let Some(tag) = tag {
        builder.insert_header((ETAG, tag));
    }
    let parameter = |at: usize| {
        let parameter = call.parameters.get(at)?;
        (parameter.place == ParameterPlace::Path).then_some(parameter.name.as_str())
    };
    let location = call.location.as_ref();
    if let Some(location) = location.and_then(|l| locate(l, parameter, exchange, &json)) {
        builder.insert_header((LOCATION, location));
    }
    if let (Some(plan), Some(links)) = (&call.page, &links) {
        let uri = exchange.request.uri();
        let around = Around::of(links, uri.path(), uri.query());
        if let Some(header) = around.header().and_then(|h| HeaderValue::from_str(&h).ok()) {
            builder.insert_header((LINK, header));
        }
        if plan.envelope {
            json = envelope(&json, around.next.as_deref(), around.prev.as_deref(), total);
        } else if let Some(total) = total {
            builder.insert_header((X_TOTAL_COUNT, HeaderValue::from(total)));
        }
    }
    builder.body(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_for_callers_who_ask_for_them() {
        let check = |accept: &str, expected| assert_eq!(likes_lines(accept), expected, "{accept}");
        check("application/x-ndjson", true);
        check("application/ndjson, */*", true);
        check("application/x-ndjson, application/json", true);
        check("application/json, application/x-ndjson", false);
        check("application/json;q=0.5, application/x-ndjson;q=0.6", true);
        check("application/x-ndjson;q=0", false);
        check("*/*", false);
    }
}
