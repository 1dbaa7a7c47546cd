//! Real contracts, where the folder with them exists.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::cli::{Catalog, CatalogSource, FileSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::wsdl::{Loaded, load};

/// The share of complete contracts that has to load with every operation, in per mille.
const RATE_MIN: usize = 995;

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

/// Why a contract does not count as loaded.
fn shortcoming(loaded: &Loaded) -> Option<String> {
    let ports: Vec<_> = loaded.contract.services.iter().flat_map(|s| &s.ports).collect();
    let operations: Vec<_> = ports.iter().flat_map(|p| &p.operations).collect();
    if operations.is_empty() {
        return Some(format!("no operation; {:?}", first_codes(loaded)));
    }
    let refusal = operations.iter().flat_map(|o| &o.refusals).find(|d| !is_expected(d));
    refusal.map(|d| format!("{}: {}", d.code.as_str(), d.message))
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
    let (mut all, mut good) = (0, 0);
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
                match shortcoming(&loaded) {
                    None => good += 1,
                    Some(why) => println!("SHORT {}: {why}", row["id"]),
                }
            }
        }
    }
    slowest.sort_unstable_by(|a, b| b.cmp(a));
    for (time, id) in slowest.iter().take(5) {
        println!("{time:?} {id}");
    }
    println!("warnings on complete contracts: {warnings:?}");
    println!("{good} of {all} complete contracts load with every operation");
    assert!(good * 1000 >= all * RATE_MIN, "{good} of {all}");
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
