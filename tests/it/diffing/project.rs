//! A git repository with a project in it.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::rig::{Output, figleaf};

/// A repository.
pub struct Project(pub TempDir);

impl Project {
    /// The shop, as it is in this repository, committed and tagged `one`.
    pub fn shop() -> Self {
        let project = Self(TempDir::new().unwrap());
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for folder in ["mappings", "wsdl/shop"] {
            std::fs::create_dir_all(project.path().join(folder)).unwrap();
            for entry in std::fs::read_dir(root.join(folder)).unwrap() {
                let entry = entry.unwrap();
                let name = entry.file_name().into_string().unwrap();
                let is_shop = folder != "mappings" || name.starts_with("shop");
                if is_shop && entry.path().is_file() {
                    std::fs::copy(entry.path(), project.path().join(folder).join(name)).unwrap();
                }
            }
        }
        project.committed("one");
        project
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .args(["-c", "user.name=Jo", "-c", "user.email=jo@shop.example"])
            .args(arguments)
            .current_dir(self.path())
            .output()
            .expect("git, which these tests need");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    }

    /// Commits everything, under a tag.
    pub fn committed(&self, tag: &str) {
        self.git(&["init", "--quiet"]);
        self.git(&["config", "user.name", "Jo"]);
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", tag]);
        self.git(&["tag", tag]);
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Replaces a text that stands there.
    #[track_caller]
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "`{from}` is not in {name}");
        self.write(name, &text.replacen(from, to, 1));
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.run_in("", arguments)
    }

    pub fn run_in(&self, folder: &str, arguments: &[&str]) -> Output {
        let path = std::env::var("PATH").unwrap_or_default();
        let variables =
            [("PATH", &*path), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("HOME", "/nowhere")];
        let all: Vec<&str> =
            ["diff", "--on", "2026-06-30"].iter().chain(arguments).copied().collect();
        figleaf(&self.path().join(folder), &all, &variables)
    }

    /// Changes as lines, words for people left out; the cause behind an arrow.
    #[track_caller]
    pub fn lines(&self, revision: &str) -> Vec<String> {
        let output = self.run(&[revision, "--format", "json", "--fail-on", "never"]);
        assert_eq!(output.code, 0, "{output:?}");
        let outcome: Value = serde_json::from_str(&output.stdout).unwrap();
        let changes = outcome["changes"].as_array().unwrap();
        let changes = changes.iter().filter(|c| c["rule"] != "documentation-changed");
        changes.map(line).collect()
    }

    #[track_caller]
    pub fn check(&self, expected: &[&str]) {
        assert_eq!(self.lines("one"), expected);
    }
}

fn line(change: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let cause = |c: &Value| {
        format!("{}:{} -{} +{}", text(&c["file"]), c["line"], text(&c["before"]), text(&c["after"]))
    };
    let causes: Vec<String> = change["causes"].as_array().unwrap().iter().map(cause).collect();
    let words = [&change["severity"], &change["rule"], &change["operation"], &change["place"]];
    let words: Vec<String> = words.into_iter().map(text).filter(|w| !w.is_empty()).collect();
    format!("{} ← {}", words.join(" "), causes.join("; "))
}
