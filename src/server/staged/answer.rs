//! Who answers.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::dev;
use actix_web::error::PayloadError;
use actix_web::web::Payload;
use actix_web::{FromRequest, HttpRequest};
use bytes::Bytes;
use futures_util::stream;
use futures_util::{Stream, StreamExt};
use tokio::sync::oneshot;

use super::beside::{Beside, Kind};
use super::key;
use super::snapshot::{BYTES_MAX, Head, Snapshot};
use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::migration::{Answered, Migrations};
use crate::plan::{Effect, MigrationPlan, RouteId, WriteShadow};
use crate::server::handler::{Exchange, translated};
use crate::server::tee::tee;
use crate::strangler::{Asked, Share, Side, Stage, in_cohort};

/// Answers a request of a route with a candidate, by its stage.
pub(in crate::server) async fn answer(
    exchange: &Rc<Exchange>,
    plan: &Arc<MigrationPlan>,
    migrations: &Arc<Migrations>,
    payload: Payload,
) -> Result<HttpResponse, Box<Problem>> {
    let route = exchange.route().id.clone();
    let stage = migrations.position(&route).stage;
    let side = side(exchange, plan, stage);
    let beside = kind(exchange, plan, stage, side)
        .and_then(|kind| Some((kind, migrations.admit(&route, other(side))?)));
    let (payload, body) = match &beside {
        None => (payload, Bytes::new()),
        Some(_) => {
            let body = gathered(exchange, payload).await?;
            (replayed(&exchange.request, body.clone()).await?, body)
        }
    };
    let waiting = beside.map(|(kind, admission)| {
        let (answered, answer) = oneshot::channel();
        let beside = Beside { kind, route: route.clone(), side, body, plan: Arc::clone(plan) };
        actix_web::rt::spawn(beside.run(
            exchange.beside(),
            Arc::clone(migrations),
            admission,
            answer,
        ));
        answered
    });
    let on = exchange.on(route_of(exchange, plan, side));
    let begun = Instant::now();
    let answered = translated(&on, payload).await;
    let told = Noted { migrations: Arc::clone(migrations), route, side, begun, waiting };
    match answered {
        Ok(response) => {
            let head = Head::of(response.headers());
            let told = RefCell::new(Some((told, head)));
            let tell = move |answered: crate::server::hooks::Answered| {
                if let Some((told, head)) = told.take() {
                    told.note(answered.status, head.with(answered));
                }
            };
            Ok(tee(response, BYTES_MAX, Box::new(tell)))
        }
        Err(problem) => {
            let snapshot = Snapshot::of_problem(exchange, &problem);
            told.note(problem.status, Some(snapshot));
            Err(problem)
        }
    }
}

/// What becomes known when an answer has been sent.
struct Noted {
    migrations: Arc<Migrations>,
    route: String,
    side: Side,
    begun: Instant,
    waiting: Option<oneshot::Sender<Option<Snapshot>>>,
}

impl Noted {
    fn note(self, status: u16, snapshot: Option<Snapshot>) {
        let took = self.begun.elapsed();
        let answered = Answered { side: self.side, to_caller: true, status, took };
        self.migrations.answered(&self.route, answered);
        if let Some(waiting) = self.waiting {
            // Nobody waits any more where the other side was given up.
            let _ = waiting.send(snapshot);
        }
    }
}

/// Which side answers this caller. Without a key it is the legacy system, never chance.
fn side(exchange: &Exchange, plan: &MigrationPlan, stage: Stage) -> Side {
    let share = match stage {
        Stage::Canary(share) => share,
        _ => Share::NONE,
    };
    let inside = share > Share::NONE
        && in_cohort(&plan.salt, key::key(exchange, &plan.keys).as_deref(), share);
    stage.answers(inside)
}

/// What is done besides: a write is never executed a second time.
fn kind(exchange: &Exchange, plan: &MigrationPlan, stage: Stage, side: Side) -> Option<Kind> {
    if stage.asks_besides() == Asked::Nobody || exchange.request.method() == "HEAD" {
        return None;
    }
    if exchange.route().effect == Effect::Read {
        return Some(Kind::Ask);
    }
    // Of writes only a candidate that does not answer yet is looked at.
    if side == Side::Candidate || stage != Stage::Shadow {
        return None;
    }
    match &plan.shadow.writes {
        WriteShadow::Off => None,
        WriteShadow::Render => Some(Kind::Render),
        WriteShadow::DryRun(name, value) => Some(Kind::DryRun(name.clone(), value.clone())),
        WriteShadow::ReadBack { route, settle } => Some(Kind::ReadBack(*route, *settle)),
    }
}

pub(super) fn other(side: Side) -> Side {
    match side {
        Side::Legacy => Side::Candidate,
        Side::Candidate => Side::Legacy,
    }
}

/// The route of the plan that a side is.
pub(super) fn route_of(exchange: &Exchange, plan: &MigrationPlan, side: Side) -> RouteId {
    match side {
        Side::Legacy => exchange.route,
        Side::Candidate => plan.candidate,
    }
}

/// The whole body of a request, so that it can be sent twice.
async fn gathered(exchange: &Exchange, mut payload: Payload) -> Result<Bytes, Box<Problem>> {
    let bytes_max = exchange.route().request_bytes;
    let gather = async {
        let mut bytes = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|error| {
                Problem::new(Code::RequestMalformed, "the body broke off")
                    .internal(error.to_string())
            })?;
            if bytes.len() + chunk.len() > bytes_max {
                let detail = format!("the limit is {bytes_max} bytes");
                return Err(Box::new(Problem::new(Code::RequestTooLarge, detail)));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Bytes::from(bytes))
    };
    let within = tokio::time::timeout(exchange.body_time, gather).await;
    within.map_err(|_| {
        let detail = format!("no complete body within {:?}", exchange.body_time);
        Box::new(Problem::new(Code::RequestTimeout, detail))
    })?
}

/// A body that has been gathered, as one that comes.
pub(super) async fn replayed(request: &HttpRequest, body: Bytes) -> Result<Payload, Box<Problem>> {
    let once = stream::iter((!body.is_empty()).then_some(Ok(body)));
    let mut payload = dev::Payload::Stream {
        payload: Box::pin(once) as Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>,
    };
    // It only takes what it is given; without a body nobody reads it.
    let made = Payload::from_request(request, &mut payload).await;
    made.map_err(|error| Problem::new(Code::RequestInternal, "").internal(error.to_string()).into())
}
