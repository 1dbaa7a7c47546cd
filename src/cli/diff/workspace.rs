//! A folder for files of a revision, gone when it is dropped.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::super::output::Failure;
use crate::change::Files;

/// Names that are tried for the folder.
const NAMES_MAX: u32 = 1_000;

/// A folder of this process alone.
#[derive(Debug)]
pub(super) struct Workspace {
    pub(super) root: PathBuf,
}

impl Workspace {
    pub(super) fn new() -> Result<Self, Failure> {
        let folder = std::env::temp_dir();
        let mut why = None;
        for number in 0..NAMES_MAX {
            let root = folder.join(format!("figleaf-diff-{}-{number}", std::process::id()));
            let mut builder = fs::DirBuilder::new();
            // Sources may be nobody else's business.
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            match builder.create(&root) {
                Ok(()) => return Ok(Self { root }),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => {
                    why = Some(error);
                    break;
                }
            }
        }
        let why = why.map_or_else(|| "every name is taken".to_owned(), |error| error.to_string());
        Err(Failure::new(format!("no folder can be made in `{}`: {why}", folder.display())))
    }

    /// Writes a file, or removes it.
    pub(super) fn put(&self, path: &str, bytes: Option<&[u8]>) -> Result<(), Failure> {
        let target = self.root.join(path);
        let done = match (bytes, target.parent()) {
            (Some(bytes), Some(folder)) => {
                fs::create_dir_all(folder).and_then(|()| fs::write(&target, bytes))
            }
            _ => match fs::remove_file(&target) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
        };
        done.map_err(|error| {
            Failure::new(format!("`{}` cannot be written: {error}", target.display()))
        })
    }

    pub(super) fn fill(&self, files: &Files) -> Result<(), Failure> {
        files.iter().try_for_each(|(path, bytes)| self.put(path, Some(bytes)))
    }

    /// The path of a file from the folder on, with `/`; `None` for one outside of it.
    pub(super) fn inside(&self, path: &Path) -> Option<String> {
        inside(&self.root, path)
    }
}

/// A path from a folder on, `..` resolved, with `/`; `None` where it leads out.
pub(super) fn inside(root: &Path, path: &Path) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for part in path.strip_prefix(root).ok()?.components() {
        match part {
            Component::Normal(name) => names.push(name.to_str()?),
            Component::ParentDir => {
                names.pop()?;
            }
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(names.join("/"))
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_out_is_none_of_the_folders() {
        let check = |path: &str, expected: Option<&str>| {
            let found = inside(Path::new("/r"), Path::new(path));
            assert_eq!(found.as_deref(), expected, "{path}");
        };
        check("/r/mappings/../wsdl/a.wsdl", Some("wsdl/a.wsdl"));
        check("/r/../etc/passwd", None);
        check("/elsewhere", None);
    }
}
