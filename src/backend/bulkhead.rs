//! The calls that may be in flight to one backend, and the short queue before them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::BackendError;
use crate::diagnostic::Code;

/// How long a call waits for a free slot, at most, where nobody says otherwise.
pub(super) const SLOT_WAIT_MAX: Duration = Duration::from_secs(1);
/// The part of what is left of its time that a call may wait for a free slot.
const SLOT_WAIT_SHARE: u32 = 4;
/// Retry-After while all slots are taken.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(1);

/// A slot; free again when dropped.
pub(super) type Slot = OwnedSemaphorePermit;

/// The slots of one backend.
pub(super) struct Bulkhead {
    slots: Arc<Semaphore>,
    slots_max: u32,
    waiting: AtomicU32,
}

impl Bulkhead {
    pub(super) fn new(slots_max: u32) -> Self {
        let slots_max = slots_max.max(1);
        let slots = Arc::new(Semaphore::new(slots_max as usize));
        Self { slots, slots_max, waiting: AtomicU32::new(0) }
    }

    pub(super) fn in_flight(&self) -> usize {
        (self.slots_max as usize).saturating_sub(self.slots.available_permits())
    }

    /// A slot, waited for a bounded time in a bounded queue.
    pub(super) async fn slot(
        &self,
        deadline: Instant,
        wait_max: Duration,
    ) -> Result<Slot, BackendError> {
        if let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() {
            return Ok(slot);
        }
        let busy = || {
            let detail = format!("{} calls are in flight", self.slots_max);
            BackendError::not_sent(Code::BackendBusy, detail).after(BUSY_RETRY_AFTER)
        };
        let Some(_place) = Place::take(&self.waiting, self.slots_max) else {
            return Err(busy());
        };
        let left = deadline.saturating_duration_since(Instant::now());
        let wait = wait_max.min(left / SLOT_WAIT_SHARE);
        let acquire = Arc::clone(&self.slots).acquire_owned();
        match tokio::time::timeout(wait, acquire).await {
            Ok(Ok(slot)) => Ok(slot),
            Ok(Err(_)) | Err(_) => Err(busy()),
        }
    }
}

/// A place in the queue for a slot.
struct Place<'a>(&'a AtomicU32);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicU32, max: u32) -> Option<Self> {
        let taken = waiting.fetch_update(Ordering::AcqRel, Ordering::Acquire, |waiting| {
            (waiting < max).then_some(waiting + 1)
        });
        taken.is_ok().then(|| Self(waiting))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
