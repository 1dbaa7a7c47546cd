//! Asking the server what statements take and give: by preparing them.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::timeout_at;
use tokio_postgres::{Client, Error, Statement};

use super::catalog::{Catalog, Side};
use super::connect::{Address, Session};
use super::error::{connecting, failure};
use super::words::{control, keeps_not_null};
use crate::plan::BackendPlan;
use crate::sql::{Column, DescribeError, Description};

/// The time all statements of a database may take together, the connection apart.
const DESCRIBE_MAX: Duration = Duration::from_secs(60);
/// The server's limit for one of them.
const STATEMENT_MAX: Duration = Duration::from_secs(10);
/// States that say that a parameter's type cannot be told, or is told twice.
const UNTYPED: [&str; 3] = ["42P18", "42P08", "42725"];
/// What to do about them.
const UNTYPED_HINT: &str = "say which type it has: declare the parameter under `types:`";

/// What to do instead of a statement about the session.
const CONTROL_HINT: &str = "use `steps:`, `isolation:` and `session:` of the route, or the user's \
                            own settings in the database";

/// What the server says of a statement, before the catalog is read.
struct Prepared {
    parameters: Vec<u32>,
    columns: Vec<PreparedColumn>,
    keeps_not_null: bool,
}

struct PreparedColumn {
    name: String,
    oid: u32,
    modifier: i32,
    table: Option<(u32, i16)>,
}

/// Describes statements, each by itself; runs none of them. Blocks, in a thread with a runtime
/// of its own, so that it may be called from within another one.
pub fn describe(
    plan: &BackendPlan,
    statements: &[Arc<str>],
) -> Vec<Result<Description, DescribeError>> {
    let all = |why: String| {
        statements.iter().map(|_| Err(DescribeError::Unreachable(why.clone()))).collect()
    };
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("no runtime can be made: {error}"))?;
        runtime.block_on(ask(plan, statements))
    };
    let result = std::thread::scope(|scope| scope.spawn(work).join());
    match result {
        Ok(Ok(described)) => described,
        Ok(Err(why)) => all(why),
        Err(_) => all("the thread that asked has failed".to_owned()),
    }
}

async fn ask(
    plan: &BackendPlan,
    statements: &[Arc<str>],
) -> Result<Vec<Result<Description, DescribeError>>, String> {
    let address = Address::new(plan).map_err(|problem| problem.message)?;
    let session = Session { read_only: true, statement: STATEMENT_MAX, lock: STATEMENT_MAX };
    let (config, connector) = address.connector(session);
    let late = |_| "the database did not answer in time".to_owned();
    let connected = tokio::time::timeout(plan.timeout.connect, connector.open(config)).await;
    let (client, driver) = connected.map_err(late)?.map_err(|error| connecting(&error).detail)?;
    let deadline = (Instant::now() + DESCRIBE_MAX).into();
    let work = async {
        let mut prepared = Vec::with_capacity(statements.len());
        for text in statements {
            prepared.push(prepare(&client, text).await);
        }
        let catalog = read_catalog(&client, &prepared).await;
        let catalog = catalog.map_err(|error| format!("the catalog cannot be read: {error}"))?;
        let described = prepared.into_iter().map(|one| Ok(one?.resolve(&catalog)));
        Ok(described.collect())
    };
    let described = timeout_at(deadline, work).await.map_err(late)?;
    drop(client);
    driver.abort();
    described
}

async fn prepare(client: &Client, text: &str) -> Result<Prepared, DescribeError> {
    if let Some(word) = control(text) {
        return Err(DescribeError::Refused {
            sqlstate: None,
            message: format!("`{word}` is about the session, which callers share"),
            hint: Some(CONTROL_HINT.to_owned()),
            offset: None,
        });
    }
    match client.prepare(text).await {
        Ok(statement) => Ok(Prepared::new(&statement, text)),
        Err(error) => Err(refused(&error, text)),
    }
}

fn refused(error: &Error, text: &str) -> DescribeError {
    let Some(database) = error.as_db_error() else {
        return DescribeError::Unreachable(connecting(error).detail);
    };
    let failure = failure(database, text);
    let untyped = UNTYPED.contains(&failure.sqlstate.as_str());
    let message = match failure.detail {
        Some(detail) => format!("{}: {detail}", failure.message),
        None => failure.message,
    };
    DescribeError::Refused {
        sqlstate: Some(failure.sqlstate),
        message,
        hint: if untyped { Some(UNTYPED_HINT.to_owned()) } else { failure.hint },
        offset: failure.offset,
    }
}

async fn read_catalog(
    client: &Client,
    prepared: &[Result<Prepared, DescribeError>],
) -> Result<Catalog, Error> {
    let mut types = HashSet::new();
    let mut tables = HashSet::new();
    for one in prepared.iter().flatten() {
        types.extend(&one.parameters);
        types.extend(one.columns.iter().map(|column| column.oid));
        tables.extend(one.columns.iter().filter_map(|column| column.table).map(|(table, _)| table));
    }
    Catalog::load(client, types, tables).await
}

impl Prepared {
    fn new(statement: &Statement, text: &str) -> Self {
        let columns = statement.columns().iter().map(|column| PreparedColumn {
            name: column.name().to_owned(),
            oid: column.type_().oid(),
            modifier: column.type_modifier(),
            table: column.table_oid().zip(column.column_id()),
        });
        Self {
            parameters: statement.params().iter().map(tokio_postgres::types::Type::oid).collect(),
            columns: columns.collect(),
            keeps_not_null: keeps_not_null(text),
        }
    }

    fn resolve(self, catalog: &Catalog) -> Description {
        let parameter = |oid: &u32| catalog.resolve(*oid, -1, Side::Parameter);
        let column = |column: PreparedColumn| {
            let proven = column.table.is_some_and(|(table, at)| catalog.is_not_null(table, at));
            Column {
                ty: catalog.resolve(column.oid, column.modifier, Side::Column),
                name: column.name,
                nullable: !(self.keeps_not_null && proven),
            }
        };
        Description {
            parameters: self.parameters.iter().map(parameter).collect(),
            columns: self.columns.into_iter().map(column).collect(),
        }
    }
}
