//! Why the store did not do what it was asked to.

use crate::database::SqlError;

/// A failure of the store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The address or the file cannot be used.
    #[error("the store cannot be opened: {0}")]
    Open(String),
    /// It is a database, and no server has kept its state there.
    #[error("no server of figleaf has kept its state there")]
    Absent,
    /// It was written by a newer figleaf.
    #[error("the store has version {found}; this figleaf knows {known}")]
    Newer {
        /// The version found.
        found: u64,
        /// The newest one known.
        known: u64,
    },
    /// Someone else changed the route first.
    #[error("`{route}` was changed meanwhile: it is at epoch {found}")]
    Conflict {
        /// The route.
        route: String,
        /// The epoch of its present record; 0 where there is none.
        found: u64,
    },
    /// The database did not answer, or refused.
    #[error("the store does not answer: {0}")]
    Lost(String),
    /// Something in it is not what was written.
    #[error("the store is damaged: {0}")]
    Damaged(String),
}

impl From<SqlError> for StoreError {
    fn from(error: SqlError) -> Self {
        Self::Lost(match error {
            SqlError::Backend(error) => format!("{}: {}", error.code, error.detail),
            SqlError::Database(failure) => format!("{} {}", failure.sqlstate, failure.message),
        })
    }
}
