//! Pairs of revisions, one edit each, for comparing with what another tool says.

use std::path::{Path, PathBuf};

use figleaf::cli::FileSource;
use figleaf::mapping::Environment;
use figleaf::reload::{Types, load};
use serde_json::Value;
use tempfile::TempDir;

use crate::rig::figleaf;

/// One edit of something real.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// What is edited: `shop`, or a contract of the corpus.
    pub base: String,
    /// What the edit is.
    pub edit: String,
    file: String,
    from: String,
    to: String,
    /// Why the verdicts differ; empty where they do not.
    #[serde(default)]
    pub why: String,
}

impl Pair {
    /// What is edited, in short.
    pub fn name(&self) -> &str {
        self.base.rsplit("--").next().unwrap_or(&self.base)
    }

    /// The project in a folder of its own; `None` where there is no corpus.
    fn project(&self) -> Option<TempDir> {
        let folder = TempDir::new().unwrap();
        if self.base == "shop" {
            for part in ["mappings", "mappings/queries", "wsdl/shop"] {
                let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(part);
                copied(&from, &folder.path().join(part));
            }
            return Some(folder);
        }
        let corpus = std::env::var_os("FIGLEAF_CORPUS").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
            PathBuf::from,
        );
        let contract = corpus.join("wsdl").join(&self.base);
        if !contract.is_dir() {
            println!("diffing: not run, {} does not exist", contract.display());
            return None;
        }
        let contract = contract.display().to_string();
        let output = figleaf(folder.path(), &["import", &contract], &[]);
        assert!(output.code < 2, "{output:?}");
        Some(folder)
    }
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

struct Nothing;

impl Environment for Nothing {
    fn var(&self, _: &str) -> Option<String> {
        None
    }

    fn file(&self, _: &str) -> Result<String, String> {
        Ok("key".to_owned())
    }
}

/// The document of a project, or what is wrong with it.
fn document(project: &Path) -> Result<Value, String> {
    let unlocked = |_: &Path| Vec::new();
    let loaded = load(&project.join("mappings"), &Nothing, &FileSource, &unlocked, Types::Lock);
    let problems: Vec<String> = loaded
        .findings
        .iter()
        .map(|(report, sources)| {
            let style = figleaf::diagnostic::Style::Plain;
            figleaf::diagnostic::render_human(&report.sorted(), sources, style)
        })
        .collect();
    let plan = loaded.plan.ok_or_else(|| problems.join("\n"))?;
    let text = figleaf::openapi::to_json(&figleaf::openapi::combined(&plan));
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

impl Pair {
    /// The documents before and after; `None` where there is no corpus.
    pub fn documents(&self) -> Option<Result<(Value, Value), String>> {
        self.project().map(|project| self.edited(project.path()))
    }

    fn edited(&self, project: &Path) -> Result<(Value, Value), String> {
        let before = document(project)?;
        let path = project.join(&self.file);
        let text =
            std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", self.file))?;
        if !text.contains(&self.from) {
            return Err(format!("`{}` is not in {}", self.from, self.file));
        }
        std::fs::write(&path, text.replacen(&self.from, &self.to, 1)).unwrap();
        Ok((before, document(project)?))
    }
}

/// Every pair, in the order of `tests/diff/pairs.yaml`.
pub fn pairs() -> Vec<Pair> {
    serde_saphyr::from_str(include_str!("../../diff/pairs.yaml")).unwrap()
}
