//! The deadline of one call, over all it waits for.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::time::Sleep;

/// When a call has to be over. Its timer is made once, and only where something is waited for.
pub(super) struct Deadline {
    at: Instant,
    sleep: Option<Pin<Box<Sleep>>>,
}

/// It has passed.
#[derive(Debug)]
pub(super) struct Late;

impl Deadline {
    pub(super) fn new(at: Instant) -> Self {
        Self { at, sleep: None }
    }

    pub(super) fn at(&self) -> Instant {
        self.at
    }

    pub(super) fn left(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    pub(super) fn check(&self) -> Result<(), Late> {
        if self.left().is_zero() { Err(Late) } else { Ok(()) }
    }

    /// Waits for something, but not beyond the deadline.
    pub(super) async fn within<F: Future>(&mut self, future: F) -> Result<F::Output, Late> {
        let mut future = pin!(future);
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            let sleep = self
                .sleep
                .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(self.at.into())));
            sleep.as_mut().poll(context).map(|()| Err(Late))
        })
        .await
    }
}
