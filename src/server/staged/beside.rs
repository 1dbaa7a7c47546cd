//! What is asked besides: in a task of its own, with its own deadline and place.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout_at};
use tracing::Instrument;

use super::answer::{other, replayed, route_of};
use super::snapshot::Snapshot;
use super::{key, render};
use crate::migration::{Admission, Answered, Migrations, Pair};
use crate::plan::{MigrationPlan, RouteId};
use crate::server::handler::{Exchange, translated};
use crate::strangler::{Answer, Comparison, Side};

/// What is done besides an answer.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// The other side is asked the same.
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
    /// The route's name.
    pub route: String,
    /// The side that answers the caller.
    pub side: Side,
    /// The caller's body.
    pub body: Bytes,
    pub plan: Arc<MigrationPlan>,
}

impl Beside {
    /// Does it. `admission` is its place, `answer` the caller's answer once it has been sent.
    pub async fn run(
        self,
        exchange: Exchange,
        migrations: Arc<Migrations>,
        admission: Admission,
        answer: oneshot::Receiver<Option<Snapshot>>,
    ) {
        let span = tracing::info_span!(
            "beside",
            route = self.route,
            correlation_id = exchange.correlation.id,
        );
        let work = async {
            let _turn = admission.turn().await;
            match &self.kind {
                Kind::Ask => self.ask(exchange, &migrations, answer, None).await,
                Kind::DryRun(name, value) => {
                    let header = Some((name.clone(), value.clone()));
                    self.ask(exchange, &migrations, answer, header).await;
                }
                Kind::Render => self.render(&Rc::new(exchange), &migrations),
                Kind::ReadBack(route, settle) => {
                    self.read_back(exchange, &migrations, answer, (*route, *settle)).await;
                }
            }
        };
        work.instrument(span).await;
        drop(admission);
    }

    /// Asks the other side, and compares its answer with the caller's.
    async fn ask(
        &self,
        mut exchange: Exchange,
        migrations: &Migrations,
        answer: oneshot::Receiver<Option<Snapshot>>,
        header: Option<(String, String)>,
    ) {
        exchange.mark.extend(header);
        let exchange = Rc::new(exchange);
        let shape = key::shape(&exchange);
        let asked = self.side_of(&exchange, migrations, other(self.side)).await;
        // Of an answer that was cut, too long or left, nothing can be said.
        let Ok(Some(answered)) = answer.await else { return };
        let (legacy, candidate) = match self.side {
            Side::Legacy => (Some(answered), asked),
            Side::Candidate => (asked, Some(answered)),
        };
        self.compare(migrations, (legacy.as_ref(), candidate.as_ref()), &shape, false);
        if self.side == Side::Legacy && migrations.admit_noise(&self.route).is_some() {
            let again = self.side_of(&exchange, migrations, Side::Legacy).await;
            self.compare(migrations, (legacy.as_ref(), again.as_ref()), &shape, true);
        }
    }

    /// One side's answer; `None` where it gave none in time.
    async fn side_of(
        &self,
        exchange: &Rc<Exchange>,
        migrations: &Migrations,
        side: Side,
    ) -> Option<Snapshot> {
        let begun = Instant::now();
        let deadline = begun + self.plan.shadow.timeout;
        let on = exchange.on(route_of(exchange, &self.plan, side)).due(deadline);
        let payload = replayed(&exchange.request, self.body.clone()).await.ok()?;
        let asked = async {
            match translated(&on, payload).await {
                Ok(response) => Snapshot::of(response).await,
                Err(problem) => Some(Snapshot::of_problem(&on, &problem)),
            }
        };
        let found = timeout_at(deadline.into(), asked).await.ok().flatten();
        let status = found.as_ref().map_or(0, |snapshot| snapshot.status);
        let took = begun.elapsed();
        migrations.answered(&self.route, Answered { side, to_caller: false, status, took });
        found
    }

    /// Compares, where the legacy system gave a usable answer. A candidate that failed is
    /// compared, and mismatched.
    fn compare(
        &self,
        migrations: &Migrations,
        (legacy, candidate): (Option<&Snapshot>, Option<&Snapshot>),
        shape: &str,
        noise: bool,
    ) {
        let Some(legacy) = legacy.filter(|snapshot| snapshot.is_usable()) else { return };
        if candidate.is_some_and(|snapshot| snapshot.status == 304) {
            return;
        }
        let comparison =
            self.plan.comparer.compare(legacy.answer(), candidate.map(Snapshot::answer));
        self.note(migrations, &comparison, shape, legacy.status / 100, noise);
    }

    fn note(
        &self,
        migrations: &Migrations,
        comparison: &Comparison,
        shape: &str,
        status_class: u16,
        noise: bool,
    ) {
        if !comparison.is_match() && !noise {
            let first = comparison.mismatches.first();
            tracing::info!(
                mismatches = comparison.count,
                first = first.map(|m| format!("{} {:?}", m.path.shape(), m.class)),
                "the candidate's answer differs"
            );
        }
        let pair = Pair { comparison, shape, status_class, noise, recorded: false };
        migrations.compared(&self.route, &pair);
    }

    /// Compares what both sides would send.
    fn render(&self, exchange: &Rc<Exchange>, migrations: &Migrations) {
        let shape = key::shape(exchange);
        let text = std::str::from_utf8(&self.body).ok().filter(|text| !text.is_empty());
        let sent =
            |side| render::rendered(&exchange.on(route_of(exchange, &self.plan, side)), text);
        // A request the legacy side refuses is refused to its caller.
        let Some(legacy) = sent(Side::Legacy) else { return };
        let candidate = sent(Side::Candidate);
        let answer = |body| Answer { status: 200, headers: &[], body };
        let comparison =
            self.plan.comparer.compare(answer(&legacy), candidate.as_deref().map(answer));
        self.note(migrations, &comparison, &shape, 2, false);
    }

    /// Reads what was written from both sides.
    async fn read_back(
        &self,
        exchange: Exchange,
        migrations: &Migrations,
        answer: oneshot::Receiver<Option<Snapshot>>,
        (route, settle): (RouteId, Duration),
    ) {
        match answer.await {
            Ok(Some(answered)) if answered.status < 300 => {}
            _ => return,
        }
        sleep(settle).await;
        let Some(exchange) = exchange.reading(route) else { return };
        let Some(plan) = exchange.route().migration.clone() else { return };
        let read = Self {
            kind: Kind::Ask,
            route: exchange.route().id.clone(),
            side: Side::Legacy,
            body: Bytes::new(),
            plan,
        };
        let exchange = Rc::new(exchange);
        let legacy = read.side_of(&exchange, migrations, Side::Legacy).await;
        let candidate = read.side_of(&exchange, migrations, Side::Candidate).await;
        let shape = format!("after {}", self.route);
        read.compare(migrations, (legacy.as_ref(), candidate.as_ref()), &shape, false);
    }
}
