//! What oasdiff says of the same pairs of documents. `tests/diff/oasdiff.tsv` keeps both.
//!
//! `OASDIFF=path/to/oasdiff FIGLEAF_BLESS=1 cargo test --test it diffing` writes it anew; the
//! version stands in `OASDIFF_VERSION`, since a build from source calls itself `main`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use figleaf::change::{Day, Severity, compare};
use serde_json::Value;

use super::pairs::{Pair, pairs};

/// Verdicts of one pair, each `severity rule`, the worst first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdicts {
    pub ours: Vec<String>,
    pub theirs: Vec<String>,
}

/// What the file holds.
pub struct Recorded {
    /// `oasdiff 1.2.3, 2026-01-01`
    pub of: String,
    pub rows: BTreeMap<(String, String), Verdicts>,
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/oasdiff.tsv")
}

pub fn recorded() -> Recorded {
    let text = fs::read_to_string(path()).unwrap_or_default();
    let mut lines = text.lines();
    let of = lines.next().unwrap_or("# ").trim_start_matches("# ").to_owned();
    let list = |text: &str| text.split(", ").filter(|v| !v.is_empty()).map(str::to_owned).collect();
    let rows = lines.skip(1).filter_map(|line| {
        let mut cells = line.split('\t');
        let key = (cells.next()?.to_owned(), cells.next()?.to_owned());
        let (ours, theirs) = (list(cells.next()?), list(cells.next().unwrap_or("")));
        Some((key, Verdicts { ours, theirs }))
    });
    Recorded { of, rows: rows.collect() }
}

/// How bad the worst verdict is: 3 breaking, 2 risky, 1 safe or nothing at all.
pub fn worst(verdicts: &[String]) -> u8 {
    let bad = |verdict: &String| match verdict.split(' ').next() {
        Some("breaking" | "ERR") => 3,
        Some("risky" | "WARN") => 2,
        _ => 1,
    };
    verdicts.iter().map(bad).max().unwrap_or(1)
}

fn sorted(verdicts: Vec<String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for verdict in verdicts {
        if !distinct.contains(&verdict) {
            distinct.push(verdict);
        }
    }
    distinct.sort_by_key(|verdict| {
        (std::cmp::Reverse(worst(std::slice::from_ref(verdict))), verdict.clone())
    });
    distinct
}

fn ours(before: &Value, after: &Value) -> Vec<String> {
    let changes = compare(before, after, Day::parse("2026-06-30"));
    sorted(changes.iter().map(|c| format!("{} {}", c.severity.as_str(), c.rule)).collect())
}

fn theirs(program: &str, before: &Value, after: &Value) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, document: &Value| {
        let path = folder.path().join(name);
        fs::write(&path, document.to_string()).unwrap();
        path
    };
    let (old, new) = (write("old.json", before), write("new.json", after));
    let output = Command::new(program)
        .args(["changelog", "--flatten-allof", "--format", "json"])
        .args([&old, &new])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    let each = found.as_array().into_iter().flatten().map(|change| {
        let level = match change["level"].as_u64() {
            Some(3) => "ERR",
            Some(2) => "WARN",
            _ => "INFO",
        };
        format!("{level} {}", change["id"].as_str().unwrap_or(""))
    });
    sorted(each.collect())
}

/// What no comparison may do, whatever the documents.
fn odd(before: &Value, after: &Value) -> Option<&'static str> {
    let changes = |a: &Value, b: &Value| compare(a, b, None);
    if !changes(before, &rewritten(before)).is_empty() {
        return Some("names of components or the order of members are taken for a change");
    }
    let breaks = changes(before, after).iter().any(|c| c.severity == Severity::Breaking);
    (breaks && changes(after, before).is_empty()).then_some("the way back is silent")
}

/// The same document with its components under other names and members in another order.
fn rewritten(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let renamed = |(name, value): (&String, &Value)| match (&**name, value) {
                ("schemas", Value::Object(schemas)) => {
                    let schemas = schemas.iter().rev();
                    let schemas = schemas.map(|(name, s)| (format!("Z{name}"), rewritten(s)));
                    (name.clone(), Value::Object(schemas.collect()))
                }
                _ => (name.clone(), rewritten(value)),
            };
            Value::Object(members.iter().rev().map(renamed).collect())
        }
        Value::Array(items) => items.iter().map(rewritten).collect(),
        Value::String(text) => {
            text.replace("#/components/schemas/", "#/components/schemas/Z").into()
        }
        scalar => scalar.clone(),
    }
}

fn key(pair: &Pair) -> (String, String) {
    (pair.name().to_owned(), pair.edit.clone())
}

#[test]
fn verdicts_are_as_recorded_and_every_difference_has_its_reason() {
    let program = std::env::var("OASDIFF").ok();
    let recorded = recorded();
    if program.is_none() {
        println!(
            "oasdiff: not run, OASDIFF does not name it; its verdicts are those of {}",
            recorded.of
        );
    }
    let mut text = String::new();
    let mut wrong = Vec::new();
    for pair in pairs() {
        let Some(documents) = pair.documents() else { continue };
        let (before, after) = match documents {
            Ok(documents) => documents,
            Err(why) => {
                wrong.push(format!("{}: a reason: {why}", pair.edit));
                continue;
            }
        };
        wrong.extend(odd(&before, &after).map(|what| format!("{}: a reason: {what}", pair.edit)));
        let known = recorded.rows.get(&key(&pair));
        let theirs = match &program {
            Some(program) => theirs(program, &before, &after),
            None => known.map(|v| v.theirs.clone()).unwrap_or_default(),
        };
        let found = Verdicts { ours: ours(&before, &after), theirs };
        let (base, edit) = key(&pair);
        text.push_str(&format!(
            "{base}\t{edit}\t{}\t{}\n",
            found.ours.join(", "),
            found.theirs.join(", ")
        ));
        if known != Some(&found) {
            wrong.push(format!("{base}, {edit}: {found:?}, recorded {known:?}"));
        }
        if (worst(&found.ours) != worst(&found.theirs)) == pair.why.is_empty() {
            wrong.push(format!("{base}, {edit}: a reason, if and only if they differ: {found:?}"));
        }
    }
    if program.is_some() && std::env::var_os("FIGLEAF_BLESS").is_some() {
        let version =
            std::env::var("OASDIFF_VERSION").expect("OASDIFF_VERSION, e.g. `1.32.0, 2026-11-21`");
        fs::create_dir_all(path().parent().unwrap()).unwrap();
        fs::write(path(), format!("# oasdiff {version}\nbase\tedit\tours\ttheirs\n{text}"))
            .unwrap();
        wrong.retain(|line| line.contains("a reason"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
