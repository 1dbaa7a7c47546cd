//! Moving a route.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;

use super::live::Live;
use super::standing::Standing;
use super::{Migrations, clock, step};
use crate::store::{AuditLine, StageChange, StoreError};
use crate::strangler::{Judged, NoMove, Position, Stage, may_move};

/// How long a route that was rolled back goes nowhere; each further time twice as long.
const COOL_DOWN: Duration = Duration::from_secs(30 * 60);
/// Rollbacks after which a route is held as well, and the time they are counted in.
const ROLLBACKS_MAX: u32 = 3;
const ROLLBACKS_WITHIN: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Doublings of the cool-down.
const DOUBLINGS_MAX: u32 = 6;

/// A change somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeAsked {
    /// The route: `GET /api/v1/orders/{orderId}`.
    pub route: String,
    /// Where it shall go; `None` leaves the stage and changes latches only.
    pub to: Option<Stage>,
    /// Sets or clears the latch `held`; `None` leaves it.
    pub held: Option<bool>,
    /// Acknowledges a rollback.
    pub acknowledge: bool,
    /// Who asks.
    pub actor: String,
    /// By what: `cli`, `console`, `auto`.
    pub origin: &'static str,
    /// Why.
    pub reason: String,
    /// When the change ends: RFC 3339. From then on the route is where the mapping says, but
    /// never further than this change let it.
    pub until: Option<String>,
}

/// Why a change was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MigrationError {
    /// There is no such route, or it has no candidate.
    #[error("there is no route `{0}` with a candidate")]
    NoRoute(String),
    /// It may not move so.
    #[error(transparent)]
    NoMove(#[from] NoMove),
    /// The gate is not open, for these reasons.
    #[error("the gate says {}: {}", .0.verdict, said(.0))]
    Gate(Box<Judged>),
    /// It was rolled back a short time ago.
    #[error("it was rolled back; nothing moves it forward before {0}")]
    CoolDown(String),
    /// Nothing was asked for.
    #[error("it is so already")]
    Nothing,
    /// A time that is none, or has passed.
    #[error("`{0}` is no time to come")]
    Until(String),
    /// The store did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The reasons that are not passed, in words.
fn said(judged: &Judged) -> String {
    let wanting = judged.reasons.iter().filter(|reason| reason.verdict == judged.verdict);
    let words = wanting.map(|r| format!("{}: {} (wanted: {})", r.what, r.measured, r.wanted));
    words.collect::<Vec<_>>().join("; ")
}

impl Migrations {
    /// Makes a change, after asking the gate where it is one forward; gives its epoch. It is in
    /// force here when this returns, and in other instances within their next look.
    ///
    /// # Errors
    /// Where it may not be made, or the store does not take it.
    pub async fn change(&self, mut asked: ChangeAsked) -> Result<u64, MigrationError> {
        let Some(live) = self.live(&asked.route) else {
            return Err(MigrationError::NoRoute(asked.route));
        };
        self.follow().await?;
        let standing = live.standing.load_full();
        let before = standing.position;
        let mut after = Position {
            held: asked.held.unwrap_or(before.held),
            rolled_back: before.rolled_back && !asked.acknowledge,
            ..before
        };
        let (evidence, _) = self.evidence(&live).await?;
        let judged = live.plan.gate.judge(step::ahead(&live), &evidence);
        if let Some(to) = asked.to {
            let from = Position { held: before.held && asked.held != Some(false), ..after };
            let limits = (&live.plan.steps[..], live.plan.ceiling);
            may_move(from, to, limits, judged.verdict, &asked.reason).map_err(|no| match no {
                NoMove::Gate(_) => MigrationError::Gate(Box::new(judged.clone())),
                no => no.into(),
            })?;
            if to > before.stage {
                self.cooled_down(&live).await?;
            }
            after.stage = to;
        } else if after == before {
            return Err(MigrationError::Nothing);
        } else if asked.reason.trim().is_empty() {
            return Err(NoMove::NoReason.into());
        }
        if let Some(until) = &asked.until
            && clock::parsed(until).is_none_or(|until| clock::until(until).is_zero())
        {
            return Err(MigrationError::Until(until.clone()));
        }
        if asked.to.is_none() && asked.until.is_none() {
            // A latch does not make for good what was to end.
            asked.until = standing.record.as_ref().and_then(|record| record.until.clone());
        }
        self.put(&live, (&standing, after), &asked, &judged).await
    }

    /// Writes a change down, and puts it into force here. `from` is what it was decided on: what
    /// has been changed since is not overwritten.
    pub(super) async fn put(
        &self,
        live: &Live,
        (from, position): (&Standing, Position),
        asked: &ChangeAsked,
        judged: &Judged,
    ) -> Result<u64, MigrationError> {
        let known = json!({
            "verdict": judged.verdict.to_string(),
            "reasons": judged.reasons.iter().map(|r| json!({
                "what": r.what, "verdict": r.verdict.to_string(), "measured": r.measured, "wanted": r.wanted,
            })).collect::<Vec<_>>(),
            "instance": self.instance,
            "mapping": live.digest,
            "figleaf": env!("CARGO_PKG_VERSION"),
        });
        let (at, known) = (clock::rfc3339(clock::seconds()), known.to_string());
        let change = StageChange {
            route: &live.name,
            expected: from.epoch(),
            position,
            identity: &live.plan.identity,
            actor: &asked.actor,
            reason: &asked.reason,
            at: &at,
            until: asked.until.as_deref(),
            evidence: &known,
            origin: asked.origin,
        };
        let epoch = self.store.put_stage(change).await?;
        self.lost.store(false, Ordering::Relaxed);
        self.follow().await?;
        tracing::info!(
            route = live.name,
            stage = %position.stage,
            actor = asked.actor,
            reason = asked.reason,
            epoch,
            "a route changed its stage"
        );
        Ok(epoch)
    }

    /// Whether a route's last rollback is long enough ago.
    async fn cooled_down(&self, live: &Live) -> Result<(), MigrationError> {
        let rollbacks = self.rollbacks(live).await?;
        let (Some(last), Ok(times)) = (rollbacks.last(), u32::try_from(rollbacks.len())) else {
            return Ok(());
        };
        let pause = COOL_DOWN * (1 << times.saturating_sub(1).min(DOUBLINGS_MAX));
        let over = last + pause.as_secs();
        if clock::until(over).is_zero() {
            return Ok(());
        }
        Err(MigrationError::CoolDown(clock::rfc3339(over)))
    }

    /// Whether one more rollback is one too many: the route is held then.
    pub(super) async fn too_many(&self, live: &Live) -> Result<bool, MigrationError> {
        let before = self.rollbacks(live).await?.len();
        Ok(u32::try_from(before).unwrap_or(u32::MAX) + 1 >= ROLLBACKS_MAX)
    }

    /// When a route rolled back by itself, of late.
    async fn rollbacks(&self, live: &Live) -> Result<Vec<u64>, MigrationError> {
        let lines = self.store.audit(1).await?;
        let since = clock::seconds().saturating_sub(ROLLBACKS_WITHIN.as_secs());
        let of = |(_, line, _): &(u64, String, String)| {
            let told: AuditLine = serde_json::from_str(line).ok()?;
            let rolled = told.route == live.name
                && told.origin == super::trouble::ORIGIN
                && told.latches.iter().any(|latch| latch == "rolled_back");
            clock::parsed(&told.at).filter(|at| rolled && *at >= since)
        };
        Ok(lines.iter().filter_map(of).collect())
    }
}
