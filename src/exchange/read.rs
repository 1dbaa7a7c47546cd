//! The text of a fixture file into a fixture, every problem of it named.

use super::fixture::FORMAT;
use super::{Fixture, check};
use crate::diagnostic::{Code, Diagnostic, FileId, Report, Span};
use crate::yaml::{self, Node, Value};

/// What the YAML of a fixture is reported as.
const WORDS: yaml::Words = yaml::Words {
    syntax: Code::FixtureSyntax,
    missing: Code::FixtureMissing,
    duplicate: Code::FixtureDuplicate,
    unknown_key: Code::FixtureUnknownKey,
    wrong_type: Code::FixtureType,
    noun: "a fixture",
    first_line: "fixture: 1",
};

impl Fixture {
    /// Reads a file. Every problem of it goes to the report, with its place; where there was
    /// one, there is no fixture.
    #[must_use]
    pub fn read(file: FileId, text: &str, report: &mut Report) -> Option<Self> {
        let before = report.error_count();
        let root = tree(file, text, report)?;
        // Keys that are written twice have been left out.
        let fixture: Option<Self> = yaml::read(&root, &WORDS, report);
        format(file, &root, report);
        if let Some(fixture) = &fixture {
            check::check(fixture, &root, report);
        }
        fixture.filter(|_| report.error_count() == before)
    }
}

/// The tree of a file.
pub(super) fn tree(file: FileId, text: &str, report: &mut Report) -> Option<Node> {
    yaml::parse(file, text, &WORDS, report)
}

fn format(file: FileId, root: &Node, report: &mut Report) {
    let Value::Mapping(entries) = &root.value else { return };
    let Some(entry) = entries.iter().find(|entry| entry.key.value == "fixture") else {
        let message = "a fixture needs `fixture`, the version of its format";
        let missing = Diagnostic::error(Code::FixtureMissing, Span::new(file, 0, 0), message);
        return report.push(missing.help(format!("begin with `fixture: {FORMAT}`")));
    };
    let is_known = matches!(&entry.value.value, Value::Scalar(s) if s.text == FORMAT.to_string());
    if !is_known {
        let message = "this version of figleaf does not know this format of fixtures";
        let unknown = Diagnostic::error(Code::FixtureFormat, entry.value.span, message);
        report.push(unknown.help(format!("write `fixture: {FORMAT}`")));
    }
}
