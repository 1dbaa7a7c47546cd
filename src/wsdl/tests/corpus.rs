//! Real contracts, where the folder with them exists.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::cli::{Catalog, CatalogSource, FileSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::wsdl::{DocumentSource, Loaded, SourceDocument, SourceError, load};

/// The share of complete contracts that has to load with an operation, in per mille.
const USABLE_MIN: usize = 995;
/// The share that has to load with no operation lost, in per mille. The rest bind
/// operations that their port types do not have.
const WHOLE_MIN: usize = 985;

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: ../shared/corpus is not here, so no real contract was read");
    None
}

fn source(corpus: &Path) -> CatalogSource<FileSource> {
    let catalog = Catalog::open(&corpus.join("catalog")).unwrap();
    CatalogSource { catalog, otherwise: FileSource }
}

fn rows(corpus: &Path) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(corpus.join("INDEX.tsv")).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    lines
        .map(|line| {
            names.iter().map(|n| (*n).to_owned()).zip(line.split('\t').map(str::to_owned)).collect()
        })
        .collect()
}

fn is_expected(diagnostic: &Diagnostic) -> bool {
    matches!(
        diagnostic.code,
        Code::ContractEncoded | Code::ContractTransport | Code::ContractPattern
    )
}

/// Whether there is an operation without an unexpected refusal, and the first of those.
fn judge(loaded: &Loaded) -> (bool, Option<String>) {
    let ports: Vec<_> = loaded.contract.services.iter().flat_map(|s| &s.ports).collect();
    let operations: Vec<_> = ports.iter().flat_map(|p| &p.operations).collect();
    if operations.is_empty() {
        return (false, Some(format!("no operation; {:?}", first_codes(loaded))));
    }
    let is_usable = operations.iter().any(|o| o.refusals.iter().all(is_expected));
    let refusal = operations.iter().flat_map(|o| &o.refusals).find(|d| !is_expected(d));
    (is_usable, refusal.map(|d| format!("{}: {}", d.code.as_str(), d.message)))
}

fn first_codes(loaded: &Loaded) -> Vec<String> {
    let sorted = loaded.contract.report.sorted();
    sorted.iter().take(3).map(|d| format!("{}: {}", d.code.as_str(), d.message)).collect()
}

#[test]
fn complete_contracts_load_with_every_operation() {
    let Some(corpus) = corpus() else { return };
    let source = source(&corpus);
    let mut slowest: Vec<(Duration, String)> = Vec::new();
    let (mut all, mut usable, mut whole) = (0, 0, 0);
    let mut warnings: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows(&corpus) {
        let path = corpus.join("wsdl").join(&row["slug"]).join(&row["root"]);
        let start = Instant::now();
        let loaded = load(path.to_str().unwrap(), &source);
        slowest.push((start.elapsed(), row["id"].clone()));
        if row["complete"] != "y" || row["wsdl"] != "1.1" {
            continue;
        }
        all += 1;
        match loaded {
            Err(failure) => {
                let first = failure.report.sorted()[0].clone();
                println!("FAILS {}: {}: {}", row["id"], first.code.as_str(), first.message);
            }
            Ok(loaded) => {
                let told: Vec<_> = loaded.contract.report.sorted();
                for diagnostic in &told {
                    *warnings.entry(diagnostic.code.as_str()).or_default() += 1;
                    if std::env::var_os("CORPUS_VERBOSE").is_some() {
                        let place = diagnostic.span.map(|s| loaded.contract.sources.place(s));
                        println!(
                            "WARN {}: {}: {} {:?} at {}",
                            row["id"],
                            diagnostic.code.as_str(),
                            diagnostic.message,
                            diagnostic.help,
                            place.map_or(String::new(), |p| format!("{}:{}", p.file, p.line)),
                        );
                    }
                }
                let (is_usable, why) = judge(&loaded);
                usable += usize::from(is_usable);
                whole += usize::from(why.is_none());
                if let Some(why) = why {
                    println!("SHORT {}: {why}", row["id"]);
                }
            }
        }
    }
    slowest.sort_unstable_by(|a, b| b.cmp(a));
    for (time, id) in slowest.iter().take(5) {
        println!("{time:?} {id}");
    }
    println!("warnings on complete contracts: {warnings:?}");
    println!("of {all} complete contracts {usable} load, {whole} with every operation");
    assert!(usable * 1000 >= all * USABLE_MIN, "{usable} of {all}");
    assert!(whole * 1000 >= all * WHOLE_MIN, "{whole} of {all}");
}

#[test]
fn malformed_contracts_and_attacks_are_reported_and_never_panic() {
    let Some(corpus) = corpus() else { return };
    let source = source(&corpus);
    let mut pending = vec![corpus.join("malformed"), corpus.join("attacks"), corpus.join("xsd")];
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        if let Err(failure) = load(path.to_str().unwrap(), &source) {
            let first = failure.report.sorted()[0].clone();
            assert!(first.help.is_some(), "{}: {first:?}", path.display());
            if path.starts_with(corpus.join("malformed")) {
                println!("{}: {} {}", path.display(), first.code.as_str(), first.message);
            }
        } else if path.starts_with(corpus.join("malformed")) {
            println!("TAKEN {}", path.display());
        }
    }
}

/// Every schema of the corpus, behind a WSDL that imports it.
#[test]
fn every_schema_resolves_without_a_panic() {
    let Some(corpus) = corpus() else { return };
    let source = source(&corpus);
    let expected = w3c_schemas(&corpus);
    let (mut valid, mut clean) = (0, 0);
    let mut pending = vec![corpus.clone()];
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "xsd") {
            continue;
        }
        let wrapper = Wrapper { path: path.to_str().unwrap().to_owned(), source: &source };
        let loaded = load("wrapper.wsdl", &wrapper).map_err(|f| f.report).unwrap();
        if expected.contains(&path) {
            valid += 1;
            let told: Vec<_> = loaded.contract.report.sorted();
            let told: Vec<_> = told.iter().filter(|d| d.code != Code::ContractNoSoap).collect();
            match told.first() {
                None => clean += 1,
                Some(first) if std::env::var_os("CORPUS_VERBOSE").is_some() => {
                    println!("XSTS {}: {} {}", path.display(), first.code.as_str(), first.message);
                }
                Some(_) => {}
            }
        }
    }
    println!("of {valid} valid W3C schemas {clean} resolve without a word");
}

/// Schemas of the W3C suite: every one that instances are validated against is valid.
fn w3c_schemas(corpus: &Path) -> HashSet<PathBuf> {
    let text = std::fs::read_to_string(corpus.join("xsts.tsv")).unwrap_or_default();
    let schema = |line: &str| Some(corpus.join("xsts").join(line.split('\t').nth(8)?));
    text.lines().skip(1).filter_map(schema).collect()
}

struct Wrapper<'s> {
    path: String,
    source: &'s CatalogSource<FileSource>,
}

impl DocumentSource for Wrapper<'_> {
    fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
        if location != "wrapper.wsdl" {
            return self.source.read(location);
        }
        let text = format!(
            "<d:definitions xmlns:d='http://schemas.xmlsoap.org/wsdl/'><d:import location='{}'/></d:definitions>",
            self.path.replace('&', "&amp;").replace('\'', "&apos;")
        );
        let bytes = text.into_bytes();
        Ok(SourceDocument { location: location.to_owned(), bytes, charset: None })
    }
}
