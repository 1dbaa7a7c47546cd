//! The way back that nobody has to ask for.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::evidence::Sums;
use super::live::{Live, lock};
use super::standing::Standing;
use super::{MigrationError, Migrations, clock};
use crate::plan::OnTrouble;
use crate::strangler::{Position, Stage, Traffic, wilson};

/// By what the audit knows a rollback.
pub(super) const ORIGIN: &str = "auto";
/// The least calls before their failures say anything, in a minute or two.
const CALLS_MIN: u64 = 20;
/// Calls that an open circuit has refused: it opened by failures it counted itself.
const REFUSED_MIN: u64 = 5;
/// How many times the share of failures that a gate lets pass is too many at once.
const BURN_FAST: f64 = 14.0;
/// The same over ten minutes.
const BURN_SLOW: f64 = 6.0;
const SLOW_MINUTES: u64 = 10;
/// How many times as long as the legacy system's its slowest answers may take.
const SLOWER_MAX: u32 = 3;
/// Answers before their times say anything.
const TIMES_MIN: u64 = 100;
/// How many times the share of mismatches that a gate lets pass is too many.
const MISMATCHES_MAX: f64 = 2.0;
/// Comparisons before they say that.
const COMPARED_MIN: u64 = 100;
/// How much slower the legacy system may get before it is asked nothing besides.
const LEGACY_SLOWER_MAX: f64 = 1.5;

/// Where a route went by itself, and why, before that is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pending {
    pub position: Position,
    pub why: String,
    /// The epoch of the record it was decided on.
    pub epoch: u64,
}

impl Pending {
    /// Where it puts a route that a record puts elsewhere: never further. `None` where a later
    /// change has done as much already, be it that of another instance in the same trouble.
    pub fn over(&self, epoch: u64, said: Position) -> Option<Position> {
        let stage = self.position.stage.min(said.stage);
        if epoch == self.epoch {
            return Some(Position { stage, ..self.position });
        }
        if self.position.rolled_back {
            let answers = said.stage > self.position.stage;
            return answers.then_some(Position { held: said.held, ..self.position });
        }
        let moves_on = !said.held && said.stage >= self.position.stage;
        moves_on.then_some(Position { held: true, ..said })
    }
}

impl Migrations {
    /// Looks after every route whose candidate answers callers, and whether the legacy system
    /// bears what is asked of it besides. Whether all of them could be judged.
    pub(super) async fn look_after(&self) -> bool {
        let mut all = true;
        for live in self.routes.load_full().values() {
            if let Err(error) = self.look_after_one(live).await {
                tracing::warn!(route = live.name, %error, "the evidence could not be judged");
                all = false;
            }
        }
        all
    }

    /// Looks only whether the legacy system bears what is asked of it besides: where another
    /// instance judges.
    pub(super) async fn spare_the_legacy_systems(&self) {
        for live in self.routes.load_full().values() {
            if let Ok((recent, longer)) = self.lately(live).await {
                spare_the_legacy_system(live, &recent, &longer);
            }
        }
    }

    /// What is known of the last minutes, and of some more.
    async fn lately(&self, live: &Live) -> Result<(Sums, Sums), MigrationError> {
        let now = clock::minute();
        let (recent, longer) = (now.saturating_sub(1), now.saturating_sub(SLOW_MINUTES));
        // Without the store an instance judges by what it has seen itself.
        if self.is_lost() {
            return Ok((live.own_sums(recent), live.own_sums(longer)));
        }
        Ok((self.sums(live, recent).await?, self.sums(live, longer).await?))
    }

    async fn look_after_one(&self, live: &Live) -> Result<(), MigrationError> {
        // What is decided is decided on this: a change meanwhile is judged by the next look.
        let standing = live.standing.load_full();
        let position = standing.position;
        if position.stage < Stage::Shadow || position.stage == Stage::Retired {
            return Ok(());
        }
        let (recent, longer) = self.lately(live).await?;
        spare_the_legacy_system(live, &recent, &longer);
        if position.stage <= Stage::Shadow
            || position.held && live.plan.on_trouble == OnTrouble::Freeze
        {
            return Ok(());
        }
        match trouble(live, &recent, &longer) {
            Some(why) => self.answer_trouble(live, &standing, why).await,
            None => Ok(()),
        }
    }

    async fn answer_trouble(
        &self,
        live: &Live,
        standing: &Standing,
        why: String,
    ) -> Result<(), MigrationError> {
        let before = standing.position;
        let after = match live.plan.on_trouble {
            OnTrouble::Alert => {
                tracing::error!(route = live.name, why, "the candidate is in trouble");
                return Ok(());
            }
            OnTrouble::Freeze => Position { held: true, ..before },
            // Callers get the legacy system's answers again, and the comparison goes on.
            OnTrouble::RollBack => {
                Position { stage: Stage::Shadow, held: before.held, rolled_back: true }
            }
        };
        tracing::error!(route = live.name, why, stage = %after.stage, "the candidate is in trouble: the route goes back");
        // Here it counts at once, whatever the store says; then it is written down for all.
        let pending = Pending { position: after, why, epoch: standing.epoch() };
        *lock(&live.pending) = Some(pending.clone());
        live.stand(live.standing.load().record.clone());
        if self.is_lost() {
            return Ok(());
        }
        self.write_pending(live, pending).await
    }
}

/// What is wrong with a candidate that answers callers.
fn trouble(live: &Live, recent: &Sums, longer: &Sums) -> Option<String> {
    let gate = &live.plan.gate;
    if recent.get("critical") > 0 {
        return Some(format!("{} critical mismatches", recent.get("critical")));
    }
    let burns = |traffic: Traffic, times: f64| {
        let limit = (gate.failed_max * times).min(1.0);
        traffic.requests >= CALLS_MIN
            && wilson(traffic.failed, traffic.requests).0 > limit.min(MOST_FAILED)
    };
    for (sums, times, when) in
        [(recent, BURN_FAST, "of late"), (longer, BURN_SLOW, "in ten minutes")]
    {
        let traffic = sums.traffic("candidate", "callers");
        if burns(traffic, times) {
            return Some(format!("{} of {} calls failed {when}", traffic.failed, traffic.requests));
        }
    }
    if recent.get("candidate.refused") >= REFUSED_MIN {
        let refused = recent.get("candidate.refused");
        return Some(format!("the circuit of its backend is open: {refused} calls were refused"));
    }
    let (legacy, candidate) = (longer.latencies("legacy"), longer.latencies("candidate"));
    if legacy.count.min(candidate.count) >= TIMES_MIN
        && candidate.p99 > (legacy.p99 * SLOWER_MAX).max(legacy.p99 + gate.slower_max.1)
    {
        return Some(format!(
            "p99 is {} ms, the legacy system's {} ms",
            candidate.p99.as_millis(),
            legacy.p99.as_millis()
        ));
    }
    let (compared, mismatched) = (longer.get("compared"), longer.get("mismatched"));
    let allowed = (1.0 - gate.match_rate) * MISMATCHES_MAX;
    if compared >= COMPARED_MIN && wilson(mismatched, compared).0 > allowed {
        return Some(format!("{mismatched} of {compared} answers differ"));
    }
    None
}

/// A candidate of which every other call fails is in trouble, whatever a gate allows.
const MOST_FAILED: f64 = 0.5;

/// Nothing is asked of the legacy system besides while it is slower than it was.
fn spare_the_legacy_system(live: &Live, recent: &Sums, longer: &Sums) {
    let (now, before) = (recent.latencies("legacy"), longer.latencies("legacy"));
    let slow = now.count >= CALLS_MIN
        && before.count >= now.count * 2
        && now.p95 > before.p95.mul_f64(LEGACY_SLOWER_MAX) + Duration::from_millis(1);
    if live.legacy_slow.swap(slow, Ordering::Relaxed) != slow {
        tracing::warn!(
            route = live.name,
            slow,
            "the legacy system's time changed what is asked of it besides"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_decided_on_an_older_record_never_raises_nor_is_done_twice() {
        let position = |text: &str| {
            let (stage, latch) = text.split_once(", ").unwrap_or((text, ""));
            let stage = Stage::parse(stage).unwrap();
            Position { stage, held: latch == "held", rolled_back: latch == "rolled back" }
        };
        let check = |went: &str, later: &str, expected: Option<&str>| {
            let pending = Pending { position: position(went), why: String::new(), epoch: 7 };
            let over = pending.over(8, position(later));
            assert_eq!(over, expected.map(position), "{went} over {later}");
            // On the record it was decided on, it goes there, and never above.
            let same = pending.over(7, position(later)).unwrap();
            assert!(same.stage <= position(later).stage && same.stage <= position(went).stage);
        };
        let rolled_back = "shadow, rolled back";
        check(rolled_back, rolled_back, None);
        check(rolled_back, "legacy", None);
        check(rolled_back, "canary 50%", Some(rolled_back));
        check("canary 50%, held", "legacy", None);
        check("canary 50%, held", "canary 50%, held", None);
        check("canary 5%, held", "canary 50%", Some("canary 50%, held"));
    }
}
