//! A request that was recorded, asked of both sides: nobody waits for an answer.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use actix_web::web::Data;
use bytes::Bytes;

use super::answer::route_of;
use super::beside::given;
use super::snapshot::{Given, Seen};
use super::{compared, key};
use crate::migration::{Answered, Migrations, Pair};
use crate::plan::{Effect, MigrationPlan};
use crate::server::auth::Claims;
use crate::server::correlation::Correlation;
use crate::server::exchange::Exchange;
use crate::server::in_process::{OwnRequest, parts};
use crate::server::running::Shared;
use crate::server::table::Match;
use crate::strangler::Side;

/// What came of asking both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// They say the same.
    Same,
    /// They differ in so many places.
    Differs(u64),
    /// The legacy system gave no answer to compare with: its status, 0 for none.
    NoLegacy(u16),
}

/// Asks both sides of a read route with a candidate about a request, compares, and counts the
/// pair as one from a recording. It has to run on an actix runtime.
///
/// # Errors
/// Where the request is none of HTTP, or not one of such a route.
pub async fn compare_recorded(
    shared: &Data<Shared>,
    migrations: &Migrations,
    asked: &OwnRequest,
) -> Result<Compared, String> {
    let exchange = exchange(shared, asked).await?;
    let route = exchange.route();
    let (true, Some(plan)) = (route.effect == Effect::Read, route.migration.clone()) else {
        return Err(format!("`{}` is no read with a candidate", route.id));
    };
    let name = route.id.clone();
    let asking = Asking { exchange: Rc::new(exchange), plan, migrations, body: &asked.body };
    let legacy = asking.side(Side::Legacy).await?;
    let status = legacy.status();
    let legacy = match compared::seen(legacy, Side::Legacy).await {
        Some(Seen::Whole(snapshot)) if snapshot.is_usable() => Arc::new(snapshot),
        _ => return Ok(Compared::NoLegacy(status)),
    };
    let candidate = asking.side(Side::Candidate).await?;
    let candidate = match compared::seen(candidate, Side::Candidate).await {
        Some(Seen::Whole(snapshot)) => Some(Arc::new(snapshot)),
        Some(Seen::Nothing) => None,
        Some(Seen::NoRoom | Seen::Unknown) | None => {
            return Err("the candidate's answer is too long, or cannot be read".to_owned());
        }
    };
    let comparison = compared::compare(&asking.plan, &legacy, candidate).await;
    let comparison = comparison.ok_or("it was stopped")?;
    let pair = Pair {
        comparison: &comparison,
        shape: &key::shape(&asking.exchange),
        status_class: legacy.status / 100,
        noise: false,
        recorded: true,
    };
    migrations.compared(&name, &pair);
    Ok(if comparison.is_match() { Compared::Same } else { Compared::Differs(comparison.count) })
}

/// One request for both sides.
struct Asking<'a> {
    exchange: Rc<Exchange>,
    plan: Arc<MigrationPlan>,
    migrations: &'a Migrations,
    body: &'a str,
}

impl Asking<'_> {
    async fn side(&self, side: Side) -> Result<Given, String> {
        let begun = Instant::now();
        let on = self.exchange.on(route_of(&self.exchange, &self.plan, side));
        let body = Bytes::from(self.body.to_owned());
        let given = given(&on, &body, self.plan.shadow.timeout).await;
        let given = given.ok_or("its body cannot be sent")?;
        let (status, took) = (given.status(), begun.elapsed());
        let answered = Answered { side, to_caller: false, status, took };
        self.migrations.answered(&self.exchange.route().id, answered);
        Ok(given)
    }
}

/// The request on its way besides any answer. Nobody is asked who calls: it comes from a file.
async fn exchange(shared: &Data<Shared>, asked: &OwnRequest) -> Result<Exchange, String> {
    let (request, _) = parts(asked).await?;
    let running = shared.running.load_full();
    let found = match running.table.find(request.method().as_str(), request.uri().path()) {
        Match::Route(route, parameters) => {
            Some((route, parameters.into_iter().map(str::to_owned).collect()))
        }
        _ => None,
    };
    let (route, parameters) = found.ok_or_else(|| format!("no route answers {}", asked.target))?;
    let exchange = Exchange {
        correlation: Correlation::of(&request),
        request,
        deadline: Instant::now() + running.plan.route(route).timeout,
        running: Arc::clone(&running),
        route,
        claims: Claims::new(),
        parameters,
        session: None,
        recording: None,
        shared: shared.clone(),
        mark: Vec::new(),
        reads_back: false,
        counted: None,
    };
    Ok(exchange.beside())
}
