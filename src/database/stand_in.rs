//! Who answers in the place of a database, and who hears what was exchanged. See
//! `backend`'s pair of the same names.

use std::sync::Arc;
use std::time::Duration;

use super::SqlError;
use crate::sql::Value;

/// A statement as it would go to the database.
#[derive(Debug)]
pub struct StatementCall<'c> {
    /// The database's name in the mapping.
    pub database: &'c str,
    /// The statement, with placeholders.
    pub text: &'c str,
    /// One value for each placeholder.
    pub values: &'c [Value],
    /// Its place in its transaction, from 1; `None` outside of one.
    pub step: Option<u32>,
    /// As of a backend's call.
    pub session: Option<Arc<str>>,
}

/// A recorded result.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordedRows {
    /// Names of columns.
    pub columns: Vec<String>,
    /// Each value as the JSON it would be written as; `None` is NULL. Bytes of a type nobody
    /// knows are `base64:…`.
    pub rows: Vec<Vec<Option<String>>>,
    /// Rows touched.
    pub affected: u64,
}

/// Answers in the place of databases.
pub trait StandIn: Send + Sync {
    /// Answers a statement.
    ///
    /// # Errors
    /// What the database said when it was recorded, or that there is no recording.
    fn answer(&self, call: StatementCall<'_>) -> Result<RecordedRows, SqlError>;
}

/// One statement and what came of it.
#[derive(Debug, Clone)]
pub struct StatementExchange {
    /// The database's name in the mapping.
    pub database: Arc<str>,
    /// The statement.
    pub text: Arc<str>,
    /// Its values.
    pub values: Vec<Value>,
    /// Its place in its transaction, from 1.
    pub step: Option<u32>,
    /// The rows, or SQLSTATE and message.
    pub result: Result<RecordedRows, (String, String)>,
    /// Until the last row was here.
    pub took: Duration,
}

/// Hears of the statements of one request.
pub trait Witness: Send + Sync {
    /// A statement has ended. It must return at once.
    fn stated(&self, exchange: StatementExchange);

    /// Rows of one result that it wants at most; a longer one is not told of.
    fn rows_max(&self) -> usize;
}
