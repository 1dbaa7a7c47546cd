//! `figleaf.lock.json` beside the copies of a contract: where each came from and its SHA-256.
//!
//! Files are sorted by name and nothing in it depends on the time or the machine, so that
//! the same contract gives the same bytes.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::diagnostic::{Code, Diagnostic, Report};

/// The lock file's name in `wsdl/<name>/`.
pub const LOCK_FILE: &str = "figleaf.lock.json";
/// The format of the lock file.
const FORMAT: u32 = 1;

/// The lock file of one contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The format, 1.
    pub figleaf: u32,
    /// What was imported, without credentials.
    pub source: String,
    /// The file to read first.
    pub root: String,
    /// Every file, by name.
    pub files: Vec<LockedFile>,
}

/// One locked file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedFile {
    /// Its name in the folder.
    pub name: String,
    /// Where it came from.
    pub origin: String,
    /// SHA-256 of its bytes here, in hexadecimal.
    pub sha256: String,
}

impl Lock {
    /// The lock of some files: name, origin and bytes of each.
    pub fn of<'f>(
        source: &str,
        root: &str,
        files: impl Iterator<Item = (&'f str, &'f str, &'f [u8])>,
    ) -> Self {
        let mut files: Vec<LockedFile> = files
            .map(|(name, origin, bytes)| LockedFile {
                name: name.to_owned(),
                origin: without_credentials(origin),
                sha256: hash(bytes),
            })
            .collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Self { figleaf: FORMAT, source: without_credentials(source), root: root.to_owned(), files }
    }

    /// Reads the lock of a folder; `Ok(None)` where there is none.
    ///
    /// # Errors
    /// Why a lock that is there cannot be used.
    pub fn read(folder: &Path) -> Result<Option<Self>, String> {
        let text = match fs::read_to_string(folder.join(LOCK_FILE)) {
            Ok(text) => text,
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(why) => return Err(why.to_string()),
        };
        let lock: Self = serde_json::from_str(&text).map_err(|why| why.to_string())?;
        if lock.figleaf != FORMAT {
            return Err(format!("its format is {}, this version knows {FORMAT}", lock.figleaf));
        }
        let plain = |name: &str| !name.is_empty() && !name.contains(['/', '\\']) && name != "..";
        let foreign = {
            let mut names = lock.files.iter().map(|f| &f.name).chain([&lock.root]);
            names.find(|name| !plain(name)).cloned()
        };
        match foreign {
            Some(name) => Err(format!("`{name}` is no file of this folder")),
            None => Ok(Some(lock)),
        }
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{text}\n")
    }

    /// Whether the files are the same, wherever they came from.
    pub fn same_files(&self, other: &Self) -> bool {
        let key = |f: &LockedFile| (f.name.clone(), f.sha256.clone());
        self.root == other.root && self.files.iter().map(key).eq(other.files.iter().map(key))
    }
}

/// Compares the files of a vendored contract with its lock: one error for each that is
/// missing or is not what was locked. A folder without a lock has nothing to compare.
#[must_use]
pub fn verify_lock(folder: &Path) -> Report {
    let mut report = Report::default();
    let mut changed = |message: String| {
        report.push(
            Diagnostic::nowhere(Code::MappingContractChanged, message)
                .help("import the contract again, so that the lock file and the files agree"),
        );
    };
    let lock = match Lock::read(folder) {
        Ok(Some(lock)) => lock,
        Ok(None) => return report,
        Err(why) => {
            changed(format!("`{}` cannot be used: {why}", folder.join(LOCK_FILE).display()));
            return report;
        }
    };
    for file in &lock.files {
        let path = folder.join(&file.name);
        match fs::read(&path) {
            Ok(bytes) if hash(&bytes) == file.sha256 => {}
            Ok(_) => changed(format!("`{}` is not the file that was locked", path.display())),
            Err(why) => {
                changed(format!("`{}` is locked and cannot be read: {why}", path.display()));
            }
        }
    }
    report
}

/// SHA-256 in hexadecimal.
fn hash(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A location without `user:password@`.
pub fn without_credentials(location: &str) -> String {
    let Some((scheme, rest)) = location.split_once("://") else { return location.to_owned() };
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..authority].rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => location.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_or_missing_file_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let problems = || verify_lock(folder.path()).error_count();
        assert_eq!(problems(), 0, "no lock, nothing to compare");
        write("a.wsdl", "<a/>");
        write("b.xsd", "<b/>");
        let files = [("b.xsd", "x", &b"<b/>"[..]), ("a.wsdl", "http://u:p@h/a?wsdl", b"<a/>")];
        let lock = Lock::of("http://u:p@h/a?wsdl", "a.wsdl", files.into_iter());
        assert!(!lock.text().contains("u:p"));
        write(LOCK_FILE, &lock.text());
        assert_eq!(Lock::read(folder.path()), Ok(Some(lock)));
        assert_eq!(problems(), 0);
        write("a.wsdl", "<a />");
        fs::remove_file(folder.path().join("b.xsd")).unwrap();
        assert_eq!(problems(), 2);
        write(LOCK_FILE, "{}");
        assert_eq!(problems(), 1);
    }
}
