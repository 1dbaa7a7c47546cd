//! A SOAP route: bind, encode, call, decode.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::web::Payload;
use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};

use super::answer::{self, Reading};
use super::exchange::Exchange;
use super::handler::milliseconds;
use super::{body, input, recording, respond};
use crate::backend::{
    Answer, Backend, BackendError, Effect, Verdict, WireBody, WireCall, WireReply,
};
use crate::codec::{DecodeError, Json};
use crate::diagnostic::Code;
use crate::engine::{self, Message, Outcome, Problem, RequestFacts};
use crate::plan::{self, ParameterPlace, SoapCall, SourcePlan};
use crate::soap::{EnvelopeReader, Received, SoapError};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// A call of a SOAP operation: a route's only one, or a part of it.
pub(super) struct SoapAsked<'e> {
    pub exchange: &'e Rc<Exchange>,
    pub call: &'e SoapCall,
    /// The part it is; 0 where the route is not composed.
    pub part: usize,
    /// What the caller sent, as far as it is for this call.
    pub input: engine::Input<'e>,
    /// Answers of other parts.
    pub parts: &'e [Json<'e>],
    /// When it has to be answered.
    pub deadline: Instant,
}

/// A call that was answered.
pub(super) enum SoapAnswered {
    /// One-way: it was accepted.
    Accepted,
    /// An answer on its way.
    Reading(Box<Reading>),
}

/// Answers a request by its SOAP operation.
pub(super) async fn answer(
    exchange: &Rc<Exchange>,
    call: &SoapCall,
    payload: Payload,
) -> Result<HttpResponse, Box<Problem>> {
    let bytes_max = exchange.route().request_bytes;
    let text =
        body::read(&exchange.request, payload, bytes_max, exchange.shared.body_time_max).await?;
    recording::body(exchange, text.as_deref());
    let input = input::take(exchange, header_names(call), text.as_deref())?;
    let deadline = exchange.deadline;
    let asked = SoapAsked { exchange, call, part: 0, input, parts: &[], deadline };
    match ask(asked).await? {
        SoapAnswered::Reading(reading) => answer::finish(*reading, call).await,
        SoapAnswered::Accepted => {
            let route = Some(exchange.route());
            Ok(respond::builder(call.status, &exchange.correlation, route).finish())
        }
    }
}

/// Headers a call takes values from.
pub(super) fn header_names(call: &SoapCall) -> impl Iterator<Item = &str> {
    let parameters = call.bind.parameters.iter();
    parameters.filter(|p| p.place == ParameterPlace::Header).map(|p| p.name.as_str())
}

/// Binds, encodes and sends; reads nothing of the answer unless there is none to show.
pub(super) async fn ask(asked: SoapAsked<'_>) -> Result<SoapAnswered, Box<Problem>> {
    let call = asked.call;
    let backend = Arc::clone(asked.exchange.running.http(call.backend)?);
    let message = translate(&asked)?;
    let reply = send(&asked, &backend, message).await.map_err(|e| problem_of(&e))?;
    if call.response.is_none() {
        one_way(call, reply).await?;
        return Ok(SoapAnswered::Accepted);
    }
    let status = reply.status().as_u16();
    let reader = EnvelopeReader::new(
        Arc::clone(&call.graph),
        call.response,
        Arc::clone(&call.faults),
        None,
        call.xml_limits,
        call.strict,
    )
    .of_call(call.envelope.version, status >= 400)
    .with_headers(&call.header)
    .of_type(reply.content_type(), &call.answer_attachments);
    let exchange = Rc::clone(asked.exchange);
    let reading = Reading { exchange, reply, reader, status };
    Ok(SoapAnswered::Reading(Box::new(reading)))
}

/// Everything between the caller's values and the backend's bytes, without IO.
pub(super) fn translate(asked: &SoapAsked<'_>) -> Result<Message, Box<Problem>> {
    let call = asked.call;
    let wants_time = call.bind.bindings.iter().any(|b| b.source == SourcePlan::RequestTime);
    let time = if wants_time { jiff::Timestamp::now().to_string() } else { String::new() };
    let id = &asked.exchange.correlation.id;
    let facts = RequestFacts { id, time: &time, parts: asked.parts, ..RequestFacts::default() };
    let arguments = engine::bind(call, &asked.input, facts)?;
    engine::message(call, &arguments)
}

async fn send(
    asked: &SoapAsked<'_>,
    backend: &Backend,
    message: Message,
) -> Result<WireReply, BackendError> {
    let (exchange, call) = (asked.exchange, asked.call);
    let fixed = exchange.running.calls.get(exchange.route.0 as usize);
    let mut headers =
        fixed.and_then(|fixed| fixed.headers.get(asked.part)).cloned().unwrap_or_default();
    let mut insert = |name: HeaderName, text: &str| {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.insert(name, value);
        }
    };
    insert(X_REQUEST_ID, &exchange.correlation.id);
    insert(TRACEPARENT, &exchange.correlation.traceparent);
    for (name, value) in &exchange.mark {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            insert(name, value);
        }
    }
    if let Some(content_type) = &message.content_type {
        insert(CONTENT_TYPE, content_type);
    }
    let effect = match exchange.route().effect {
        plan::Effect::Read => Effect::Read,
        plan::Effect::Write => Effect::Write,
    };
    let wire = WireCall {
        method: reqwest::Method::POST,
        url: backend.url().clone(),
        headers,
        body: WireBody::Bytes(Bytes::from(message.bytes)),
        effect,
        answer: Answer::Decoded,
        witness: recording::witness(exchange),
        session: exchange.session.clone(),
        deadline: asked.deadline,
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
async fn one_way(call: &SoapCall, mut reply: WireReply) -> Result<(), Box<Problem>> {
    let status = reply.status();
    let mut reader = EnvelopeReader::new(
        Arc::clone(&call.graph),
        None,
        Arc::clone(&call.faults),
        None,
        call.xml_limits,
        call.strict,
    )
    .with_headers(&call.header)
    .of_type(reply.content_type(), &call.answer_attachments);
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
            return Ok(());
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
    if let Some(told) = &error.told {
        problem.detail.clone_from(&told.detail);
        problem.extension.clone_from(&told.members);
    }
    problem
}
