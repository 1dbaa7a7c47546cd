//! The contracts of the corpus.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use figleaf::cli::{Catalog, CatalogSource, FileSource};

/// One contract.
pub struct Root {
    /// Its name in the corpus.
    pub id: String,
    /// Its root document.
    pub path: PathBuf,
}

/// The contracts that are measured: those of WSDL 1.1 that lack nothing.
pub fn roots(corpus: &Path, only: &[String]) -> Result<Vec<Root>, String> {
    let table = corpus.join("INDEX.tsv");
    let text = std::fs::read_to_string(&table)
        .map_err(|why| format!("`{}` cannot be read: {why}", table.display()))?;
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let mut roots = Vec::new();
    for line in lines {
        let row: HashMap<&str, &str> = names.iter().copied().zip(line.split('\t')).collect();
        let is = |name: &str, value: &str| row.get(name) == Some(&value);
        let column = |name: &str| row.get(name).copied();
        let (Some(id), Some(slug), Some(root)) = (column("id"), column("slug"), column("root"))
        else {
            continue;
        };
        let wanted = only.is_empty() || only.iter().any(|only| only == id);
        if wanted && is("complete", "y") && is("wsdl", "1.1") {
            let path = corpus.join("wsdl").join(slug).join(root);
            roots.push(Root { id: id.to_owned(), path });
        }
    }
    if roots.is_empty() {
        return Err(format!("`{}` names no such contract", table.display()));
    }
    Ok(roots)
}

/// Files, and the corpus' copies of what contracts import by URL.
pub fn documents(corpus: &Path) -> Result<CatalogSource<FileSource>, String> {
    let catalog = Catalog::open(&corpus.join("catalog")).map_err(|error| error.message)?;
    Ok(CatalogSource { catalog, otherwise: FileSource })
}
