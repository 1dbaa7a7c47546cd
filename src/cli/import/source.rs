//! Where the documents of one import come from.

use std::path::Path;

use super::Arguments;
use super::web::Web;
use crate::cli::output::Failure;
use crate::cli::{Catalog, CatalogSource, FileSource};
use crate::wsdl::{self, DocumentSource, SourceDocument, SourceError, scheme};

/// Files of a folder that are looked at for the root.
const CANDIDATES_MAX: usize = 200;

/// The location of the root: the source as typed, or the one root WSDL of a folder.
pub fn root(given: &str) -> Result<String, Failure> {
    match scheme(given).map(str::to_ascii_lowercase).as_deref() {
        Some("http" | "https" | "file") => return Ok(given.to_owned()),
        Some(other) if !Path::new(given).exists() => {
            return Err(Failure::new(format!("`{other}:` is not a kind of address import reads"))
                .help("give a path, or an http or https address"));
        }
        _ => {}
    }
    if !Path::new(given).is_dir() {
        return Ok(given.to_owned());
    }
    let mut paths: Vec<String> = Vec::new();
    let entries = std::fs::read_dir(given)
        .map_err(|why| Failure::new(format!("`{given}` cannot be read: {why}")))?;
    for entry in entries.flatten().take(CANDIDATES_MAX) {
        let path = entry.path();
        let is_wsdl = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("wsdl"));
        if is_wsdl && let Some(path) = path.to_str() {
            paths.push(path.to_owned());
        }
    }
    paths.sort();
    match paths.as_slice() {
        [] => {
            Err(Failure::new(format!("`{given}` holds no .wsdl file"))
                .help("give the contract itself"))
        }
        [only] => Ok(only.clone()),
        several => root_of(given, several),
    }
}

/// The WSDL that no other one imports.
fn root_of(given: &str, paths: &[String]) -> Result<String, Failure> {
    let mut imported = std::collections::HashSet::new();
    for path in paths {
        if let Ok(loaded) = wsdl::load(path, &FileSource) {
            imported.extend(loaded.files.into_iter().skip(1).map(|file| file.location));
        }
    }
    let roots: Vec<&String> = paths.iter().filter(|path| !imported.contains(*path)).collect();
    if let [only] = roots.as_slice() {
        return Ok((*only).clone());
    }
    Err(Failure::new(format!("`{given}` holds several contracts"))
        .help(format!("give one of {}", paths.join(", "))))
}

/// The documents of an import by its arguments.
pub fn open(arguments: &Arguments, root: &str) -> Result<Box<dyn DocumentSource>, Failure> {
    let otherwise = Plain { web: Web::new(arguments, root)?, is_web: is_web(root) };
    Ok(match &arguments.catalog {
        None => Box::new(otherwise),
        Some(folder) => {
            let catalog = Catalog::open(folder).map_err(|error| {
                let failure = Failure::new(error.message);
                match error.help {
                    Some(help) => failure.help(help),
                    None => failure,
                }
            })?;
            Box::new(CatalogSource { catalog, otherwise })
        }
    })
}

/// Files and, where the import may, the network.
struct Plain {
    web: Web,
    /// Whether the root came from the network.
    is_web: bool,
}

impl DocumentSource for Plain {
    fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
        if is_web(location) {
            return self.web.read(location);
        }
        if self.is_web {
            return Err(SourceError {
                message: "a contract from the network may not name files of this machine"
                    .to_owned(),
                help: Some("save the contract in a folder and import it from there".to_owned()),
            });
        }
        FileSource.read(location)
    }
}

fn is_web(location: &str) -> bool {
    scheme(location).is_some_and(|s| ["http", "https"].iter().any(|w| s.eq_ignore_ascii_case(w)))
}
