//! One database of the plan.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::call::{Call, Present};
use super::connection::{Access, Place, open};
use super::pool::{Lease, Pool, start};
use super::rows::SqliteRows;
use super::session::Session;
use super::transaction::SqliteTransaction;
use super::worker::{BATCHES_AHEAD, Job, QueryWork, Setup, Work};
use crate::backend::{BackendError, Guard, Permit, Verdict};
use crate::database::{Begin, Query, SqlError};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::{BackendPlan, Effect};

/// Connections that write: SQLite has one writer at a time.
const WRITERS: u32 = 1;

/// One SQLite database of the plan, shared by all workers of the server.
pub struct Sqlite {
    name: String,
    guard: Arc<Guard>,
    wait: Duration,
    bytes_max: u64,
    readers: Arc<Pool>,
    streams: Arc<Pool>,
    writer: Arc<Pool>,
    /// Keeps a database in memory from being forgotten between calls.
    _keeper: Option<Mutex<Connection>>,
}

impl Sqlite {
    /// Makes the pools. A file is opened by the first call; a database in memory begins here.
    ///
    /// # Errors
    /// Where the plan has no address, or there is no memory.
    pub fn new(plan: &BackendPlan) -> Result<Self, Diagnostic> {
        let unusable = |why: &str| {
            let message = format!("the database `{}` cannot be used: {why}", plan.name);
            Diagnostic::nowhere(Code::MappingValue, message)
        };
        let Some(database) = &plan.database else { return Err(unusable("it has no address")) };
        let place = Place::new(&plan.name, database.address.expose());
        let wait = database.pool.wait;
        let keeper = match place {
            Place::Memory(_) => Some(keeper(&place).map_err(|e| unusable(&e.to_string()))?),
            Place::File(_) => None,
        };
        let pool = |access, size| {
            let setup = Setup { place: place.clone(), access, lock_wait: wait };
            Pool::new(plan.name.clone(), setup, size)
        };
        Ok(Self {
            name: plan.name.clone(),
            guard: Guard::new(plan.breaker, plan.limits),
            wait,
            bytes_max: plan.limits.response_bytes,
            readers: pool(Access::Read, database.pool.size),
            streams: pool(Access::Read, database.pool.stream),
            writer: pool(Access::Write, WRITERS),
            _keeper: keeper,
        })
    }

    /// Its name in the mapping.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its breaker and bulkhead.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Runs one statement, until its first rows are there.
    ///
    /// # Errors
    /// Everything that goes wrong before the first row.
    pub async fn query(&self, query: Query) -> Result<SqliteRows, SqlError> {
        let Query { text, values, effect, stream, hearing, deadline } = query;
        let names = hearing.is_some_and(|hearing| hearing.witness.is_some());
        let (permit, lease) = self.lend(self.pool(effect, stream), deadline).await?;
        let call = Call::new(deadline);
        let (taken, taken_there) = channel();
        // One place more than may be ahead, for the end.
        let (sent, received) = mpsc::channel(BATCHES_AHEAD + 1);
        let bytes_max = self.bytes_max;
        let work = QueryWork { text, values, names, bytes_max, taken: taken_there, sent };
        let job = Job { call: Arc::clone(&call), work: Work::Query(work), lease };
        let permit = begin(job, permit)?;
        let mut rows = SqliteRows::new(call, deadline, taken, received, permit);
        rows.receive().await?;
        Ok(rows)
    }

    /// Begins a transaction. Every isolation is met: SQLite's are serializable.
    ///
    /// # Errors
    /// Where no connection is free in time, or another process holds the file's lock.
    pub async fn begin(&self, begin_with: Begin) -> Result<SqliteTransaction, SqlError> {
        let Begin { effect, deadline, isolation: _ } = begin_with;
        let (permit, lease) = self.lend(self.pool(effect, false), deadline).await?;
        let call = Call::new(deadline);
        let (commands, commands_there) = channel();
        let (begun, answer) = oneshot::channel();
        let session = Session {
            begin: match effect {
                Effect::Read => "BEGIN",
                // The lock at once: one taken later could not be waited for.
                Effect::Write => "BEGIN IMMEDIATE",
            },
            bytes_max: self.bytes_max,
            begun,
            commands: commands_there,
        };
        let job = Job { call: Arc::clone(&call), work: Work::Session(session), lease };
        let permit = begin(job, permit)?;
        SqliteTransaction::begun(call, deadline, commands, answer, permit).await
    }

    fn pool(&self, effect: Effect, stream: bool) -> &Arc<Pool> {
        match (effect, stream) {
            (Effect::Write, _) => &self.writer,
            (Effect::Read, true) => &self.streams,
            (Effect::Read, false) => &self.readers,
        }
    }

    /// Leave to call and a worker, both within the pool's wait.
    async fn lend(&self, pool: &Arc<Pool>, deadline: Instant) -> Result<(Permit, Lease), SqlError> {
        let until = deadline.min(Instant::now() + self.wait);
        let enter = tokio::time::timeout_at(until.into(), self.guard.enter(deadline)).await;
        let permit = enter.unwrap_or_else(|_| {
            let detail = "too many calls are in flight";
            Err(BackendError::not_sent(Code::BackendBusy, detail).after(self.wait))
        });
        let permit = permit.map_err(SqlError::Backend)?;
        match pool.lend(until).await {
            Ok(lease) => Ok((permit, lease)),
            Err(error) => Err(refused(permit, error)),
        }
    }
}

/// Starts the work; a worker that cannot be had says nothing about the database.
fn begin(job: Job, permit: Permit) -> Result<Permit, SqlError> {
    match start(job) {
        Ok(()) => Ok(permit),
        Err(error) => Err(refused(permit, error)),
    }
}

fn refused(permit: Permit, error: BackendError) -> SqlError {
    permit.settle(Verdict::Abandoned);
    SqlError::Backend(error)
}

fn keeper(place: &Place) -> Result<Mutex<Connection>, rusqlite::Error> {
    let present = Arc::new(Present::default());
    open(place, Access::Read, Duration::ZERO, &present).map(Mutex::new)
}
