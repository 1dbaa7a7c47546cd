//! Who answers in the place of a database, and who hears what was exchanged. See
//! `backend`'s pair of the same names.

use std::sync::Arc;
use std::time::Duration;

use super::SqlError;
use crate::sql::{DatabaseFailure, Dialect, Given, Type};

/// What stands for the commit of a transaction where a statement is expected.
pub const COMMIT: &str = "commit";

/// Names of a statement's parameters, one for each placeholder.
pub type ParameterNames = Arc<[Box<str>]>;

/// Who hears of the statements of one request, and what is told beside them. Nobody in
/// production, unless it records.
#[derive(Clone, Default)]
pub struct Hearing {
    /// Who hears of them.
    pub witness: Option<Arc<dyn Witness>>,
    /// What the caller of the facade sent to be told apart from others by.
    pub session: Option<Arc<str>>,
    /// Names of the parameters, where the statement stands alone.
    pub names: Option<ParameterNames>,
}

/// A statement as it would go to the database.
#[derive(Debug)]
pub struct StatementCall<'c> {
    /// The database's name in the mapping.
    pub database: &'c str,
    /// What it speaks.
    pub dialect: Dialect,
    /// The statement, with placeholders; [`COMMIT`] for the end of a transaction.
    pub text: &'c str,
    /// One value for each placeholder.
    pub given: &'c [Given],
    /// The values of the statements before it in its transaction: what it gives may depend on
    /// them.
    pub before: &'c [Given],
    /// Its place in its transaction, from 1; `None` outside of one.
    pub step: Option<u32>,
    /// As of a backend's call.
    pub session: Option<Arc<str>>,
}

/// A recorded result.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordedRows {
    /// Names of columns; none where there was no row.
    pub columns: Vec<String>,
    /// Types of columns, where no mapping knows them: of what a cursor gave.
    pub types: Vec<Type>,
    /// Each value as JSON text; `None` is NULL. Of PostgreSQL as
    /// [`Form::Recorded`](crate::sql::Form) writes it, of SQLite what is stored: INTEGER and
    /// REAL are numbers, the latter with a point or an exponent, TEXT is a string. Bytes of a
    /// type nobody knows, and each BLOB, are `"base64:…"`.
    pub rows: Vec<Vec<Option<String>>>,
    /// Rows touched.
    pub affected: u64,
    /// How long they are kept back.
    pub delay: Duration,
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
    /// What it speaks.
    pub dialect: Dialect,
    /// The statement; [`COMMIT`] for a commit that was refused.
    pub text: Arc<str>,
    /// Its values.
    pub given: Vec<Given>,
    /// The values of the statements before it in its transaction.
    pub before: Vec<Given>,
    /// Its place in its transaction, from 1.
    pub step: Option<u32>,
    /// The rows, or what the database said.
    pub result: Result<RecordedRows, Box<DatabaseFailure>>,
    /// Until the last row was here.
    pub took: Duration,
}

/// Hears of the statements of one request.
pub trait Witness: Send + Sync {
    /// A statement has ended. It must return at once.
    fn stated(&self, exchange: StatementExchange);

    /// Rows of one result that it wants at most; a longer one is not told of.
    fn rows_max(&self) -> usize;

    /// A statement has ended that is not told of, because it gave too much.
    fn omitted(&self) {}
}
