//! What a database says when it refuses.

/// An error of the database itself, as its fields (PostgreSQL: Error and Notice Message
/// Fields). Only `sqlstate`, `constraint`, `column` and `table` may decide what a caller
/// sees; `message`, `detail` and `hint` may hold data of other people and go to the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatabaseFailure {
    /// Five characters. Errors of SQLite have those of the like error of PostgreSQL.
    pub sqlstate: String,
    /// For the log.
    pub message: String,
    /// For the log.
    pub detail: Option<String>,
    /// For the log.
    pub hint: Option<String>,
    /// The constraint that was violated.
    pub constraint: Option<String>,
    /// The table concerned.
    pub table: Option<String>,
    /// The column concerned.
    pub column: Option<String>,
    /// Bytes from the start of the statement as it was sent.
    pub offset: Option<usize>,
}
