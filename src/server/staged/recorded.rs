//! A request that was recorded, asked of both sides: nobody waits for an answer.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use actix_web::web::Data;
use bytes::Bytes;

use super::beside::called;
use super::snapshot::Seen;
use super::{compared, key};
use crate::migration::{Answered, Migrations, Pair};
use crate::plan::Effect;
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
    let route = route.id.clone();
    let exchange = Rc::new(exchange);
    let body = Bytes::from(asked.body.clone());
    let ask = async |side| {
        let Some((given, took)) = called(&exchange, &plan, &body, side).await else {
            return (0, Seen::Nothing);
        };
        let status = given.status();
        migrations.answered(&route, Answered { side, to_caller: false, status, took });
        (status, compared::seen(given, side).await.unwrap_or(Seen::Unknown))
    };
    let legacy = match ask(Side::Legacy).await {
        (_, Seen::Whole(snapshot)) if snapshot.is_usable() => Arc::new(snapshot),
        (status, _) => return Ok(Compared::NoLegacy(status)),
    };
    let candidate = match ask(Side::Candidate).await {
        (_, Seen::Whole(snapshot)) => Some(Arc::new(snapshot)),
        (_, Seen::Nothing) => None,
        (_, Seen::NoRoom | Seen::Unknown) => {
            return Err("the candidate's answer is too long to be compared".to_owned());
        }
    };
    let Some(comparison) = compared::compare(&plan, &legacy, candidate).await else {
        return Err("the process stops".to_owned());
    };
    let pair = Pair {
        comparison: &comparison,
        shape: &key::shape(&exchange),
        status_class: legacy.status / 100,
        noise: false,
        recorded: true,
    };
    migrations.compared(&route, &pair);
    Ok(if comparison.is_match() { Compared::Same } else { Compared::Differs(comparison.count) })
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
        claims: crate::server::auth::Claims::new(),
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
