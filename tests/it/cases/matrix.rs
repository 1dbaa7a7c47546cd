//! docs/compatibility.md: the capability matrix, one row a case.
//!
//! What cannot be told as a case (bytes, a server, a corpus) is named in `elsewhere.tsv`, with
//! the test that proves it.

use std::fmt::Write as _;
use std::path::Path;

use super::CASES;
use super::file::Case;
use super::run::read;
use crate::corpus::page::keep;

/// Rows the matrix has at least.
const ROWS_MIN: usize = 100;

/// A fence of a way back: SOAP → JSON.
const READ: &[(&str, &str)] =
    &[("json", ""), ("json", "answer"), ("violations", ""), ("json", "problem")];
/// A fence of the way there: JSON → SOAP.
const SENT: &[(&str, &str)] = &[("json", ""), ("json", "request"), ("json", "refused")];

struct Row {
    group: String,
    construct: String,
    sent: bool,
    read: bool,
    described: bool,
    test: String,
}

#[test]
fn the_matrix_is_what_the_cases_are() {
    let mut rows: Vec<Row> = CASES.iter().map(|(folder, name)| row(folder, name)).collect();
    rows.extend(elsewhere());
    rows.sort_by(|a, b| a.group.cmp(&b.group));
    let mut page = String::from(
        "| | construct | JSON → SOAP | SOAP → JSON | OpenAPI | the test |\n|---|---|:-:|:-:|:-:|---|\n",
    );
    for row in &rows {
        let mark = |is: bool| if is { "yes" } else { "" };
        let Row { group, construct, test, .. } = row;
        let (sent, read, described) = (mark(row.sent), mark(row.read), mark(row.described));
        let _ =
            writeln!(page, "| {group} | {construct} | {sent} | {read} | {described} | `{test}` |");
    }
    assert!(rows.len() >= ROWS_MIN, "{} rows", rows.len());
    keep("capabilities", &page);
}

#[test]
fn every_file_is_a_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/cases");
    for folder in std::fs::read_dir(&root).unwrap().flatten().filter(|e| e.path().is_dir()) {
        let group = folder.file_name().into_string().unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
            let name = file.file_name().into_string().unwrap();
            let name = name.strip_suffix(".md").unwrap();
            assert!(CASES.contains(&(&group, name)), "{group}/{name}.md is not in mod.rs");
        }
    }
}

fn row(folder: &str, name: &str) -> Row {
    let case = read(folder, name);
    let has = |fences: &[(&str, &str)]| {
        case.blocks.iter().any(|b| fences.contains(&(&b.language, &b.words)))
    };
    let described = case.blocks.iter().any(|block| block.language == "schema");
    let (sent, read) = (has(SENT), has(READ));
    let Case { title: construct, .. } = case;
    let test = format!("cases::{folder}::{name}");
    Row { group: folder.to_owned(), construct, sent, read, described, test }
}

/// Rows whose test stands elsewhere; it has to be there.
fn elsewhere() -> impl Iterator<Item = Row> {
    include_str!("elsewhere.tsv").lines().skip(1).map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [group, construct, sent, read, described, test] = fields[..] else {
            panic!("elsewhere.tsv: {line}")
        };
        assert!(exists(test), "elsewhere.tsv: there is no test {test}");
        let [group, construct, test] = [group, construct, test].map(str::to_owned);
        let [sent, read, described] = [sent, read, described].map(|mark| mark == "yes");
        Row { group, construct, sent, read, described, test }
    })
}

/// Whether `a::b::name` is a function in a file of `a/b.rs` or `a/b/`, in tests/it or src.
fn exists(test: &str) -> bool {
    let (modules, name) = test.rsplit_once("::").unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let function = format!("fn {name}(");
    ["tests/it", "src"].iter().any(|base| {
        let mut path = root.join(base);
        path.extend(modules.split("::"));
        let parent = path.parent().map(Path::to_owned).unwrap_or_default();
        let candidates = [
            path.with_extension("rs"),
            path.join("mod.rs"),
            parent.with_extension("rs"),
            parent.join("mod.rs"),
        ];
        candidates
            .iter()
            .any(|file| std::fs::read_to_string(file).is_ok_and(|text| text.contains(&function)))
    })
}
