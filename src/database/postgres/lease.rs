//! A connection out of a pool, and what runs on it.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Object;
use futures_util::TryStreamExt;
use tokio::runtime::Handle;
use tokio_postgres::{Row, RowStream, Statement};

use super::cancel::Canceller;
use super::deadline::Deadline;
use super::error::{Connection, Failure};
use super::parameter::Parameter;
use crate::sql::Value;

/// Statements prepared on one connection, in number. One more, and all are forgotten: a
/// mapping has fewer, so this is for the mappings that came and went by reload.
const STATEMENTS_MAX: usize = 256;
/// How long a cancelled statement may take to end before its connection is given up.
const SETTLE_MAX: Duration = Duration::from_millis(500);

/// A connection, lent. Dropped while a statement may be running or a transaction is open, it
/// goes back to its pool only when the statement is cancelled and the transaction rolled back.
pub(super) struct Lease {
    object: Option<Object>,
    canceller: Arc<Canceller>,
    running: bool,
    in_transaction: bool,
}

/// A statement whose first row is here.
pub(super) struct Running {
    pub(super) rows: Pin<Box<RowStream>>,
    /// `None` where there is none: then the statement has ended.
    pub(super) first: Option<Row>,
}

impl Lease {
    pub(super) fn new(object: Object, canceller: Arc<Canceller>) -> Self {
        Self { object: Some(object), canceller, running: false, in_transaction: false }
    }

    /// Runs a statement up to its first row.
    pub(super) async fn run(
        &mut self,
        text: &str,
        values: &[Value],
        deadline: &mut Deadline,
    ) -> Result<Running, Failure> {
        let Some(object) = &self.object else { return Err(Failure::closed()) };
        self.running = true;
        let result = run(object, text, values, true, deadline).await;
        match &result {
            Ok(Running { first, .. }) => self.running = first.is_some(),
            Err(failure) => self.learn(failure, text),
        }
        result
    }

    /// Runs a statement that is not kept prepared: what it gives may be something else the
    /// next time.
    pub(super) async fn run_once(
        &mut self,
        text: &str,
        deadline: &mut Deadline,
    ) -> Result<Running, Failure> {
        let Some(object) = &self.object else { return Err(Failure::closed()) };
        self.running = true;
        let result = run(object, text, &[], false, deadline).await;
        match &result {
            Ok(Running { first, .. }) => self.running = first.is_some(),
            Err(failure) => self.learn(failure, text),
        }
        result
    }

    /// Runs statements without parameters and rows.
    pub(super) async fn command(
        &mut self,
        text: &str,
        deadline: &mut Deadline,
    ) -> Result<(), Failure> {
        let Some(object) = &self.object else { return Err(Failure::closed()) };
        self.running = true;
        let result = match deadline.within(object.batch_execute(text)).await {
            Err(late) => Err(Failure::late(late, true)),
            Ok(result) => result.map_err(|error| Failure::of_running(&error, text, false)),
        };
        match &result {
            Ok(()) => self.running = false,
            Err(failure) => self.learn(failure, text),
        }
        result
    }

    /// Draws the conclusions of a failure.
    pub(super) fn learn(&mut self, failure: &Failure, text: &str) {
        match failure.connection {
            Connection::Running => {}
            Connection::Idle | Connection::None => self.running = false,
            Connection::Stale => {
                self.running = false;
                // What is stale here is stale on the pool's other connections.
                if let Some(pool) = self.object.as_ref().and_then(Object::pool) {
                    pool.manager().statement_caches.remove(text, &[]);
                }
            }
            Connection::Lost => self.discard(),
        }
    }

    /// The running statement has ended.
    pub(super) fn ended(&mut self) {
        self.running = false;
    }

    /// Whether a transaction is open, or may be.
    pub(super) fn set_in_transaction(&mut self, open: bool) {
        self.in_transaction = open;
    }

    /// Ends what runs and what is open, and waits for it.
    pub(super) async fn settle(mut self) {
        if let Some(object) = self.object.take() {
            let unsettled = Unsettled(Some(object));
            settle(unsettled, &self.canceller, self.running, self.in_transaction).await;
        }
    }

    fn discard(&mut self) {
        drop(Unsettled(self.object.take()));
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.running && !self.in_transaction {
            return;
        }
        let Some(object) = self.object.take() else { return };
        let unsettled = Unsettled(Some(object));
        let (canceller, running, open) =
            (Arc::clone(&self.canceller), self.running, self.in_transaction);
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move { settle(unsettled, &canceller, running, open).await });
        }
    }
}

async fn run(
    object: &Object,
    text: &str,
    values: &[Value],
    keep: bool,
    deadline: &mut Deadline,
) -> Result<Running, Failure> {
    let statement = match deadline.within(prepare(object, text, keep)).await {
        Err(late) => return Err(Failure::late(late, true).not_sent()),
        Ok(Err(error)) => return Err(Failure::of_preparing(&error, text)),
        Ok(Ok(statement)) => statement,
    };
    if statement.params().len() != values.len() {
        return Err(Failure::of_count(statement.params().len(), values.len()));
    }
    if object.is_closed() {
        return Err(Failure::closed());
    }
    let sent = object.query_raw(&statement, values.iter().map(Parameter));
    let rows = match deadline.within(sent).await {
        Err(late) => return Err(Failure::late(late, true)),
        Ok(Err(error)) => return Err(Failure::of_beginning(&error, text)),
        Ok(Ok(rows)) => rows,
    };
    let mut rows = Box::pin(rows);
    let first = next(&mut rows, text, deadline).await?;
    Ok(Running { rows, first })
}

async fn prepare(
    object: &Object,
    text: &str,
    keep: bool,
) -> Result<Statement, tokio_postgres::Error> {
    if !keep {
        return object.prepare(text).await;
    }
    if object.statement_cache.size() >= STATEMENTS_MAX {
        object.statement_cache.clear();
    }
    object.prepare_cached(text).await
}

/// The next row of a statement; `None` where it has ended.
pub(super) async fn next(
    rows: &mut Pin<Box<RowStream>>,
    text: &str,
    deadline: &mut Deadline,
) -> Result<Option<Row>, Failure> {
    match deadline.within(rows.try_next()).await {
        Err(late) => Err(Failure::late(late, true)),
        Ok(Ok(row)) => Ok(row),
        Ok(Err(error)) => {
            let complete = rows.rows_affected().is_some();
            Err(Failure::of_running(&error, text, complete))
        }
    }
}

/// A connection nobody knows the state of: dropped, it leaves its pool and is closed.
struct Unsettled(Option<Object>);

impl Unsettled {
    fn keep(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Unsettled {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            drop(Object::take(object));
        }
    }
}

/// Cancels, rolls back, and gives the connection back if that was over in time.
async fn settle(unsettled: Unsettled, canceller: &Canceller, running: bool, open: bool) {
    let Some(object) = &unsettled.0 else { return };
    let work = async {
        if running {
            canceller.cancel(&object.cancel_token()).await;
        }
        // Nothing at all is a statement, too: its answer comes after those before it.
        object.batch_execute(if open { "rollback" } else { "" }).await
    };
    match tokio::time::timeout(SETTLE_MAX, work).await {
        Ok(Ok(())) => unsettled.keep(),
        Ok(Err(_)) | Err(_) => {
            tracing::debug!("a connection is given up: its statement did not end in time");
        }
    }
}
