//! A list on its way: rows become JSON as they arrive.

use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;

use super::asked::{Asked, problem};
use super::runner::Failed;
use crate::database::{Query, Rows};
use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::engine::sql::{RowWriter, Style, judge_rows};
use crate::plan::{ResultKind, SqlCall};
use crate::server::exchange::Exchange;

/// A list being read.
pub(super) struct List {
    /// Counts as in flight until its last byte.
    pub exchange: Rc<Exchange>,
    pub style: Style,
    rows: Rows,
    text: Arc<str>,
    writer: RowWriter,
    out: Vec<u8>,
    /// Rows read.
    pub count: u64,
    /// Bytes handed out.
    bytes: u64,
    /// Whether they end with a line.
    pub whole_lines: bool,
}

impl Asked<'_> {
    /// Whether its rows can be sent as they come: a list that nothing has to be known of
    /// beforehand.
    pub(super) fn flows(&self) -> bool {
        let call = self.call;
        let [step] = &call.steps[..] else { return false };
        step.result == ResultKind::Many
            && step.includes.is_empty()
            && call.page.is_none()
            && call.transaction.is_none()
            && call.location.is_none()
            && self.effect == crate::plan::Effect::Read
    }
}

impl List {
    /// Runs the statement of a call that [flows](Asked::flows).
    pub async fn open(asked: &Asked<'_>, style: Style) -> Result<Self, Box<Problem>> {
        let call = asked.call;
        let Some(step) = call.steps.first() else {
            return Err(Problem::new(Code::RequestInternal, "").into());
        };
        let assembled = step.statement.assemble(asked.bound.choice(call, 0));
        let values = asked.bound.values(call, 0, &[], &assembled)?;
        let names = asked.names(&assembled, &step.statement, &step.bindings);
        let text = assembled.text;
        let query = Query {
            text: Arc::clone(&text),
            values,
            effect: asked.effect,
            stream: call.stream,
            hearing: asked.hearing(names).map(Box::new),
            deadline: asked.deadline,
        };
        let failed = |error| problem(call, Failed::Sql(error, Some(Arc::clone(&text))));
        let rows = asked.database.query(query).await.map_err(failed)?;
        let writer = RowWriter::new(Arc::clone(&step.row), style);
        let mut out = Vec::new();
        writer.begin(&mut out);
        let exchange = Rc::clone(asked.exchange);
        Ok(Self { exchange, style, rows, text, writer, out, count: 0, bytes: 0, whole_lines: true })
    }

    /// Reads until there are this many bytes; `true` when the list has ended.
    ///
    /// # Errors
    /// Also where there are more rows or bytes than the route allows.
    pub async fn fill(&mut self, call: &SqlCall, bytes: usize) -> Result<bool, Box<Problem>> {
        while self.out.len() < bytes {
            let next = self.rows.next().await;
            let failed = |error| problem(call, Failed::Sql(error, Some(Arc::clone(&self.text))));
            let Some(row) = next.map_err(failed)? else {
                self.writer.end(&mut self.out);
                return Ok(true);
            };
            self.count += 1;
            if self.count > call.rows_max {
                let detail = format!("more than {} rows", call.rows_max);
                return Err(Problem::new(Code::DatabaseTooLarge, detail).into());
            }
            self.writer
                .row(&row, &[], &mut self.out)
                .map_err(|error| Box::new(judge_rows(&error)))?;
            if self.bytes + self.out.len() as u64 > call.bytes_max {
                let detail = format!("more than {} bytes", call.bytes_max);
                return Err(Problem::new(Code::DatabaseTooLarge, detail).into());
            }
        }
        Ok(false)
    }

    /// Takes the lines that are whole, and leaves off what a failure has cut short.
    pub fn take_lines(&mut self) -> Vec<u8> {
        let whole = self.out.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        self.out.truncate(whole);
        std::mem::take(&mut self.out)
    }

    /// Takes what has been written.
    pub fn take(&mut self) -> Bytes {
        self.bytes += self.out.len() as u64;
        self.whole_lines = self.out.last().is_none_or(|last| *last == b'\n');
        let room = self.out.len();
        Bytes::from(std::mem::replace(&mut self.out, Vec::with_capacity(room)))
    }
}
