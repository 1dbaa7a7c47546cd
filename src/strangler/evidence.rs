//! What is known of a candidate.

use std::time::Duration;

/// How long answers took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Latencies {
    /// Answers measured.
    pub count: u64,
    /// 95 % took no longer.
    pub p95: Duration,
    /// 99 % took no longer.
    pub p99: Duration,
}

/// Requests a side was asked, and those it failed by its own fault: no answer, too late, 5xx.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// All.
    pub requests: u64,
    /// Failed.
    pub failed: u64,
}

/// What is known of a candidate. Counts of several instances add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Pairs compared. A candidate that failed is compared, and mismatched.
    pub compared: u64,
    /// Of these, those with a mismatch.
    pub mismatched: u64,
    /// Of these, those with a critical one.
    pub critical: u64,
    /// Of the compared, those that came from recordings.
    pub from_recordings: u64,
    /// Pairs that were to be compared and found no place in the queue.
    pub dropped: u64,
    /// Different requests: by their parameters that are there, and their enumerated values.
    pub shapes: u64,
    /// Classes of status the legacy system has answered with, and of these those compared.
    pub status_classes: (u32, u32),
    /// Of the classes compared the one that matches least: the class, its pairs, and of these
    /// those with a mismatch. No pairs where nothing was compared.
    pub worst_class: (u16, u64, u64),
    /// Scalars looked at, and of these those that rules hide.
    pub leaves: (u64, u64),
    /// From the first comparison to the last.
    pub span: Duration,
    /// Since the route is where it is.
    pub stood: Duration,
    /// Since the legacy system was last called for this route, in whatever stage; `None` where
    /// no call is known.
    pub quiet: Option<Duration>,
    /// The legacy system's calls.
    pub legacy: Traffic,
    /// The candidate's calls.
    pub candidate: Traffic,
    /// How long the legacy system took.
    pub legacy_took: Latencies,
    /// How long the candidate took.
    pub candidate_took: Latencies,
}
