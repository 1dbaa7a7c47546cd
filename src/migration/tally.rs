//! What every answer adds to, as plain numbers: names are made of them when they are written.

use super::count::{BUCKETS, bucket};
use super::evidence;
use super::observe::{Answered, side_name};
use crate::strangler::Side;

/// Classes of status, the first for no answer at all.
const CLASSES: usize = 10;

/// Answers of one minute, of one stay in a stage.
#[derive(Debug)]
pub(super) struct Tally {
    minute: u64,
    epoch: u64,
    sides: [SideTally; 2],
    legacy_classes: [u64; CLASSES],
}

#[derive(Debug, Clone, Copy)]
struct SideTally {
    requests: u64,
    failed: u64,
    callers: u64,
    callers_failed: u64,
    took: [u64; BUCKETS],
}

impl SideTally {
    const EMPTY: Self =
        Self { requests: 0, failed: 0, callers: 0, callers_failed: 0, took: [0; BUCKETS] };
}

impl Tally {
    pub(super) fn new(minute: u64, epoch: u64) -> Self {
        Self { minute, epoch, sides: [SideTally::EMPTY; 2], legacy_classes: [0; CLASSES] }
    }

    /// Whether it is that of this minute and stay.
    pub(super) fn is_of(&self, minute: u64, epoch: u64) -> bool {
        (self.minute, self.epoch) == (minute, epoch)
    }

    pub(super) fn minute(&self) -> u64 {
        self.minute
    }

    pub(super) fn add(&mut self, answered: Answered, failed: bool) {
        let [legacy, candidate] = &mut self.sides;
        let side = match answered.side {
            Side::Legacy => legacy,
            Side::Candidate => candidate,
        };
        side.requests += 1;
        side.failed += u64::from(failed);
        side.callers += u64::from(answered.to_caller);
        side.callers_failed += u64::from(answered.to_caller && failed);
        side.took[bucket(answered.took) as usize] += 1;
        if answered.side == Side::Legacy {
            let class = usize::from(answered.status / 100).min(CLASSES - 1);
            self.legacy_classes[class] += 1;
        }
    }

    /// By the names they are written under.
    pub(super) fn named(&self) -> Vec<(String, u64)> {
        let mut all = Vec::new();
        for (side, tally) in [Side::Legacy, Side::Candidate].into_iter().zip(&self.sides) {
            let side = side_name(side);
            let mut add = |name: String, n: u64| all.push((evidence::name(self.epoch, &name), n));
            add(format!("{side}.requests"), tally.requests);
            add(format!("{side}.failed"), tally.failed);
            add(format!("{side}.callers"), tally.callers);
            add(format!("{side}.callers.failed"), tally.callers_failed);
            for (bucket, n) in tally.took.iter().enumerate() {
                if *n > 0 {
                    add(format!("{side}.took.{bucket}"), *n);
                }
            }
            // Under no epoch: asked for as long as the route lives.
            all.push((format!("{side}.calls"), tally.requests));
        }
        let classes = self.legacy_classes.iter().enumerate();
        all.extend(classes.map(|(class, n)| (format!("legacy.class.{class}"), *n)));
        all.retain(|(_, n)| *n > 0);
        all
    }
}
