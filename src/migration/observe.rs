//! What the request path tells. All of it is memory, and short locks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::live::{EXEMPLARS_WAITING_MAX, Live, lock};
use super::{Migrations, clock};
use crate::store::Exemplar;
use crate::strangler::{Comparison, Mismatch, Share, Side};

/// Examples of one kind waiting to be written.
const ALIKE_WAITING_MAX: usize = 4;

/// An answer of one side, to a caller or on the side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// Which side.
    pub side: Side,
    /// Whether a caller got it.
    pub to_caller: bool,
    /// Its status; 0 where there was none.
    pub status: u16,
    /// Until its last byte.
    pub took: Duration,
}

/// Two answers that were compared.
#[derive(Debug)]
pub struct Pair<'a> {
    /// What was found.
    pub comparison: &'a Comparison,
    /// The shape of the request: which parameters are there, values of enumerations.
    pub shape: &'a str,
    /// The class of the legacy answer's status: 2, 4, 5.
    pub status_class: u16,
    /// Whether both are the legacy system's: this is noise.
    pub noise: bool,
    /// Whether it came from a recording.
    pub recorded: bool,
}

/// Leave to ask the other side about one request. Its place is free again when it is dropped.
#[derive(Debug)]
pub struct Admission {
    place: Arc<AtomicU32>,
    turns: Arc<Semaphore>,
}

impl Admission {
    /// Waits until it may run: only so many do at once. `None` where nobody runs any more.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.acquire().await.ok()
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        self.place.fetch_sub(1, Ordering::AcqRel);
    }
}

pub(super) fn side_name(side: Side) -> &'static str {
    match side {
        Side::Legacy => "legacy",
        Side::Candidate => "candidate",
    }
}

impl Migrations {
    /// Notes an answer.
    pub fn answered(&self, route: &str, answered: Answered) {
        let Some(live) = self.live(route) else { return };
        let failed = answered.status == 0 || answered.status >= 500;
        if answered.side == Side::Legacy && answered.to_caller {
            live.legacy_calls.0.fetch_add(1, Ordering::Relaxed);
        }
        let mut counts = lock(&live.counts);
        counts.totals.answered(answered, failed);
        counts.answered(clock::minute(), live.standing.load().stay(), answered, failed);
    }

    /// Whether the other side is asked about this request: by the sample, the queue and, where
    /// it is the legacy system, its budget. What finds no place is counted.
    pub fn admit(&self, route: &str, other: Side) -> Option<Admission> {
        let live = self.live(route)?;
        let seen = live.seen.fetch_add(1, Ordering::Relaxed);
        if !sampled(seen, live.plan.shadow.sample) {
            return None;
        }
        // A place first: the budget is not given back.
        let admission = self.place(&live)?;
        (other != Side::Legacy || self.spend(&live)).then_some(admission)
    }

    /// Whether the legacy system is asked a second time about this request.
    pub fn admit_noise(&self, route: &str) -> Option<Admission> {
        let live = self.live(route)?;
        let compared = live.compared.fetch_add(1, Ordering::Relaxed);
        if !sampled(compared, live.plan.shadow.noise) {
            return None;
        }
        let admission = self.place(&live)?;
        self.spend(&live).then_some(admission)
    }

    /// Whether the legacy system may be asked once more besides; it counts as asked then.
    pub fn may_ask_legacy(&self, route: &str) -> bool {
        self.live(route).is_some_and(|live| self.spend(&live))
    }

    /// Notes that a request was not compared though it was to be.
    pub fn skipped(&self, route: &str) {
        if let Some(live) = self.live(route) {
            self.dropped(&live, "dropped");
        }
    }

    fn place(&self, live: &Live) -> Option<Admission> {
        let places = live.plan.shadow.in_flight.saturating_add(live.plan.shadow.queue);
        let taken = live.beside.fetch_update(Ordering::AcqRel, Ordering::Acquire, |taken| {
            (taken < places).then_some(taken + 1)
        });
        if taken.is_err() {
            self.dropped(live, "dropped");
            return None;
        }
        Some(Admission { place: Arc::clone(&live.beside), turns: Arc::clone(&live.turns) })
    }

    fn spend(&self, live: &Live) -> bool {
        let has = has_budget(live);
        if !has {
            self.dropped(live, "over_budget");
        }
        has
    }

    fn dropped(&self, live: &Live, why: &str) {
        let _ = self;
        let mut counts = lock(&live.counts);
        counts.add(clock::minute(), live.counted(why), 1);
        let totals = &mut counts.totals;
        *(if why == "dropped" { &mut totals.dropped } else { &mut totals.over_budget }) += 1;
    }

    /// Notes a comparison. Values are masked before they are kept.
    pub fn compared(&self, route: &str, pair: &Pair<'_>) {
        let Some(live) = self.live(route) else { return };
        let (minute, comparison) = (clock::minute(), pair.comparison);
        let kind = if pair.noise { "noise." } else { "" };
        let mut counts = lock(&live.counts);
        counts.totals.compared(pair);
        let named = |name: &str| live.counted(&format!("{kind}{name}"));
        counts.add(minute, named("compared"), 1);
        counts.add(minute, named("mismatched"), u64::from(!comparison.is_match()));
        counts.add(minute, named("critical"), u64::from(comparison.critical));
        counts.add(minute, named("leaves"), comparison.leaves);
        counts.add(minute, named("hidden"), comparison.hidden);
        counts.add(minute, named("recorded"), u64::from(pair.recorded));
        let (class, is_wrong) = (pair.status_class, u64::from(!comparison.is_match()));
        counts.add(minute, named(&format!("compared.class.{class}")), 1);
        counts.add(minute, named(&format!("mismatched.class.{class}")), is_wrong);
        for (at, rule) in comparison.rules.iter().enumerate() {
            counts.add(minute, named(&format!("rule.{at}.matched")), rule.matched);
            counts.add(minute, named(&format!("rule.{at}.hid")), rule.hid);
        }
        let mut places = Vec::with_capacity(comparison.mismatches.len());
        for mismatch in &comparison.mismatches {
            let place = counts.place(&mismatch.path.shape());
            counts.add(minute, named(&format!("at.{:?}.{place}", mismatch.class)), 1);
            places.push(place);
        }
        drop(counts);
        if pair.noise {
            return;
        }
        self.keep_shape(&live, pair.shape);
        let at = clock::rfc3339(clock::seconds());
        let mut waiting = lock(&live.exemplars);
        for (mismatch, place) in comparison.mismatches.iter().zip(places) {
            let exemplar = self.exemplar((&live.name, place), mismatch, &at);
            // A few of a kind at a time: a frequent one must not leave others no room.
            let same =
                |other: &Exemplar| (&other.path, &other.class) == (&exemplar.path, &exemplar.class);
            let alike = waiting.iter().filter(|other| same(other)).count();
            if waiting.len() < EXEMPLARS_WAITING_MAX && alike < ALIKE_WAITING_MAX {
                waiting.push(exemplar);
            }
        }
        drop(waiting);
        if comparison.critical {
            self.alarmed.store(true, Ordering::Release);
            self.alarm.notify_one();
        }
    }

    /// Notes that a breaker let no call through to a side, for a caller.
    pub fn refused(&self, route: &str, side: Side) {
        let Some(live) = self.live(route) else { return };
        let name = live.counted(&format!("{}.refused", side_name(side)));
        lock(&live.counts).add(clock::minute(), name, 1);
        if side == Side::Candidate {
            self.alarmed.store(true, Ordering::Release);
            self.alarm.notify_one();
        }
    }

    fn keep_shape(&self, live: &Live, shape: &str) {
        let _ = self;
        lock(&live.shapes).add(live.standing.load().stay(), shape);
    }

    fn exemplar(&self, (route, place): (&str, String), mismatch: &Mismatch, at: &str) -> Exemplar {
        let body = json!({
            "at": mismatch.path.to_string(),
            "legacy": self.mask.hide(mismatch.legacy.as_deref()),
            "candidate": self.mask.hide(mismatch.candidate.as_deref()),
            "critical": mismatch.critical,
        });
        Exemplar {
            route: route.to_owned(),
            path: place,
            class: format!("{:?}", mismatch.class),
            at: at.to_owned(),
            body: body.to_string(),
        }
    }
}

/// Whether the one after so many is in a sample: evenly spread, the first one always.
fn sampled(seen: u64, share: Share) -> bool {
    let points = u64::from(share.basis_points());
    let all = u64::from(Share::ALL.basis_points());
    points > 0 && (seen % all) * points % all < points
}

/// Takes one call of the legacy system from the budget, before it is made: many may be about to.
fn has_budget(live: &Live) -> bool {
    if live.legacy_slow.load(Ordering::Relaxed) {
        return false;
    }
    let (callers, besides) = &live.legacy_calls;
    let all = u64::from(Share::ALL.basis_points());
    let seen = callers.load(Ordering::Relaxed).max(live.seen.load(Ordering::Relaxed));
    let allowed = seen * u64::from(live.plan.shadow.budget.basis_points());
    // The first one may always be asked: else nothing would ever be known.
    let taken = besides.fetch_update(Ordering::AcqRel, Ordering::Acquire, |besides| {
        (besides == 0 || (besides + 1) * all <= allowed).then_some(besides + 1)
    });
    taken.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_its_share_and_has_the_first() {
        for points in [1, 100, 250, 3_333, 5_000, 9_999, 10_000] {
            let share = Share::of_basis_points(points).unwrap();
            let taken = (0..10_000).filter(|seen| sampled(*seen, share)).count();
            assert_eq!(taken, points as usize);
            assert!(sampled(0, share));
        }
        assert!(!sampled(0, Share::NONE));
    }
}
