//! What was found, for CI servers: the XML that `JUnit`'s Ant task began to write, as Jenkins,
//! GitLab and GitHub read it.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::fixture::{Checked, Uncovered, Verification};
use crate::xml::write_attribute_value;

/// A suite for each operation, and one for what has no fixture: failures where one is required,
/// skipped tests where not.
pub(super) fn document(verification: &Verification, coverage_required: bool) -> String {
    let mut suites: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for checked in &verification.fixtures {
        let (suite, name) = checked.name.rsplit_once('/').unwrap_or(("", &checked.name));
        suites.entry(suite.replace('/', ".")).or_default().push(Case::fixture(checked, name));
    }
    let uncovered = verification.uncovered.iter();
    let uncovered: Vec<Case> = uncovered.map(|u| Case::uncovered(u, coverage_required)).collect();
    if !uncovered.is_empty() {
        suites.insert("coverage".to_owned(), uncovered);
    }
    let all = suites.values().flatten();
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    text.push_str(&format!("<testsuites name=\"figleaf verify\"{}>\n", counts(all)));
    for (name, cases) in &suites {
        text.push_str(&format!("  <testsuite name=\"{}\"{}>\n", attribute(name), counts(cases)));
        text.extend(cases.iter().map(|case| case.element(name)));
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

struct Case {
    name: String,
    took: Duration,
    /// Type, message and text.
    failure: Option<(&'static str, String, String)>,
    skipped: Option<String>,
    notes: String,
}

impl Case {
    fn fixture(checked: &Checked, name: &str) -> Self {
        let failure = checked.findings.first().map(|first| {
            let lines = checked.findings.iter().flat_map(|finding| {
                let own = format!("{}: {}", finding.check.name(), finding.message);
                std::iter::once(own).chain(finding.lines.iter().map(|line| format!("  {line}")))
            });
            (first.check.name(), first.message.clone(), lines.collect::<Vec<_>>().join("\n"))
        });
        let skipped = checked.skipped.clone().filter(|_| failure.is_none());
        let (name, took, notes) = (name.to_owned(), checked.took, checked.notes.join("\n"));
        Self { name, took, failure, skipped, notes }
    }

    fn uncovered(uncovered: &Uncovered, required: bool) -> Self {
        let name = format!("{} {}", uncovered.kind, uncovered.name);
        let message = "it has no fixture".to_owned();
        let failure = required.then(|| ("coverage", message.clone(), name.clone()));
        let skipped = (!required).then_some(message);
        Self { name, took: Duration::ZERO, failure, skipped, notes: String::new() }
    }

    fn element(&self, suite: &str) -> String {
        let (suite, name) = (attribute(suite), attribute(&self.name));
        let mut inner = String::new();
        if let Some((kind, message, text)) = &self.failure {
            let (message, text) = (attribute(message), content(text));
            inner.push_str(&format!(
                "      <failure message=\"{message}\" type=\"{kind}\">{text}</failure>\n"
            ));
        }
        if let Some(why) = &self.skipped {
            inner.push_str(&format!("      <skipped message=\"{}\"/>\n", attribute(why)));
        }
        if !self.notes.is_empty() {
            let notes = content(&self.notes);
            inner.push_str(&format!("      <system-out>{notes}</system-out>\n"));
        }
        let time = self.took.as_secs_f64();
        let head =
            format!("    <testcase classname=\"{suite}\" name=\"{name}\" time=\"{time:.3}\"");
        if inner.is_empty() {
            format!("{head}/>\n")
        } else {
            format!("{head}>\n{inner}    </testcase>\n")
        }
    }
}

fn counts<'c>(cases: impl IntoIterator<Item = &'c Case>) -> String {
    let (mut tests, mut failures, mut skipped, mut time) = (0, 0, 0, Duration::ZERO);
    for case in cases {
        tests += 1;
        failures += u32::from(case.failure.is_some());
        skipped += u32::from(case.skipped.is_some());
        time += case.took;
    }
    let time = time.as_secs_f64();
    format!(
        " tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" time=\"{time:.3}\""
    )
}

/// Escaped for an attribute; what XML cannot carry becomes U+FFFD.
fn attribute(text: &str) -> String {
    let text: String =
        text.chars().map(|c| if crate::xml::is_xml_char(c) { c } else { '\u{fffd}' }).collect();
    let mut out = Vec::new();
    // Nothing is left that it could refuse.
    let _ = write_attribute_value(&mut out, &text);
    String::from_utf8(out).unwrap_or_default()
}

/// The same with its lines kept.
fn content(text: &str) -> String {
    text.split('\n').map(attribute).collect::<Vec<_>>().join("\n")
}
