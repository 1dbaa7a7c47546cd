//! A migrated route: the modern service answers, we pass it on.

use std::borrow::Cow;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Payload;

use super::exchange::{Exchange, X_SHADOW};
use super::handler::milliseconds;
use super::soap::problem_of;
use crate::backend::{Effect, Forward, forward};
use crate::engine::Problem;
use crate::plan::{self, HttpCall, HttpPiece};

/// Headers that are not passed on: what only we may say, then those by which a caller asks for
/// less than the whole answer, and after them those of its body.
const WITHOUT: [&str; 12] = [
    X_SHADOW,
    "if-none-match",
    "if-modified-since",
    "if-range",
    "range",
    "if-match",
    "if-unmodified-since",
    "content-type",
    "content-encoding",
    "content-language",
    "content-location",
    "idempotency-key",
];
/// How many of them are ours to say, whoever asks.
const OURS: usize = 1;
/// How many of them are left out where a whole answer is wanted.
const CONDITIONS: usize = OURS + 6;

/// Passes a request on to its modern service and the answer back, both streamed.
pub(super) async fn answer(
    exchange: &Rc<Exchange>,
    call: &HttpCall,
    payload: Payload,
) -> Result<HttpResponse, Box<Problem>> {
    let backend = exchange.running.http(call.backend)?;
    let span = tracing::Span::current();
    let path = path(exchange, call);
    let query = query(exchange, call);
    let headers = headers(exchange);
    let broke = {
        // The exchange counts as in flight until its last byte.
        let (span, counted) = (span.clone(), Rc::clone(exchange));
        move |end: Option<Result<(), crate::backend::BackendError>>, bytes: u64| {
            drop(counted);
            if let Some(Err(error)) = end {
                span.in_scope(|| tracing::error!(%error, bytes, "a passed-on answer broke off"));
            }
        }
    };
    let request = Forward {
        request: &exchange.request,
        method: if exchange.reads_back { Method::GET } else { exchange.request.method().clone() },
        without: without(exchange),
        path: &path,
        query: query.as_deref(),
        headers,
        effect: match exchange.route().effect {
            plan::Effect::Read => Effect::Read,
            plan::Effect::Write => Effect::Write,
        },
        session: exchange.session.clone(),
        deadline: exchange.deadline,
        trusted_peer: false,
        ended: Some(Box::new(broke)),
    };
    let call_span = tracing::debug_span!(
        "backend call",
        backend = backend.name(),
        attempts = tracing::field::Empty,
        first_byte_ms = tracing::field::Empty,
        outcome = tracing::field::Empty,
    );
    let passed =
        tracing::Instrument::instrument(forward(backend, request, payload), call_span.clone())
            .await;
    match passed {
        Ok(forwarded) => {
            tracing::record_all!(
                call_span,
                attempts = forwarded.timing.attempts,
                first_byte_ms = milliseconds(forwarded.timing.first_byte)
            );
            call_span.in_scope(|| tracing::debug!("the backend answered"));
            Ok(with_our_headers(forwarded.response, exchange))
        }
        Err(error) => {
            call_span.record("outcome", error.outcome.as_str());
            Err(problem_of(&error).into())
        }
    }
}

/// Headers that are ours to say.
fn headers(exchange: &Exchange) -> reqwest::header::HeaderMap {
    let mut headers = reqwest::header::HeaderMap::new();
    let ids = [
        ("x-request-id", &exchange.correlation.id),
        ("traceparent", &exchange.correlation.traceparent),
    ];
    for (name, value) in ids {
        if let Ok(value) = reqwest::header::HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    for (name, value) in &exchange.mark {
        let name = reqwest::header::HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, reqwest::header::HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    if exchange.is_beside() {
        // It is read here, not passed on.
        let identity = reqwest::header::HeaderValue::from_static("identity");
        headers.insert(reqwest::header::ACCEPT_ENCODING, identity);
    }
    let left = exchange.deadline.saturating_duration_since(std::time::Instant::now());
    if let Ok(left) = reqwest::header::HeaderValue::from_str(&left.as_millis().to_string()) {
        headers.insert("x-request-timeout-ms", left);
    }
    headers
}

/// Headers that are not the service's to see. Nobody waits for the answer of a call besides: a
/// whole one is wanted, whatever the caller has of it already.
fn without(exchange: &Exchange) -> &'static [&'static str] {
    match exchange.route().effect {
        plan::Effect::Read if exchange.reads_back => &WITHOUT,
        plan::Effect::Read if exchange.is_beside() => &WITHOUT[..CONDITIONS],
        // Of a write the others say what it does.
        _ => &WITHOUT[..OURS],
    }
}

/// The correlation id and the route's retirement are ours to say, whoever answers.
fn with_our_headers(mut response: HttpResponse, exchange: &Exchange) -> HttpResponse {
    let ours = super::respond::builder(200, &exchange.correlation, Some(exchange.route())).finish();
    for (name, value) in ours.headers() {
        let name: &HeaderName = name;
        let value: &HeaderValue = value;
        response.headers_mut().insert(name.clone(), value.clone());
    }
    response
}

fn path(exchange: &Exchange, call: &HttpCall) -> String {
    call.path
        .iter()
        .map(|piece| match piece {
            HttpPiece::Literal(text) => text.as_str(),
            HttpPiece::Parameter(name) => call
                .parameters
                .iter()
                .position(|p| p == name)
                .and_then(|at| exchange.parameters.get(at))
                .map_or("", String::as_str),
        })
        .collect()
}

fn query<'e>(exchange: &'e Exchange, call: &HttpCall) -> Option<Cow<'e, str>> {
    exchange.query().map(|query| query_there(query, call))
}

/// A query as it is, or its parameters under the names the service knows. Parameters the
/// mapping does not name are passed on unchanged.
#[must_use]
pub fn query_there<'q>(query: &'q str, call: &HttpCall) -> Cow<'q, str> {
    if call.query.is_empty() {
        return Cow::Borrowed(query);
    }
    let renamed: Vec<String> = query
        .split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let there = call.query.iter().find(|(_, here)| here == name).map(|(there, _)| there);
            match there {
                Some(there) => format!("{}={value}", crate::backend::encode_segment(there)),
                None => pair.to_owned(),
            }
        })
        .collect();
    Cow::Owned(renamed.join("&"))
}
