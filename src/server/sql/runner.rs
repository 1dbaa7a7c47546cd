//! Statements run one after another: each alone, or all in one transaction.

use std::sync::Arc;

use super::asked::Asked;
use super::heard::Sent;
use crate::database::{Query, ResultSet, Row, SqlError, Transaction};
use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::engine::sql::row_bytes;
use crate::plan::RowPlan;

/// Why a call has no answer.
pub(super) enum Failed {
    /// Of our own judgement.
    Problem(Box<Problem>),
    /// Of the database, and the statement concerned.
    Sql(SqlError, Option<Arc<str>>),
}

impl From<Box<Problem>> for Failed {
    fn from(problem: Box<Problem>) -> Self {
        Self::Problem(problem)
    }
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem.into())
    }
}

/// How much of a result is taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caps {
    /// Rows; one more is a problem.
    pub rows: u64,
    /// Whether that is what the route declares, and no limit.
    pub declared: bool,
    /// Bytes of the columns that are shown, about.
    pub bytes: u64,
}

impl Caps {
    /// What is said where there are more.
    pub fn rows_problem(self) -> Problem {
        let words = format!("more than {} rows", self.rows);
        if self.declared {
            return Problem::new(Code::DatabaseRows, "").internal(words);
        }
        Problem::new(Code::DatabaseTooLarge, words)
    }
}

impl Caps {
    /// What is said of more bytes.
    pub fn bytes_problem(self) -> Problem {
        Problem::new(Code::DatabaseTooLarge, format!("more than {} bytes", self.bytes))
    }
}

/// Where statements run.
pub(super) enum Runner<'c> {
    /// Each by itself.
    Alone(&'c Asked<'c>),
    /// In a transaction.
    Within(Box<Transaction>),
}

impl Runner<'_> {
    /// The rows of an open cursor.
    pub async fn fetch(&mut self, cursor: &str, caps: Caps) -> Result<Vec<Row>, Failed> {
        let Self::Within(transaction) = self else {
            let internal = "a cursor outside of its transaction";
            return Err(Problem::new(Code::RequestInternal, "").internal(internal).into());
        };
        let found = transaction.fetch(cursor, caps.rows).await;
        let rows = found.map_err(|error| Failed::Sql(error, None))?.rows;
        if rows.len() as u64 > caps.rows {
            return Err(caps.rows_problem().into());
        }
        Ok(rows)
    }

    /// Runs a statement and gathers its rows.
    pub async fn run(
        &mut self,
        sent: Sent,
        row: &RowPlan,
        caps: Caps,
    ) -> Result<ResultSet, Failed> {
        let Sent { text, values, names } = sent;
        let failed = |error| Failed::Sql(error, Some(Arc::clone(&text)));
        match self {
            Self::Within(transaction) => {
                let set = transaction.named_query(&text, (values, names.as_ref()), caps.rows).await;
                let set = set.map_err(failed)?;
                if set.rows.len() as u64 > caps.rows {
                    return Err(caps.rows_problem().into());
                }
                Ok(set)
            }
            Self::Alone(asked) => {
                let query = Query {
                    text: Arc::clone(&text),
                    values,
                    effect: asked.effect,
                    stream: asked.call.stream,
                    hearing: asked.hearing(names).map(Box::new),
                    deadline: asked.deadline,
                };
                let mut found = asked.database.query(query).await.map_err(failed)?;
                let (mut rows, mut bytes) = (Vec::new(), 0);
                while let Some(next) = found.next().await.map_err(failed)? {
                    bytes += row_bytes(row, &next);
                    if rows.len() as u64 >= caps.rows {
                        return Err(caps.rows_problem().into());
                    }
                    if bytes > caps.bytes {
                        return Err(caps.bytes_problem().into());
                    }
                    rows.push(next);
                }
                Ok(ResultSet { rows, affected: found.affected() })
            }
        }
    }
}
