//! Putting files in place: all of them or none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::lock::{LOCK_FILE, Lock};
use super::vendor::Vendored;
use crate::cli::output::Failure;

/// What an import writes.
pub struct Install<'i> {
    /// The project's folder.
    pub into: &'i Path,
    /// What the contract is called.
    pub name: &'i str,
    /// The contract's files; `None` leaves them as they are.
    pub vendored: Option<&'i Vendored>,
    /// The lock of the files there are now.
    pub old: Option<&'i Lock>,
    /// The mapping's text; `None` leaves it as it is.
    pub mapping: Option<&'i str>,
}

impl Install<'_> {
    /// The folder of a contract.
    pub fn folder(into: &Path, name: &str) -> PathBuf {
        into.join("wsdl").join(name)
    }

    /// The mapping of a contract.
    pub fn mapping_file(into: &Path, name: &str) -> PathBuf {
        into.join("mappings").join(format!("{name}.yaml"))
    }

    /// Writes beside, then renames. Where anything fails, everything is as it was.
    ///
    /// # Errors
    /// What could not be written.
    pub fn run(&self) -> Result<(), Failure> {
        let unique = std::process::id();
        let beside =
            |kind: &str| self.into.join("wsdl").join(format!(".{}.{kind}-{unique}", self.name));
        let (new, old) = (beside("new"), beside("old"));
        let mapping = Self::mapping_file(self.into, self.name);
        let draft = mapping.with_file_name(format!(".{}.new-{unique}", self.name));
        let done = self.swap(&new, &old, &draft, &mapping);
        if done.is_err() {
            let _ = fs::remove_dir_all(&new);
            let _ = fs::remove_file(&draft);
        } else {
            let _ = fs::remove_dir_all(&old);
        }
        done.map_err(|(path, why)| {
            Failure::new(format!("`{}` cannot be written: {why}", path.display()))
                .help("everything is as it was before")
        })
    }

    fn swap(
        &self,
        new: &Path,
        old: &Path,
        draft: &Path,
        mapping: &Path,
    ) -> Result<(), (PathBuf, io::Error)> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |why| (path, why)
        };
        if let Some(text) = self.mapping {
            let folder = mapping.parent().unwrap_or(self.into);
            fs::create_dir_all(folder).map_err(at(folder))?;
            write(draft, text.as_bytes()).map_err(at(draft))?;
        }
        let folder = Self::folder(self.into, self.name);
        if let Some(vendored) = self.vendored {
            fs::create_dir_all(new).map_err(at(new))?;
            for file in &vendored.files {
                let path = new.join(&file.name);
                write(&path, &file.bytes).map_err(at(&path))?;
            }
            let lock = new.join(LOCK_FILE);
            write(&lock, vendored.lock.text().as_bytes()).map_err(at(&lock))?;
            self.keep_others(&folder, new).map_err(at(&folder))?;
            if folder.exists() {
                fs::rename(&folder, old).map_err(at(&folder))?;
            }
            if let Err(why) = fs::rename(new, &folder) {
                let _ = fs::rename(old, &folder);
                return Err((folder, why));
            }
        }
        if self.mapping.is_some()
            && let Err(why) = fs::rename(draft, mapping)
        {
            if self.vendored.is_some() {
                let _ = fs::remove_dir_all(&folder);
                let _ = fs::rename(old, &folder);
            }
            return Err((mapping.to_owned(), why));
        }
        Ok(())
    }

    /// Files a person put beside the copies stay there.
    fn keep_others(&self, folder: &Path, new: &Path) -> io::Result<()> {
        let Some(lock) = self.old else { return Ok(()) };
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let ours = lock.files.iter().any(|file| *file.name == name) || name == LOCK_FILE;
            let to = new.join(&name);
            if !ours && !to.exists() && entry.file_type()?.is_file() {
                fs::copy(entry.path(), to)?;
            }
        }
        Ok(())
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use io::Write;
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
