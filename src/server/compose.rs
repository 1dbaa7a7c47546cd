//! A composed route: several calls, in parallel where they do not need one another, and one
//! JSON document of their answers.

use std::rc::Rc;
use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Payload;
use bytes::Bytes;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tracing::Instrument;

use super::exchange::Exchange;
use super::{body, part, recording, respond};
use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::plan::{ComposeCall, OnFailure, Translator};

/// Bytes of all parts together.
const PARTS_BYTES_MAX: usize = 16 << 20;
/// Names the parts that are not there because they failed.
const X_FIGLEAF_PARTIAL: HeaderName = HeaderName::from_static("x-figleaf-partial");

/// What became of a part.
enum State {
    Waiting,
    Asked,
    Answered(Bytes),
    /// It failed, and the mapping says that the others do without it.
    Missing(Code),
}

/// A part on its way, with the number of it.
type Running = FuturesUnordered<LocalBoxFuture<'static, (usize, Result<Bytes, Box<Problem>>)>>;

/// Answers a request by all of its parts.
pub(super) async fn answer(
    exchange: &Rc<Exchange>,
    call: &ComposeCall,
    payload: Payload,
) -> Result<HttpResponse, Box<Problem>> {
    let bytes_max = exchange.route().request_bytes;
    let text =
        body::read(&exchange.request, payload, bytes_max, exchange.shared.body_time_max).await?;
    recording::body(exchange, text.as_deref());
    part::check(exchange, call, text.as_deref())?;
    let text: Option<Rc<str>> = text.map(Rc::from);
    let mut states: Vec<State> = call.parts.iter().map(|_| State::Waiting).collect();
    let mut running = Running::new();
    let mut bytes = 0;
    loop {
        start(exchange, call, text.as_ref(), &mut states, &running)?;
        let Some((at, result)) = running.next().await else { break };
        let plan = &call.parts[at];
        let result = result.and_then(|json| {
            bytes += json.len();
            if bytes <= PARTS_BYTES_MAX {
                return Ok(json);
            }
            let detail = format!("more than {PARTS_BYTES_MAX} bytes of all parts");
            Err(Problem::new(Code::BackendTooLarge, detail).into())
        });
        states[at] = match result {
            Ok(json) => State::Answered(json),
            Err(problem) if plan.on_failure == OnFailure::Fail || is_callers(&problem) => {
                tracing::info!(part = plan.name, "a part failed, and the whole with it");
                // The others' backends have done nothing wrong: they may still answer.
                actix_web::rt::spawn(async move { while running.next().await.is_some() {} });
                return Err(problem);
            }
            Err(problem) => {
                tracing::warn!(
                    part = plan.name,
                    code = problem.code.as_str(),
                    cause = problem.internal,
                    "answered without a part"
                );
                State::Missing(problem.code)
            }
        };
    }
    Ok(respond(exchange, call, &states))
}

/// Starts every part whose needs are met. One that needs a part that failed has failed too.
fn start(
    exchange: &Rc<Exchange>,
    call: &ComposeCall,
    text: Option<&Rc<str>>,
    states: &mut [State],
    running: &Running,
) -> Result<(), Box<Problem>> {
    let mut again = true;
    while again {
        again = false;
        for (at, plan) in call.parts.iter().enumerate() {
            if !matches!(states[at], State::Waiting) {
                continue;
            }
            let needed = || plan.needs.iter().filter_map(|need| states.get(*need));
            let lost = needed().find_map(|state| match state {
                State::Missing(code) => Some(*code),
                _ => None,
            });
            if let Some(code) = lost {
                let internal = format!("the part `{}` needs one that failed", plan.name);
                if plan.on_failure == OnFailure::Fail {
                    return Err(Problem::new(code, "").internal(internal).into());
                }
                tracing::warn!(part = plan.name, cause = internal, "answered without a part");
                states[at] = State::Missing(code);
                again = true;
            } else if needed().all(|state| matches!(state, State::Answered(_))) {
                let answers = answers(&plan.needs, states);
                let deadline = exchange.deadline.min(Instant::now() + plan.timeout);
                let span = tracing::info_span!("part", name = plan.name);
                let (exchange, text) = (Rc::clone(exchange), text.cloned());
                let call = async move {
                    (at, part::call(&exchange, at, text.as_deref(), &answers, deadline).await)
                };
                running.push(Box::pin(call.instrument(span)));
                states[at] = State::Asked;
            }
        }
    }
    Ok(())
}

/// The answers a part needs, by the index of their parts.
fn answers(needs: &[usize], states: &[State]) -> Vec<Option<Bytes>> {
    let of = |(at, state): (usize, &State)| match state {
        State::Answered(json) if needs.contains(&at) => Some(json.clone()),
        _ => None,
    };
    states.iter().enumerate().map(of).collect()
}

/// A request that is wrong stays wrong, whatever the mapping does without.
fn is_callers(problem: &Problem) -> bool {
    matches!(
        problem.code,
        Code::RequestInvalid | Code::RequestMalformed | Code::PreconditionRequired
    )
}

fn respond(exchange: &Exchange, call: &ComposeCall, states: &[State]) -> HttpResponse {
    let mut json = vec![b'{'];
    let mut missing = Vec::new();
    for (plan, state) in call.parts.iter().zip(states) {
        let value: &[u8] = match state {
            State::Answered(json) => json,
            State::Waiting | State::Asked | State::Missing(_) => {
                missing.push(plan.name.as_str());
                if plan.on_failure == OnFailure::Omit {
                    continue;
                }
                b"null"
            }
        };
        if json.len() > 1 {
            json.push(b',');
        }
        json.extend_from_slice(&plan.key);
        json.extend_from_slice(value);
    }
    json.push(b'}');
    let mut builder = respond::json(200, &exchange.correlation, exchange.route());
    if !missing.is_empty()
        && let Ok(names) = HeaderValue::from_str(&missing.join(", "))
    {
        builder.insert_header((X_FIGLEAF_PARTIAL, names));
    }
    builder.body(json)
}

impl Exchange {
    /// The parts of its route, where it is composed.
    pub(super) fn parts(&self) -> &[crate::plan::PartPlan] {
        match &self.route().translator {
            Translator::Compose(call) => &call.parts,
            _ => &[],
        }
    }
}
