//! A request that was recorded, asked of both sides: nobody waits for an answer.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use actix_web::web::Data;
use bytes::Bytes;

use super::beside::{Beside, Kind};
use super::{key, snapshot::Snapshot};
use crate::migration::{Migrations, Pair};
use crate::plan::Effect;
use crate::server::correlation::Correlation;
use crate::server::handler::Exchange;
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
    let beside = Beside {
        kind: Kind::Ask,
        route: route.id.clone(),
        side: Side::Legacy,
        body: Bytes::from(asked.body.clone()),
        plan: Arc::clone(&plan),
    };
    let exchange = Rc::new(exchange);
    let legacy = beside.side_of(&exchange, migrations, Side::Legacy).await;
    let Some(legacy) = legacy.as_ref().filter(|snapshot| snapshot.is_usable()) else {
        return Ok(Compared::NoLegacy(legacy.map_or(0, |snapshot| snapshot.status)));
    };
    let candidate = beside.side_of(&exchange, migrations, Side::Candidate).await;
    let comparison =
        plan.comparer.compare(legacy.answer(), candidate.as_ref().map(Snapshot::answer));
    let pair = Pair {
        comparison: &comparison,
        shape: &key::shape(&exchange),
        status_class: legacy.status / 100,
        noise: false,
        recorded: true,
    };
    migrations.compared(&beside.route, &pair);
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
        body_time: shared.body_time_max,
        session: None,
        recording: None,
        cursors: Arc::clone(&shared.cursors),
        mark: Vec::new(),
        counted: None,
    };
    Ok(exchange.beside())
}
