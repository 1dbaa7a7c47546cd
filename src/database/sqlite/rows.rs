//! Rows as their caller sees them.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Instant;

use tokio::sync::mpsc::Receiver;

use super::batch::{Batch, SqliteRow};
use super::call::Call;
use super::failure::Halt;
use super::worker::Sent;
use crate::backend::{Outcome, Permit, Verdict};
use crate::database::SqlError;

/// Rows on their way. Dropped before their end, the statement is interrupted.
pub struct SqliteRows {
    call: Arc<Call>,
    deadline: Instant,
    taken: Sender<()>,
    sent: Receiver<Sent>,
    batch: Arc<Batch>,
    next: usize,
    affected: u64,
    ended: bool,
    permit: Option<Permit>,
}

impl SqliteRows {
    pub(super) fn new(
        call: Arc<Call>,
        deadline: Instant,
        taken: Sender<()>,
        sent: Receiver<Sent>,
        permit: Permit,
    ) -> Self {
        Self {
            call,
            deadline,
            taken,
            sent,
            batch: Arc::default(),
            next: 0,
            affected: 0,
            ended: false,
            permit: Some(permit),
        }
    }

    /// The next row; `None` when there are no more.
    ///
    /// # Errors
    /// An error of SQLite, or the end of the time.
    pub async fn next(&mut self) -> Result<Option<SqliteRow>, SqlError> {
        loop {
            if let Some(row) = SqliteRow::of(&self.batch, self.next) {
                self.next += 1;
                return Ok(Some(row));
            }
            if self.ended {
                return Ok(None);
            }
            self.receive().await?;
        }
    }

    /// Rows touched, known after the last row.
    pub fn affected(&self) -> u64 {
        self.affected
    }

    /// Waits for the next rows, or the end of them.
    pub(super) async fn receive(&mut self) -> Result<(), SqlError> {
        let sent = tokio::time::timeout_at(self.deadline.into(), self.sent.recv()).await;
        let halt = match sent {
            Ok(Some(Sent::Rows(batch))) => {
                // That the worker is gone shows in what it sends next.
                let _ = self.taken.send(());
                self.hold(batch);
                return Ok(());
            }
            Ok(Some(Sent::End(batch, affected))) => {
                self.hold(batch);
                self.affected = affected;
                self.settle(Verdict::Healthy);
                return Ok(());
            }
            Ok(Some(Sent::Halt(halt))) => halt,
            Ok(None) => Halt::Lost,
            Err(_) => Halt::Late,
        };
        let (error, verdict) = halt.told(Outcome::Unknown);
        self.hold(Batch::default());
        self.settle(verdict);
        Err(error)
    }

    fn hold(&mut self, batch: Batch) {
        self.batch = Arc::new(batch);
        self.next = 0;
    }

    fn settle(&mut self, verdict: Verdict) {
        self.ended = true;
        self.call.leave();
        if let Some(permit) = self.permit.take() {
            permit.settle(verdict);
        }
    }
}

impl Drop for SqliteRows {
    fn drop(&mut self) {
        self.call.leave();
        let answered = self.batch.rows() > 0;
        // Without a verdict it counts as failed: nothing came in the caller's time.
        if let Some(permit) = self.permit.take().filter(|_| answered) {
            permit.settle(Verdict::Healthy);
        }
    }
}
