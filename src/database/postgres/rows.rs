//! Rows on their way.

use std::pin::Pin;

use futures_util::{FutureExt, StreamExt};
use tokio_postgres::{Row, RowStream};

use super::super::SqlError;
use super::PostgresRow;
use super::deadline::Deadline;
use super::error::Failure;
use super::lease::{Lease, Running, next};
use crate::backend::{Permit, Verdict};

/// Rows between two looks at the clock. Where rows are waited for, a timer looks at it.
const ROWS_PER_CHECK: u32 = 32;
/// Rows that are taken off when the rest is not wanted, to see whether they were the last.
const REST_MAX: usize = 64;

/// Rows on their way. Dropped before their end, the statement is cancelled at the server
/// before its connection is lent again.
pub struct PostgresRows {
    first: Option<Row>,
    open: Option<Open>,
    deadline: Deadline,
    affected: u64,
    taken: u32,
    waiting: bool,
}

/// What a statement holds while it runs. The order is that of the fields' end: the driver
/// has to know that nobody reads any more before the connection is dealt with.
struct Open {
    rows: Pin<Box<RowStream>>,
    lease: Lease,
    permit: Permit,
}

impl PostgresRows {
    pub(super) fn new(running: Running, lease: Lease, permit: Permit, deadline: Deadline) -> Self {
        let Running { rows, first } = running;
        let open = Some(Open { rows, lease, permit });
        let mut this = Self { first, open, deadline, affected: 0, taken: 0, waiting: false };
        if this.first.is_none() {
            this.end();
        }
        this
    }

    /// The next row; `None` when there are no more.
    ///
    /// # Errors
    /// Everything that goes wrong on the way.
    pub async fn next(&mut self) -> Result<Option<PostgresRow>, SqlError> {
        if let Some(row) = self.first.take() {
            return Ok(Some(PostgresRow(row)));
        }
        let Some(open) = &mut self.open else { return Ok(None) };
        self.taken = self.taken.wrapping_add(1);
        if self.taken.is_multiple_of(ROWS_PER_CHECK)
            && let Err(late) = self.deadline.check()
        {
            return Err(self.fail(Failure::late(late, true)));
        }
        self.waiting = true;
        let next = next(&mut open.rows, "", &mut self.deadline).await;
        self.waiting = false;
        match next {
            Ok(None) => {
                self.end();
                Ok(None)
            }
            Ok(row) => Ok(row.map(PostgresRow)),
            Err(failure) => Err(self.fail(failure)),
        }
    }

    /// Rows touched, or given where none were touched; known after the last row.
    pub fn affected(&self) -> u64 {
        self.affected
    }

    fn end(&mut self) {
        if let Some(Open { rows, mut lease, permit }) = self.open.take() {
            self.affected = rows.rows_affected().unwrap_or_default();
            lease.ended();
            permit.settle(Verdict::Healthy);
        }
    }

    fn fail(&mut self, failure: Failure) -> SqlError {
        if let Some(Open { rows, mut lease, permit }) = self.open.take() {
            drop(rows);
            lease.learn(&failure, "");
            permit.settle(failure.verdict);
        }
        *failure.error
    }
}

impl Drop for PostgresRows {
    fn drop(&mut self) {
        let Some(Open { mut rows, mut lease, permit }) = self.open.take() else { return };
        // Often the end is here and was only not asked for.
        for _ in 0..REST_MAX {
            match rows.next().now_or_never() {
                Some(Some(Ok(_))) => {}
                Some(None) => {
                    lease.ended();
                    break;
                }
                Some(Some(Err(_))) | None => break,
            }
        }
        drop(rows);
        drop(lease);
        permit.settle(if self.waiting { Verdict::Abandoned } else { Verdict::Healthy });
    }
}
