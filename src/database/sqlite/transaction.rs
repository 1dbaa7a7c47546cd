//! A transaction as its caller sees it.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Instant;

use tokio::sync::oneshot::{self, Receiver};

use super::call::Call;
use super::failure::Halt;
use super::session::{Command, Gather};
use crate::backend::{Outcome, Permit, Verdict};
use crate::database::{ResultSet, Row, SqlError};
use crate::sql::Value;

/// A transaction. Dropped without a commit it is rolled back.
pub struct SqliteTransaction {
    call: Arc<Call>,
    deadline: Instant,
    commands: Sender<Command>,
    permit: Option<Permit>,
    waiting: bool,
    /// Whether rows are to know the names of their columns.
    names: bool,
}

impl SqliteTransaction {
    /// Waits until it has begun.
    pub(super) async fn begun(
        call: Arc<Call>,
        deadline: Instant,
        commands: Sender<Command>,
        begun: Receiver<Result<(), Halt>>,
        permit: Permit,
    ) -> Result<Self, SqlError> {
        let permit = Some(permit);
        let mut transaction =
            Self { call, deadline, commands, permit, waiting: true, names: false };
        transaction.answer(begun, Outcome::Rejected).await?;
        Ok(transaction)
    }

    /// From now on rows know the names of their columns.
    pub fn name_columns(&mut self) {
        self.names = true;
    }

    /// Runs a statement and gathers its rows, at most `rows_max` and one more.
    ///
    /// # Errors
    /// An error of SQLite ends the transaction.
    pub async fn query(
        &mut self,
        text: &str,
        values: Vec<Value>,
        rows_max: u64,
    ) -> Result<ResultSet, SqlError> {
        let (reply, answer) = oneshot::channel();
        let gather = Gather { text: Arc::from(text), values, names: self.names, rows_max, reply };
        // Where the worker is gone, the answer says so.
        let _ = self.commands.send(Command::Query(Box::new(gather)));
        // Until it is committed, nothing has changed.
        let gathered = self.answer(answer, Outcome::Rejected).await?;
        let rows = gathered.rows.into_iter().map(Row::Sqlite).collect();
        Ok(ResultSet { rows, affected: gathered.affected })
    }

    /// Commits.
    ///
    /// # Errors
    /// Nothing has changed where SQLite refuses; otherwise it is unknown.
    pub async fn commit(mut self) -> Result<(), SqlError> {
        let (reply, answer) = oneshot::channel();
        let _ = self.commands.send(Command::Commit(reply));
        self.answer(answer, Outcome::Unknown).await?;
        self.settle(Verdict::Healthy);
        Ok(())
    }

    /// Rolls back, and waits until it is done.
    pub async fn rollback(mut self) {
        let (reply, answer) = oneshot::channel();
        let _ = self.commands.send(Command::Rollback(reply));
        self.waiting = true;
        // A worker that is gone has rolled back.
        let done = tokio::time::timeout_at(self.deadline.into(), answer).await.is_ok();
        self.settle(if done { Verdict::Healthy } else { Verdict::Failed });
    }

    async fn answer<T>(
        &mut self,
        answer: Receiver<Result<T, Halt>>,
        outcome: Outcome,
    ) -> Result<T, SqlError> {
        self.waiting = true;
        let answer = tokio::time::timeout_at(self.deadline.into(), answer).await;
        self.waiting = false;
        let halt = match answer {
            Ok(Ok(Ok(answer))) => return Ok(answer),
            Ok(Ok(Err(halt))) => halt,
            Ok(Err(_)) if self.call.is_over() => Halt::Stalled,
            Ok(Err(_)) => Halt::Lost,
            Err(_) => Halt::Late,
        };
        let (error, verdict) = halt.told(outcome);
        self.settle(verdict);
        Err(error)
    }

    fn settle(&mut self, verdict: Verdict) {
        if let Some(permit) = self.permit.take() {
            permit.settle(verdict);
        }
    }
}

impl Drop for SqliteTransaction {
    fn drop(&mut self) {
        self.call.leave();
        // Left while a statement runs, it counts as failed: nothing came in the caller's time.
        if let Some(permit) = self.permit.take().filter(|_| !self.waiting) {
            permit.settle(Verdict::Healthy);
        }
    }
}
