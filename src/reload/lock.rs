//! `figleaf.lock` beside the mappings: the types of every statement as its database gave them,
//! so that a check needs no database, and a change of the database is seen.
//!
//! Entries are sorted and nothing in the file depends on the time or the machine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::sql::{Column, Description, Dialect, Type};

/// The lock file's name.
pub const LOCK_FILE: &str = "figleaf.lock";
/// The format of the lock file.
const FORMAT: u32 = 1;

/// The lock file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lock {
    figleaf: u32,
    statements: Vec<Locked>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Locked {
    backend: String,
    /// What the database speaks.
    kind: Dialect,
    /// Of the statement as it is sent, in hexadecimal.
    sha256: String,
    parameters: Vec<Type>,
    columns: Vec<Column>,
}

impl Default for Lock {
    fn default() -> Self {
        Self { figleaf: FORMAT, statements: Vec::new() }
    }
}

impl Lock {
    /// Where the lock of some mappings is.
    pub(super) fn path(mappings: &Path) -> PathBuf {
        let folder = if mappings.is_dir() { Some(mappings) } else { mappings.parent() };
        folder.unwrap_or(Path::new("")).join(LOCK_FILE)
    }

    /// Reads a lock; `Ok(None)` where there is none.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, String> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(why) => return Err(why.to_string()),
        };
        let lock: Self = serde_json::from_str(&text).map_err(|why| why.to_string())?;
        if lock.figleaf != FORMAT {
            return Err(format!("its format is {}, this version knows {FORMAT}", lock.figleaf));
        }
        Ok(Some(lock))
    }

    /// The types of a statement.
    pub(super) fn find(&self, backend: &str, kind: Dialect, text: &str) -> Option<Description> {
        let sha256 = hash(text);
        let locked = self
            .statements
            .iter()
            .find(|l| l.sha256 == sha256 && l.backend == backend && l.kind == kind)?;
        Some(Description { parameters: locked.parameters.clone(), columns: locked.columns.clone() })
    }

    /// Adds the types of a statement.
    pub(super) fn add(
        &mut self,
        backend: &str,
        kind: Dialect,
        text: &Arc<str>,
        description: &Description,
    ) {
        self.statements.push(Locked {
            backend: backend.to_owned(),
            kind,
            sha256: hash(text),
            parameters: description.parameters.clone(),
            columns: description.columns.clone(),
        });
    }

    /// The file's text.
    pub(super) fn text(mut self) -> String {
        self.statements.sort_by(|a, b| (&a.backend, &a.sha256).cmp(&(&b.backend, &b.sha256)));
        let text = serde_json::to_string_pretty(&self).unwrap_or_default();
        format!("{text}\n")
    }
}

/// Adds what one lock says to the lock at a path, which need not be there yet: statements of
/// other mappings stay. Nothing is written where nothing changes.
///
/// # Errors
/// Where the file cannot be read or written, or either text is no lock.
pub fn add_to_lock(path: &Path, text: &str) -> Result<(), String> {
    let mut lock: Lock = serde_json::from_str(text).map_err(|why| why.to_string())?;
    let before = Lock::read(path)?;
    let known = |old: &Locked| {
        let same = |new: &Locked| {
            (&new.backend, new.kind, &new.sha256) == (&old.backend, old.kind, &old.sha256)
        };
        lock.statements.iter().any(same)
    };
    let kept: Vec<Locked> = before
        .iter()
        .flat_map(|lock| &lock.statements)
        .filter(|old| !known(old))
        .cloned()
        .collect();
    lock.statements.extend(kept);
    let after = lock.text();
    if before.is_some_and(|before| before.text() == after) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    std::fs::create_dir_all(folder).map_err(|why| why.to_string())?;
    std::fs::write(path, after).map_err(|why| why.to_string())
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a database now says otherwise than before; `None` where it says the same.
pub(super) fn drift(
    before: &Description,
    now: &Description,
    name: impl Fn(&Type) -> String,
) -> Option<String> {
    let mut changes = Vec::new();
    for (at, (old, new)) in (1..).zip(before.parameters.iter().zip(&now.parameters)) {
        if old != new {
            changes.push(format!("parameter {at} was {}, is {}", name(old), name(new)));
        }
    }
    for old in &before.columns {
        let Some(new) = now.columns.iter().find(|new| new.name == old.name) else {
            changes.push(format!("the column `{}` is gone", old.name));
            continue;
        };
        if old.ty != new.ty {
            changes.push(format!("`{}` was {}, is {}", old.name, name(&old.ty), name(&new.ty)));
        }
        if old.nullable != new.nullable {
            let may = if new.nullable { "may now be NULL" } else { "is never NULL now" };
            changes.push(format!("`{}` {may}", old.name));
        }
    }
    for new in &now.columns {
        if !before.columns.iter().any(|old| old.name == new.name) {
            changes.push(format!("the column `{}` is new", new.name));
        }
    }
    if changes.is_empty() && before != now {
        changes.push("the columns have another order or number".to_owned());
    }
    (!changes.is_empty()).then(|| changes.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description(columns: &[(&str, Type, bool)]) -> Description {
        let column = |(name, ty, nullable): &(&str, Type, bool)| Column {
            name: (*name).to_owned(),
            ty: ty.clone(),
            nullable: *nullable,
        };
        Description { parameters: vec![], columns: columns.iter().map(column).collect() }
    }

    #[test]
    fn what_was_locked_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = Lock::path(folder.path());
        assert_eq!(Lock::read(&path), Ok(None));
        let types = description(&[("id", Type::Int4, false)]);
        let mut lock = Lock::default();
        lock.add("b", Dialect::Postgres, &"select 2".into(), &description(&[]));
        lock.add("a", Dialect::Postgres, &"select 1".into(), &types);
        std::fs::write(&path, lock.text()).unwrap();
        let lock = Lock::read(&path).unwrap().unwrap();
        assert_eq!(lock.statements[0].backend, "a");
        assert_eq!(lock.find("a", Dialect::Postgres, "select 1"), Some(types));
        assert_eq!(lock.find("a", Dialect::Sqlite, "select 1"), None);
        assert_eq!(lock.find("b", Dialect::Postgres, "select 1"), None);
        std::fs::write(&path, "{\"figleaf\": 2, \"statements\": []}").unwrap();
        assert!(Lock::read(&path).unwrap_err().contains("format is 2"));
    }

    #[test]
    fn a_recording_keeps_what_it_does_not_know() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fixtures/sql.lock");
        let lock = |statement: &str, ty| {
            let mut lock = Lock::default();
            let types = description(&[("id", ty, false)]);
            lock.add("a", Dialect::Sqlite, &statement.into(), &types);
            lock.text()
        };
        let found = |statement| {
            let lock = Lock::read(&path).unwrap().unwrap();
            lock.find("a", Dialect::Sqlite, statement).map(|found| found.columns[0].ty.clone())
        };
        add_to_lock(&path, &lock("select 1", Type::Int4)).unwrap();
        add_to_lock(&path, &lock("select 2", Type::Date)).unwrap();
        add_to_lock(&path, &lock("select 1", Type::Int8)).unwrap();
        assert_eq!(found("select 1"), Some(Type::Int8));
        assert_eq!(found("select 2"), Some(Type::Date));
        let written = std::fs::metadata(&path).unwrap().modified().unwrap();
        add_to_lock(&path, &lock("select 2", Type::Date)).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().modified().unwrap(), written);
        std::fs::write(&path, "{}").unwrap();
        assert!(add_to_lock(&path, &lock("select 1", Type::Int4)).is_err());
    }

    #[test]
    fn a_drift_names_what_changed() {
        let before = description(&[("id", Type::Int4, false), ("old", Type::Date, true)]);
        let now = description(&[("id", Type::Int8, true), ("new", Type::Date, true)]);
        let name = |ty: &Type| format!("{ty:?}");
        assert_eq!(drift(&before, &before, name), None);
        assert_eq!(
            drift(&before, &now, name).unwrap(),
            "`id` was Int4, is Int8; `id` may now be NULL; the column `old` is gone; the column `new` is new"
        );
    }
}
