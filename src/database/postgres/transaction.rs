//! Transactions.

use std::time::Duration;

use super::super::{Begin, ResultSet, Row, SqlError};
use super::PostgresRow;
use super::deadline::Deadline;
use super::error::{Connection, Failure};
use super::lease::{Lease, Running, next as fetch};
use crate::backend::{Effect, Permit, Verdict};
use crate::plan::Isolation;
use crate::sql::{DatabaseFailure, Value};

/// The server ends a statement this much before we would: its word that nothing happened is
/// worth more than our not knowing.
const SERVER_FIRST: Duration = Duration::from_millis(50);
/// The same as a part of what is left, where little is.
const SERVER_FIRST_SHARE: u32 = 10;

/// A transaction. Dropped without a commit it is rolled back.
pub struct PostgresTransaction {
    lease: Option<Lease>,
    permit: Option<Permit>,
    begin: Begin,
    deadline: Deadline,
    verdict: Verdict,
    /// Whether a statement has run in it.
    used: bool,
    failed: bool,
    waiting: bool,
}

impl PostgresTransaction {
    /// Begins one on a connection.
    pub(super) async fn begin(
        mut lease: Lease,
        begin: Begin,
        deadline: &mut Deadline,
    ) -> Result<Lease, Failure> {
        lease.set_in_transaction(true);
        let result = lease.command(&opening(begin, deadline.left()), deadline).await;
        result.map(|()| lease).map_err(Failure::not_sent)
    }

    pub(super) fn new(lease: Lease, permit: Permit, begin: Begin, deadline: Deadline) -> Self {
        Self {
            lease: Some(lease),
            permit: Some(permit),
            begin,
            deadline,
            verdict: Verdict::Healthy,
            used: false,
            failed: false,
            waiting: false,
        }
    }

    /// Runs a statement and gathers its rows, at most `rows_max` and one more.
    ///
    /// # Errors
    /// Any error ends the transaction: nothing of it has an effect.
    pub async fn query(
        &mut self,
        text: &str,
        values: Vec<Value>,
        rows_max: u64,
    ) -> Result<ResultSet, SqlError> {
        let Some(lease) = &mut self.lease else { return Err(*Failure::closed().error) };
        let deadline = &mut self.deadline;
        self.waiting = true;
        let running = lease.run(text, &values, deadline).await;
        let mut result = gather(lease, running, text, rows_max, deadline).await;
        // The first statement failed for a plan of before a change of the schema: nothing has
        // happened, and the plan is forgotten.
        if !self.used && result.as_ref().is_err_and(|f| f.connection == Connection::Stale) {
            let again = format!("rollback; {}", opening(self.begin, deadline.left()));
            result = match lease.command(&again, deadline).await {
                Ok(()) => {
                    let running = lease.run(text, &values, deadline).await;
                    gather(lease, running, text, rows_max, deadline).await
                }
                Err(failure) => Err(failure),
            };
        }
        self.used = true;
        self.waiting = false;
        result.map_err(|failure| {
            self.failed = true;
            self.verdict = failure.verdict;
            *failure.rolled_back().error
        })
    }

    /// The rows of an open cursor, at most `rows_max` and one more.
    ///
    /// # Errors
    /// As of [`query`](Self::query).
    pub async fn fetch(&mut self, cursor: &str, rows_max: u64) -> Result<ResultSet, SqlError> {
        let Some(lease) = &mut self.lease else { return Err(*Failure::closed().error) };
        // The name comes from the database, and is an identifier whatever stands in it.
        let text = format!("fetch all from \"{}\"", cursor.replace('"', "\"\""));
        self.waiting = true;
        let running = lease.run_once(&text, &mut self.deadline).await;
        let result = gather(lease, running, &text, rows_max, &mut self.deadline).await;
        self.waiting = false;
        result.map_err(|failure| {
            self.failed = true;
            self.verdict = failure.verdict;
            *failure.rolled_back().error
        })
    }

    /// Commits.
    ///
    /// # Errors
    /// An error of the database means that nothing has changed; a lost connection or a passed
    /// deadline that it is unknown.
    pub async fn commit(mut self) -> Result<(), SqlError> {
        // PostgreSQL takes a commit of a failed transaction for a rollback, and is content.
        if self.failed || self.waiting {
            self.rollback().await;
            return Err(failed_before());
        }
        let Some(mut lease) = self.lease.take() else { return Err(*Failure::closed().error) };
        self.waiting = true;
        let result = lease.command("commit", &mut self.deadline).await;
        self.waiting = false;
        match result {
            Ok(()) => {
                lease.set_in_transaction(false);
                Ok(())
            }
            Err(failure) => {
                self.verdict = failure.verdict;
                Err(*failure.error)
            }
        }
    }

    /// Rolls back, and waits until it is done.
    pub async fn rollback(mut self) {
        if let Some(lease) = self.lease.take() {
            lease.settle().await;
        }
    }
}

impl Drop for PostgresTransaction {
    fn drop(&mut self) {
        drop(self.lease.take());
        // Dropped while the database was waited for: without a verdict it counts as failed.
        if let Some(permit) = self.permit.take().filter(|_| !self.waiting) {
            permit.settle(self.verdict);
        }
    }
}

async fn gather(
    lease: &mut Lease,
    running: Result<Running, Failure>,
    text: &str,
    rows_max: u64,
    deadline: &mut Deadline,
) -> Result<ResultSet, Failure> {
    let Running { rows: mut stream, first } = running?;
    let mut rows = Vec::new();
    let mut next = first;
    while let Some(row) = next {
        rows.push(Row::Postgres(PostgresRow(row)));
        if rows.len() as u64 > rows_max {
            return Ok(ResultSet { rows, affected: 0 });
        }
        next = fetch(&mut stream, text, deadline)
            .await
            .inspect_err(|failure| lease.learn(failure, text))?;
    }
    lease.ended();
    let affected = stream.rows_affected().unwrap_or_default();
    Ok(ResultSet { rows, affected })
}

/// The statements that begin a transaction, in one round trip.
fn opening(begin: Begin, left: Duration) -> String {
    let isolation = match begin.isolation {
        None => "",
        Some(Isolation::ReadCommitted) => " isolation level read committed",
        Some(Isolation::RepeatableRead) => " isolation level repeatable read",
        Some(Isolation::Serializable) => " isolation level serializable",
    };
    let access = match begin.effect {
        Effect::Read => " read only",
        Effect::Write => " read write",
    };
    let limit = left.saturating_sub(SERVER_FIRST.min(left / SERVER_FIRST_SHARE));
    // Zero would be no limit.
    let limit = limit.as_millis().clamp(1, i32::MAX as u128);
    format!("begin{isolation}{access}; set local statement_timeout = {limit}")
}

fn failed_before() -> SqlError {
    SqlError::Database(Box::new(DatabaseFailure {
        // in failed sql transaction
        sqlstate: "25P02".to_owned(),
        message: "a statement of the transaction has failed; it was rolled back".to_owned(),
        ..DatabaseFailure::default()
    }))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_transaction_begins_with_its_limits() {
        let check = |effect, isolation, left, expected| {
            let begin = Begin { effect, isolation, deadline: Instant::now() };
            assert_eq!(opening(begin, Duration::from_millis(left)), expected);
        };
        let expected = "begin read only; set local statement_timeout = 4950";
        check(Effect::Read, None, 5000, expected);
        let expected = "begin isolation level serializable read write; \
                        set local statement_timeout = 90";
        check(Effect::Write, Some(Isolation::Serializable), 100, expected);
        let expected = "begin read write; set local statement_timeout = 1";
        check(Effect::Write, None, 0, expected);
    }
}
