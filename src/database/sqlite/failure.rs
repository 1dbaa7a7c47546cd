//! What SQLite says when it refuses, in PostgreSQL's SQLSTATEs.

use rusqlite::{Error, ErrorCode, ffi};

use crate::backend::{BackendError, Outcome, Verdict};
use crate::database::SqlError;
use crate::diagnostic::Code;
use crate::sql::DatabaseFailure;

/// SQLSTATEs (PostgreSQL, Appendix A) of what SQLite can refuse.
pub(super) mod sqlstate {
    pub const PROTOCOL_VIOLATION: &str = "08P01";
    pub const FEATURE_NOT_SUPPORTED: &str = "0A000";
    pub const NUMERIC_OUT_OF_RANGE: &str = "22003";
    pub const INVALID_ESCAPE: &str = "22025";
    pub const INVALID_JSON_TEXT: &str = "22032";
    pub const INVALID_TEXT: &str = "22P02";
    pub const INTEGRITY: &str = "23000";
    pub const NOT_NULL: &str = "23502";
    pub const FOREIGN_KEY: &str = "23503";
    pub const UNIQUE: &str = "23505";
    pub const CHECK: &str = "23514";
    pub const READ_ONLY: &str = "25006";
    pub const IN_FAILED_TRANSACTION: &str = "25P02";
    pub const SERIALIZATION: &str = "40001";
    pub const ACCESS_RULE: &str = "42000";
    pub const PRIVILEGE: &str = "42501";
    pub const SYNTAX: &str = "42601";
    pub const AMBIGUOUS_COLUMN: &str = "42702";
    pub const UNDEFINED_COLUMN: &str = "42703";
    pub const UNDEFINED_FUNCTION: &str = "42883";
    pub const UNDEFINED_TABLE: &str = "42P01";
    pub const DISK_FULL: &str = "53100";
    pub const OUT_OF_MEMORY: &str = "53200";
    pub const TOO_BIG: &str = "54000";
    pub const LOCK_NOT_AVAILABLE: &str = "55P03";
    pub const IO_ERROR: &str = "58030";
    pub const RAISED: &str = "P0001";
    pub const INTERNAL: &str = "XX000";
    pub const CORRUPT: &str = "XX001";
}

/// Why a worker gave up a call.
#[derive(Debug)]
pub(super) enum Halt {
    /// SQLite refuses.
    Failure(Box<DatabaseFailure>),
    /// The file cannot be used.
    Unusable(String),
    /// The time was over while it was at work.
    Late,
    /// The time was over while the caller took no rows, or asked for nothing.
    Stalled,
    /// More bytes than an answer may have.
    TooLarge,
    /// The worker is gone.
    Lost,
}

impl Halt {
    /// As callers of the room see it, and what it says about the database. `outcome` is what
    /// is known of a call that was broken off.
    pub(super) fn told(self, outcome: Outcome) -> (SqlError, Verdict) {
        let error = |code, outcome, detail: &str| {
            SqlError::Backend(BackendError::new(code, outcome, detail))
        };
        match self {
            Self::Failure(failure) => {
                // Broken disks and broken files are the database's own.
                let broken = ["53", "58", "XX"].iter().any(|c| failure.sqlstate.starts_with(c));
                let verdict = if broken { Verdict::Failed } else { Verdict::Healthy };
                (SqlError::Database(failure), verdict)
            }
            Self::Unusable(why) => {
                (error(Code::BackendRefused, Outcome::NotSent, &why), Verdict::Failed)
            }
            Self::Late => {
                let detail = "the statement was interrupted at its deadline";
                (error(Code::BackendTimeout, outcome, detail), Verdict::Failed)
            }
            Self::Stalled => {
                let detail = "the rows were not taken in time";
                (error(Code::BackendTimeout, outcome, detail), Verdict::Abandoned)
            }
            Self::TooLarge => {
                let detail = "the rows have more bytes than `limits.response` allows";
                (error(Code::BackendTooLarge, outcome, detail), Verdict::Healthy)
            }
            Self::Lost => {
                (error(Code::BackendReset, outcome, "the connection ended"), Verdict::Failed)
            }
        }
    }
}

impl From<DatabaseFailure> for Halt {
    fn from(failure: DatabaseFailure) -> Self {
        Self::Failure(Box::new(failure))
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) {
            return Self::Late;
        }
        failure(error).into()
    }
}

/// Why a file cannot be opened.
pub(super) fn unusable(error: Error) -> Halt {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen) => {
            Halt::Unusable("the file is not there or cannot be opened".to_owned())
        }
        Some(ErrorCode::NotADatabase) => {
            Halt::Unusable("the file is not a SQLite database".to_owned())
        }
        Some(ErrorCode::PermissionDenied) => {
            Halt::Unusable("the file may not be opened".to_owned())
        }
        _ => error.into(),
    }
}

/// An error of SQLite with the fields PostgreSQL would give.
pub(super) fn failure(error: Error) -> DatabaseFailure {
    let named = |sqlstate: &str, message: String| DatabaseFailure {
        sqlstate: sqlstate.to_owned(),
        message,
        ..DatabaseFailure::default()
    };
    match error {
        Error::SqlInputError { msg, offset, .. } => {
            let offset = usize::try_from(offset).ok();
            DatabaseFailure { offset, ..named(of_message(&msg), msg) }
        }
        Error::SqliteFailure(code, message) => {
            let message = message.unwrap_or_else(|| code.to_string());
            match code.code {
                ErrorCode::ConstraintViolation => constraint(code.extended_code, &message),
                other => named(of_code(other, code.extended_code, &message), message),
            }
        }
        Error::MultipleStatement => {
            named(sqlstate::SYNTAX, "more than one statement is given".to_owned())
        }
        Error::NulError(_) => named(sqlstate::SYNTAX, "the statement has a NUL".to_owned()),
        error => named(sqlstate::INTERNAL, error.to_string()),
    }
}

fn of_code(code: ErrorCode, extended: i32, message: &str) -> &'static str {
    match code {
        ErrorCode::ReadOnly => sqlstate::READ_ONLY,
        ErrorCode::DatabaseBusy if extended == ffi::SQLITE_BUSY_SNAPSHOT => sqlstate::SERIALIZATION,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => sqlstate::LOCK_NOT_AVAILABLE,
        ErrorCode::TypeMismatch => sqlstate::INVALID_TEXT,
        ErrorCode::TooBig => sqlstate::TOO_BIG,
        ErrorCode::AuthorizationForStatementDenied | ErrorCode::PermissionDenied => {
            sqlstate::PRIVILEGE
        }
        ErrorCode::SchemaChanged => sqlstate::FEATURE_NOT_SUPPORTED,
        ErrorCode::OutOfMemory => sqlstate::OUT_OF_MEMORY,
        ErrorCode::DiskFull => sqlstate::DISK_FULL,
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => sqlstate::IO_ERROR,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => sqlstate::CORRUPT,
        ErrorCode::ParameterOutOfRange => sqlstate::PROTOCOL_VIOLATION,
        ErrorCode::Unknown => of_message(message),
        _ => sqlstate::INTERNAL,
    }
}

/// `SQLITE_ERROR` has no finer code than its words.
fn of_message(message: &str) -> &'static str {
    let starts = |words: &[&str]| words.iter().any(|words| message.starts_with(words));
    let has = |words: &[&str]| words.iter().any(|words| message.contains(words));
    if starts(&["no such table", "no such view"]) {
        sqlstate::UNDEFINED_TABLE
    } else if starts(&["no such column"]) || has(&["has no column named"]) {
        sqlstate::UNDEFINED_COLUMN
    } else if starts(&["no such function", "wrong number of arguments"]) {
        sqlstate::UNDEFINED_FUNCTION
    } else if starts(&["ambiguous column"]) {
        sqlstate::AMBIGUOUS_COLUMN
    } else if has(&["syntax error"]) || starts(&["incomplete input", "unrecognized token"]) {
        sqlstate::SYNTAX
    } else if starts(&["integer overflow"]) {
        sqlstate::NUMERIC_OUT_OF_RANGE
    } else if starts(&["malformed JSON", "bad JSON path"]) {
        sqlstate::INVALID_JSON_TEXT
    } else if starts(&["ESCAPE expression"]) {
        sqlstate::INVALID_ESCAPE
    } else {
        sqlstate::ACCESS_RULE
    }
}

/// A violated constraint; what it is called stands in the message behind the colon.
fn constraint(extended: i32, message: &str) -> DatabaseFailure {
    let about = message.split_once("constraint failed: ").map(|(_, about)| about.trim());
    let (table, column) = match about.and_then(|about| about.split(", ").next()?.split_once('.')) {
        Some((table, column)) => (Some(table.to_owned()), Some(column.to_owned())),
        None => (None, None),
    };
    let mut failure = DatabaseFailure { message: message.to_owned(), ..DatabaseFailure::default() };
    let sqlstate = match extended {
        ffi::SQLITE_CONSTRAINT_UNIQUE
        | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
        | ffi::SQLITE_CONSTRAINT_ROWID => {
            let index = about.and_then(|about| about.strip_prefix("index '")?.strip_suffix('\''));
            failure.constraint = index.or(about).map(str::to_owned);
            failure.table = table;
            failure.column = column.filter(|_| about.is_some_and(|about| !about.contains(", ")));
            sqlstate::UNIQUE
        }
        ffi::SQLITE_CONSTRAINT_NOTNULL => {
            (failure.table, failure.column) = (table, column);
            sqlstate::NOT_NULL
        }
        ffi::SQLITE_CONSTRAINT_CHECK => {
            failure.constraint = about.map(str::to_owned);
            sqlstate::CHECK
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => sqlstate::FOREIGN_KEY,
        ffi::SQLITE_CONSTRAINT_TRIGGER => sqlstate::RAISED,
        ffi::SQLITE_CONSTRAINT_DATATYPE => {
            let place = message.rsplit_once(" column ").and_then(|(_, c)| c.split_once('.'));
            if let Some((table, column)) = place {
                failure.table = Some(table.to_owned());
                failure.column = Some(column.to_owned());
            }
            sqlstate::INVALID_TEXT
        }
        _ => sqlstate::INTEGRITY,
    };
    DatabaseFailure { sqlstate: sqlstate.to_owned(), ..failure }
}
