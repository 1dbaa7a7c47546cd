//! Questions and their answers as texts.

use std::sync::Arc;
use std::time::Instant;

use super::{postgres, sqlite};
use crate::database::{Database, Query, SqlError, describe};
use crate::plan::{BackendPlan, Effect};
use crate::sql::{Catalog, Cell, Cells, DescribeError, Description, Dialect, Value};

/// Tables, views and routines that are read; what comes after them is left out.
pub(super) const OBJECTS_MAX: usize = 5_000;

/// Reads what there is in a database that its role may use. Blocks: it has a runtime and
/// connections of its own.
///
/// # Errors
/// Why the database cannot be asked, in words for whoever runs the command.
pub fn catalog(plan: &BackendPlan) -> Result<Catalog, String> {
    let asking = Asking::new(plan)?;
    match plan.database.as_ref().map(|database| database.dialect) {
        Some(Dialect::Sqlite) => sqlite::catalog(&asking),
        _ => postgres::catalog(&asking),
    }
}

/// A database that is asked.
pub(super) struct Asking<'p> {
    plan: &'p BackendPlan,
    database: Database,
    runtime: tokio::runtime::Runtime,
}

impl<'p> Asking<'p> {
    fn new(plan: &'p BackendPlan) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let database = {
            let _inside = runtime.enter();
            Database::new(plan).map_err(|problem| problem.message)?
        };
        Ok(Self { plan, database, runtime })
    }

    /// The rows of a statement, each as the text of its first column.
    pub(super) fn texts(&self, text: &str, values: &[&str]) -> Result<Vec<String>, String> {
        let values = values.iter().map(|value| Value::Text((*value).to_owned())).collect();
        let query = Query {
            text: Arc::from(text),
            values,
            effect: Effect::Read,
            stream: false,
            hearing: None,
            deadline: Instant::now() + self.plan.timeout.total,
        };
        let gather = async {
            let mut rows = self.database.query(query).await?;
            let mut texts = Vec::new();
            while let Some(row) = rows.next().await? {
                texts.push(match row.cell(0) {
                    Cell::Binary(bytes) | Cell::Text(bytes) | Cell::Blob(bytes) => {
                        String::from_utf8_lossy(bytes).into_owned()
                    }
                    _ => String::new(),
                });
            }
            Ok(texts)
        };
        self.runtime.block_on(gather).map_err(words)
    }

    /// What statements take and give.
    pub(super) fn describe(
        &self,
        statements: &[Arc<str>],
    ) -> Vec<Result<Description, DescribeError>> {
        describe(self.plan, statements)
    }
}

/// An error for whoever runs the command, who may see the database's words.
fn words(error: SqlError) -> String {
    match error {
        SqlError::Backend(error) => format!("{}: {}", error.code.title(), error.detail),
        SqlError::Database(failure) => failure.message,
    }
}

/// Why a statement was refused.
pub(super) fn why(error: &DescribeError) -> String {
    match error {
        DescribeError::Unreachable(why) => why.clone(),
        DescribeError::Refused { message, .. } => message.clone(),
    }
}

/// A line of JSON the database has made.
pub(super) fn parsed<T: serde::de::DeserializeOwned>(line: &str) -> Result<T, String> {
    serde_json::from_str(line).map_err(|error| format!("the catalog is not understood: {error}"))
}
