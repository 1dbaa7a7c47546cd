//! The pools of one database.

use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Pool, PoolConfig, QueueMode, RecyclingMethod, Runtime,
    Timeouts,
};

use super::cancel::Canceller;
use super::connect::{Address, Session};
use super::deadline::Deadline;
use super::error::Failure;
use super::lease::Lease;
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::BackendPlan;

/// A connection is not lent again after this, so that a change of the database's address, and
/// memory its sessions gather, have an end.
const AGE_MAX: Duration = Duration::from_secs(30 * 60);
/// The time a connection may take to show that it is usable.
const RECYCLE_MAX: Duration = Duration::from_millis(500);
/// The server's limit for statements of the pool for long answers, at least.
const STREAM_STATEMENT_MIN: Duration = Duration::from_secs(60 * 60);
/// Part of a call's time a statement may wait for a lock, in fifths.
const LOCK_FIFTHS: u32 = 4;

/// What a connection is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To read.
    Read,
    /// To write.
    Write,
    /// To read for long.
    Stream,
}

/// Three pools, filled when needed.
pub(super) struct Pools {
    reads: Pool,
    writes: Pool,
    streams: Pool,
    canceller: Arc<Canceller>,
    create: Duration,
}

impl Pools {
    pub(super) fn new(plan: &BackendPlan, address: &Address) -> Result<Self, Diagnostic> {
        let sizes =
            plan.database.as_ref().map(|database| database.pool.clone()).unwrap_or_default();
        let hosts = address.config.get_hosts().len().max(1);
        let create = plan.timeout.connect * u32::try_from(hosts).unwrap_or(u32::MAX);
        let total = plan.timeout.total;
        let lock = total * LOCK_FIFTHS / 5;
        let statement = Duration::from_secs(total.as_secs() + u64::from(total.subsec_nanos() > 0));
        let pool = |size: u32, session: Session| pool(address, size, create, session);
        let read = Session { read_only: true, statement, lock };
        let long = statement.max(STREAM_STATEMENT_MIN);
        Ok(Self {
            reads: pool(sizes.size, read)?,
            writes: pool(sizes.size, Session { read_only: false, ..read })?,
            streams: pool(sizes.stream, Session { statement: long, ..read })?,
            canceller: Arc::new(Canceller::new(address)),
            create,
        })
    }

    /// A connection. Waits until `until` for a free one, and then as long as a new one takes.
    pub(super) async fn lend(
        &self,
        purpose: Purpose,
        until: Instant,
        deadline: &Deadline,
    ) -> Result<Lease, Failure> {
        let pool = match purpose {
            Purpose::Read => &self.reads,
            Purpose::Write => &self.writes,
            Purpose::Stream => &self.streams,
        };
        let left = deadline.left();
        let timeouts = Timeouts {
            wait: Some(until.saturating_duration_since(Instant::now()).min(left)),
            create: Some(self.create.min(left)),
            recycle: Some(RECYCLE_MAX.min(left)),
        };
        match pool.timeout_get(&timeouts).await {
            Ok(object) => Ok(Lease::new(object, Arc::clone(&self.canceller))),
            Err(error) => Err(Failure::of_pool(&error, pool.status().max_size)),
        }
    }
}

fn pool(
    address: &Address,
    size: u32,
    create: Duration,
    session: Session,
) -> Result<Pool, Diagnostic> {
    let (config, connector) = address.connector(session);
    let fast = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_connect(config, connector, fast);
    let mut settings = PoolConfig::new(size.max(1) as usize);
    settings.timeouts =
        Timeouts { wait: Some(Duration::ZERO), create: Some(create), recycle: Some(RECYCLE_MAX) };
    // The connection used last has its statements prepared and its plans made.
    settings.queue_mode = QueueMode::Lifo;
    Pool::builder(manager)
        .config(settings)
        .runtime(Runtime::Tokio1)
        .pre_recycle(Hook::sync_fn(|_, metrics| {
            if metrics.age() < AGE_MAX { Ok(()) } else { Err(HookError::message("too old")) }
        }))
        .build()
        .map_err(|error| {
            let message = format!("the pool cannot be made: {error}");
            Diagnostic::nowhere(Code::MappingValue, message)
        })
}
