//! A database in whose place somebody answers. Guard, deadlines and limits are those of the
//! database; there are no pools, and nothing is connected to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::recorded::{RecordedRow, RecordedStream, Table};
use super::telling::{Story, given};
use super::{COMMIT, Query, RecordedRows, ResultSet, Row, SqlError, StandIn, StatementCall};
use crate::backend::{BackendError, Guard, Outcome, Permit, Verdict};
use crate::diagnostic::Code;
use crate::plan::BackendPlan;
use crate::sql::{Dialect, Given};

/// A database somebody answers in the place of.
pub struct Answered {
    name: String,
    pub(super) dialect: Dialect,
    guard: Arc<Guard>,
    wait: Duration,
    bytes_max: u64,
    stand_in: Arc<dyn StandIn>,
}

impl Answered {
    pub(super) fn new(plan: &BackendPlan, stand_in: Arc<dyn StandIn>) -> Self {
        let database = plan.database.as_ref();
        let dialect = database.map_or(Dialect::Postgres, |database| database.dialect);
        Self {
            name: plan.name.clone(),
            dialect,
            guard: Guard::new(plan.breaker, plan.limits),
            wait: database.map(|database| database.pool.wait).unwrap_or_default(),
            bytes_max: if dialect == Dialect::Sqlite { plan.limits.response_bytes } else { 0 },
            stand_in,
        }
    }

    /// Its name in the mapping.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its breaker and bulkhead.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Answers one statement.
    pub(super) async fn query(&self, query: &Query) -> Result<RecordedStream, SqlError> {
        let permit = self.enter(query.deadline).await?;
        let hearing = query.hearing.as_deref();
        let given = given(hearing.and_then(|hearing| hearing.names.as_ref()), &query.values);
        let call = StatementCall {
            database: &self.name,
            dialect: self.dialect,
            text: &query.text,
            given: &given,
            before: &[],
            step: None,
            session: hearing.and_then(|hearing| hearing.session.clone()),
        };
        match self.answer(call, query.deadline).await {
            Ok((table, affected)) => Ok(RecordedStream::new(table, affected, permit)),
            Err((error, verdict)) => {
                permit.settle(verdict);
                Err(error)
            }
        }
    }

    pub(super) async fn enter(&self, deadline: Instant) -> Result<Permit, SqlError> {
        if deadline <= Instant::now() {
            return Err(late(Outcome::NotSent).0);
        }
        self.guard.enter_within(deadline, self.wait).await.map_err(SqlError::Backend)
    }

    async fn answer(
        &self,
        call: StatementCall<'_>,
        deadline: Instant,
    ) -> Result<(Arc<Table>, u64), (SqlError, Verdict)> {
        let recorded = self.stand_in.answer(call).map_err(|error| {
            let verdict = match &error {
                SqlError::Database(_) => Verdict::Healthy,
                // That there is no recording says nothing about the database.
                SqlError::Backend(error) if error.code == Code::ReplayMiss => Verdict::Abandoned,
                SqlError::Backend(_) => Verdict::Failed,
            };
            (error, verdict)
        })?;
        if !recorded.delay.is_zero() {
            let until = Instant::now() + recorded.delay;
            tokio::time::sleep_until(until.min(deadline).into()).await;
            if until > deadline {
                return Err(late(Outcome::Unknown));
            }
        }
        let affected = recorded.affected;
        let table = self.table(recorded)?;
        Ok((table, affected))
    }

    fn table(&self, recorded: RecordedRows) -> Result<Arc<Table>, (SqlError, Verdict)> {
        let refuse = |code, detail: String| {
            let error = BackendError::new(code, Outcome::Unknown, detail);
            (SqlError::Backend(error), Verdict::Healthy)
        };
        let table = Table::new(self.dialect, recorded)
            .map_err(|why| refuse(Code::BackendInvalid, format!("the recording: {why}")))?;
        if self.bytes_max != 0 && table.bytes() > self.bytes_max {
            let detail = "the rows have more bytes than `limits.response` allows";
            return Err(refuse(Code::BackendTooLarge, detail.to_owned()));
        }
        Ok(table)
    }
}

fn late(outcome: Outcome) -> (SqlError, Verdict) {
    let detail = "the deadline passed before an answer";
    let error = BackendError::new(Code::BackendTimeout, outcome, detail);
    (SqlError::Backend(error), Verdict::Failed)
}

/// A transaction somebody answers.
pub struct AnsweredTransaction {
    database: Arc<Answered>,
    deadline: Instant,
    permit: Option<Permit>,
    failed: bool,
}

impl AnsweredTransaction {
    pub(super) async fn begin(
        database: &Arc<Answered>,
        deadline: Instant,
    ) -> Result<Self, SqlError> {
        let permit = Some(database.enter(deadline).await?);
        Ok(Self { database: Arc::clone(database), deadline, permit, failed: false })
    }

    /// Answers a statement; the story says where in the transaction it stands.
    pub(super) async fn query(
        &mut self,
        text: &str,
        given: &[Given],
        rows_max: u64,
        story: &Story,
    ) -> Result<ResultSet, SqlError> {
        let call = self.call(text, given, story);
        match self.database.answer(call, self.deadline).await {
            Ok((table, affected)) => {
                let wanted = usize::try_from(rows_max.saturating_add(1)).unwrap_or(usize::MAX);
                let rows =
                    (0..table.rows().min(wanted)).filter_map(|at| RecordedRow::of(&table, at));
                Ok(ResultSet { rows: rows.map(Row::Recorded).collect(), affected })
            }
            Err((error, verdict)) => {
                self.failed = true;
                if let Some(permit) = self.permit.take() {
                    permit.settle(verdict);
                }
                Err(error)
            }
        }
    }

    /// Whether a commit was refused when it was recorded.
    pub(super) fn commit(&self, story: &Story) -> Result<(), SqlError> {
        match self.database.stand_in.answer(self.call(COMMIT, &[], story)) {
            Err(SqlError::Database(failure)) => Err(SqlError::Database(failure)),
            // Commits are recorded only where they fail.
            Ok(_) | Err(SqlError::Backend(_)) => Ok(()),
        }
    }

    fn call<'c>(
        &'c self,
        text: &'c str,
        given: &'c [Given],
        story: &'c Story,
    ) -> StatementCall<'c> {
        StatementCall {
            database: self.database.name(),
            dialect: self.database.dialect,
            text,
            given,
            before: &story.before,
            step: Some(story.step),
            session: story.session.clone(),
        }
    }
}

impl Drop for AnsweredTransaction {
    fn drop(&mut self) {
        if let Some(permit) = self.permit.take() {
            permit.settle(Verdict::Healthy);
        }
    }
}
