//! What SQLite knows of a statement before it is run.

use std::collections::HashSet;
use std::ffi::CStr;
use std::sync::Arc;

use rusqlite::{Connection, Statement};

use super::call::Present;
use super::connection::{Access, Place, open};
use super::declared::declared;
use super::failure::{Halt, failure, unusable};
use crate::plan::BackendPlan;
use crate::sql::{Column, DatabaseFailure, DescribeError, Description, Type};

/// Operations of SQLite's virtual machine after which a column may be NULL whatever its
/// table says: rows an outer join has not found, and aggregates of no rows.
const MAKES_NULL: [&str; 2] = ["NullRow", "IfNullRow"];
const AGGREGATES: &str = "Agg";
/// Words that put several queries into one, where SQLite names the origin of the first only.
const SEVERAL_QUERIES: [&str; 4] = ["union", "except", "intersect", "with"];

/// Describes statements, each by itself; runs none of them. Blocks.
pub fn describe(
    plan: &BackendPlan,
    statements: &[Arc<str>],
) -> Vec<Result<Description, DescribeError>> {
    let asking = match Asking::new(plan) {
        Ok(asking) => asking,
        Err(error) => return statements.iter().map(|_| Err(error.clone())).collect(),
    };
    statements.iter().map(|text| asking.describe(text)).collect()
}

/// A connection that statements are described on.
struct Asking {
    connection: Connection,
    /// The words of the names of views.
    views: Vec<HashSet<String>>,
}

impl Asking {
    fn new(plan: &BackendPlan) -> Result<Self, DescribeError> {
        let unreachable = |why: &str| DescribeError::Unreachable(why.to_owned());
        let database = plan.database.as_ref().ok_or_else(|| unreachable("it has no address"))?;
        let place = Place::new(&plan.name, database.address.expose());
        let present = Arc::new(Present::default());
        let connection = open(&place, Access::Read, database.pool.wait, &present).map_err(
            |error| match unusable(error) {
                Halt::Unusable(why) => DescribeError::Unreachable(why),
                Halt::Failure(failure) => DescribeError::Unreachable(failure.message),
                _ => unreachable("it does not answer"),
            },
        )?;
        let views = views(&connection).map_err(refused)?;
        Ok(Self { connection, views })
    }

    fn describe(&self, text: &str) -> Result<Description, DescribeError> {
        let statement = self.connection.prepare(text).map_err(refused)?;
        let parameters = vec![Type::Dynamic; statement.parameter_count()];
        let keeps_not_null = self.keeps_not_null(text);
        let column = |at| self.column(&statement, at, keeps_not_null);
        let columns: Result<_, _> = (0..statement.column_count()).map(column).collect();
        Ok(Description { parameters, columns: columns.map_err(refused)? })
    }

    fn column(
        &self,
        statement: &Statement<'_>,
        at: usize,
        keeps_not_null: bool,
    ) -> Result<Column, rusqlite::Error> {
        let name = statement.column_name(at)?.to_owned();
        let text = |text: &CStr| text.to_string_lossy().into_owned();
        let Some((_, table, _, ty, _, not_null, key, _)) = statement.column_metadata(at)? else {
            return Ok(Column { name, ty: Type::Dynamic, nullable: true });
        };
        let ty = ty.map(text).unwrap_or_default();
        let row_id = key && ty.eq_ignore_ascii_case("integer") && self.has_row_id(&text(table))?;
        let nullable = !(keeps_not_null && (not_null || row_id));
        Ok(Column { name, ty: declared(&ty), nullable })
    }

    /// Whether the INTEGER key of a table is its rowid, which is never NULL: other keys of
    /// SQLite may be.
    fn has_row_id(&self, table: &str) -> Result<bool, rusqlite::Error> {
        let keys = "SELECT count(*) FROM pragma_table_info(?1) WHERE pk > 0";
        let keys: i64 = self.connection.query_row(keys, [table], |row| row.get(0))?;
        let indexes = "SELECT count(*) FROM pragma_index_list(?1) WHERE origin = 'pk'";
        let indexes: i64 = self.connection.query_row(indexes, [table], |row| row.get(0))?;
        Ok(keys == 1 && indexes == 0)
    }

    /// Whether a column of a table that is NOT NULL there cannot be NULL in the result. Where
    /// it is not certain, it is not so.
    fn keeps_not_null(&self, text: &str) -> bool {
        let words: Vec<String> = words(text);
        let queries = words.iter().filter(|word| *word == "select").count();
        let simple = queries <= 1
            && !words.iter().any(|word| SEVERAL_QUERIES.contains(&word.as_str()))
            && !self.views.iter().any(|view| view.iter().all(|word| words.contains(word)));
        simple && self.explains_no_null(text).unwrap_or(false)
    }

    fn explains_no_null(&self, text: &str) -> Result<bool, rusqlite::Error> {
        let mut statement = self.connection.prepare(&format!("EXPLAIN {text}"))?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let operation: String = row.get(1)?;
            if MAKES_NULL.contains(&operation.as_str()) || operation.starts_with(AGGREGATES) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn views(connection: &Connection) -> Result<Vec<HashSet<String>>, rusqlite::Error> {
    let mut statement = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'")?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    names.map(|name| Ok(words(&name?).into_iter().collect())).collect()
}

/// The words of a statement in lower case, those in quotes and comments too: one too many
/// makes a column nullable, and no more.
fn words(text: &str) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let words = text.split(|c| !is_word(c)).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

fn refused(error: rusqlite::Error) -> DescribeError {
    let DatabaseFailure { sqlstate, message, hint, offset, .. } = failure(error);
    DescribeError::Refused { sqlstate: Some(sqlstate), message, hint, offset }
}
