//! Where the corpus is, and its tables.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use figleaf::cli::{Catalog, CatalogSource, FileSource};

/// Threads that measure.
const WORKERS: usize = 2;

pub type Row = HashMap<String, String>;

/// The folder, and a loud word where there is none.
pub fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("FIGLEAF_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    println!("corpus: not run, {} does not exist", folder.display());
    None
}

pub fn source(corpus: &Path) -> CatalogSource<FileSource> {
    let catalog = Catalog::open(&corpus.join("catalog")).map_err(|e| e.message).unwrap();
    CatalogSource { catalog, otherwise: FileSource }
}

pub fn rows(table: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(table).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    lines
        .map(|line| {
            let values = line.split('\t').map(str::to_owned);
            names.iter().map(|name| (*name).to_owned()).zip(values).collect()
        })
        .collect()
}

/// Files below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut pending = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Runs over every item on all workers; the results are in the order of the items.
pub fn each<T: Sync, R: Send>(items: &[T], run: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            let work = || {
                while let Some((at, item)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    items.get(at).map(|item| (at, item))
                } {
                    let result = run(item);
                    results.lock().unwrap().push((at, result));
                }
            };
            // Schemas nest, and a thread's stack is smaller than the main one.
            std::thread::Builder::new().stack_size(16 << 20).spawn_scoped(scope, work).unwrap();
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}
