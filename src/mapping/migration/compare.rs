//! `compare`: headers that are compared, and rules for what may differ.

use super::super::fields::Fields;
use super::super::keys::COMPARE;
use super::super::node::{Entry, Node, Spanned, Value};
use super::super::reader::{Context, describe};
use super::rule::rule;
use crate::diagnostic::{Code, Diagnostic};
use crate::strangler::{Pattern, Rule};

/// What may differ between two answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compare {
    /// Headers, in lower case.
    pub headers: Vec<Spanned<String>>,
    /// Rules, in the order written.
    pub rules: Vec<CompareRule>,
}

/// A place in an answer, and what may differ there.
#[derive(Debug, Clone)]
pub struct CompareRule {
    /// The place.
    pub pattern: Spanned<Pattern>,
    /// What may differ.
    pub rule: Rule,
    /// Both as they are written, on one line.
    pub written: String,
}

/// What is written decides what a rule is.
impl PartialEq for CompareRule {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern && self.written == other.written
    }
}

impl Eq for CompareRule {}

/// Rules of one route.
const RULES_MAX: usize = 1_000;

pub(super) fn compare(cx: &mut Context<'_>, fields: &Fields<'_>) -> Compare {
    let Some(own) = fields.section(cx, "compare", &COMPARE) else { return Compare::default() };
    let headers = own.get("headers").map(|entry| headers(cx, entry)).unwrap_or_default();
    let rules = own.get("rules").map(|entry| rules(cx, entry)).unwrap_or_default();
    Compare { headers, rules }
}

fn headers(cx: &mut Context<'_>, entry: &Entry) -> Vec<Spanned<String>> {
    let Value::Sequence(items) = &entry.value.value else {
        cx.expected(&entry.value, entry.key.span, "a list such as `[etag]`");
        return Vec::new();
    };
    let mut names = Vec::new();
    for item in items {
        let Some(text) = cx.text(item, entry.key.span) else { continue };
        let name = text.map(|text| text.value.to_ascii_lowercase());
        if http::HeaderName::try_from(name.value.as_str()).is_err() {
            let message = format!("{} is no HTTP header", describe(item));
            cx.error(Code::MappingValue, name.span, message);
            continue;
        }
        names.push(name);
    }
    names
}

fn rules(cx: &mut Context<'_>, entry: &Entry) -> Vec<CompareRule> {
    let lines = cx.entries(&entry.value, entry.key.span, "places and what may differ there");
    if lines.len() > RULES_MAX {
        let message = format!("a route has at most {RULES_MAX} rules");
        cx.error(Code::MappingRule, entry.key.span, message);
    }
    lines.iter().filter_map(|line| one(cx, line)).collect()
}

fn one(cx: &mut Context<'_>, line: &Entry) -> Option<CompareRule> {
    let rule = rule(cx, line);
    let pattern = match Pattern::parse(&line.key.value) {
        Ok(pattern) => Some(Spanned::new(pattern, line.key.span)),
        Err(problem) => {
            let help = "write `a.b`, `lines[*].price`, `*.id`, `meta.**`, `\"a.b\".c`, `@status`, `@header.etag` or `$`";
            let diagnostic =
                Diagnostic::error(Code::MappingRule, line.key.span, problem.to_string());
            cx.report.push(diagnostic.help(help));
            None
        }
    };
    let written = format!("{}: {}", line.key.value, flow(&line.value));
    Some(CompareRule { pattern: pattern?, rule: rule?, written })
}

/// A value on one line. No deeper than a mapping may be.
fn flow(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) if scalar.quoted => format!("\"{}\"", scalar.text.escape_debug()),
        Value::Scalar(scalar) => scalar.text.clone(),
        Value::Sequence(items) => {
            format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Value::Mapping(entries) => {
            let entry = |entry: &Entry| format!("{}: {}", entry.key.value, flow(&entry.value));
            format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}
