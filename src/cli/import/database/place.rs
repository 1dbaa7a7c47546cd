//! Where a proposal goes, and what is there already.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::super::Arguments;
use super::super::changes::Changes;
use super::super::place::{checked, taken};
use super::super::proposal::words::variable;
use super::super::proposal::{Fixed, Taken};
use super::super::update::{insert, shapes};
use super::address::Address;
use super::object::Object;
use super::propose::Proposal;
use super::relation::kind as relation_kind;
use super::routine::kind as routine_kind;
use super::write;
use crate::cli::output::Failure;
use crate::diagnostic::{Report, Sources};
use crate::mapping::read_set;
use crate::sql::{Catalog, Dialect, Routine};

/// The place of one database in a project.
pub struct Place {
    into: PathBuf,
    /// What the database is called here.
    pub name: String,
    /// The mapping as a person may have edited it.
    mapping: Option<String>,
    /// The catalog of an earlier import.
    before: Option<Catalog>,
    taken: Taken,
}

impl Place {
    /// Looks at what is there.
    ///
    /// # Errors
    /// A name that cannot be one, a folder that is none, or files that cannot be read.
    pub fn of(arguments: &Arguments, address: &Address) -> Result<Self, Failure> {
        let name = match &arguments.name {
            Some(name) => checked(name)?,
            None => address.name.clone(),
        };
        let into = arguments.into.clone();
        if !into.is_dir() {
            return Err(Failure::new(format!("`{}` is no folder", into.display()))
                .help("give the folder of the project with --into"));
        }
        let mut place = Self { into, name, mapping: None, before: None, taken: Taken::default() };
        place.mapping = read(&place.mapping_file())?;
        place.before = match read(&place.catalog_file())? {
            Some(text) => Some(serde_json::from_str(&text).map_err(|why| {
                let file = place.catalog_file();
                Failure::new(format!("`{}` cannot be used: {why}", file.display()))
                    .help("move it away; routes for everything are appended then")
            })?),
            None => None,
        };
        place.taken = taken(&place.folder(), &place.mapping_file());
        if place.taken.backends.contains(&place.name) {
            let message = format!("another mapping file has a backend `{}` already", place.name);
            return Err(Failure::new(message).help("choose another name with --name"));
        }
        Ok(place)
    }

    /// Drafts the proposal, clear of what other files have.
    pub fn propose(&self, catalog: &Catalog, address: &Address) -> Proposal {
        self.drafted(catalog, address, self.taken.shapes.clone())
    }

    fn drafted(&self, catalog: &Catalog, address: &Address, taken: HashSet<String>) -> Proposal {
        let file = address.file_from(&self.folder());
        Proposal::new(catalog, (&self.name, &address.shown), file, taken)
    }

    /// Writes what is new and says so.
    ///
    /// # Errors
    /// What could not be written.
    pub fn install(
        &self,
        catalog: &Catalog,
        address: &Address,
        proposal: &Proposal,
    ) -> Result<String, Failure> {
        let shown = self.mapping_file();
        let shown = shown.strip_prefix(".").unwrap_or(&shown).display().to_string();
        let mut said = String::new();
        let text = match &self.mapping {
            None => {
                let _ = writeln!(said, "Wrote {shown}.\nNext:");
                if address.dialect == Dialect::Postgres {
                    let variable = variable(&self.name);
                    let _ = writeln!(
                        said,
                        "  export {variable}=postgres://…   the address, with its password"
                    );
                }
                let _ = writeln!(said, "  look through {shown}, it is yours");
                said.push_str("  figleaf check --db\n  figleaf serve\n");
                Some(write::mapping(proposal))
            }
            Some(mapping) => self.append(&mut said, &shown, mapping, catalog, address),
        };
        self.write(text.as_deref(), catalog)?;
        Ok(said)
    }

    /// The mapping with routes for what is new; `None` where it stays as it is.
    fn append(
        &self,
        said: &mut String,
        shown: &str,
        mapping: &str,
        catalog: &Catalog,
        address: &Address,
    ) -> Option<String> {
        let Some(before) = &self.before else {
            let _ = writeln!(said, "Kept {shown}: it is not known what it was proposed from.");
            return None;
        };
        let changes = Changes::between(&lines(before), &lines(catalog));
        if changes == Changes::default() {
            let _ = writeln!(said, "Nothing changed: {shown} is up to date.");
            return None;
        }
        let _ = write!(said, "The database changed:\n{}", changes.lines(""));
        let (mut sources, mut report) = (Sources::default(), Report::default());
        let files = [("mapping".to_owned(), mapping.to_owned())];
        let set = read_set(&files, &Fixed, &mut sources, &mut report);
        let mut taken = self.taken.shapes.clone();
        taken.extend(shapes(&set));
        let proposal = self.drafted(catalog, address, taken);
        let new = |object: &Object| changes.added.contains(&key(object.kind, &object.name));
        let text = insert(mapping, |indent| write::routes(&proposal, new, indent));
        let _ = match &text {
            Some(_) => writeln!(said, "Appended routes for what is new to {shown}."),
            None => writeln!(said, "Kept {shown}."),
        };
        text
    }

    /// Writes beside, then renames.
    fn write(&self, mapping: Option<&str>, catalog: &Catalog) -> Result<(), Failure> {
        let catalog = serde_json::to_string_pretty(catalog).unwrap_or_default();
        let files = [(self.mapping_file(), mapping), (self.catalog_file(), Some(catalog.as_str()))];
        let draft = |file: &Path| file.with_extension(format!("new-{}", std::process::id()));
        let done = (|| {
            fs::create_dir_all(self.folder())?;
            for (file, text) in &files {
                if let Some(text) = text {
                    fs::write(draft(file), text)?;
                }
            }
            for (file, _) in files.iter().filter(|(_, text)| text.is_some()) {
                fs::rename(draft(file), file)?;
            }
            Ok(())
        })();
        done.map_err(|why: io::Error| {
            for (file, _) in &files {
                let _ = fs::remove_file(draft(file));
            }
            let folder = self.folder();
            Failure::new(format!("`{}` cannot be written: {why}", folder.display()))
        })
    }

    fn folder(&self) -> PathBuf {
        self.into.join("mappings")
    }

    fn mapping_file(&self) -> PathBuf {
        self.folder().join(format!("{}.yaml", self.name))
    }

    fn catalog_file(&self) -> PathBuf {
        self.folder().join(format!("{}.catalog.json", self.name))
    }
}

/// The text of a file; `None` where there is none.
fn read(file: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(Failure::new(format!("`{}` cannot be read: {why}", file.display()))),
    }
}

fn key(kind: &str, name: &str) -> String {
    format!("{kind} {name}")
}

/// Everything in a catalog with what it says, comments aside.
fn lines(catalog: &Catalog) -> BTreeMap<String, String> {
    let name = |schema: &Option<String>, name: &str| match schema {
        Some(schema) => format!("{schema}.{name}"),
        None => name.to_owned(),
    };
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for relation in &catalog.relations {
        let kind = relation_kind(relation);
        let mut bare = relation.clone();
        bare.comment = None;
        bare.columns.iter_mut().for_each(|column| column.comment = None);
        let text = serde_json::to_string(&bare).unwrap_or_default();
        found.insert(key(kind, &name(&relation.schema, &relation.name)), text);
    }
    for routine in &catalog.routines {
        let bare = Routine { comment: None, ..routine.clone() };
        let text = serde_json::to_string(&bare).unwrap_or_default();
        let key = key(routine_kind(routine), &name(&routine.schema, &routine.name));
        // Those that share a name are one line.
        found.entry(key).or_default().push_str(&text);
    }
    found
}
