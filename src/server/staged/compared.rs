//! Comparing, away from the threads that answer callers where it takes time.

use std::sync::Arc;

use super::snapshot::{Given, Seen, Snapshot};
use crate::plan::MigrationPlan;
use crate::strangler::{Comparison, Side};

/// Bytes that are read and compared in less time than it takes to go to another thread.
const BYTES_HERE_MAX: usize = 4 << 10;

/// What was given, read. `None` where the server stops.
pub(super) async fn seen(given: Given, side: Side) -> Option<Seen> {
    apart(given.bytes(), move || given.seen(side)).await
}

/// Compares two answers. `None` where the server stops.
pub(super) async fn compare(
    plan: &Arc<MigrationPlan>,
    legacy: &Arc<Snapshot>,
    candidate: Option<Arc<Snapshot>>,
) -> Option<Comparison> {
    let (plan, legacy) = (Arc::clone(plan), Arc::clone(legacy));
    let bytes = legacy.bytes() + candidate.as_ref().map_or(0, |candidate| candidate.bytes());
    let compare = move || {
        let candidate = candidate.as_deref().map(Snapshot::answer);
        plan.comparer.compare(legacy.answer(), candidate)
    };
    apart(bytes, compare).await
}

async fn apart<T: Send + 'static>(
    bytes: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    if bytes <= BYTES_HERE_MAX {
        return Some(work());
    }
    tokio::task::spawn_blocking(work).await.ok()
}
