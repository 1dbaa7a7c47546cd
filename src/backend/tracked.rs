//! A request body that tells how far it has been taken.
//!
//! The client polls a body only once a connection is there and the head is about to be
//! written, so a body that was never polled is proof that nothing was sent.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::Stream;

use super::BodyError;
use super::call::BodyStream;

/// How far a request body has been taken, readable while and after it is sent.
#[derive(Debug)]
pub(super) struct Progress {
    start: Instant,
    /// Nanoseconds from `start` to the first poll, plus one; 0 while never polled.
    polled: AtomicU64,
    /// 1 while the source of the body keeps the backend waiting.
    starved: AtomicU64,
}

impl Progress {
    pub(super) fn new(start: Instant) -> Arc<Self> {
        Arc::new(Self { start, polled: AtomicU64::new(0), starved: AtomicU64::new(0) })
    }

    /// Whether the client has begun to write.
    pub(super) fn sent(&self) -> bool {
        self.polled.load(Ordering::Acquire) != 0
    }

    /// How long it took until the client began to write.
    pub(super) fn connect(&self) -> Option<Duration> {
        let nanos = self.polled.load(Ordering::Acquire);
        (nanos != 0).then(|| Duration::from_nanos(nanos - 1))
    }

    /// Whether the call is waiting for the caller's body, not for the backend.
    pub(super) fn starved(&self) -> bool {
        self.starved.load(Ordering::Acquire) == 1
    }

    fn begin(&self) {
        if !self.sent() {
            let nanos = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX - 1);
            self.polled.store(nanos + 1, Ordering::Release);
        }
    }
}

enum Source {
    Whole(Option<Bytes>),
    Stream(BodyStream),
}

/// The body itself.
pub(super) struct Tracked {
    source: Source,
    progress: Arc<Progress>,
}

impl Tracked {
    pub(super) fn whole(bytes: Bytes, progress: Arc<Progress>) -> Self {
        Self { source: Source::Whole(Some(bytes)), progress }
    }

    pub(super) fn stream(chunks: BodyStream, progress: Arc<Progress>) -> Self {
        Self { source: Source::Stream(chunks), progress }
    }
}

impl Stream for Tracked {
    type Item = Result<Bytes, BodyError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.progress.begin();
        match &mut self.source {
            Source::Whole(bytes) => Poll::Ready(bytes.take().map(Ok)),
            Source::Stream(chunks) => {
                let polled = chunks.as_mut().poll_next(cx);
                self.progress.starved.store(u64::from(polled.is_pending()), Ordering::Release);
                polled
            }
        }
    }
}
