//! Opening a store.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::StoreError;
use crate::database::Database;
use crate::plan::{
    BackendKind, BackendLimits, BackendPlan, Breaker, DatabasePlan, Pool, Retry, Secret, Timeouts,
};
use crate::sql::Dialect;

/// Connections of one instance to a shared store.
const CONNECTIONS: u32 = 4;
/// How long a call waits for one of them.
const WAIT_MAX: Duration = Duration::from_secs(1);
/// The name of the store in messages.
const NAME: &str = "state";
/// A store that ends with its process.
pub(super) const MEMORY: &str = ":memory:";

/// Durable state behind one interface.
pub struct Store {
    pub(super) database: Database,
    pub(super) dialect: Dialect,
}

impl Store {
    /// Opens a store by its address: `postgres://…`, or the path of an SQLite file, which is
    /// made where it is not there, or `:memory:`. Its tables are made or brought up to date.
    ///
    /// # Errors
    /// Where the file cannot be made, the database does not answer, or a newer figleaf has
    /// written it.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let store = Self::connect(address)?;
        store.prepare().await?;
        Ok(store)
    }

    /// Opens a store that servers have made. Another database is left as it is.
    ///
    /// # Errors
    /// As of [`Store::open`], and where there is no store in it.
    pub async fn existing(address: &str) -> Result<Self, StoreError> {
        let store = Self::connect(address)?;
        let text = match store.dialect {
            Dialect::Postgres => "select cast(to_regclass('figleaf_version') as text)",
            Dialect::Sqlite => "select max(name) from sqlite_master where name = 'figleaf_version'",
        };
        let rows = store.rows(text, Vec::new(), 1).await?;
        if rows.first().and_then(|row| row.maybe(0)).is_none() {
            return Err(StoreError::Absent);
        }
        store.prepare().await?;
        Ok(store)
    }

    fn connect(address: &str) -> Result<Self, StoreError> {
        let shared = address.starts_with("postgres://") || address.starts_with("postgresql://");
        let dialect = if shared { Dialect::Postgres } else { Dialect::Sqlite };
        if !shared && address != MEMORY {
            create(Path::new(address))
                .map_err(|e| StoreError::Open(format!("`{address}`: {e}")))?;
        }
        let database =
            Database::new(&plan(address, dialect)).map_err(|e| StoreError::Open(e.message))?;
        Ok(Self { database, dialect })
    }

    /// Whether several instances may use it.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.dialect == Dialect::Postgres
    }
}

/// SQLite takes an empty file for a new database. Nobody else may read what callers sent.
fn create(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    if path.exists() {
        return Ok(());
    }
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map(drop)
}

fn plan(address: &str, dialect: Dialect) -> BackendPlan {
    // Databases in memory are told apart by their names.
    static OPENED: AtomicU64 = AtomicU64::new(0);
    let name = match address {
        MEMORY => format!("{NAME} {}", OPENED.fetch_add(1, Ordering::Relaxed)),
        _ => NAME.to_owned(),
    };
    BackendPlan {
        name,
        kind: BackendKind::Sql,
        url: String::new(),
        database: Some(DatabasePlan {
            dialect,
            address: Secret::new(address.to_owned()),
            pool: Pool { size: CONNECTIONS, stream: 1, wait: WAIT_MAX },
        }),
        timeout: Timeouts::default(),
        retry: Retry::default(),
        breaker: Breaker::default(),
        limits: BackendLimits::default(),
        tls: None,
        basic: None,
        redact: crate::redact::RedactRules::default(),
        headers: Vec::new(),
    }
}
