//! What goes on beside requests: following the store, writing to it, judging.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use super::evidence::name;
use super::live::{Live, lock};
use super::{Migrations, clock};
use crate::store::{Instance, StoreError};

/// The lease under which one of several instances judges.
const JUDGE: &str = "judge";
/// How many judgements a lease outlives.
const LEASE_JUDGEMENTS: u32 = 3;
/// Minutes after which counts are added up into hours.
const ROLLED_UP_MINUTES: u64 = 120;
/// Minutes after which counts are written no more, so that none is after it was added up.
const WRITTEN_MINUTES_MAX: u64 = 60;
/// How long an instance that is not heard of is remembered.
const INSTANCES_KEPT: Duration = Duration::from_secs(24 * 3_600);
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
        let mut answered = Instant::now();
        loop {
            tokio::select! {
                _ = follow.tick() => self.tick().await,
                _ = judge.tick() => {
                    // An instance that has lost the store has to look after itself.
                    if self.has_lease().await || self.is_lost() {
                        self.look_after().await;
                    } else {
                        // What is asked besides, each instance asks for itself.
                        self.spare_the_legacy_systems().await;
                    }
                }
                // Somebody has to be quick, and a change is made once, whoever is first.
                () = self.alarm.notified() => {
                    // Where nothing comes of it, alarms go on: the next look answers them.
                    if answered.elapsed() >= self.follow_every {
                        self.answer_alarm().await;
                        answered = Instant::now();
                    }
                }
                _ = forget.tick() => {
                    if let Err(error) = self.forget().await {
                        self.note_lost(&error);
                    }
                }
            }
        }
    }

    /// Writes everything that waits; what cannot be written waits on. Whether all was written.
    pub async fn flush(&self) -> bool {
        let _one = self.flushing.lock().await;
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
        // Taken first: one that is given meanwhile is of what is not judged yet.
        self.alarmed.store(false, Ordering::Release);
        // Without the store it judges by what it has seen itself.
        if !(self.flush().await || self.is_lost()) || !self.look_after().await {
            self.alarmed.store(true, Ordering::Release);
        }
    }

    async fn tick(&self) {
        if self.alarmed.load(Ordering::Acquire) {
            self.answer_alarm().await;
        } else {
            self.flush().await;
        }
        let followed = match self.follow().await {
            Ok(()) => self.settle().await,
            lost => lost,
        };
        match followed {
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
        let oldest = clock::minute().saturating_sub(WRITTEN_MINUTES_MAX);
        let counts = lock(&live.counts).take(&live.name, oldest);
        if !counts.is_empty()
            && let Err(error) = self.store.put_counts(&self.instance, &counts).await
        {
            lock(&live.counts).keep();
            return Err(error);
        }
        let (epoch, shapes) = lock(&live.shapes).take();
        if !shapes.is_empty() {
            let under = name(epoch, &live.name);
            let put = self.store.put_shapes(&under, shapes.iter().map(String::as_str)).await;
            if let Err(error) = put {
                lock(&live.shapes).keep(epoch, shapes);
                return Err(error);
            }
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

    /// Adds up old counts, and forgets what is too old. Only the instance that judges does.
    async fn forget(&self) -> Result<(), StoreError> {
        if !self.has_lease().await {
            return Ok(());
        }
        let hour = clock::minute().saturating_sub(ROLLED_UP_MINUTES) / 60 * 60;
        for live in self.routes.load_full().values() {
            self.store.roll_up(&live.name, hour).await?;
        }
        self.store.forget_counts(clock::minute().saturating_sub(COUNTS_KEPT_MINUTES)).await?;
        self.store.forget_exemplars(&clock::rfc3339(clock::ago(EXAMPLES_KEPT))).await?;
        self.store.forget_shapes().await?;
        self.store.forget_instances(clock::ago(INSTANCES_KEPT) * 1_000).await?;
        Ok(())
    }
}
