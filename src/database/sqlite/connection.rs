//! A connection: how the file is opened, and what is set before anything is asked.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, OpenFlags};

use super::call::Present;

/// Steps of SQLite's virtual machine between two looks at the call: some microseconds.
const STEPS_BETWEEN_LOOKS: i32 = 1000;
/// The longest pause between two attempts at a locked file.
const LOCK_PAUSE_MAX: Duration = Duration::from_millis(10);
/// Pragmas whose value is what they are asked about; with others it is what they set.
const ASKING_PRAGMAS: &[&str] = &[
    "foreign_key_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In a file.
    File(PathBuf),
    /// In memory, under a name of SQLite's `memdb`: all connections of this process to it
    /// see the same, and it is gone with the last of them.
    Memory(String),
}

impl Place {
    /// The place of an address of the plan.
    pub(super) fn new(backend: &str, address: &str) -> Self {
        if address != ":memory:" {
            return Self::File(PathBuf::from(address));
        }
        let safe = |b: u8| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        };
        let name: String = backend.bytes().map(safe).collect();
        Self::Memory(format!("file:/figleaf-{name}?vfs=memdb"))
    }

    /// What tells the file from another of the same name; `None` where that cannot be told.
    pub(super) fn identity(&self) -> Option<(u64, u64)> {
        match self {
            Self::File(path) => identity(path),
            Self::Memory(_) => None,
        }
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

/// Elsewhere an open file cannot be replaced.
#[cfg(not(unix))]
fn identity(_: &Path) -> Option<(u64, u64)> {
    None
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// It cannot write.
    Read,
    /// It can, where the file lets it.
    Write,
}

/// Opens a database that is there.
///
/// # Errors
/// Where it is not, or is none.
pub(super) fn open(
    place: &Place,
    access: Access,
    lock_wait: Duration,
    present: &Arc<Present>,
) -> Result<Connection, rusqlite::Error> {
    let file = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let write = OpenFlags::SQLITE_OPEN_READ_WRITE;
    match place {
        Place::Memory(name) => {
            let flags = file | write | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_URI;
            prepare(Connection::open_with_flags(name, flags)?, access, lock_wait, present)
        }
        Place::File(path) => {
            let open = |flags| {
                let connection = Connection::open_with_flags(plain(path), flags)?;
                prepare(connection, access, lock_wait, present)
            };
            match access {
                Access::Write => open(file | write),
                // A file with a journal to be rolled back first cannot be opened so.
                Access::Read => {
                    open(file | OpenFlags::SQLITE_OPEN_READ_ONLY).or_else(|_| open(file | write))
                }
            }
        }
    }
}

/// A path that SQLite takes for nothing else.
fn plain(path: &Path) -> PathBuf {
    if path.is_absolute() { path.to_owned() } else { Path::new(".").join(path) }
}

fn prepare(
    mut connection: Connection,
    access: Access,
    lock_wait: Duration,
    present: &Arc<Present>,
) -> Result<Connection, rusqlite::Error> {
    wait_for_locks(&mut connection, lock_wait, present)?;
    let over = Arc::clone(present);
    connection.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || over.is_over()))?;
    // The file may come from anybody, and so may its views and triggers.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    // Otherwise a column that is misspelt in double quotes is a text.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    // The first look at the file: whether it is a database shows only now.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    if access == Access::Read {
        connection.pragma_update(None, "query_only", true)?;
    }
    connection.authorizer(Some(allow))?;
    Ok(connection)
}

/// Statements that would leave the connection changed for the next caller are refused.
fn allow(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => Authorization::Deny,
        AuthAction::Pragma { pragma_name, pragma_value: Some(_) }
            if !ASKING_PRAGMAS.contains(&pragma_name) =>
        {
            Authorization::Deny
        }
        _ => Authorization::Allow,
    }
}

fn wait_for_locks(
    connection: &mut Connection,
    lock_wait: Duration,
    present: &Arc<Present>,
) -> Result<(), rusqlite::Error> {
    let present = Arc::clone(present);
    let mut since = Instant::now();
    connection.busy_handler(Some(move |attempts: i32| {
        if attempts == 0 {
            since = Instant::now();
        }
        if since.elapsed() >= lock_wait || present.is_over() {
            return false;
        }
        let pause = Duration::from_millis(1 << attempts.clamp(0, 8));
        std::thread::sleep(pause.min(LOCK_PAUSE_MAX));
        true
    }))
}
