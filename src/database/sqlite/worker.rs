//! A thread with a connection, and the calls it works for.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use tokio::sync::mpsc::Sender;

use super::batch::Batch;
use super::call::{Call, Present};
use super::connection::{Access, Place, open};
use super::failure::{Halt, unusable};
use super::pool::Lease;
use super::read;
use super::session::{self, Session};
use super::statements::Statements;
use crate::sql::Value;

/// Batches a worker may be ahead of its caller.
pub(super) const BATCHES_AHEAD: usize = 2;

/// What a worker needs to connect.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    pub place: Place,
    pub access: Access,
    /// The longest wait for a lock of somebody else.
    pub lock_wait: Duration,
}

/// Work for a worker, and the lease that gives it back afterwards.
pub(super) struct Job {
    pub call: Arc<Call>,
    pub work: Work,
    pub lease: Lease,
}

/// What there is to do.
pub(super) enum Work {
    /// One statement.
    Query(QueryWork),
    /// A transaction.
    Session(Session),
}

/// One statement, whose rows are sent as they are asked for.
pub(super) struct QueryWork {
    pub text: Arc<str>,
    pub values: Vec<Value>,
    /// Whether rows are to know the names of their columns.
    pub names: bool,
    /// Bytes of text and blob in all; 0 is no limit.
    pub bytes_max: u64,
    /// One message for each batch that was taken.
    pub taken: Receiver<()>,
    pub sent: Sender<Sent>,
}

/// What comes back of a statement.
pub(super) enum Sent {
    /// Rows, and more may come.
    Rows(Batch),
    /// The last rows, and how many were touched.
    End(Batch, u64),
    /// It ended with an error.
    Halt(Halt),
}

/// Works until its pool is gone, or its connection cannot be opened.
pub(super) fn work(setup: &Setup, jobs: &Receiver<Job>) {
    let present = Arc::new(Present::default());
    let mut next = jobs.recv().ok();
    while let Some(job) = next.take() {
        present.set(Some(Arc::clone(&job.call)));
        let identity = setup.place.identity();
        let opened = open(&setup.place, setup.access, setup.lock_wait, &present);
        let connection = match opened {
            Ok(connection) => connection,
            Err(error) => {
                job.fail(unusable(error));
                next = jobs.recv().ok();
                continue;
            }
        };
        let mut statements = Statements::new(&connection);
        run(job, &mut statements, &present);
        while let Ok(job) = jobs.recv() {
            // A file that was replaced is another database.
            if setup.place.identity() != identity {
                next = Some(job);
                break;
            }
            run(job, &mut statements, &present);
        }
    }
}

fn run(job: Job, statements: &mut Statements<'_>, present: &Present) {
    let Job { call, work, lease } = job;
    present.set(Some(Arc::clone(&call)));
    match work {
        Work::Query(work) => query(&work, &call, statements),
        Work::Session(work) => session::run(work, &call, statements, present),
    }
    present.set(None);
    session::leave_clean(statements.connection());
    drop(lease);
}

fn query(work: &QueryWork, call: &Call, statements: &mut Statements<'_>) {
    let mut ahead = BATCHES_AHEAD;
    let mut bytes: u64 = 0;
    let sent = &work.sent;
    let sent_with = (&work.text, &*work.values);
    let done = read::run(statements, sent_with, work.names, |batch| {
        bytes = bytes.saturating_add(batch.bytes() as u64);
        if work.bytes_max != 0 && bytes > work.bytes_max {
            return Err(Halt::TooLarge);
        }
        if ahead == 0 {
            match work.taken.recv_timeout(call.left()) {
                Ok(()) => ahead += 1,
                Err(RecvTimeoutError::Timeout) => return Err(Halt::Stalled),
                Err(RecvTimeoutError::Disconnected) => return Ok(ControlFlow::Break(())),
            }
        }
        ahead -= 1;
        // The channel has room for all that may be ahead; only a caller who left refuses.
        Ok(match sent.try_send(Sent::Rows(batch)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        })
    });
    let end = match done {
        Ok((last, affected)) => Sent::End(last, affected),
        Err(halt) => Sent::Halt(halt),
    };
    let _ = sent.try_send(end);
}

impl Job {
    fn fail(self, halt: Halt) {
        match self.work {
            Work::Query(work) => {
                let _ = work.sent.try_send(Sent::Halt(halt));
            }
            Work::Session(session) => session.refuse(halt),
        }
    }
}
