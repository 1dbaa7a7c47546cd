//! What went wrong with a call of a database.

use crate::backend::BackendError;
use crate::sql::DatabaseFailure;

/// A call that gave no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqlError {
    /// It was not reached, or did not answer in time: as of any backend.
    Backend(BackendError),
    /// It answered with an error. The statement, and the transaction around it, had no effect.
    Database(Box<DatabaseFailure>),
}
