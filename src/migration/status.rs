//! Everything there is to see of a route.

use super::evidence::Sums;
use super::live::Live;
use super::{MigrationError, Migrations, clock, hygiene, step};
use crate::store::{Exemplar, Instance};
use crate::strangler::{Evidence, Judged, Position, Stage, Traffic, Verdict};

/// Milliseconds within which an instance has to have been heard of.
const ALIVE_MS: u64 = 5_000;

/// A route on its way.
#[derive(Debug, Clone)]
pub struct RouteStatus {
    /// `GET /api/v1/orders/{orderId}`
    pub route: String,
    /// Where it is.
    pub position: Position,
    /// Where the mapping says it is.
    pub declared: Stage,
    /// The furthest it may go.
    pub ceiling: Stage,
    /// The next step forward.
    pub next: Option<Stage>,
    /// Who put it there, why and when.
    pub changed: Option<(String, String, String)>,
    /// When that ends.
    pub until: Option<String>,
    /// Since when it is in its stage: RFC 3339. A change of a latch is none of the stage.
    pub stage_since: Option<String>,
    /// What is known since it is there.
    pub evidence: Evidence,
    /// Answers callers got, by side: legacy, candidate.
    pub callers: (Traffic, Traffic),
    /// What the gate says to the next step.
    pub judged: Judged,
    /// When the legacy system was last asked: RFC 3339, to the minute.
    pub last_legacy_call: Option<String>,
    /// What stands in the way of the next step, in words.
    pub blocked: Vec<String>,
    /// Whether the legacy system could be switched off for this route.
    pub safe_to_retire: bool,
    /// Mismatches by class and place, the most frequent first.
    pub mismatches: Vec<(String, String, u64)>,
    /// Rules that match nothing, rules that hide what never varied, and places that differ when
    /// the legacy system is asked twice, in words.
    pub rules: Vec<String>,
}

impl Migrations {
    /// All routes with a candidate, by name.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn status(&self) -> Result<Vec<RouteStatus>, MigrationError> {
        let routes = self.routes.load_full();
        let mut all = Vec::with_capacity(routes.len());
        for live in routes.values() {
            all.push(self.route_status(live).await?);
        }
        all.sort_by(|a, b| a.route.cmp(&b.route));
        Ok(all)
    }

    /// Mismatches of a route, newest first, masked.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn exemplars(&self, route: &str) -> Result<Vec<Exemplar>, MigrationError> {
        Ok(self.store.exemplars(route).await?)
    }

    /// Instances that live, and whether all act by the last change.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn instances(&self) -> Result<(Vec<Instance>, bool), MigrationError> {
        let alive = self.store.instances(clock::milliseconds().saturating_sub(ALIVE_MS)).await?;
        let epoch = self.store.epoch().await?;
        let all = alive.iter().all(|instance| instance.epoch == epoch);
        Ok((alive, all))
    }

    /// Lines of the audit from a number on, each with its hash.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn audit(&self, from: u64) -> Result<Vec<(u64, String, String)>, MigrationError> {
        Ok(self.store.audit(from).await?)
    }

    async fn route_status(&self, live: &Live) -> Result<RouteStatus, MigrationError> {
        let (evidence, sums) = self.evidence(live).await?;
        let standing = live.standing.load_full();
        let judged = live.plan.gate.judge(step::ahead(live), &evidence);
        let next = standing.position.stage.next(&live.plan.steps);
        Ok(RouteStatus {
            route: live.name.clone(),
            position: standing.position,
            declared: live.plan.stage,
            ceiling: live.plan.ceiling,
            next,
            changed: standing
                .record
                .as_ref()
                .map(|r| (r.actor.clone(), r.reason.clone(), r.at.clone())),
            until: standing.record.as_ref().and_then(|record| record.until.clone()),
            stage_since: standing.record.as_ref().map(|record| record.stage_at.clone()),
            callers: (sums.traffic("legacy", "callers"), sums.traffic("candidate", "callers")),
            last_legacy_call: evidence
                .quiet
                .map(|quiet| clock::rfc3339(clock::ago(quiet) / 60 * 60)),
            blocked: blocked(live, standing.position, next, &judged, self.is_lost()),
            safe_to_retire: standing.position.stage == Stage::Standby
                && judged.verdict == Verdict::Pass,
            mismatches: mismatches(&sums),
            rules: hygiene::said(&live.plan.comparer, &live.plan.rules, &sums),
            evidence,
            judged,
        })
    }
}

fn blocked(
    live: &Live,
    position: Position,
    next: Option<Stage>,
    judged: &Judged,
    lost: bool,
) -> Vec<String> {
    let Some(next) = next else { return Vec::new() };
    let mut said = Vec::new();
    let mut say = |when: bool, words: String| {
        if when {
            said.push(words);
        }
    };
    say(lost, "the store does not answer".to_owned());
    say(
        next > live.plan.ceiling,
        format!("the mapping lets it go to {} at most", live.plan.ceiling),
    );
    say(position.rolled_back, "it was rolled back, which has to be acknowledged".to_owned());
    say(position.held, "it is held".to_owned());
    if next > Stage::Shadow {
        for reason in judged.reasons.iter().filter(|reason| reason.verdict != Verdict::Pass) {
            let words = format!("{}: {}; wanted: {}", reason.what, reason.measured, reason.wanted);
            say(true, words);
        }
    }
    said
}

/// `at.Value.lines[*].price` apart.
fn mismatches(sums: &Sums) -> Vec<(String, String, u64)> {
    let mut found: Vec<_> = sums
        .under("at.")
        .filter_map(|(name, n)| {
            let (class, place) = name.split_once('.')?;
            Some((class.to_owned(), place.to_owned(), n))
        })
        .collect();
    found.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.1.cmp(&b.1)));
    found
}
