//! A transaction of one database, whichever it is.

use super::answered::AnsweredTransaction;
use super::postgres::PostgresTransaction;
use super::sqlite::SqliteTransaction;
use super::telling::{Story, given};
use super::{Hearing, ParameterNames, ResultSet, SqlError};
use crate::sql::{DatabaseFailure, Dialect, Value};

/// A transaction. Dropped without [`commit`](Self::commit) it is rolled back: a running
/// statement is cancelled first.
pub struct Transaction {
    source: Source,
    /// What has happened in it, where somebody wants to know.
    story: Option<Box<Story>>,
}

/// Where a transaction runs.
#[allow(clippy::large_enum_variant, reason = "one a call, moved a few times")]
pub(super) enum Source {
    Postgres(PostgresTransaction),
    Sqlite(SqliteTransaction),
    Answered(AnsweredTransaction),
}

impl Transaction {
    pub(super) fn new(source: Source, place: (&str, Dialect)) -> Self {
        let story = match source {
            Source::Answered(_) => Some(Story::new(&Hearing::default(), place)),
            Source::Postgres(_) | Source::Sqlite(_) => None,
        };
        Self { source, story }
    }

    /// The same with somebody who hears of its statements: when it is over, and nothing where
    /// it failed for a reason of the moment.
    #[must_use]
    pub fn heard(mut self, hearing: &Hearing, place: (&str, Dialect)) -> Self {
        if let Source::Sqlite(transaction) = &mut self.source {
            transaction.name_columns();
        }
        self.story = Some(Story::new(hearing, place));
        self
    }

    /// Runs a statement and gathers its rows, at most `rows_max` and one more.
    ///
    /// # Errors
    /// An error of the database ends the transaction.
    pub async fn query(
        &mut self,
        text: &str,
        values: Vec<Value>,
        rows_max: u64,
    ) -> Result<ResultSet, SqlError> {
        self.named_query(text, (values, None), rows_max).await
    }

    /// The same, and the names of its parameters for who hears of it.
    ///
    /// # Errors
    /// As of [`query`](Self::query).
    pub async fn named_query(
        &mut self,
        text: &str,
        (values, names): (Vec<Value>, Option<&ParameterNames>),
        rows_max: u64,
    ) -> Result<ResultSet, SqlError> {
        let story = self.story.as_mut();
        let telltale = story.map(|story| story.begin(text, given(names, &values)));
        let result = match &mut self.source {
            Source::Postgres(transaction) => transaction.query(text, values, rows_max).await,
            Source::Sqlite(transaction) => transaction.query(text, values, rows_max).await,
            Source::Answered(transaction) => match (&self.story, &telltale) {
                (Some(story), Some(telltale)) => {
                    transaction.query(text, &telltale.given, rows_max, story).await
                }
                _ => Err(without_story()),
            },
        };
        if let (Some(story), Some(telltale)) = (&mut self.story, telltale) {
            story.ended(telltale, &result, (rows_max, false));
        }
        result
    }

    /// The rows of an open cursor, at most `rows_max` and one more.
    ///
    /// # Errors
    /// As of [`query`](Self::query). SQLite has no cursors.
    pub async fn fetch(&mut self, cursor: &str, rows_max: u64) -> Result<ResultSet, SqlError> {
        let telltale = self.story.as_mut().map(|story| {
            let text = format!("fetch all from \"{}\"", story.cursor(cursor).replace('"', "\"\""));
            (story.begin(&text, Vec::new()), text)
        });
        let result = match &mut self.source {
            Source::Postgres(transaction) => transaction.fetch(cursor, rows_max).await,
            Source::Answered(transaction) => match (&self.story, &telltale) {
                (Some(story), Some((_, text))) => {
                    transaction.query(text, &[], rows_max, story).await
                }
                _ => Err(without_story()),
            },
            Source::Sqlite(_) => Err(SqlError::Database(Box::new(DatabaseFailure {
                // feature not supported
                sqlstate: "0A000".to_owned(),
                message: "SQLite has no cursors".to_owned(),
                ..DatabaseFailure::default()
            }))),
        };
        if let (Some(story), Some((telltale, _))) = (&mut self.story, telltale) {
            // No mapping knows what a cursor gives.
            story.ended(telltale, &result, (rows_max, true));
        }
        result
    }

    /// Commits.
    ///
    /// # Errors
    /// An error of the database means that nothing has changed; a lost connection that it is
    /// unknown.
    pub async fn commit(mut self) -> Result<(), SqlError> {
        let committed = match self.source {
            Source::Postgres(transaction) => transaction.commit().await,
            Source::Sqlite(transaction) => transaction.commit().await,
            Source::Answered(transaction) => match &mut self.story {
                Some(story) => transaction.commit(story),
                None => Ok(()),
            },
        };
        if let (Some(story), Err(error)) = (&mut self.story, &committed) {
            story.not_committed(error);
        }
        committed
    }

    /// Rolls back, and waits until it is done.
    pub async fn rollback(self) {
        match self.source {
            Source::Postgres(transaction) => transaction.rollback().await,
            Source::Sqlite(transaction) => transaction.rollback().await,
            Source::Answered(transaction) => drop(transaction),
        }
    }
}

/// A transaction that is answered always has a story.
fn without_story() -> SqlError {
    let (code, outcome) = (crate::diagnostic::Code::RequestInternal, crate::plan::Outcome::NotSent);
    let detail = "a recorded transaction without its place";
    SqlError::Backend(crate::backend::BackendError::new(code, outcome, detail))
}
