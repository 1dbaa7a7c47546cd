//! Who answers.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::web::Payload;
use tokio::sync::oneshot;

use super::beside::{Beside, Kind};
use super::snapshot::{BYTES_MAX, Given};
use super::{body, key};
use crate::backend::unjudged;
use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::migration::{Answered, Migrations};
use crate::plan::{Effect, MigrationPlan, RouteId, WriteShadow};
use crate::server::exchange::Exchange;
use crate::server::handler::translated;
use crate::server::tee::{Keep, Sent, tee};
use crate::strangler::{Asked, Share, Side, Stage, in_cohort};

/// Answers a request of a route with a candidate, by its stage: by one side, whatever comes.
pub(in crate::server) async fn answer(
    exchange: &Rc<Exchange>,
    plan: &Arc<MigrationPlan>,
    migrations: &Arc<Migrations>,
    payload: Payload,
) -> Result<HttpResponse, Box<Problem>> {
    let route = &exchange.route().id;
    // Looked at once: a change on the way splits no request.
    let stage = migrations.position(route).stage;
    let (payload, key) = match stage {
        Stage::Canary(_) => key::assigned(exchange, &plan.keys, payload).await?,
        _ => (payload, None),
    };
    let side = side(plan, stage, key.as_deref());
    tracing::Span::current().record("side", side_name(side));
    let on = exchange.on(route_of(exchange, plan, side));
    let admitted = kind(exchange, plan, stage, side).and_then(|kind| {
        let asked = asked(exchange, plan, &kind, side);
        Some((kind, migrations.admit(route, asked)?))
    });
    let (payload, waiting) = match admitted {
        None => (payload, None),
        Some((kind, admission)) => {
            let (payload, body) = if kind.needs_body() {
                body::kept(&exchange.request, payload).await.ok_or_else(lost)?
            } else {
                (payload, body::none())
            };
            let (waiting, answer) = oneshot::channel();
            let plan = Arc::clone(plan);
            let migrations = Arc::clone(migrations);
            let beside = Beside { kind, side, plan, migrations, admission };
            actix_web::rt::spawn(unjudged(beside.run(exchange.beside(), body, answer)));
            (payload, Some(waiting))
        }
    };
    let keep = match &waiting {
        None => Keep::NOTHING,
        Some(_) => Keep { bytes_max: BYTES_MAX, room: Some(Arc::clone(&exchange.running.room)) },
    };
    let begun = Instant::now();
    let migrations = Arc::clone(migrations);
    let noted =
        Noted { migrations, exchange: Rc::clone(exchange), side, begun, waiting, is_told: false };
    match translated(&on, payload).await {
        Ok(response) => {
            let status = response.status().as_u16();
            let headers = noted.waiting.is_some().then(|| response.headers().clone());
            let told = move |sent: Sent| {
                let headers = headers.unwrap_or_else(actix_web::http::header::HeaderMap::new);
                noted.note(Given::Sent { status, headers, sent });
            };
            Ok(tee(response, keep, Box::new(told)))
        }
        Err(problem) => {
            if problem.code == Code::BackendOpen {
                noted.migrations.refused(&exchange.route().id, side);
            }
            let given = match &noted.waiting {
                Some(_) => Given::problem(exchange, &problem),
                None => Given::Problem { status: problem.status, body: Vec::new() },
            };
            noted.note(given);
            Err(problem)
        }
    }
}

/// It cannot be: a payload is always taken.
fn lost() -> Box<Problem> {
    Problem::new(Code::RequestInternal, "").internal("the body was lost".to_owned()).into()
}

/// How long a caller has to have waited for a candidate before its leaving says something.
const LEFT_AFTER: Duration = Duration::from_secs(1);
/// The status that stands for it in the counts: no failure, but a time.
const STATUS_LEFT: u16 = 499;

/// What becomes known when an answer has been sent, or nobody waits for it any more.
struct Noted {
    migrations: Arc<Migrations>,
    exchange: Rc<Exchange>,
    side: Side,
    begun: Instant,
    waiting: Option<oneshot::Sender<Given>>,
    is_told: bool,
}

impl Noted {
    fn note(mut self, given: Given) {
        self.count(given.status());
        if let Some(waiting) = self.waiting.take() {
            // Nobody waits any more where the other side was given up.
            let _ = waiting.send(given);
        }
    }

    fn count(&mut self, status: u16) {
        self.is_told = true;
        let took = self.begun.elapsed();
        let answered = Answered { side: self.side, to_caller: true, status, took };
        self.migrations.answered(&self.exchange.route().id, answered);
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        // A candidate that stalls until its callers give up would look quick otherwise.
        let has_waited = self.side == Side::Candidate && self.begun.elapsed() >= LEFT_AFTER;
        if !self.is_told && has_waited && !self.exchange.is_stopping() {
            self.count(STATUS_LEFT);
        }
    }
}

/// Which side answers this caller. Without a key it is the legacy system, never chance.
fn side(plan: &MigrationPlan, stage: Stage, key: Option<&str>) -> Side {
    let Stage::Canary(share) = stage else { return stage.answers(false) };
    stage.answers(share > Share::NONE && in_cohort(&plan.salt, key, share))
}

/// What is done besides: a write is never executed a second time.
fn kind(exchange: &Exchange, plan: &MigrationPlan, stage: Stage, side: Side) -> Option<Kind> {
    if stage.asks_besides() == Asked::Nobody
        || exchange.request.method() == Method::HEAD
        || exchange.is_stopping()
    {
        return None;
    }
    let kind = what(exchange, plan, stage, side)?;
    (!kind.needs_body() || body::may_be_kept(&exchange.request)).then_some(kind)
}

fn what(exchange: &Exchange, plan: &MigrationPlan, stage: Stage, side: Side) -> Option<Kind> {
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

/// On whose account a call besides is. One of a candidate that is the legacy system itself,
/// mapped differently, is the legacy system's. What is only rendered is sent to nobody.
fn asked(exchange: &Exchange, plan: &MigrationPlan, kind: &Kind, side: Side) -> Side {
    if matches!(kind, Kind::Render) {
        return other(side);
    }
    let backend = |route: RouteId| {
        let id = exchange.running.plan.route(route).translator.backend()?;
        Some((id, exchange.running.plan.backend(id)))
    };
    let (Some(legacy), Some(candidate)) = (backend(exchange.route), backend(plan.candidate)) else {
        return other(side);
    };
    let is_same =
        legacy.0 == candidate.0 || (!legacy.1.url.is_empty() && legacy.1.url == candidate.1.url);
    if is_same { Side::Legacy } else { other(side) }
}

pub(super) fn other(side: Side) -> Side {
    match side {
        Side::Legacy => Side::Candidate,
        Side::Candidate => Side::Legacy,
    }
}

fn side_name(side: Side) -> &'static str {
    match side {
        Side::Legacy => "legacy",
        Side::Candidate => "candidate",
    }
}

/// The route of the plan that a side is.
pub(super) fn route_of(exchange: &Exchange, plan: &MigrationPlan, side: Side) -> RouteId {
    match side {
        Side::Legacy => exchange.route,
        Side::Candidate => plan.candidate,
    }
}
