//! One side, compiled: its files, as far as anything reads them, and its OpenAPI document.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::output::{self, Failure};
use super::super::{FileSource, check};
use super::environment::{Placeholders, is_yaml};
use super::origin::Origin;
use super::workspace::Workspace;
use crate::change::Files;
use crate::diagnostic::{Severity, render_human};
use crate::openapi;
use crate::reload::{self, LOCK_FILE, Loaded, Types};
use crate::wsdl::{DocumentSource, SourceDocument, SourceError};

/// Times the files are read again because some were missing.
const ROUNDS_MAX: u32 = 32;

/// One side, compiled.
pub(super) struct Snapshot {
    /// Every file that was read.
    pub(super) files: Files,
    pub(super) document: Value,
    /// Statements without types: their parameters and columns are not in the document.
    pub(super) undescribed: usize,
}

/// Where the mappings are: a folder or a file, from the root, with `/`.
pub(super) struct Mappings {
    pub(super) path: String,
}

impl Mappings {
    fn is_file(&self) -> bool {
        is_yaml(&self.path)
    }

    /// The folder the lock is in.
    fn folder(&self) -> &str {
        if self.is_file() {
            self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
        } else {
            &self.path
        }
    }

    /// The lock of statements' types.
    pub(super) fn lock(&self) -> String {
        below(self.folder(), LOCK_FILE)
    }

    /// The mapping files of one side.
    fn names(&self, origin: &Origin) -> Vec<String> {
        if self.is_file() {
            return vec![self.path.clone()];
        }
        let names = origin.names(&self.path).into_iter();
        names.filter(|name| is_yaml(name)).map(|name| below(&self.path, &name)).collect()
    }

    /// The mapping files and the lock.
    pub(super) fn read(&self, origin: &Origin) -> Result<Files, Failure> {
        let mut files = Files::new();
        for name in self.names(origin) {
            if let Some(bytes) = origin.read(&name)? {
                files.insert(name, bytes);
            }
        }
        if files.is_empty() {
            let message = format!("{} has no mapping in `{}`", origin.name, self.path);
            return Err(Failure::usage(message)
                .help("--mappings names another folder, from the repository's root"));
        }
        let lock = self.lock();
        if let Some(bytes) = origin.read(&lock)? {
            files.insert(lock, bytes);
        }
        Ok(files)
    }
}

fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

impl Snapshot {
    /// Compiles one side. `files` are its mappings; what they need is read as it is asked for.
    pub(super) fn take(
        origin: &Origin,
        mappings: &Mappings,
        files: Files,
        env: &Placeholders,
    ) -> Result<Self, Failure> {
        let workspace = Workspace::new()?;
        workspace.fill(&files)?;
        let fetched = Fetched { origin, workspace: &workspace, files: RefCell::new(files) };
        for _ in 0..ROUNDS_MAX {
            let loaded = load(&workspace, mappings, env, &fetched);
            let missing = |path: &PathBuf| !path.exists();
            let wanted: Vec<String> = loaded
                .files
                .iter()
                .filter(|p| missing(p))
                .filter_map(|p| workspace.inside(p))
                .collect();
            let mut is_more = false;
            for path in wanted {
                is_more |= fetched.fetch(&path)?;
            }
            if is_more {
                continue;
            }
            let Some(document) = document(&loaded) else {
                return Err(problems(origin, &workspace, &loaded, env));
            };
            let (files, undescribed) = (fetched.files.into_inner(), loaded.undescribed);
            return Ok(Self { files, document, undescribed });
        }
        Err(Failure::new(format!("{}: its files lead to ever more files", origin.name)))
    }
}

/// Reads a configuration in a folder, with the types of statements from its lock.
pub(super) fn load(
    workspace: &Workspace,
    mappings: &Mappings,
    env: &Placeholders,
    source: &dyn DocumentSource,
) -> Loaded {
    // What was locked of a contract is what `check` is for.
    let unlocked = |_: &Path| Vec::new();
    reload::load(&workspace.root.join(&mappings.path), env, source, &unlocked, Types::Lock)
}

/// The OpenAPI document of what was read; `None` where it has problems.
pub(super) fn document(loaded: &Loaded) -> Option<Value> {
    let text = openapi::to_json(&openapi::combined(loaded.plan.as_ref()?));
    serde_json::from_str(&text).ok()
}

/// Shows what is wrong with one side, under the names its files have in the repository.
fn problems(
    origin: &Origin,
    workspace: &Workspace,
    loaded: &Loaded,
    env: &Placeholders,
) -> Failure {
    let folder = format!("{}/", workspace.root.display());
    for (report, sources) in &loaded.findings {
        let errors: Vec<_> =
            report.sorted().into_iter().filter(|d| d.severity == Severity::Error).collect();
        let text = render_human(&errors, sources, output::style());
        output::note(text.replace(&folder, &origin.prefix()).trim_end());
    }
    let count = check::counted(loaded.error_count(), "problem");
    let failure = Failure::new(format!("the mappings of {} have {count}", origin.name));
    let names = env.names();
    if names.is_empty() {
        return failure
            .help("mend them, or compare with a revision that `figleaf check` is content with");
    }
    failure.help(format!(
        "a placeholder stands for unset variables, and may not fit: {}",
        names.join(", ")
    ))
}

/// Contracts of one side, written to its folder when they are first asked for.
struct Fetched<'s> {
    origin: &'s Origin,
    workspace: &'s Workspace,
    files: RefCell<Files>,
}

impl Fetched<'_> {
    /// Brings a file into the folder; whether it is there now and was not before.
    fn fetch(&self, path: &str) -> Result<bool, Failure> {
        if self.files.borrow().contains_key(path) {
            return Ok(false);
        }
        let Some(bytes) = self.origin.read(path)? else { return Ok(false) };
        self.workspace.put(path, Some(&bytes))?;
        self.files.borrow_mut().insert(path.to_owned(), bytes);
        Ok(true)
    }
}

impl DocumentSource for Fetched<'_> {
    fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
        for path in reload::candidates(location).iter().filter(|path| !path.exists()) {
            if let Some(path) = self.workspace.inside(path) {
                self.fetch(&path)
                    .map_err(|why| SourceError { message: why.message, help: why.help })?;
            }
        }
        FileSource.read(location)
    }
}
