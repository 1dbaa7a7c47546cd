//! The largest contracts: imported, compiled and described within a bound. `scripts/limits`
//! measures all of them, with the release binary.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use figleaf::cli::FileSource;
use figleaf::reload::{ProcessEnvironment, Types, load};

use super::place::{Row, each};
use super::subject::complete;

/// Contracts that are tried.
const LARGEST: usize = 5;
/// For one step of one contract, in a build without optimisation on a busy machine. With the
/// release binary it is 5 s.
const STEP_MAX: Duration = Duration::from_secs(60);

pub fn measure(corpus: &Path) {
    let mut all: Vec<Row> = complete(corpus);
    let bytes = |row: &Row| row["bytes"].parse::<u64>().unwrap();
    all.sort_by_key(|row| std::cmp::Reverse(bytes(row)));
    let said = each(&all[..LARGEST], |row| one(corpus, row));
    println!("{}", said.concat());
}

fn one(corpus: &Path, row: &Row) -> String {
    let folder = tempfile::tempdir().unwrap();
    let root = corpus.join("wsdl").join(&row["slug"]).join(&row["root"]);
    let mut said = format!("{} ({} bytes):", row["id"], row["bytes"]);
    let mut took = |step: &str, since: Instant| {
        let took = since.elapsed();
        assert!(took < STEP_MAX, "{}: {step} takes {took:?}", row["id"]);
        let _ = write!(said, " {step} {took:.2?}");
    };
    let start = Instant::now();
    let done = Command::new(env!("CARGO_BIN_EXE_figleaf"))
        .args(["import", "--name", "it", "--into"])
        .args([folder.path(), &root])
        .args(["--catalog".as_ref(), corpus.join("catalog").as_os_str()])
        .output()
        .unwrap();
    assert!(done.status.success(), "{}: {done:?}", row["id"]);
    took("import", start);
    let start = Instant::now();
    let mappings = folder.path().join("mappings");
    let unlocked = |_: &Path| Vec::new();
    let loaded = load(&mappings, &ProcessEnvironment, &FileSource, &unlocked, Types::Lock);
    let plan = loaded.plan.unwrap_or_else(|| panic!("{} does not compile", row["id"]));
    let document = figleaf::openapi::to_json(&figleaf::openapi::combined(&plan));
    assert!(document.len() > 10_000, "{}: {} bytes", row["id"], document.len());
    took("plan and OpenAPI", start);
    said.push('\n');
    said
}
