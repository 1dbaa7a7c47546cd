//! One statement, run to its end or to where nobody wants more of it.

use std::ops::ControlFlow;
use std::sync::Arc;

use rusqlite::Statement;
use rusqlite::types::{ToSqlOutput, ValueRef};

use super::batch::Batch;
use super::failure::{Halt, sqlstate};
use super::statements::Statements;
use crate::sql::{DatabaseFailure, Value};

/// Binds and runs a statement; `full` takes each batch and says whether to go on. The last
/// batch, which may be empty, is given back with the rows touched, or given where none can
/// be touched.
///
/// # Errors
/// What SQLite says, or `full`.
pub(super) fn run(
    statements: &mut Statements<'_>,
    (text, values): (&Arc<str>, &[Value]),
    names: bool,
    full: impl FnMut(Batch) -> Result<ControlFlow<()>, Halt>,
) -> Result<(Batch, u64), Halt> {
    let connection = statements.connection();
    let before = connection.total_changes();
    let statement = statements.get(text)?;
    bind(statement, values)?;
    let done = step(statement, names, full);
    statement.clear_bindings();
    let (last, given) = done?;
    let affected = match statement.readonly() {
        true => given,
        // What a statement that changes no rows leaves there is of the one before it.
        false if connection.total_changes() == before => 0,
        false => connection.changes(),
    };
    Ok((last, affected))
}

fn step(
    statement: &mut Statement<'_>,
    names: bool,
    mut full: impl FnMut(Batch) -> Result<ControlFlow<()>, Halt>,
) -> Result<(Batch, u64), Halt> {
    let mut batch = None;
    let mut given = 0;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        // Only a row knows its columns: the schema may have changed since the last time.
        let batch = batch.get_or_insert_with(|| {
            let statement = row.as_ref();
            Batch::new(statement.column_count(), names.then(|| statement.column_names().collect()))
        });
        batch.add(row)?;
        given += 1;
        if batch.is_full() {
            let next = batch.next(row.as_ref().column_count());
            if full(std::mem::replace(batch, next))?.is_break() {
                break;
            }
        }
    }
    drop(rows);
    Ok((batch.unwrap_or_default(), given))
}

fn bind(statement: &mut Statement<'_>, values: &[Value]) -> Result<(), Halt> {
    let wanted = statement.parameter_count();
    if wanted != values.len() {
        let message = format!("{wanted} values are needed and {} were given", values.len());
        let sqlstate = sqlstate::PROTOCOL_VIOLATION.to_owned();
        return Err(DatabaseFailure { sqlstate, message, ..DatabaseFailure::default() }.into());
    }
    for (at, value) in (1..).zip(values) {
        let value = match value {
            Value::Null => ValueRef::Null,
            Value::Integer(value) => ValueRef::Integer(*value),
            Value::Real(value) => ValueRef::Real(*value),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(blob) => ValueRef::Blob(blob),
        };
        statement.raw_bind_parameter(at, ToSqlOutput::Borrowed(value))?;
    }
    Ok(())
}
