//! One PostgreSQL database of the plan: calls, behind its guard.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::{Begin, Query, SqlError};
use super::connect::Address;
use super::deadline::Deadline;
use super::error::{Connection, Failure};
use super::lease::{Lease, Running};
use super::pool::{Pools, Purpose};
use super::{PostgresRows, PostgresTransaction};
use crate::backend::{Effect, Guard, Permit};
use crate::diagnostic::Diagnostic;
use crate::plan::BackendPlan;

/// Attempts from which on a call is repeated at all.
const ATTEMPTS_TO_REPEAT: u32 = 2;

/// One PostgreSQL database of the plan, shared by all workers.
pub struct Postgres {
    name: String,
    guard: Arc<Guard>,
    pools: Pools,
    wait: Duration,
    repeats: bool,
}

impl Postgres {
    /// Makes the pools; connects to nothing yet.
    ///
    /// # Errors
    /// Where the address or a certificate cannot be used.
    pub fn new(plan: &BackendPlan) -> Result<Self, Diagnostic> {
        let pool = plan.database.as_ref().map(|database| database.pool.clone()).unwrap_or_default();
        Ok(Self {
            name: plan.name.clone(),
            guard: Guard::new(plan.breaker, plan.limits),
            pools: Pools::new(plan, &Address::new(plan)?)?,
            wait: pool.wait,
            repeats: plan.retry.attempts >= ATTEMPTS_TO_REPEAT,
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

    /// Runs one statement outside of a transaction, up to its first row.
    ///
    /// # Errors
    /// Everything that goes wrong before the first row.
    pub async fn query(&self, query: Query) -> Result<PostgresRows, SqlError> {
        let mut deadline = Deadline::new(query.deadline);
        let (permit, until) = self.enter(&deadline).await?;
        let purpose = match (query.effect, query.stream) {
            (Effect::Write, _) => Purpose::Write,
            (Effect::Read, false) => Purpose::Read,
            (Effect::Read, true) => Purpose::Stream,
        };
        let mut may_repeat = self.repeats;
        let result = loop {
            match self.attempt(purpose, until, &query, &mut deadline).await {
                Err(failure) if may_repeat && repeats(&failure, query.effect) => may_repeat = false,
                result => break result,
            }
        };
        match result {
            Ok((lease, running)) => Ok(PostgresRows::new(running, lease, permit, deadline)),
            Err(failure) => Err(give_up(failure, permit)),
        }
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// Where there is no connection in time.
    pub async fn begin(&self, begin: Begin) -> Result<PostgresTransaction, SqlError> {
        let mut deadline = Deadline::new(begin.deadline);
        let (permit, until) = self.enter(&deadline).await?;
        let purpose = match begin.effect {
            Effect::Read => Purpose::Read,
            Effect::Write => Purpose::Write,
        };
        let mut may_repeat = self.repeats;
        let result = loop {
            let lent = match self.pools.lend(purpose, until, &deadline).await {
                Ok(lease) => PostgresTransaction::begin(lease, begin, &mut deadline).await,
                Err(failure) => Err(failure),
            };
            match lent {
                Err(failure) if may_repeat && failure.is_lost() => may_repeat = false,
                result => break result,
            }
        };
        match result {
            Ok(lease) => Ok(PostgresTransaction::new(lease, permit, begin, deadline)),
            Err(failure) => Err(give_up(failure, permit)),
        }
    }

    /// Leave to call, and how long a connection may be waited for.
    async fn enter(&self, deadline: &Deadline) -> Result<(Permit, Instant), SqlError> {
        if let Err(late) = deadline.check() {
            return Err(*Failure::late(late, false).error);
        }
        let until = Instant::now() + self.wait;
        let permit = self.guard.enter_within(deadline.at(), self.wait).await;
        Ok((permit.map_err(SqlError::Backend)?, until))
    }

    async fn attempt(
        &self,
        purpose: Purpose,
        until: Instant,
        query: &Query,
        deadline: &mut Deadline,
    ) -> Result<(Lease, Running), Failure> {
        let mut lease = self.pools.lend(purpose, until, deadline).await?;
        let result = lease.run(&query.text, &query.values, deadline).await;
        let running = match result {
            // The statement is forgotten by now; nothing of it has run.
            Err(Failure { connection: Connection::Stale, .. }) => {
                lease.run(&query.text, &query.values, deadline).await?
            }
            result => result?,
        };
        Ok((lease, running))
    }
}

/// Reads may be repeated whenever the connection is gone, writes only where it is certain
/// that they did not leave us.
fn repeats(failure: &Failure, effect: Effect) -> bool {
    failure.is_lost() && (effect == Effect::Read || failure.is_not_sent())
}

fn give_up(failure: Failure, permit: Permit) -> SqlError {
    permit.settle(failure.verdict);
    *failure.error
}
