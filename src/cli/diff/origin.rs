//! Where the files of one side come from: a commit, or the working tree as it is.

use std::cell::RefCell;
use std::path::PathBuf;

use super::super::output::Failure;
use super::git::{Blobs, Repository};

/// One side.
pub(super) struct Origin {
    /// What people call it: the revision, or `this tree`.
    pub(super) name: String,
    repository: Repository,
    kind: Kind,
}

enum Kind {
    Working,
    Commit { id: String, blobs: RefCell<Blobs> },
}

impl Origin {
    /// The working tree, with what is not committed.
    pub(super) fn working(repository: &Repository) -> Self {
        let (name, repository) = ("this tree".to_owned(), repository.clone());
        Self { name, repository, kind: Kind::Working }
    }

    /// A commit, under the name it was given.
    pub(super) fn commit(repository: &Repository, name: &str, id: String) -> Result<Self, Failure> {
        let blobs = RefCell::new(repository.blobs()?);
        let kind = Kind::Commit { id, blobs };
        Ok(Self { name: name.to_owned(), repository: repository.clone(), kind })
    }

    /// What stands before the paths of its files where both sides are told apart.
    pub(super) fn prefix(&self) -> String {
        match &self.kind {
            Kind::Working => String::new(),
            Kind::Commit { .. } => format!("{}:", self.name),
        }
    }

    /// The bytes of a file; `None` where there is none.
    pub(super) fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        match &self.kind {
            Kind::Commit { id, blobs } => blobs.borrow_mut().read(id, path),
            Kind::Working => {
                let path = self.repository.root.join(path);
                if !path.is_file() {
                    return Ok(None);
                }
                let unreadable = |error| Failure::new(format!("`{}`: {error}", path.display()));
                std::fs::read(&path).map(Some).map_err(unreadable)
            }
        }
    }

    /// The names of the files of a folder.
    pub(super) fn names(&self, folder: &str) -> Vec<String> {
        match &self.kind {
            Kind::Commit { id, .. } => self.repository.names(id, folder),
            Kind::Working => {
                let folder: PathBuf = self.repository.root.join(folder);
                let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
                let files = entries.filter(|entry| entry.path().is_file());
                files.filter_map(|entry| entry.file_name().into_string().ok()).collect()
            }
        }
    }
}
