//! An envelope coming back: whole before the first byte goes out where it is short, streamed
//! where it is long.

use std::rc::Rc;
use std::sync::Arc;

use actix_web::http::Version;
use actix_web::http::header::{HeaderValue, LOCATION};
use actix_web::{HttpResponse, HttpResponseBuilder};
use bytes::Bytes;
use futures_util::stream;

use super::exchange::Exchange;
use super::input::path_parameters;
use super::respond;
use super::soap::problem_of;
use crate::backend::{Verdict, WireReply};
use crate::codec::{Json, JsonLimits, Violations, parse_json};
use crate::diagnostic::Code;
use crate::engine::{self, Outcome, Problem};
use crate::plan::{LocationPiece, LocationPlan, ParameterPlace, SoapCall};
use crate::soap::{EnvelopeReader, Received, SoapError};

/// JSON is sent on in pieces of about this size.
const PIECE_BYTES: usize = 64 << 10;

/// An answer being read.
pub(super) struct Reading {
    pub exchange: Rc<Exchange>,
    pub reply: WireReply,
    pub reader: EnvelopeReader,
    pub status: u16,
}

/// Reads until the answer is whole, or so long that it is sent as it comes.
pub(super) async fn finish(
    mut reading: Reading,
    call: &SoapCall,
) -> Result<HttpResponse, Box<Problem>> {
    // A `Location` is known only at the end, and HTTP/1.0 has no chunks.
    let may_stream =
        call.location.is_none() && reading.exchange.request.version() > Version::HTTP_10;
    loop {
        let chunk = reading.reply.chunk().await.map_err(|e| problem_of(&e))?;
        let Some(chunk) = chunk else { break };
        if let Err(error) = reading.reader.feed(&chunk) {
            return Err(refuse(reading, &error).into());
        }
        if may_stream
            && reading.reader.is_answer()
            && reading.reader.output().len() > call.whole_bytes
        {
            return Ok(streamed(reading, call));
        }
    }
    let exchange = Rc::clone(&reading.exchange);
    let (json, fields) = whole(reading, call)?;
    let mut builder = respond::json(call.status, &exchange.correlation, exchange.route());
    insert(&mut builder, &fields);
    let parameter = |at: usize| {
        let parameter = call.bind.parameters.get(at)?;
        (parameter.place == ParameterPlace::Path).then_some(parameter.name.as_str())
    };
    let location = call.location.as_ref();
    if let Some(location) = location.and_then(|l| locate(l, parameter, &exchange, &json)) {
        builder.insert_header((LOCATION, location));
    }
    Ok(builder.body(json))
}

/// Reads an answer to its end, however long it is.
///
/// # Errors
/// Also where it is longer than `bytes_max`.
pub(super) async fn gather(
    mut reading: Reading,
    call: &SoapCall,
    bytes_max: usize,
) -> Result<Vec<u8>, Box<Problem>> {
    while let Some(chunk) = reading.reply.chunk().await.map_err(|e| problem_of(&e))? {
        if let Err(error) = reading.reader.feed(&chunk) {
            return Err(refuse(reading, &error).into());
        }
        if reading.reader.output().len() > bytes_max {
            reading.reply.settle(Verdict::Healthy);
            let detail = format!("more than {bytes_max} bytes of JSON");
            return Err(Problem::new(Code::BackendTooLarge, detail).into());
        }
    }
    let (json, _) = whole(reading, call)?;
    if json.len() > bytes_max {
        let detail = format!("more than {bytes_max} bytes of JSON");
        return Err(Problem::new(Code::BackendTooLarge, detail).into());
    }
    Ok(json)
}

/// A value of the answer's Header under the name of an HTTP header.
type Field = (Arc<str>, String);

fn insert(builder: &mut HttpResponseBuilder, fields: &[Field]) {
    for (name, value) in fields {
        builder.insert_header((&**name, value.as_str()));
    }
}

/// What was read to its end: an answer, or a fault.
fn whole(mut reading: Reading, call: &SoapCall) -> Result<(Vec<u8>, Vec<Field>), Box<Problem>> {
    match reading.reader.finish() {
        Err(error) => Err(refuse(reading, &error).into()),
        // A backend that answers with a fault is alive. Counting its faults would let one
        // caller with one poisoned id open the circuit for everybody.
        Ok(Received::Fault(fault)) => {
            reading.reply.settle(Verdict::Healthy);
            note(&fault.violations);
            Err(engine::judge_fault(call, &fault).into())
        }
        Ok(Received::Answer) => {
            reading.reply.settle(Verdict::Healthy);
            note(reading.reader.violations());
            let fields = reading.reader.fields().to_vec();
            Ok((reading.reader.take(), fields))
        }
    }
}

/// An HTTP error without an envelope is named by its status, everything else by what is
/// wrong with the envelope.
fn refuse(mut reading: Reading, error: &SoapError) -> Problem {
    let no_envelope =
        matches!(error, SoapError::NotXml(_) | SoapError::NotEnvelope(_) | SoapError::Encoding(_));
    let status = reading.status;
    reading.reply.settle(Verdict::Failed);
    reading.reply.hear_out();
    if no_envelope && status >= 400 {
        let detail = format!("the backend answered with status {status}");
        return Problem::new(Code::BackendStatus, detail)
            .outcome(Outcome::Unknown)
            .internal(error.to_string());
    }
    engine::judge_soap_error(error)
}

/// From here on the status is sent; a failure can only break the transfer, and does.
fn streamed(reading: Reading, call: &SoapCall) -> HttpResponse {
    let exchange = Rc::clone(&reading.exchange);
    let mut builder = respond::json(call.status, &exchange.correlation, exchange.route());
    insert(&mut builder, reading.reader.fields());
    let span = tracing::Span::current();
    let pieces = stream::unfold(Some(reading), move |state| {
        let span = span.clone();
        async move {
            let mut reading = state?;
            match piece(&mut reading).await {
                Ok(Some(piece)) => Some((Ok(piece), Some(reading))),
                Ok(None) => {
                    let last = Bytes::from(reading.reader.take());
                    span.in_scope(|| note(reading.reader.violations()));
                    reading.reply.settle(Verdict::Healthy);
                    Some((Ok(last), None))
                }
                Err(problem) => {
                    span.in_scope(|| {
                        tracing::error!(
                            code = problem.code.as_str(),
                            cause = problem.internal,
                            "a streamed answer broke off"
                        );
                    });
                    Some((Err(std::io::Error::other(problem.code.as_str())), None))
                }
            }
        }
    });
    builder.streaming(pieces)
}

/// The next piece; `None` when the answer is whole.
async fn piece(reading: &mut Reading) -> Result<Option<Bytes>, Box<Problem>> {
    loop {
        if reading.reader.output().len() >= PIECE_BYTES {
            return Ok(Some(Bytes::from(reading.reader.take())));
        }
        match reading.reply.chunk().await.map_err(|e| problem_of(&e))? {
            Some(chunk) => {
                reading.reader.feed(&chunk).map_err(|e| engine::judge_soap_error(&e))?;
            }
            None => {
                reading.reader.finish().map_err(|e| engine::judge_soap_error(&e))?;
                return Ok(None);
            }
        }
    }
}

/// Tolerated deviations are named in the log, never silent.
fn note(violations: &Violations) {
    if violations.count == 0 {
        return;
    }
    tracing::Span::current().record("violations", violations.count);
    for violation in &violations.first {
        tracing::warn!(
            code = violation.code.as_str(),
            path = violation.path,
            what = violation.what,
            "the answer deviates from the contract"
        );
    }
}

/// The `Location`, from members of the answer and path parameters of the request, whose
/// names `parameter` knows.
pub(super) fn locate<'p>(
    plan: &LocationPlan,
    parameter: impl Fn(usize) -> Option<&'p str>,
    exchange: &Exchange,
    json: &[u8],
) -> Option<HeaderValue> {
    let text = std::str::from_utf8(json).ok()?;
    let needs_answer = plan.pieces.iter().any(|p| matches!(p, LocationPiece::Answer(_)));
    let limits = JsonLimits { nodes: u32::MAX, ..JsonLimits::default() };
    let answer = if needs_answer { parse_json(text, limits).ok() } else { None };
    let mut location = String::new();
    for piece in &plan.pieces {
        match piece {
            LocationPiece::Literal(text) => location.push_str(text),
            LocationPiece::Answer(path) => {
                let value = path.iter().try_fold(answer.as_ref()?, |json, name| match json {
                    Json::Object(entries) => entries.iter().find(|e| *e.0 == **name).map(|e| &e.1),
                    _ => None,
                })?;
                match value {
                    Json::String(text) | Json::Number(text) => {
                        location.push_str(&crate::backend::encode_segment(text));
                    }
                    _ => return None,
                }
            }
            LocationPiece::Parameter(at) => {
                let wanted = parameter(*at)?;
                let mut found = path_parameters(exchange);
                let value = found.find(|(name, _)| *name == wanted)?.1;
                location.push_str(value);
            }
        }
    }
    HeaderValue::from_str(&location).ok()
}
