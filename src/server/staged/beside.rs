//! What is asked besides: in a task of its own, with its own deadline and place.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout, timeout_at};
use tracing::Instrument;

use super::answer::{other, route_of};
use super::body::{self, Body};
use super::snapshot::{BYTES_MAX, Given, Seen, Snapshot};
use super::{compared, key, render};
use crate::migration::{Admission, Answered, Migrations, Pair};
use crate::plan::{Effect, MigrationPlan, RouteId};
use crate::server::exchange::Exchange;
use crate::server::handler::translated;
use crate::server::tee::{self, Keep};
use crate::strangler::{Comparison, Side};

/// How long after its deadline a call is given up that has not ended by itself.
const NET: Duration = Duration::from_millis(250);

/// What is done besides an answer.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// The other side is asked the same. Only about a read.
    Ask,
    /// What both sides would send is compared; nothing is sent.
    Render,
    /// The candidate is asked to pretend, by a header.
    DryRun(String, String),
    /// A read route is asked of both sides, some time after.
    ReadBack(RouteId, Duration),
}

/// One request, besides its answer.
pub(super) struct Beside {
    pub kind: Kind,
    /// The side that answers the caller.
    pub side: Side,
    pub plan: Arc<MigrationPlan>,
    pub migrations: Arc<Migrations>,
    pub admission: Admission,
}

/// What a side is asked.
struct Asked<'a> {
    exchange: &'a Rc<Exchange>,
    body: &'a Bytes,
    /// Whether the candidate is asked to pretend only.
    pretends: bool,
}

impl Kind {
    /// Whether the caller's body is sent, or compared, besides.
    pub fn needs_body(&self) -> bool {
        !matches!(self, Self::ReadBack(..))
    }
}

impl Beside {
    /// Does it. `body` is the caller's once it has been read, `answer` the caller's answer once
    /// it has been sent.
    pub async fn run(self, exchange: Exchange, body: Body, answer: oneshot::Receiver<Given>) {
        let span = tracing::info_span!(
            "beside",
            route = exchange.route().id,
            correlation_id = exchange.correlation.id,
        );
        let work = async {
            match self.kind.clone() {
                Kind::Ask => self.ask(exchange, body, answer, false).await,
                Kind::DryRun(name, value) => {
                    let mut exchange = exchange;
                    exchange.mark.push((name, value));
                    self.ask(exchange, body, answer, true).await;
                }
                Kind::Render => {
                    let Ok(body) = body.await else { return };
                    self.render(&Rc::new(exchange), &body).await;
                }
                Kind::ReadBack(route, settle) => {
                    let what = (route, settle);
                    self.read_back(exchange, answer, what).await;
                }
            }
        };
        work.instrument(span).await;
    }

    /// Asks the other side, and compares its answer with the caller's.
    async fn ask(
        &self,
        exchange: Exchange,
        body: Body,
        answer: oneshot::Receiver<Given>,
        pretends: bool,
    ) {
        let route = &exchange.route().id.clone();
        let exchange = &Rc::new(exchange);
        let Ok(body) = &body.await else { return };
        let asked = Asked { exchange, body, pretends };
        let Some(given) = self.side_of(&asked, other(self.side)).await else { return };
        let patience = exchange.deadline + self.plan.shadow.timeout;
        // A caller that leaves takes its answer along.
        let Ok(Ok(answered)) = timeout_at(patience.into(), answer).await else { return };
        if exchange.is_stopping() {
            return;
        }
        let (legacy, candidate) = match self.side {
            Side::Legacy => (answered, given),
            Side::Candidate => (given, answered),
        };
        let Some(legacy) = self.legacy(route, legacy).await else { return };
        let shape = key::shape(exchange);
        self.compare(&[route], &legacy, candidate, &shape).await;
        // Writes are not asked about a second time; `side_of` would not either.
        if self.side == Side::Legacy
            && !pretends
            && let Some(_place) = self.migrations.admit_noise(route)
            && let Some(again) = self.side_of(&asked, Side::Legacy).await
            && let Some(again) = self.legacy(route, again).await
        {
            let comparison = compared::compare(&self.plan, &legacy, Some(again)).await;
            self.note(route, comparison.as_ref(), (&shape, legacy.status / 100), true);
        }
    }

    /// One side's answer, when it is this one's turn. `None` where it was not asked.
    async fn side_of(&self, asked: &Asked<'_>, side: Side) -> Option<Given> {
        let exchange = asked.exchange;
        let route = &exchange.route().id;
        let is_harmless =
            exchange.route().effect == Effect::Read || (asked.pretends && side == Side::Candidate);
        // Never the second time a write is executed, whoever comes here.
        if !is_harmless {
            return None;
        }
        let patience = self.plan.shadow.timeout;
        let Ok(Some(_turn)) = timeout(patience, self.admission.turn()).await else {
            self.migrations.skipped(route);
            return None;
        };
        if exchange.is_stopping() {
            return None;
        }
        let begun = Instant::now();
        let on = exchange.on(route_of(exchange, &self.plan, side));
        let given = given(&on, asked.body, patience).await?;
        let (status, took) = (given.status(), begun.elapsed());
        if !exchange.is_stopping() {
            self.migrations.answered(route, Answered { side, to_caller: false, status, took });
        }
        Some(given)
    }

    /// The legacy system's answer, where it says something.
    async fn legacy(&self, route: &str, given: Given) -> Option<Arc<Snapshot>> {
        match compared::seen(given, Side::Legacy).await? {
            Seen::Whole(snapshot) => Some(Arc::new(snapshot)).filter(|s| s.is_usable()),
            Seen::NoRoom => {
                self.migrations.skipped(route);
                None
            }
            // What failed is the legacy system: that is counted where it answered.
            Seen::Nothing | Seen::Unknown => None,
        }
    }

    /// Compares, and notes it as known of these routes. A candidate that failed is mismatched.
    async fn compare(
        &self,
        routes: &[&str],
        legacy: &Arc<Snapshot>,
        candidate: Given,
        shape: &str,
    ) {
        let candidate = match compared::seen(candidate, Side::Candidate).await {
            Some(Seen::Whole(snapshot)) if snapshot.status == 304 => return,
            Some(Seen::Whole(snapshot)) => Some(Arc::new(snapshot)),
            Some(Seen::Nothing) => None,
            Some(Seen::NoRoom) => {
                return routes.iter().for_each(|route| self.migrations.skipped(route));
            }
            Some(Seen::Unknown) | None => return,
        };
        let comparison = compared::compare(&self.plan, legacy, candidate).await;
        for route in routes {
            self.note(route, comparison.as_ref(), (shape, legacy.status / 100), false);
        }
    }

    fn note(
        &self,
        route: &str,
        comparison: Option<&Comparison>,
        (shape, status_class): (&str, u16),
        noise: bool,
    ) {
        let Some(comparison) = comparison else { return };
        if !comparison.is_match() && !noise {
            let first = comparison.mismatches.first();
            tracing::info!(
                mismatches = comparison.count,
                first = first.map(|m| format!("{} {:?}", m.path.shape(), m.class)),
                "the candidate's answer differs"
            );
        }
        let pair = Pair { comparison, shape, status_class, noise, recorded: false };
        self.migrations.compared(route, &pair);
    }

    /// Compares what both sides would send.
    async fn render(&self, exchange: &Rc<Exchange>, body: &Bytes) {
        let text = std::str::from_utf8(body).ok().filter(|text| !text.is_empty());
        let sent =
            |side| render::rendered(&exchange.on(route_of(exchange, &self.plan, side)), text);
        // A request the legacy side refuses is refused to its caller.
        let Some(legacy) = sent(Side::Legacy) else { return };
        let candidate = sent(Side::Candidate).map(Snapshot::of_request).map(Arc::new);
        let legacy = Arc::new(Snapshot::of_request(legacy));
        let comparison = compared::compare(&self.plan, &legacy, candidate).await;
        let route = &exchange.route().id;
        self.note(route, comparison.as_ref(), (&key::shape(exchange), 2), false);
    }

    /// Reads what was written from both sides.
    async fn read_back(
        self,
        exchange: Exchange,
        answer: oneshot::Receiver<Given>,
        (read, settle): (RouteId, Duration),
    ) {
        let patience = exchange.deadline + self.plan.shadow.timeout;
        match timeout_at(patience.into(), answer).await {
            Ok(Ok(answered)) if (200..300).contains(&answered.status()) => {}
            _ => return,
        }
        sleep(settle).await;
        let wrote = exchange.route().id.clone();
        let shape = format!("after {}", key::shape(&exchange));
        let Some(exchange) = exchange.reading(read).map(Rc::new) else { return };
        let Some(plan) = exchange.route().migration.clone() else { return };
        // The legacy system is asked once more: that is on the account of the write.
        if exchange.is_stopping() || !self.migrations.may_ask_legacy(&wrote) {
            return;
        }
        let route = &exchange.route().id;
        let this = Self { plan, ..self };
        let asked = Asked { exchange: &exchange, body: &Bytes::new(), pretends: false };
        let Some(legacy) = this.side_of(&asked, Side::Legacy).await else { return };
        let Some(candidate) = this.side_of(&asked, Side::Candidate).await else { return };
        if exchange.is_stopping() {
            return;
        }
        let Some(legacy) = this.legacy(route, legacy).await else { return };
        // It is what is known of the write as well.
        // It is what is known of the write as well.
        this.compare(&[route, &wrote], &legacy, candidate, &shape).await;
    }
}

/// The answer of a route to nobody, in so much time.
pub(super) async fn given(
    exchange: &Rc<Exchange>,
    body: &Bytes,
    patience: Duration,
) -> Option<Given> {
    let deadline = Instant::now() + patience;
    let on = exchange.due(deadline);
    let payload = body::again(&on.request, body.clone()).await?;
    let keep = Keep { bytes_max: BYTES_MAX, room: Some(Arc::clone(&on.running.room)) };
    let asked = async {
        match translated(&on, payload).await {
            Ok(response) => {
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                Given::Sent { status, headers, sent: tee::read(response, keep).await }
            }
            Err(problem) => Given::problem(&on, &problem),
        }
    };
    Some(timeout_at((deadline + NET).into(), asked).await.unwrap_or(Given::Nothing))
}
