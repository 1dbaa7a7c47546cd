//! A transaction as its worker sees it.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::batch::{Batch, SqliteRow};
use super::call::{Call, Present};
use super::failure::{Halt, sqlstate};
use super::read;
use super::statements::Statements;
use crate::sql::{DatabaseFailure, Value};

/// A transaction: what begins it, and where its statements come from.
pub(super) struct Session {
    pub begin: &'static str,
    /// Bytes of text and blob of one result; 0 is no limit.
    pub bytes_max: u64,
    pub begun: oneshot::Sender<Result<(), Halt>>,
    pub commands: Receiver<Command>,
}

/// What is to be done next.
pub(super) enum Command {
    Query(Box<Gather>),
    Commit(oneshot::Sender<Result<(), Halt>>),
    Rollback(oneshot::Sender<()>),
}

/// A statement whose rows are gathered.
pub(super) struct Gather {
    pub text: Arc<str>,
    pub values: Vec<Value>,
    pub names: bool,
    pub rows_max: u64,
    pub reply: oneshot::Sender<Result<Gathered, Halt>>,
}

/// The result of a statement.
pub(super) struct Gathered {
    pub rows: Vec<SqliteRow>,
    pub affected: u64,
}

impl Session {
    /// Says that it cannot begin.
    pub(super) fn refuse(self, halt: Halt) {
        let _ = self.begun.send(Err(halt));
    }
}

/// Works through a transaction. Whatever way it ends, [`leave_clean`] comes after it.
pub(super) fn run(
    session: Session,
    call: &Arc<Call>,
    statements: &mut Statements<'_>,
    present: &Present,
) {
    let connection = statements.connection();
    let Session { begin, bytes_max, begun, commands } = session;
    if let Err(error) = connection.execute_batch(begin) {
        let _ = begun.send(Err(error.into()));
        return;
    }
    if begun.send(Ok(())).is_err() {
        return;
    }
    let mut failed = false;
    // A caller who leaves or lets the time pass ends it.
    while let Ok(command) = commands.recv_timeout(call.left()) {
        match command {
            Command::Query(gather) if failed => {
                let _ = gather.reply.send(Err(in_failed_transaction()));
            }
            Command::Query(query) => {
                let result = gather(statements, &query, bytes_max);
                failed = result.is_err();
                if failed {
                    present.set(None);
                    leave_clean(connection);
                    present.set(Some(Arc::clone(call)));
                }
                let _ = query.reply.send(result);
            }
            Command::Commit(reply) => {
                let done = if failed {
                    Err(in_failed_transaction())
                } else {
                    connection.execute_batch("COMMIT").map_err(Halt::from)
                };
                let _ = reply.send(done);
                return;
            }
            Command::Rollback(reply) => {
                present.set(None);
                leave_clean(connection);
                let _ = reply.send(());
                return;
            }
        }
    }
}

/// Rolls back what is still open.
pub(super) fn leave_clean(connection: &Connection) {
    if !connection.is_autocommit() {
        // It can fail only where SQLite has rolled back by itself.
        let _ = connection.execute_batch("ROLLBACK");
    }
}

fn in_failed_transaction() -> Halt {
    let message = "an earlier statement has ended the transaction".to_owned();
    let sqlstate = sqlstate::IN_FAILED_TRANSACTION.to_owned();
    DatabaseFailure { sqlstate, message, ..DatabaseFailure::default() }.into()
}

fn gather(
    statements: &mut Statements<'_>,
    query: &Gather,
    bytes_max: u64,
) -> Result<Gathered, Halt> {
    let mut rows = Vec::new();
    let mut bytes: u64 = 0;
    let wanted = usize::try_from(query.rows_max.saturating_add(1)).unwrap_or(usize::MAX);
    let mut keep = |batch: Batch| {
        bytes = bytes.saturating_add(batch.bytes() as u64);
        if bytes_max != 0 && bytes > bytes_max {
            return Err(Halt::TooLarge);
        }
        let batch = Arc::new(batch);
        rows.extend((0..batch.rows()).map_while(|row| SqliteRow::of(&batch, row)));
        let enough = rows.len() >= wanted;
        Ok(if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    };
    let (last, affected) =
        read::run(statements, (&query.text, &query.values), query.names, &mut keep)?;
    keep(last)?.is_break();
    rows.truncate(wanted);
    Ok(Gathered { rows, affected })
}
