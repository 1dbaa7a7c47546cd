//! Contracts from a catalogue of local copies.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::reload::{describe, read_bounded};
use crate::wsdl::{DocumentSource, SourceDocument, SourceError, resolve_location};
use crate::xml::{Document, Node};

/// Local copies of documents by the URL they are known under.
#[derive(Debug, Default, Clone)]
pub struct Catalog {
    folder: PathBuf,
    by_url: HashMap<String, PathBuf>,
    /// Prefix of a URL → folder or file that stands for it (`rewriteURI`, `rewriteSystem`).
    rewrites: Vec<(String, PathBuf)>,
}

impl Catalog {
    /// Reads the catalogue of a folder: `catalog.tsv` with the columns `url` and `path`,
    /// or an OASIS `catalog.xml` with `uri`, `system`, `rewriteURI` and `rewriteSystem`.
    /// Without either, files are looked for as `HOST/PATH` below the folder.
    ///
    /// # Errors
    /// A catalogue that is there and cannot be read.
    pub fn open(folder: &Path) -> Result<Self, SourceError> {
        let mut catalog = Self { folder: folder.to_owned(), ..Self::default() };
        if !folder.is_dir() {
            return Err(SourceError {
                message: format!("the catalogue `{}` is no folder", folder.display()),
                help: Some("give the folder that holds catalog.xml or catalog.tsv".to_owned()),
            });
        }
        let read = |name: &str| match fs::read_to_string(folder.join(name)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                let message = format!("`{name}` of the catalogue: {}", describe(&error));
                Err(SourceError { message, help: None })
            }
        };
        if let Some(table) = read("catalog.tsv")? {
            catalog.take_table(&table);
        }
        if let Some(xml) = read("catalog.xml")? {
            catalog.take_xml(xml)?;
        }
        Ok(catalog)
    }

    /// The local copy of a document, where there is one.
    #[must_use]
    pub fn find(&self, location: &str) -> Option<PathBuf> {
        if let Some(path) = self.by_url.get(location) {
            return Some(path.clone());
        }
        let rewritten = self.rewrites.iter().filter_map(|(prefix, folder)| {
            let rest = location.strip_prefix(prefix.as_str())?;
            Some((prefix.len(), folder.join(rest.trim_start_matches('/'))))
        });
        if let Some((_, path)) = rewritten.max_by_key(|(length, _)| *length) {
            return Some(path);
        }
        let (_, host_and_path) = location.split_once("://")?;
        // A location never leads out of the folder.
        let inside = !host_and_path.split('/').any(|segment| segment == "..");
        let path = self.folder.join(host_and_path.split(['?', '#']).next()?);
        (inside && !host_and_path.starts_with('/') && path.is_file()).then_some(path)
    }

    fn take_table(&mut self, table: &str) {
        for line in table.lines() {
            let mut columns = line.split('\t');
            if let (Some(url), Some(path)) = (columns.next(), columns.next()) {
                self.by_url.insert(resolve_location("", url), self.folder.join(path));
            }
        }
    }

    fn take_xml(&mut self, xml: String) -> Result<(), SourceError> {
        let document =
            Document::parse(crate::diagnostic::FileId(0), xml.into()).map_err(|why| {
                let message = format!("`catalog.xml` of the catalogue: {}", why.message);
                SourceError { message, help: why.help }
            })?;
        let mut pending: Vec<Node<'_>> = vec![document.root()];
        while let Some(node) = pending.pop() {
            let (key, value) = match node.local() {
                "uri" => ("name", "uri"),
                "system" => ("systemId", "uri"),
                "rewriteURI" => ("uriStartString", "rewritePrefix"),
                "rewriteSystem" => ("systemIdStartString", "rewritePrefix"),
                _ => {
                    pending.extend(node.children());
                    continue;
                }
            };
            let (Some(key), Some(value)) = (node.value(key), node.value(value)) else { continue };
            let path = self.folder.join(value);
            if node.local().starts_with("rewrite") {
                self.rewrites.push((key.to_owned(), path));
            } else {
                self.by_url.insert(resolve_location("", key), path);
            }
        }
        Ok(())
    }
}

/// Asks a catalogue before another source.
#[derive(Debug)]
pub struct CatalogSource<S> {
    /// The catalogue.
    pub catalog: Catalog,
    /// Who is asked for what it does not have.
    pub otherwise: S,
}

impl<S: DocumentSource> DocumentSource for CatalogSource<S> {
    fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
        let Some(path) = self.catalog.find(location) else {
            return self.otherwise.read(location);
        };
        // The URL stays the base of relative imports, so that they are found here too.
        read_bounded(&path)
            .map(|bytes| SourceDocument { location: location.to_owned(), bytes, charset: None })
            .map_err(|error| SourceError {
                message: format!("its copy `{}`: {}", path.display(), describe(&error)),
                help: Some("mend the catalogue".to_owned()),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reload::FileSource;

    #[test]
    fn a_catalogue_answers_before_the_network() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("catalog.tsv", "url\tpath\nhttp://x/a.xsd\ta.xsd\n");
        write(
            "catalog.xml",
            "<catalog xmlns='urn:oasis:names:tc:entity:xmlns:xml:catalog'><uri name='urn:b' uri='a.xsd'/><rewriteURI uriStartString='http://y/' rewritePrefix='./'/></catalog>",
        );
        write("a.xsd", "<a/>");
        let catalog = Catalog::open(folder.path()).unwrap();
        let source = CatalogSource { catalog, otherwise: FileSource };
        for location in ["http://x/a.xsd", "urn:b", "http://y/a.xsd"] {
            assert!(source.read(location).is_ok(), "{location}");
        }
        assert!(source.read("http://z/../a.xsd").is_err());
    }
}
