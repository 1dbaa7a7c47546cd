//! Callers that leave before their answer is there.
//!
//! A connection ends as soon as its caller has closed it, or its own half of it (see
//! [`run`](super::run)), and the request's handler is dropped with all that hangs on it: the
//! call, its slot, its query. A read ends so. A write goes on by itself: what it does must
//! not depend on who still listens.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actix_web::HttpResponse;
use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use tracing::Span;

use super::handler::milliseconds;
use super::run::DRAIN;
use super::running::Shared;

/// The status in the log where nobody was left to answer, as nginx has it.
const STATUS_LEFT: u16 = 499;
/// How often a stop looks whether the last write is done.
const LOOK: Duration = Duration::from_millis(10);

/// Stands in the work of a request; dropped with it, it says that there is no answer.
pub(super) struct Unanswered {
    since: Instant,
    answered: bool,
}

impl Unanswered {
    pub(super) fn since(since: Instant) -> Self {
        Self { since, answered: false }
    }

    /// The answer is there.
    pub(super) fn answered(mut self) {
        self.answered = true;
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        if self.answered || std::thread::panicking() {
            return;
        }
        tracing::record_all!(
            Span::current(),
            status = STATUS_LEFT,
            outcome = "caller_left",
            duration_ms = milliseconds(self.since.elapsed())
        );
        tracing::info!("the caller left");
    }
}

/// Does work to its end, whether or not its caller waits for it.
pub(super) async fn to_its_end(
    shared: &Data<Shared>,
    span: Span,
    work: impl Future<Output = HttpResponse> + 'static,
) -> HttpResponse {
    let alone = Rc::new(RefCell::new(None));
    let caller = Caller { alone: Rc::clone(&alone), shared: shared.clone(), span };
    let done = actix_web::rt::spawn(async move {
        let response = work.await;
        drop(alone);
        response
    });
    let done = done.await;
    drop(caller);
    match done {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Its thread ends, and with it the connection.
            Err(_) => HttpResponse::ServiceUnavailable().finish(),
        },
    }
}

/// The caller of a write, as long as it is there.
struct Caller {
    /// Shared with the work, which ends first where the caller stays.
    alone: Rc<RefCell<Option<Alone>>>,
    shared: Data<Shared>,
    span: Span,
}

impl Drop for Caller {
    fn drop(&mut self) {
        if Rc::strong_count(&self.alone) > 1 {
            *self.alone.borrow_mut() = Some(Alone::count(&self.shared));
            self.span.in_scope(|| tracing::info!("the caller left; the write goes on"));
        }
    }
}

/// Counts a write nobody waits for.
struct Alone(Data<Shared>);

impl Alone {
    fn count(shared: &Data<Shared>) -> Self {
        shared.alone.fetch_add(1, Ordering::Relaxed);
        Self(shared.clone())
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.0.alone.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Stops a server: requests in flight finish first, and so do the writes whose callers have
/// left, each for at most half a minute.
pub async fn stop(handle: ServerHandle, shared: &Shared) {
    shared.draining.store(true, Ordering::Relaxed);
    let in_flight = shared.in_flight.load(Ordering::Relaxed);
    tracing::info!(in_flight, "stopping: requests in flight finish first");
    // A worker without connections ends at once, with all that is left on it.
    let finished = tokio::time::timeout(DRAIN, none(&shared.alone)).await;
    if finished.is_err() {
        let writes = shared.alone.load(Ordering::Relaxed);
        tracing::warn!(writes, "stopping: writes whose callers left are broken off");
    }
    // Nor does it wait for queries of others that go over connections it has made.
    let uses_databases = shared.running.load().plan.backends.iter().any(|b| b.database.is_some());
    if uses_databases && tokio::time::timeout(DRAIN, none(&shared.in_flight)).await.is_err() {
        tracing::warn!("stopping: requests that take longer may lose their database");
    }
    handle.stop(true).await;
}

async fn none(count: &AtomicUsize) {
    while count.load(Ordering::Relaxed) > 0 {
        tokio::time::sleep(LOOK).await;
    }
}
