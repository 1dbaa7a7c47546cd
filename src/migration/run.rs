//! What goes on beside requests: following the store, writing to it, judging.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use super::evidence::shapes_of;
use super::live::{Live, lock};
use super::{Migrations, clock};
use crate::store::{Instance, StoreError};

/// The lease under which one of several instances judges.
const JUDGE: &str = "judge";
/// How many judgements a lease outlives.
const LEASE_JUDGEMENTS: u32 = 3;
/// How long counts are kept, in minutes: 90 days.
const COUNTS_KEPT_MINUTES: u64 = 90 * 24 * 60;
/// How long examples are kept.
const EXAMPLES_KEPT: Duration = Duration::from_secs(7 * 24 * 3_600);
/// How often old ones are looked for.
const FORGET_EVERY: Duration = Duration::from_secs(3_600);

impl Migrations {
    /// Follows the store, writes counts, judges and rolls back, until it is dropped.
    pub async fn run(self: Arc<Self>) {
        let mut follow = interval(self.follow_every);
        let mut judge = interval(self.judge_every);
        let mut forget = interval(FORGET_EVERY);
        for ticks in [&mut follow, &mut judge, &mut forget] {
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        loop {
            tokio::select! {
                _ = follow.tick() => self.tick().await,
                _ = judge.tick() => {
                    if self.has_lease().await {
                        self.look_after().await;
                    }
                }
                // Somebody has to be quick, and a change is made once, whoever is first.
                () = self.alarm.notified() => self.answer_alarm().await,
                _ = forget.tick() => self.forget().await,
            }
        }
    }

    /// Writes everything that waits; what cannot be written waits on. Whether all was written.
    pub async fn flush(&self) -> bool {
        for live in self.routes.load_full().values() {
            if let Err(error) = self.flush_one(live).await {
                self.note_lost(&error);
                return false;
            }
        }
        true
    }

    /// Judges at once. Where the store does not answer, the next look tries again.
    async fn answer_alarm(&self) {
        if self.flush().await && self.look_after().await {
            self.alarmed.store(false, Ordering::Release);
        }
    }

    async fn tick(&self) {
        if self.alarmed.load(Ordering::Acquire) {
            self.answer_alarm().await;
        } else {
            self.flush().await;
        }
        match self.follow().await {
            Ok(()) => {
                if self.lost.swap(false, Ordering::Relaxed) {
                    tracing::info!("the store answers again");
                }
            }
            Err(error) => self.note_lost(&error),
        }
        let instance = Instance {
            name: self.instance.clone(),
            seen_ms: clock::milliseconds(),
            epoch: self.epoch.load(Ordering::Acquire),
        };
        if let Err(error) = self.store.beat(&instance).await {
            self.note_lost(&error);
        }
    }

    fn note_lost(&self, error: &StoreError) {
        if !self.lost.swap(true, Ordering::Relaxed) {
            tracing::error!(%error, "the store does not answer: stages stay as they are");
        }
    }

    async fn flush_one(&self, live: &Live) -> Result<(), StoreError> {
        let counts = lock(&live.counts).take(&live.name);
        if !counts.is_empty()
            && let Err(error) = self.store.put_counts(&self.instance, &counts).await
        {
            lock(&live.counts).keep();
            return Err(error);
        }
        let shapes = std::mem::take(&mut *lock(&live.shapes));
        for shape in &shapes {
            self.store.put_shape(&shapes_of(live), shape).await?;
        }
        let exemplars = std::mem::take(&mut *lock(&live.exemplars));
        for exemplar in &exemplars {
            self.store.put_exemplar(exemplar).await?;
        }
        Ok(())
    }

    async fn has_lease(&self) -> bool {
        let now = clock::milliseconds();
        let length = self.judge_every.max(Duration::from_secs(1)) * LEASE_JUDGEMENTS;
        let until = now + u64::try_from(length.as_millis()).unwrap_or(0);
        match self.store.lease(JUDGE, &self.instance, (now, until)).await {
            Ok(has) => has,
            Err(error) => {
                self.note_lost(&error);
                false
            }
        }
    }

    async fn forget(&self) {
        let before = clock::minute().saturating_sub(COUNTS_KEPT_MINUTES);
        let examples = clock::rfc3339(clock::seconds().saturating_sub(EXAMPLES_KEPT.as_secs()));
        let forgotten = self.store.forget_counts(before).await;
        let forgotten = forgotten.and(self.store.forget_exemplars(&examples).await);
        if let Err(error) = forgotten {
            self.note_lost(&error);
        }
        tracing::debug!(at = ?Instant::now(), "looked for old counts");
    }
}
