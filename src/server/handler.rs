//! One request, from its first byte to its answer.

use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, ALLOW, HeaderValue};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use tracing::{Instrument, Span};

use super::auth::Claims;
use super::correlation::Correlation;
use super::exchange::Exchange;
use super::running::{Running, Shared};
use super::table::Match;
use super::{
    compose, docs, gone, health, passthrough, recording, replay, respond, soap, sql, staged,
};
use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::plan::{Effect, RouteId, RoutePlan, Translator};

/// Bytes of path and query together.
const TARGET_BYTES_MAX: usize = 8 << 10;

/// Every request that is not one of our own pages.
pub(super) async fn handle(
    request: HttpRequest,
    payload: Payload,
    shared: Data<Shared>,
) -> HttpResponse {
    let counted = InFlight::enter(&shared);
    let correlation = Correlation::of(&request);
    let running = shared.running.load_full();
    if let Some(page) = own_page(&request, &running, &shared) {
        return page;
    }
    let started = Instant::now();
    // Shed before anything is read: a refusal must stay cheap when everything else is not.
    if shared.in_flight.load(Ordering::Relaxed) > shared.in_flight_max {
        let mut problem = Problem::new(Code::RequestOverload, "");
        problem.retry_after = Some(Duration::from_secs(1));
        return respond::problem(&request, &correlation, None, &problem);
    }
    let (route, parameters) = match find(&request, &running) {
        Ok(found) => found,
        Err(Lookup::Options(allow)) => {
            let mut builder = respond::builder(204, &correlation, None);
            if let Ok(allow) = HeaderValue::from_str(&allow) {
                builder.insert_header((ALLOW, allow));
            }
            return builder.finish();
        }
        Err(Lookup::Problem(problem)) => {
            tracing::info!(
                correlation_id = correlation.id,
                method = %request.method(),
                path = request.uri().path(),
                status = problem.status,
                code = problem.code.as_str(),
                "no route"
            );
            return respond::problem(&request, &correlation, None, &problem);
        }
    };
    let plan = running.plan.route(route);
    let deadline = started + plan.timeout;
    let span = span(plan, &running, &correlation);
    let exchange = Exchange {
        request,
        correlation,
        running,
        route,
        claims: Claims::new(),
        parameters,
        deadline,
        session: None,
        recording: None,
        shared: shared.clone(),
        mark: Vec::new(),
        reads_back: false,
        counted: Some(Rc::new(counted)),
    };
    let effect = exchange.route().effect;
    let replays = exchange.running.hooks.replay.is_some();
    // Several KB, and moved with each future around it: on the heap at once.
    let work: Pin<Box<dyn Future<Output = HttpResponse>>> = if replays {
        Box::pin(replay::told(answer(exchange, payload, started)))
    } else {
        Box::pin(answer(exchange, payload, started))
    };
    match effect {
        Effect::Read => work.instrument(span).await,
        Effect::Write => gone::to_its_end(&shared, span.clone(), work.instrument(span)).await,
    }
}

/// What every line of the request begins with.
fn span(plan: &RoutePlan, running: &Running, correlation: &Correlation) -> Span {
    let backend = plan.translator.backend().map(|id| running.plan.backend(id).name.as_str());
    let operation = match &plan.translator {
        Translator::Soap(call) => Some(call.operation.as_str()),
        _ => None,
    };
    tracing::info_span!(
        "request",
        route = plan.id,
        correlation_id = correlation.id,
        backend,
        operation,
        side = tracing::field::Empty,
        status = tracing::field::Empty,
        code = tracing::field::Empty,
        outcome = tracing::field::Empty,
        violations = tracing::field::Empty,
        duration_ms = tracing::field::Empty,
    )
}

async fn answer(mut exchange: Exchange, payload: Payload, started: Instant) -> HttpResponse {
    let unanswered = gone::Unanswered::since(started);
    let verifier = exchange.running.verifiers[exchange.route.0 as usize].clone();
    let known = verifier.map_or(Ok(Claims::new()), |v| v.claims(&exchange.request));
    let refused = known.map(|claims| exchange.claims = claims);
    let refused = refused.and_then(|()| {
        if exchange.running.hooks.replay.is_some() {
            exchange.session = replay::session(&exchange.request)?;
        }
        Ok(())
    });
    if refused.is_ok() {
        exchange.recording = recording::begin(&exchange);
    }
    let exchange = Rc::new(exchange);
    let answered = match refused {
        Ok(()) => staged(&exchange, payload).await,
        Err(problem) => Err(problem),
    };
    let span = Span::current();
    let response = match answered {
        Ok(response) => response,
        Err(problem) => {
            span.record("code", problem.code.as_str());
            if let Some(outcome) = problem.outcome {
                span.record("outcome", outcome.as_str());
            }
            if let Some(cause) = &problem.internal {
                tracing::warn!(cause, detail = problem.detail, "answered with a problem");
            }
            respond::problem(
                &exchange.request,
                &exchange.correlation,
                Some(exchange.route()),
                &problem,
            )
        }
    };
    tracing::record_all!(
        span,
        status = response.status().as_u16(),
        duration_ms = milliseconds(started.elapsed())
    );
    tracing::info!("answered");
    unanswered.answered();
    recording::answered(&exchange, response)
}

/// By its stage, where a candidate is to take the route's place.
async fn staged(exchange: &Rc<Exchange>, payload: Payload) -> Result<HttpResponse, Box<Problem>> {
    let running = Arc::clone(&exchange.running);
    match (&exchange.route().migration, &running.migrations) {
        (Some(plan), Some(live)) => staged::answer(exchange, plan, live, payload).await,
        _ => translated(exchange, payload).await,
    }
}

/// By what the route becomes.
pub(super) async fn translated(
    exchange: &Rc<Exchange>,
    payload: Payload,
) -> Result<HttpResponse, Box<Problem>> {
    match &exchange.route().translator {
        Translator::Soap(call) => {
            acceptable(&exchange.request)?;
            soap::answer(exchange, call, payload).await
        }
        // What it answers with is the modern service's own affair.
        Translator::Http(call) => passthrough::answer(exchange, call, payload).await,
        Translator::Sql(call) => {
            acceptable(&exchange.request)?;
            sql::answer(exchange, call, payload).await
        }
        Translator::Compose(call) => {
            acceptable(&exchange.request)?;
            compose::answer(exchange, call, payload).await
        }
    }
}

/// To the microsecond: more digits are noise.
#[expect(clippy::cast_precision_loss, reason = "microseconds of a request are far below 2^52")]
pub(super) fn milliseconds(time: Duration) -> f64 {
    time.as_micros() as f64 / 1e3
}

enum Lookup {
    Options(String),
    Problem(Box<Problem>),
}

fn find(request: &HttpRequest, running: &Running) -> Result<(RouteId, Vec<String>), Lookup> {
    let target = request.uri();
    let length = target.path_and_query().map_or(0, |pq| pq.as_str().len());
    if length > TARGET_BYTES_MAX {
        let detail = format!("{length} bytes; the limit is {TARGET_BYTES_MAX}");
        return Err(Lookup::Problem(Problem::new(Code::RequestUriTooLong, detail).into()));
    }
    match running.table.find(request.method().as_str(), target.path()) {
        Match::Route(route, parameters) => {
            Ok((route, parameters.into_iter().map(str::to_owned).collect()))
        }
        Match::Method(allow) if request.method() == Method::OPTIONS => {
            Err(Lookup::Options(allow.to_owned()))
        }
        Match::Method(allow) => {
            let mut problem = Problem::new(Code::RequestMethod, format!("it answers {allow}"));
            problem.allow = Some(allow.to_owned());
            Err(Lookup::Problem(problem.into()))
        }
        Match::None if is_own_page(target.path()) && !is_read(request) => {
            let allow = "GET, HEAD, OPTIONS";
            if request.method() == Method::OPTIONS {
                return Err(Lookup::Options(allow.to_owned()));
            }
            let mut problem = Problem::new(Code::RequestMethod, format!("it answers {allow}"));
            problem.allow = Some(allow.to_owned());
            Err(Lookup::Problem(problem.into()))
        }
        Match::None => {
            let detail = format!("nothing is served at {}", target.path());
            Err(Lookup::Problem(Problem::new(Code::RequestNotFound, detail).into()))
        }
    }
}

/// Pages of our own. Routes live under `/api/`, so nothing can collide.
fn own_page(request: &HttpRequest, running: &Running, shared: &Shared) -> Option<HttpResponse> {
    let path = request.uri().path();
    if path.starts_with("/api/") {
        return None;
    }
    if let Some(replay) = &running.hooks.replay
        && let Some(page) = replay::page(request, &**replay)
    {
        return Some(page);
    }
    if !is_read(request) {
        return None;
    }
    match path {
        "/openapi.json" => Some(docs::openapi(request, running)),
        "/health/live" => Some(health::live()),
        "/health/ready" => Some(health::ready(running, shared)),
        "/" => Some(docs::home(running)),
        _ => path
            .strip_prefix("/problems/")
            .and_then(docs::problem_page)
            .or_else(|| path.strip_prefix("/docs").and_then(docs::page)),
    }
}

fn is_read(request: &HttpRequest) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

/// Whether [`own_page`] would have answered another method.
fn is_own_page(path: &str) -> bool {
    let exact = ["/openapi.json", "/health/live", "/health/ready", "/", "/docs", "/docs/"];
    exact.contains(&path)
}

/// The answer is JSON or nothing.
fn acceptable(request: &HttpRequest) -> Result<(), Box<Problem>> {
    let Some(accept) = request.headers().get(ACCEPT).and_then(|v| v.to_str().ok()) else {
        return Ok(());
    };
    let wanted = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let essence = parts.next().unwrap_or("").to_ascii_lowercase();
        let refused = parts.any(|p| p.starts_with("q=0") && p[2..].parse() == Ok(0.0));
        let json = matches!(essence.as_str(), "*/*" | "application/*" | "application/json")
            || (essence.starts_with("application/") && essence.ends_with("json"));
        json && !refused
    };
    if accept.trim().is_empty() || accept.split(',').any(wanted) {
        return Ok(());
    }
    let detail = format!("`{accept}` does not include it");
    Err(Problem::new(Code::RequestNotAcceptable, detail).into())
}

/// Counts a request while it is answered.
pub(super) struct InFlight(Data<Shared>);

impl InFlight {
    fn enter(shared: &Data<Shared>) -> Self {
        shared.in_flight.fetch_add(1, Ordering::Relaxed);
        Self(shared.clone())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
