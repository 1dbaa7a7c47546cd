//! Counts of this process since it started, for whoever watches it.

use std::time::Duration;

use super::Migrations;
use super::live::lock;
use super::observe::{Answered, Pair};
use crate::strangler::Side;

/// Upper ends of the buckets of times, in seconds; what took longer is above all of them.
pub const BOUNDS: [f64; 13] =
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// Calls of one side.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SideTotals {
    /// Answers to callers.
    pub to_callers: u64,
    /// Of these, those that failed.
    pub to_callers_failed: u64,
    /// Answers asked for besides.
    pub besides: u64,
    /// Of these, those that failed.
    pub besides_failed: u64,
    /// Answers by the bucket their time is in; the last is above all [`BOUNDS`].
    pub took: [u64; BOUNDS.len() + 1],
    /// The sum of all times.
    pub took_sum: Duration,
}

/// What one route saw in this process. It never shrinks, whatever the stage.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Totals {
    /// Calls of the legacy system.
    pub legacy: SideTotals,
    /// Calls of the candidate.
    pub candidate: SideTotals,
    /// Pairs compared.
    pub compared: u64,
    /// Of these, those with a mismatch.
    pub mismatched: u64,
    /// Of these, those with a critical one.
    pub critical: u64,
    /// Pairs of the legacy system with itself.
    pub noise: u64,
    /// Of these, those with a mismatch.
    pub noise_mismatched: u64,
    /// Pairs that found no place in the queue.
    pub dropped: u64,
    /// Pairs that would have asked too much of the legacy system.
    pub over_budget: u64,
}

impl Totals {
    pub(super) fn answered(&mut self, answered: Answered, failed: bool) {
        let side = match answered.side {
            Side::Legacy => &mut self.legacy,
            Side::Candidate => &mut self.candidate,
        };
        let (all, bad) = if answered.to_caller {
            (&mut side.to_callers, &mut side.to_callers_failed)
        } else {
            (&mut side.besides, &mut side.besides_failed)
        };
        *all += 1;
        *bad += u64::from(failed);
        let seconds = answered.took.as_secs_f64();
        side.took[BOUNDS.iter().take_while(|bound| seconds > **bound).count()] += 1;
        side.took_sum += answered.took;
    }

    pub(super) fn compared(&mut self, pair: &Pair<'_>) {
        let differs = u64::from(!pair.comparison.is_match());
        if pair.noise {
            self.noise += 1;
            self.noise_mismatched += differs;
            return;
        }
        self.compared += 1;
        self.mismatched += differs;
        self.critical += u64::from(pair.comparison.critical);
    }
}

impl Migrations {
    /// What every route with a candidate saw in this process, by name.
    #[must_use]
    pub fn totals(&self) -> Vec<(String, Totals)> {
        let routes = self.routes.load_full();
        let mut all: Vec<_> =
            routes.values().map(|live| (live.name.clone(), lock(&live.counts).totals)).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }
}
