//! Where an import goes, and what is there already.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::Arguments;
use super::changes::{self, Changes};
use super::install::Install;
use super::judged::Judged;
use super::lock::Lock;
use super::proposal::words::{identifier, usable_address, variable};
use super::proposal::{self, Fixed, Taken};
use super::update::{self, Updated};
use super::vendor::Vendored;
use crate::cli::FileSource;
use crate::cli::output::Failure;
use crate::diagnostic::{Report, Sources};
use crate::mapping::{MappingSet, read_set};
use crate::wsdl;

/// The place of one contract in a project.
pub struct Place {
    into: PathBuf,
    name: String,
    /// What an earlier import left.
    lock: Option<Lock>,
    /// The mapping as a person may have edited it.
    mapping: Option<String>,
    taken: Taken,
    /// The service and the port asked for.
    filters: (Option<String>, Option<String>),
}

impl Place {
    /// Looks at what is there.
    ///
    /// # Errors
    /// A name that cannot be one, or a folder that is somebody else's.
    pub fn of(arguments: &Arguments, judged: &Judged) -> Result<Self, Failure> {
        let name = match &arguments.name {
            Some(name) => checked(name)?,
            None => identifier(&judged.contract.name),
        };
        let into = arguments.into.clone();
        if !into.is_dir() {
            return Err(Failure::new(format!("`{}` is no folder", into.display()))
                .help("give the folder of the project with --into"));
        }
        let folder = Install::folder(&into, &name);
        let lock = Lock::read(&folder).map_err(|why| {
            Failure::new(format!("the lock file in `{}` cannot be used: {why}", folder.display()))
                .help("mend it, or move the folder away")
        })?;
        if lock.is_none() && folder.exists() {
            return Err(Failure::new(format!("`{}` was not made by import", folder.display()))
                .help("choose another name with --name, or move the folder away"));
        }
        let file = Install::mapping_file(&into, &name);
        let mapping = match fs::read_to_string(&file) {
            Ok(text) => Some(text),
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => None,
            Err(why) => {
                return Err(Failure::new(format!("`{}` cannot be read: {why}", file.display())));
            }
        };
        let taken = taken(&into.join("mappings"), &file);
        let filters = (arguments.service.clone(), arguments.port.clone());
        Ok(Self { into, name, lock, mapping, taken, filters })
    }

    /// The folder of the copies, from the project's.
    pub fn folder_inside(&self) -> String {
        format!("wsdl/{}", self.name)
    }

    /// The folder of the copies, as people read it.
    fn folder_shown(&self) -> String {
        let folder = Install::folder(&self.into, &self.name);
        let folder = folder.strip_prefix(".").unwrap_or(&folder);
        folder.display().to_string()
    }

    /// The contract's copies, the root under the name it had before.
    pub fn vendor(&self, judged: &Judged, source: &str) -> Vendored {
        Vendored::of(judged, source, self.lock.as_ref().map(|lock| lock.root.as_str()))
    }

    /// Writes what is new and says so.
    pub fn install(
        &self,
        copies: &Judged,
        vendored: &Vendored,
        source: &str,
    ) -> Result<String, Failure> {
        let unchanged = self.lock.as_ref().is_some_and(|old| old.same_files(&vendored.lock))
            && super::verify_lock(&Install::folder(&self.into, &self.name)).is_empty();
        if unchanged && self.mapping.is_some() {
            return Ok(format!("Nothing changed: {} is up to date.\n", self.folder_shown()));
        }
        let wsdl = format!("../wsdl/{}/{}", self.name, vendored.lock.root);
        let mut taken =
            Taken { shapes: self.taken.shapes.clone(), backends: self.taken.backends.clone() };
        let mut said = String::new();
        let text = match &self.mapping {
            None => {
                let mut proposal = proposal::propose(copies, &self.name, source, &wsdl, &taken)?;
                let text = proposal::settle(&mut proposal)?;
                self.say_new(&mut said, copies, &proposal, vendored);
                Some(text)
            }
            Some(mapping) => {
                let (set, _) = proposal::try_out(mapping, &copies.contract);
                taken.shapes.extend(update::shapes(&set));
                let proposal = proposal::propose(copies, &self.name, source, &wsdl, &taken)?;
                let wanted = self.say_changes(&mut said, copies, vendored, &set);
                let updated = update::update(mapping, copies, proposal, &wanted);
                Self::say_updated(&mut said, &updated);
                updated.text
            }
        };
        Install {
            into: &self.into,
            name: &self.name,
            vendored: (!unchanged).then_some(vendored),
            old: self.lock.as_ref(),
            mapping: text.as_deref(),
        }
        .run()?;
        Ok(said)
    }

    fn say_new(
        &self,
        said: &mut String,
        judged: &Judged,
        proposal: &proposal::Proposal<'_>,
        vendored: &Vendored,
    ) {
        let (folder, files) = (self.folder_shown(), vendored.files.len());
        let _ = writeln!(said, "Wrote {folder}/ ({files} files) and {}.", self.mapping_shown());
        said.push_str("Next:\n");
        for backend in &proposal.backends {
            let port = &judged.contract.services[backend.service].ports[backend.port];
            if usable_address(port.address.as_deref()).is_none() {
                let variable = variable(&backend.name);
                let _ =
                    writeln!(said, "  export {variable}=https://…   the contract names no address");
            }
        }
        let _ = writeln!(said, "  look through {}, it is yours", self.mapping_shown());
        let own = Path::new("mappings");
        let folder = Path::new(&self.mapping_shown()).parent().unwrap_or(own).to_owned();
        let option =
            if folder == own { String::new() } else { format!(" --mappings {}", folder.display()) };
        let _ = write!(said, "  figleaf check{option}\n  figleaf serve{option}\n");
    }

    /// What differs from the contract there was; the operations that are new.
    fn say_changes(
        &self,
        said: &mut String,
        new: &Judged,
        vendored: &Vendored,
        set: &MappingSet,
    ) -> HashSet<String> {
        let served = |judged: &Judged| -> HashSet<String> {
            let rows = judged.rows.iter().filter(|row| row.verdict.is_served());
            rows.map(|row| judged.operation(row).name.to_string()).collect()
        };
        let now = served(new);
        let Some(old) = self.before() else {
            let _ =
                writeln!(said, "Wrote {}/; kept {}.", self.folder_shown(), self.mapping_shown());
            return now;
        };
        let types =
            Changes::between(&changes::types(&old.contract), &changes::types(&new.contract));
        let touched: BTreeSet<String> = types.changed.iter().cloned().collect();
        let none = BTreeSet::new();
        let operations = Changes::between(
            &changes::operations(&old, &none),
            &changes::operations(new, &touched),
        );
        // Only the new side names what it reaches; without that, compare the bare texts.
        let bare =
            Changes::between(&changes::operations(&old, &none), &changes::operations(new, &none));
        let reached: Vec<String> =
            operations.changed.into_iter().filter(|name| !bare.changed.contains(name)).collect();
        let mut operations = bare;
        operations.changed.extend(reached);
        operations.changed.sort();
        let files = self.lock.as_ref().map_or_else(Changes::default, |lock| {
            let of = |lock: &Lock| {
                lock.files.iter().map(|f| (f.name.clone(), f.sha256.clone())).collect()
            };
            Changes::between(&of(lock), &of(&vendored.lock))
        });
        let _ = writeln!(said, "The contract changed:");
        said.push_str(&operations.lines("operation"));
        said.push_str(&types.lines("type"));
        said.push_str(&files.lines("file"));
        let gone: Vec<String> =
            update::routed(set).into_iter().filter(|o| !now.contains(o)).collect();
        for operation in gone.iter().filter(|o| served(&old).contains(*o)) {
            let _ = writeln!(
                said,
                "{} still has a route for `{operation}`, which the contract no longer offers.",
                self.mapping_shown()
            );
        }
        let _ = writeln!(said, "Wrote {}/; kept {}.", self.folder_shown(), self.mapping_shown());
        let before = served(&old);
        now.into_iter().filter(|operation| !before.contains(operation)).collect()
    }

    fn say_updated(said: &mut String, updated: &Updated) {
        if !updated.added.is_empty() {
            let _ = writeln!(said, "Appended to its routes: {}.", updated.added.join(", "));
        }
        if !updated.left.is_empty() {
            let _ =
                writeln!(said, "Not given a route, add it by hand: {}.", updated.left.join(", "));
        }
    }

    /// The contract as it was imported before, where it still reads.
    fn before(&self) -> Option<Judged> {
        let lock = self.lock.as_ref()?;
        let root = Install::folder(&self.into, &self.name).join(&lock.root);
        let loaded = wsdl::load(root.to_str()?, &FileSource).ok()?;
        Judged::new(loaded, self.filters.0.as_deref(), self.filters.1.as_deref()).ok()
    }

    fn mapping_shown(&self) -> String {
        let file = Install::mapping_file(&self.into, &self.name);
        file.strip_prefix(".").unwrap_or(&file).display().to_string()
    }
}

/// A name that is a folder, a file and a backend at once.
pub(super) fn checked(name: &str) -> Result<String, Failure> {
    let head = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let tail = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if head && tail && name.len() <= 100 {
        return Ok(name.to_owned());
    }
    Err(Failure::new(format!("`{name}` is no name for a contract"))
        .help("letters, digits, `_` and `-`, a letter first"))
}

/// What the other mapping files use. Their problems are the business of `check`.
pub(super) fn taken(folder: &Path, own: &Path) -> Taken {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_yaml = path.extension().is_some_and(|e| e == "yaml" || e == "yml");
        if is_yaml
            && path != own
            && let Ok(text) = fs::read_to_string(&path)
        {
            files.push((path.display().to_string(), text));
        }
    }
    files.sort();
    let (mut sources, mut report) = (Sources::default(), Report::default());
    let set = read_set(&files, &Fixed, &mut sources, &mut report);
    Taken {
        shapes: update::shapes(&set),
        backends: set.backends.iter().map(|b| b.name.value.clone()).collect(),
    }
}
