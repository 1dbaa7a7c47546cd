//! Workers that are lent, one call at a time.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::worker::{Job, Setup, work};
use crate::backend::BackendError;
use crate::diagnostic::Code;

/// The stack of a worker: SQLite recurses in its parser and in triggers.
const STACK_BYTES: usize = 4 << 20;
/// Retry-After while all workers are lent.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(1);

/// Workers of one kind, made when needed.
pub(super) struct Pool {
    name: String,
    setup: Setup,
    slots: Arc<Semaphore>,
    slots_max: u32,
    idle: Mutex<Vec<Sender<Job>>>,
}

impl Pool {
    pub(super) fn new(name: String, setup: Setup, slots_max: u32) -> Arc<Self> {
        let slots_max = slots_max.max(1);
        let slots = Arc::new(Semaphore::new(slots_max as usize));
        Arc::new(Self { name, setup, slots, slots_max, idle: Mutex::default() })
    }

    /// A worker, waited for until a time.
    ///
    /// # Errors
    /// `backend-busy` where none becomes free; `backend-refused` where none can be made.
    pub(super) async fn lend(self: &Arc<Self>, until: Instant) -> Result<Lease, BackendError> {
        let acquire = Arc::clone(&self.slots).acquire_owned();
        let Ok(Ok(slot)) = tokio::time::timeout_at(until.into(), acquire).await else {
            let detail = format!("all {} connections are lent", self.slots_max);
            return Err(BackendError::not_sent(Code::BackendBusy, detail).after(BUSY_RETRY_AFTER));
        };
        let idle = self.idle().pop();
        let jobs = match idle {
            Some(jobs) => jobs,
            None => self.hire()?,
        };
        Ok(Lease { jobs, pool: Arc::downgrade(self), _slot: slot })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Sender<Job>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hire(&self) -> Result<Sender<Job>, BackendError> {
        let (sender, jobs) = channel();
        let setup = self.setup.clone();
        let thread = std::thread::Builder::new()
            .name(format!("sqlite {}", self.name))
            .stack_size(STACK_BYTES)
            .spawn(move || work(&setup, &jobs));
        match thread {
            Ok(_) => Ok(sender),
            Err(error) => {
                let detail = format!("no thread can be started: {error}");
                Err(BackendError::not_sent(Code::BackendRefused, detail))
            }
        }
    }
}

/// A worker for one call. Dropped, by the worker itself when it has done, it is given back.
pub(super) struct Lease {
    jobs: Sender<Job>,
    pool: Weak<Pool>,
    _slot: OwnedSemaphorePermit,
}

/// Hands a worker its job, and its lease with it. A worker that has died is replaced.
///
/// # Errors
/// Where no other can be made.
pub(super) fn start(mut job: Job) -> Result<(), BackendError> {
    loop {
        let jobs = job.lease.jobs.clone();
        let Err(refused) = jobs.send(job) else { return Ok(()) };
        job = refused.0;
        let closed = || BackendError::not_sent(Code::BackendRefused, "the database is closed");
        job.lease.jobs = job.lease.pool.upgrade().ok_or_else(closed)?.hire()?;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(pool) = self.pool.upgrade() {
            pool.idle().push(self.jobs.clone());
        }
    }
}
