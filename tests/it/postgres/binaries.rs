//! Where the server's programs are on this machine.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folder of `initdb` and `postgres`: on the PATH, where `pg_config` says, or where
/// distributions put them, newest first.
pub fn folder() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(told());
    folders.extend(versions("/usr/lib/postgresql", ""));
    folders.extend(versions("/usr", "pgsql-"));
    folders.into_iter().find(|f| f.join("initdb").is_file() && f.join("postgres").is_file())
}

fn told() -> Option<PathBuf> {
    let asked = Command::new("pg_config").arg("--bindir").stdin(Stdio::null()).output().ok()?;
    Some(PathBuf::from(String::from_utf8(asked.stdout).ok()?.trim()))
}

/// `bin` of each `<prefix><version>` in a folder.
fn versions(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir(Path::new(parent))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            Some((name.strip_prefix(prefix)?.parse().ok()?, entry.path().join("bin")))
        })
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, folder)| folder).collect()
}
