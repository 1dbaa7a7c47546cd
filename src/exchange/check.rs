//! Values of a fixture that have a form of their own.

use super::Fixture;
use crate::canonical::NodePath;
use crate::diagnostic::{Code, Diagnostic, Report, Span};
use crate::yaml::{Node, Value};

/// Bytes of the program a pattern compiles to.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// Reports what has the right type and says nothing all the same.
pub(super) fn check(fixture: &Fixture, root: &Node, report: &mut Report) {
    let mut check = Check { root, report };
    check.kind(fixture);
    check.rest(fixture);
    for (at, path) in fixture.ignore.iter().enumerate() {
        check.path(path, &["ignore", &at.to_string()]);
    }
    for (path, pattern) in &fixture.where_ {
        check.path(path, &["where", path]);
        let compiled = regex::RegexBuilder::new(pattern).size_limit(PATTERN_BYTES_MAX).build();
        if let Err(error) = compiled {
            check.wrong(&["where", path], format!("the pattern cannot be used: {error}"));
        }
    }
    for (at, volatile) in fixture.volatile.iter().enumerate() {
        check.path(&volatile.path, &["volatile", &at.to_string(), "path"]);
        if let Some(path) = volatile.value.strip_prefix("echo:") {
            check.path(path, &["volatile", &at.to_string(), "value"]);
        }
    }
    check.response(fixture);
    if let Some(expires) = &fixture.expires
        && !(expires.len() == 10 && expires.parse::<jiff::civil::Date>().is_ok())
    {
        check.wrong(&["expires"], "a day is written `2027-01-31`");
    }
    if let Some(effect) = &fixture.effect
        && !["read", "write"].contains(&effect.as_str())
    {
        check.wrong(&["effect"], "the choices are `read` and `write`");
    }
}

struct Check<'c> {
    root: &'c Node,
    report: &'c mut Report,
}

impl Check<'_> {
    fn kind(&mut self, fixture: &Fixture) {
        if fixture.operation.is_some() && fixture.sql.is_some() {
            self.wrong(&["sql"], "an exchange is one of an `operation` or of `sql`, not of both");
        }
        if let Some(soap) = &fixture.soap
            && !["1.1", "1.2"].contains(&soap.as_str())
        {
            self.wrong(&["soap"], "the choices are `\"1.1\"` and `\"1.2\"`");
        }
        if let Some(scenario) = &fixture.scenario
            && scenario.name.is_empty()
        {
            self.wrong(&["scenario"], "a scenario needs a `name`");
        }
    }

    fn rest(&mut self, fixture: &Fixture) {
        for (at, rest) in fixture.rest.iter().enumerate() {
            let at = at.to_string();
            let is_request = rest.request.split_once(' ').is_some_and(|(method, target)| {
                let is_method = method.bytes().all(|b| b.is_ascii_uppercase() || b == b'-');
                is_method && !method.is_empty() && target.starts_with('/') && !target.contains(' ')
            });
            if !is_request {
                self.wrong(
                    &["rest", &at, "request"],
                    "a request is a method and a path: `GET /api/v1/orders/42`",
                );
            }
            self.status(rest.status, &["rest", &at, "status"]);
            if let Some(golden) = &rest.golden {
                self.file(golden, &["rest", &at, "golden"]);
            }
        }
    }

    fn response(&mut self, fixture: &Fixture) {
        let response = &fixture.response;
        if let Some(status) = response.status {
            self.status(status, &["response", "status"]);
        }
        for (at, part) in response.parts.iter().enumerate() {
            self.file(&part.file, &["response", "parts", &at.to_string(), "file"]);
        }
    }

    fn path(&mut self, path: &str, place: &[&str]) {
        if let Err(problem) = NodePath::parse(path) {
            self.wrong(place, problem.to_string());
        }
    }

    fn status(&mut self, status: u16, place: &[&str]) {
        if !(100..=599).contains(&status) {
            self.wrong(place, "a status is a number from 100 to 599");
        }
    }

    /// A file lies beside the fixture: a name with a separator would lead out of the folder.
    fn file(&mut self, name: &str, place: &[&str]) {
        let plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
        if !plain {
            self.wrong(place, "a file beside this one, by its name alone");
        }
    }

    fn wrong(&mut self, place: &[&str], message: impl Into<String>) {
        let span = span(self.root, place);
        self.report.push(Diagnostic::error(Code::FixtureValue, span, message));
    }
}

/// Where a value stands; the nearest that is there.
fn span(root: &Node, place: &[&str]) -> Span {
    let mut node = root;
    for step in place {
        let next = match &node.value {
            Value::Mapping(entries) => {
                let found = entries.iter().find(|entry| entry.key.value == *step);
                found.map(|entry| &entry.value)
            }
            Value::Sequence(items) => step.parse().ok().and_then(|at: usize| items.get(at)),
            Value::Scalar(_) => None,
        };
        let Some(next) = next else { break };
        node = next;
    }
    node.span
}
