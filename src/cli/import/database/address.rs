//! What is typed: the address of a database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::Arguments;
use super::super::proposal::words::identifier;
use crate::cli::output::Failure;
use crate::plan::{
    BackendKind, BackendLimits, BackendPlan, Breaker, DatabasePlan, Pool, Retry, Secret, Timeouts,
};
use crate::sql::Dialect;

const POSTGRES: [&str; 2] = ["postgres://", "postgresql://"];
const SQLITE: &str = "sqlite:";
/// To a usable connection, TLS included.
const CONNECT_MAX: Duration = Duration::from_secs(10);

/// Whether a source is a database and no contract.
pub fn is_database(source: &str) -> bool {
    source.starts_with(SQLITE) || POSTGRES.iter().any(|scheme| source.starts_with(scheme))
}

/// A database as it was typed.
#[derive(Debug)]
pub struct Address {
    /// What it speaks.
    pub dialect: Dialect,
    /// Without user, password and settings: this may be shown.
    pub shown: String,
    /// What it is called where nobody says.
    pub name: String,
    /// The file of SQLite.
    pub file: Option<PathBuf>,
    address: Secret,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// Where a part is missing; the address itself is never repeated.
    pub fn new(source: &str) -> Result<Self, Failure> {
        if let Some(path) = source.strip_prefix(SQLITE) {
            return Self::sqlite(path);
        }
        let (scheme, rest) = source.split_once("://").unwrap_or(("postgres", source));
        // The driver takes all before the first `@` for credentials, whatever stands in it.
        let rest = rest.split_once('@').map_or(rest, |(_, host)| host);
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        let host = authority.rsplit('@').next().unwrap_or_default();
        if database.is_empty() || database.contains('/') {
            return Err(Failure::usage("the address names no database")
                .help("write `postgres://user:password@host/database`"));
        }
        Ok(Self {
            dialect: Dialect::Postgres,
            shown: format!("{scheme}://{host}/{database}"),
            name: identifier(database),
            file: None,
            address: Secret::new(source.to_owned()),
        })
    }

    fn sqlite(path: &str) -> Result<Self, Failure> {
        let path = path.strip_prefix("//").unwrap_or(path);
        let file = PathBuf::from(path);
        if !file.is_file() {
            return Err(
                Failure::new(format!("`{path}` is no file")).help("write `sqlite:path/to/file.db`")
            );
        }
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        Ok(Self {
            dialect: Dialect::Sqlite,
            shown: format!("{SQLITE}{path}"),
            name: identifier(&stem),
            address: Secret::new(path.to_owned()),
            file: Some(file),
        })
    }

    /// A plan to ask it by.
    pub fn plan(&self, arguments: &Arguments) -> BackendPlan {
        let address = self.address.clone();
        let pool = Pool { size: 1, stream: 1, wait: arguments.timeout };
        BackendPlan {
            name: self.name.clone(),
            kind: BackendKind::Sql,
            url: self.shown.clone(),
            database: Some(DatabasePlan { dialect: self.dialect, address, pool }),
            timeout: Timeouts {
                connect: CONNECT_MAX.min(arguments.timeout),
                total: arguments.timeout,
            },
            retry: Retry::default(),
            breaker: Breaker::default(),
            limits: BackendLimits::default(),
            tls: None,
            basic: None,
            redact: crate::redact::RedactRules::default(),
            headers: Vec::new(),
        }
    }

    /// The file as a mapping in `folder` names it; `None` for a server.
    pub fn file_from(&self, folder: &Path) -> Option<String> {
        let file = self.file.as_ref()?;
        let (Ok(file), Ok(folder)) = (file.canonicalize(), canonical(folder)) else {
            return Some(file.display().to_string());
        };
        let shared = file.iter().zip(folder.iter()).take_while(|(a, b)| a == b).count();
        // Nothing but the root in common: the path from there is plainer.
        if shared <= 1 {
            return Some(file.display().to_string());
        }
        let up = folder.iter().skip(shared).map(|_| "..");
        let up: PathBuf = up.collect();
        let down: PathBuf = file.iter().skip(shared).collect();
        Some(up.join(down).display().to_string())
    }
}

/// A folder that may not be there yet.
fn canonical(folder: &Path) -> std::io::Result<PathBuf> {
    folder.canonicalize().or_else(|_| {
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new(".")).canonicalize()?;
        Ok(parent.join(folder.file_name().unwrap_or_default()))
    })
}
