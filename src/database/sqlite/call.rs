//! One call as its worker sees it: until when it matters.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A call of a worker.
#[derive(Debug)]
pub(super) struct Call {
    deadline: Instant,
    gone: AtomicBool,
}

impl Call {
    pub(super) fn new(deadline: Instant) -> Arc<Self> {
        Arc::new(Self { deadline, gone: AtomicBool::new(false) })
    }

    /// Says that nobody waits for it any more.
    pub(super) fn leave(&self) {
        self.gone.store(true, Ordering::Release);
    }

    /// Whether what it would find is of no use to anybody.
    pub(super) fn is_over(&self) -> bool {
        self.gone.load(Ordering::Acquire) || Instant::now() >= self.deadline
    }

    pub(super) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

/// The call a connection works for at the moment. SQLite asks it again and again while a
/// statement runs; unlike `sqlite3_interrupt` it cannot hit the next call by being late.
#[derive(Debug, Default)]
pub(super) struct Present(Mutex<Option<Arc<Call>>>);

impl Present {
    /// Sets the call statements run for; `None` lets them run to their end.
    pub(super) fn set(&self, call: Option<Arc<Call>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = call;
    }

    pub(super) fn is_over(&self) -> bool {
        let present = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        present.as_ref().is_some_and(|call| call.is_over())
    }
}
