//! What the driver says → what is known of a call.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use deadpool_postgres::{PoolError, TimeoutType};
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, ErrorPosition, Severity};

use super::super::SqlError;
use super::deadline::Late;
use crate::backend::{BackendError, Outcome, Verdict};
use crate::diagnostic::Code;
use crate::sql::DatabaseFailure;

/// Retry-After while all connections are lent.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(1);
/// Retry-After while the database cannot serve: it starts, stops, or is out of something.
const DOWN_RETRY_AFTER: Duration = Duration::from_secs(1);
/// Links of a chain of causes that are followed, in number.
const CAUSES_MAX: usize = 8;
/// How the driver names errors of TLS; their kind is not public.
const TLS_FAILED: &str = "error performing TLS handshake";

/// A failed call.
#[derive(Debug)]
pub(super) struct Failure {
    /// What its caller learns. Boxed: it is large, and rare.
    pub(super) error: Box<SqlError>,
    /// What it says of the database.
    pub(super) verdict: Verdict,
    /// What it says of the connection.
    pub(super) connection: Connection,
}

/// What a failure says of its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connection {
    /// It is idle again.
    Idle,
    /// The same, and a statement prepared on it is of no use any more.
    Stale,
    /// A statement may be running on it.
    Running,
    /// It is gone, or in a state nobody knows.
    Lost,
    /// There was none.
    None,
}

impl Failure {
    fn backend(error: BackendError, verdict: Verdict, connection: Connection) -> Self {
        Self { error: Box::new(SqlError::Backend(error)), verdict, connection }
    }

    /// The deadline has passed.
    pub(super) fn late(_: Late, sent: bool) -> Self {
        let (outcome, connection) = if sent {
            (Outcome::Unknown, Connection::Running)
        } else {
            (Outcome::NotSent, Connection::None)
        };
        let detail = "the deadline passed before an answer";
        let error = BackendError::new(Code::BackendTimeout, outcome, detail);
        Self::backend(error, Verdict::Failed, connection)
    }

    /// Our own guard refused.
    pub(super) fn refused(error: BackendError) -> Self {
        Self::backend(error, Verdict::Abandoned, Connection::None)
    }

    /// There is no connection.
    pub(super) fn of_pool(error: &PoolError, size: usize) -> Self {
        let refused = |detail: &str| {
            let error = BackendError::not_sent(Code::BackendRefused, detail);
            Self::backend(error, Verdict::Failed, Connection::None)
        };
        match error {
            PoolError::Timeout(TimeoutType::Wait) => {
                let detail = format!("all {size} connections are lent");
                let error = BackendError::not_sent(Code::BackendBusy, detail);
                Self::refused(error.after(BUSY_RETRY_AFTER))
            }
            PoolError::Timeout(_) => refused("no connection within the connect timeout"),
            PoolError::Backend(error) => {
                Self::backend(connecting(error), Verdict::Failed, Connection::None)
            }
            PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                refused("the pool is closed")
            }
        }
    }

    /// The connection was gone before the statement was sent.
    pub(super) fn closed() -> Self {
        let detail = "the connection was closed before the statement was sent";
        let error = BackendError::not_sent(Code::DatabaseLost, detail).after(DOWN_RETRY_AFTER);
        Self::backend(error, Verdict::Failed, Connection::Lost)
    }

    /// A statement takes another number of values than it was given.
    pub(super) fn of_count(taken: usize, given: usize) -> Self {
        let message = format!("the statement takes {taken} values and was given {given}");
        // using clause does not match dynamic parameter specifications
        let sqlstate = "07001".to_owned();
        let failure = DatabaseFailure { sqlstate, message, ..DatabaseFailure::default() };
        let error = Box::new(SqlError::Database(Box::new(failure)));
        Self { error, verdict: Verdict::Healthy, connection: Connection::Idle }
    }

    /// Known to have come before the statement could run.
    pub(super) fn not_sent(mut self) -> Self {
        if let SqlError::Backend(error) = &mut *self.error
            && (error.outcome == Outcome::Unknown || self.connection == Connection::Lost)
        {
            error.outcome = Outcome::NotSent;
        }
        self
    }

    /// In a transaction nothing has happened before its commit.
    pub(super) fn rolled_back(mut self) -> Self {
        if let SqlError::Backend(error) = &mut *self.error {
            error.outcome = Outcome::Rejected;
        }
        self
    }

    /// Known to have come when the statement ran: its plan was not the reason.
    fn while_running(mut self) -> Self {
        if self.connection == Connection::Stale {
            self.connection = Connection::Idle;
        }
        self
    }

    /// Whether the connection is gone, so that another one may do better.
    pub(super) fn is_lost(&self) -> bool {
        self.connection == Connection::Lost
    }

    /// Whether it is certain that the statement never reached the database.
    pub(super) fn is_not_sent(&self) -> bool {
        matches!(&*self.error, SqlError::Backend(error) if error.outcome == Outcome::NotSent)
    }

    /// A statement was not prepared. `text` is the statement, for the place of the error.
    pub(super) fn of_preparing(error: &Error, text: &str) -> Self {
        Self::of(error, text).while_running().not_sent()
    }

    /// A prepared statement was not begun.
    pub(super) fn of_beginning(error: &Error, text: &str) -> Self {
        let failure = Self::of(error, text);
        // The server answers in order, and this answer was not yet that of running it.
        if error.as_db_error().is_some() { failure.not_sent() } else { failure }
    }

    /// A statement failed. Where the database had said before that it is `complete`, it may
    /// have been committed before the connection went.
    pub(super) fn of_running(error: &Error, text: &str, complete: bool) -> Self {
        let mut failure = Self::of(error, text).while_running();
        if let (true, Connection::Lost, SqlError::Backend(error)) =
            (complete, failure.connection, &mut *failure.error)
        {
            error.outcome = Outcome::Unknown;
        }
        failure
    }

    fn of(error: &Error, text: &str) -> Self {
        match error.as_db_error() {
            Some(database) => said(database, text),
            None => Self::backend(lost(error), Verdict::Failed, Connection::Lost),
        }
    }
}

/// The database itself says what is wrong.
fn said(error: &DbError, text: &str) -> Failure {
    let state = error.code().code();
    let ended = error.parsed_severity().is_some_and(|severity| severity != Severity::Error);
    let connection = match state {
        _ if ended => Connection::Lost,
        // "cached plan must not change result type", and a statement another one deallocated
        "0A000" | "26000" => Connection::Stale,
        _ => Connection::Idle,
    };
    let rejected = |code, detail: &str| {
        let detail = format!("{detail} (SQLSTATE {state})");
        BackendError::new(code, Outcome::Rejected, detail).after(DOWN_RETRY_AFTER)
    };
    let error = match state {
        "57014" => {
            let mut error = rejected(Code::BackendTimeout, "the database cancelled the statement");
            error.retry_after = None;
            error
        }
        _ if unable(state) => rejected(Code::BackendRefused, "the database cannot serve"),
        _ if ended => rejected(Code::DatabaseLost, "the database ended the connection"),
        _ => {
            // A failure of the system below the database (58) is not the statement's.
            let verdict = if state.starts_with("58") { Verdict::Failed } else { Verdict::Healthy };
            let error = Box::new(SqlError::Database(Box::new(failure(error, text))));
            return Failure { error, verdict, connection };
        }
    };
    Failure::backend(error, Verdict::Failed, connection)
}

/// Classes of SQLSTATE that say that the database cannot serve anyone at this moment.
fn unable(state: &str) -> bool {
    matches!(state.get(..2), Some("08" | "53" | "28"))
        || state.starts_with("57P")
        || state == "3D000"
}

/// Its fields.
pub(super) fn failure(error: &DbError, text: &str) -> DatabaseFailure {
    let own = |field: Option<&str>| field.map(str::to_owned);
    DatabaseFailure {
        sqlstate: error.code().code().to_owned(),
        message: error.message().to_owned(),
        detail: own(error.detail()),
        hint: own(error.hint()),
        constraint: own(error.constraint()),
        table: own(error.table()),
        column: own(error.column()),
        offset: match error.position() {
            Some(ErrorPosition::Original(position)) => offset(text, *position),
            _ => None,
        },
    }
}

/// The byte at which a character stands; PostgreSQL counts characters, from 1.
fn offset(text: &str, position: u32) -> Option<usize> {
    let before = position.checked_sub(1)? as usize;
    let ends = std::iter::once(text.len());
    text.char_indices().map(|(at, _)| at).chain(ends).nth(before)
}

/// No connection could be made.
pub(super) fn connecting(error: &Error) -> BackendError {
    if let Some(database) = error.as_db_error() {
        let state = database.code().code();
        let what = match state {
            "3D000" => "the database does not exist",
            _ if state.starts_with("28") => "the database refused the user or the password",
            _ => "the database cannot serve",
        };
        let detail = format!("{what} (SQLSTATE {state})");
        return BackendError::not_sent(Code::BackendRefused, detail).after(DOWN_RETRY_AFTER);
    }
    let causes = Causes::of(error);
    if causes.tls || error.to_string() == TLS_FAILED {
        return BackendError::not_sent(Code::BackendTls, causes.text);
    }
    match causes.io {
        Some((io::ErrorKind::TimedOut, _)) => {
            let detail = "no connection within the connect timeout";
            BackendError::not_sent(Code::BackendRefused, detail)
        }
        // What the system says of a connection has a number; what it says of a name has not.
        Some((_, false)) if causes.text.contains("address") => {
            BackendError::not_sent(Code::BackendDns, causes.text)
        }
        _ => BackendError::not_sent(Code::BackendRefused, causes.text),
    }
}

/// The connection broke while a statement was on it.
fn lost(error: &Error) -> BackendError {
    BackendError::unknown(Code::DatabaseLost, Causes::of(error).text).after(DOWN_RETRY_AFTER)
}

/// What the chain of causes under an error says. None of them holds an address, a value or a
/// text of the server.
struct Causes {
    io: Option<(io::ErrorKind, bool)>,
    tls: bool,
    text: String,
}

impl Causes {
    fn of(error: &Error) -> Self {
        let mut causes = Self { io: None, tls: false, text: error.to_string() };
        let mut next = error.source();
        for _ in 0..CAUSES_MAX {
            let Some(cause) = next else { break };
            let mut inner = cause.source();
            if let Some(io) = cause.downcast_ref::<io::Error>() {
                causes.io = Some((io.kind(), io.raw_os_error().is_some()));
                // An `io::Error` hides the error it wraps from `source`.
                inner = io.get_ref().map(|inner| inner as &(dyn StdError + 'static));
            }
            causes.tls |= cause.is::<rustls::Error>();
            let text = cause.to_string();
            if !causes.text.ends_with(&text) {
                causes.text.push_str(": ");
                causes.text.push_str(&text);
            }
            next = inner;
        }
        causes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_counts_characters_and_an_offset_bytes() {
        let check = |text, position, expected| assert_eq!(offset(text, position), expected);
        check("select é, x", 1, Some(0));
        check("select é, x", 11, Some(11));
        check("x", 2, Some(1));
        check("x", 3, None);
        check("x", 0, None);
    }

    #[test]
    fn some_states_say_that_nobody_can_be_served() {
        for state in ["08006", "53300", "57P01", "57P03", "28P01", "3D000"] {
            assert!(unable(state), "{state}");
        }
        for state in ["57014", "23505", "42P01", "40001", "P0001", "XX000"] {
            assert!(!unable(state), "{state}");
        }
    }
}
