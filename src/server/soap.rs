//! A SOAP route: bind, encode, call, decode.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Payload;
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use reqwest::header::{HeaderName, HeaderValue};

use super::answer::{self, Reading};
use super::handler::{Exchange, milliseconds};
use super::{body, respond};
use crate::backend::{
    Answer, Backend, BackendError, Effect, Verdict, WireBody, WireCall, WireReply,
};
use crate::codec::DecodeError;
use crate::diagnostic::Code;
use crate::engine::{self, Outcome, Problem, RequestFacts};
use crate::plan::{self, ParameterPlace, SoapCall, SourcePlan};
use crate::soap::{EnvelopeReader, Received, SoapError};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Answers a request by its SOAP operation.
pub(super) async fn answer(
    exchange: &Rc<Exchange>,
    call: &SoapCall,
    payload: Payload,
) -> Result<HttpResponse, Box<Problem>> {
    let backend = Arc::clone(&exchange.running.backends[call.backend.0 as usize]);
    let bytes_max = exchange.route().request_bytes;
    let text = body::read(&exchange.request, payload, bytes_max, exchange.body_time).await?;
    let envelope = translate(exchange, call, text.as_deref()).map_err(|problem| *problem)?;
    drop(text);
    let reply = send(exchange, call, &backend, envelope).await.map_err(|e| problem_of(&e))?;
    if call.response.is_none() {
        return one_way(exchange, call, reply).await;
    }
    let status = reply.status().as_u16();
    let reader = EnvelopeReader::new(
        Arc::clone(&call.graph),
        call.response,
        Arc::clone(&call.faults),
        charset(reply.content_type()).as_deref(),
        call.xml_limits,
        call.strict,
    );
    let reading = Reading { exchange: Rc::clone(exchange), reply, reader, status };
    answer::finish(reading, call).await
}

/// Everything between the caller's bytes and the backend's, without IO.
fn translate(
    exchange: &Exchange,
    call: &SoapCall,
    body: Option<&str>,
) -> Result<Bytes, Box<Problem>> {
    let request = &exchange.request;
    let decode = |text| percent_decode_str(text).decode_utf8();
    let mut input = engine::Input { body, ..engine::Input::default() };
    let names =
        exchange.route().path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'));
    for (name, value) in names.zip(&exchange.parameters) {
        let value = decode(value).map_err(|_| {
            Problem::new(Code::RequestNotFound, format!("the path parameter `{name}` is not UTF-8"))
        })?;
        input.path.push((name, value));
    }
    let query = request.uri().query().unwrap_or("");
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let plain = |text: &str| -> Option<Cow<'static, str>> {
            let spaced = text.replace('+', " ");
            Some(Cow::Owned(percent_decode_str(&spaced).decode_utf8().ok()?.into_owned()))
        };
        let (Some(name), Some(value)) = (plain(name), plain(value)) else {
            return Err(Box::new(Problem::new(Code::RequestInvalid, "the query is not UTF-8")));
        };
        input.query.push((name, value));
    }
    for parameter in call.bind.parameters.iter().filter(|p| p.place == ParameterPlace::Header) {
        let value = request.headers().get(parameter.name.as_str()).and_then(|v| v.to_str().ok());
        input.headers.extend(value.map(|v| (parameter.name.as_str(), Cow::Borrowed(v))));
    }
    let wants_time = call.bind.bindings.iter().any(|b| b.source == SourcePlan::RequestTime);
    let time = if wants_time { jiff::Timestamp::now().to_string() } else { String::new() };
    let facts = RequestFacts { id: &exchange.correlation.id, time: &time };
    let arguments = engine::bind(call, &input, facts)?;
    engine::envelope(call, &arguments).map(Bytes::from)
}

async fn send(
    exchange: &Exchange,
    call: &SoapCall,
    backend: &Backend,
    envelope: Bytes,
) -> Result<WireReply, BackendError> {
    let mut headers = exchange.running.calls[exchange.route.0 as usize].headers.clone();
    let mut insert = |name: HeaderName, text: &str| {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.insert(name, value);
        }
    };
    insert(X_REQUEST_ID, &exchange.correlation.id);
    insert(TRACEPARENT, &exchange.correlation.traceparent);
    let effect = match exchange.route().effect {
        plan::Effect::Read => Effect::Read,
        plan::Effect::Write => Effect::Write,
    };
    let wire = WireCall {
        method: reqwest::Method::POST,
        url: backend.url().clone(),
        headers,
        body: WireBody::Bytes(envelope),
        effect,
        answer: Answer::Decoded,
        deadline: exchange.deadline,
    };
    // Off at `info`: what is worth a line then, the request's own span has.
    let span = tracing::debug_span!(
        "backend call",
        backend = backend.name(),
        operation = call.operation,
        status = tracing::field::Empty,
        outcome = tracing::field::Empty,
        attempts = tracing::field::Empty,
        first_byte_ms = tracing::field::Empty,
    );
    let result = tracing::Instrument::instrument(backend.call(wire), span.clone()).await;
    match &result {
        Ok(reply) => {
            tracing::record_all!(
                span,
                status = reply.status().as_u16(),
                attempts = reply.timing().attempts,
                first_byte_ms = milliseconds(reply.timing().first_byte)
            );
            span.in_scope(|| tracing::debug!("the backend answered"));
        }
        Err(error) => {
            span.record("outcome", error.outcome.as_str());
        }
    }
    result
}

/// A one-way operation has no answer to read: accepted is accepted. What comes all the same
/// is judged like any answer, by the envelope: a fault under 200 is a fault, a login page is
/// no acceptance.
async fn one_way(
    exchange: &Exchange,
    call: &SoapCall,
    mut reply: WireReply,
) -> Result<HttpResponse, Box<Problem>> {
    let status = reply.status();
    let mut reader = EnvelopeReader::new(
        Arc::clone(&call.graph),
        None,
        Arc::clone(&call.faults),
        charset(reply.content_type()).as_deref(),
        call.xml_limits,
        call.strict,
    );
    let mut wrong = None;
    while let Some(chunk) = reply.chunk().await.map_err(|e| problem_of(&e))? {
        if wrong.is_none() {
            wrong = reader.feed(&chunk).err();
        }
    }
    let received = match wrong {
        Some(error) => Err(error),
        None if reply.body_bytes() == 0 => Ok(Received::Answer),
        None => reader.finish(),
    };
    let error = match received {
        Ok(Received::Fault(fault)) => {
            reply.settle(Verdict::Healthy);
            return Err(engine::judge_fault(call, &fault).into());
        }
        // An answer nobody asked for, in an envelope, is an acceptance too.
        Ok(Received::Answer) | Err(SoapError::Payload(DecodeError::OtherAnswer(_)))
            if status.is_success() =>
        {
            reply.settle(Verdict::Healthy);
            let route = Some(exchange.route());
            return Ok(respond::builder(call.status, &exchange.correlation, route).finish());
        }
        Ok(Received::Answer) => None,
        Err(error) => Some(error),
    };
    reply.settle(Verdict::Failed);
    match error {
        Some(error) if status.is_success() => Err(engine::judge_soap_error(&error).into()),
        error => {
            let detail = format!("the backend answered with status {}", status.as_u16());
            let problem = Problem::new(Code::BackendStatus, detail).outcome(Outcome::Unknown);
            let problem = match error {
                Some(error) => problem.internal(error.to_string()),
                None => problem,
            };
            Err(problem.into())
        }
    }
}

/// A call's failure as the caller sees it: the detail stays in the log.
pub(super) fn problem_of(error: &BackendError) -> Problem {
    let mut problem =
        Problem::new(error.code, "").outcome(error.outcome).internal(error.detail.clone());
    problem.retry_after = error
        .retry_after
        .or_else(|| (error.code.status() == 503).then_some(std::time::Duration::from_secs(1)));
    problem
}

/// The `charset` parameter of a content type.
fn charset(content_type: Option<&str>) -> Option<String> {
    content_type?.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    })
}
