//! One database, whichever it is.

use std::sync::Arc;

use super::answered::{Answered, AnsweredTransaction};
use super::postgres::Postgres;
use super::row::{RowSource, Rows};
use super::sqlite::Sqlite;
use super::telling::Telling;
use super::transaction::{Source, Transaction};
use super::{Begin, Query, SqlError, StandIn};
use crate::backend::Guard;
use crate::diagnostic::Diagnostic;
use crate::plan::BackendPlan;
use crate::sql::Dialect;

/// One database of the plan, shared by all workers.
pub enum Database {
    /// PostgreSQL.
    Postgres(Postgres),
    /// SQLite.
    Sqlite(Sqlite),
    /// Somebody who answers in the place of either.
    Answered(Arc<Answered>),
}

impl Database {
    /// Makes the pools; connects to nothing yet.
    ///
    /// # Errors
    /// Where the address or a certificate cannot be used.
    pub fn new(plan: &BackendPlan) -> Result<Self, Diagnostic> {
        match plan.database.as_ref().map(|d| d.dialect) {
            Some(Dialect::Sqlite) => Sqlite::new(plan).map(Self::Sqlite),
            _ => Postgres::new(plan).map(Self::Postgres),
        }
    }

    /// The same with somebody who answers in its place, who needs neither address nor
    /// certificates.
    #[must_use]
    pub fn with_stand_in(plan: &BackendPlan, stand_in: Arc<dyn StandIn>) -> Self {
        Self::Answered(Arc::new(Answered::new(plan, stand_in)))
    }

    /// Its name in the mapping.
    pub fn name(&self) -> &str {
        match self {
            Self::Postgres(database) => database.name(),
            Self::Sqlite(database) => database.name(),
            Self::Answered(database) => database.name(),
        }
    }

    /// Its breaker and bulkhead, to be looked at.
    pub fn guard(&self) -> &Guard {
        match self {
            Self::Postgres(database) => database.guard(),
            Self::Sqlite(database) => database.guard(),
            Self::Answered(database) => database.guard(),
        }
    }

    /// What it speaks.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Postgres(_) => Dialect::Postgres,
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Answered(database) => database.dialect,
        }
    }

    /// Runs one statement outside of a transaction.
    ///
    /// # Errors
    /// Everything that goes wrong before the first row.
    pub async fn query(&self, query: Query) -> Result<Rows, SqlError> {
        let sent = (&query.text, query.values.as_slice());
        let place = (self.name(), self.dialect());
        let telling = Telling::begin(query.hearing.as_deref(), place, sent);
        let rows = match self {
            Self::Postgres(database) => database.query(query).await.map(RowSource::Postgres),
            Self::Sqlite(database) => database.query(query).await.map(RowSource::Sqlite),
            Self::Answered(database) => database.query(&query).await.map(RowSource::Recorded),
        };
        match (rows, telling) {
            (Ok(source), telling) => Ok(Rows::new(source, telling)),
            (Err(error), None) => Err(error),
            (Err(error), Some(telling)) => {
                telling.failed(&error);
                Err(error)
            }
        }
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// Where there is no connection in time.
    pub async fn begin(&self, begin: Begin) -> Result<Transaction, SqlError> {
        let source = match self {
            Self::Postgres(database) => Source::Postgres(database.begin(begin).await?),
            Self::Sqlite(database) => Source::Sqlite(database.begin(begin).await?),
            Self::Answered(database) => {
                Source::Answered(AnsweredTransaction::begin(database, begin.deadline).await?)
            }
        };
        Ok(Transaction::new(source, (self.name(), self.dialect())))
    }
}
