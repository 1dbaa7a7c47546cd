//! One mapping file as it is written.

use std::fmt;

use super::backend::{Backend, backend};
use super::credentials::auth;
use super::fields::Fields;
use super::interpolate::Text;
use super::keys::DOCUMENT;
use super::migration::gate;
use super::node::{Entry, Node, Spanned};
use super::reader::Context;
use super::route::{Route, route};
use super::values::{Date, parse_date};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::plan::AuthPlan;

/// One file. What is `None` or empty was not written, or was wrong and is reported.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The file.
    pub file: FileId,
    /// The API its routes belong to.
    pub api: Option<Spanned<String>>,
    /// The version they belong to.
    pub version: Option<Spanned<Version>>,
    /// The title of the documentation.
    pub title: Option<Spanned<String>>,
    /// What the API is for.
    pub description: Option<Spanned<String>>,
    /// The version whose routes are taken over.
    pub extends: Option<Spanned<Version>>,
    /// The day the version is deprecated.
    pub deprecated: Option<Spanned<Date>>,
    /// The day it ends.
    pub sunset: Option<Spanned<Date>>,
    /// Who may call.
    pub auth: Option<Spanned<AuthPlan>>,
    /// The systems behind.
    pub backends: Vec<Backend>,
    /// What is served.
    pub routes: Vec<Route>,
}

/// The version of an API, `v` and a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(pub u32);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

/// `v1`; `v01` and `1` are other spellings and refused.
fn parse_version(text: &str) -> Option<Version> {
    let digits = text.strip_prefix('v')?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    let leading = digits.len() > 1 && digits.starts_with('0');
    if plain && !leading { digits.parse().ok().map(Version) } else { None }
}

pub(super) fn document(cx: &mut Context<'_>, root: &Node) -> Option<Document> {
    let file = root.span.file;
    let fields = cx.fields(root, Span::new(file, 0, 0), &DOCUMENT)?;
    format(cx, &fields);
    let version = "a version such as `v1`";
    let backends = fields.get("backends").map_or(&[][..], |entry| {
        cx.entries(&entry.value, entry.key.span, "names of backends and what they are")
    });
    let routes = fields.get("routes").map_or(&[][..], |entry| {
        cx.entries(&entry.value, entry.key.span, "routes, `METHOD /path` and what serves it")
    });
    let mut document = Document {
        file,
        api: fields.string(cx, "api"),
        version: fields.parsed(cx, "version", version, parse_version),
        title: fields.string(cx, "title"),
        description: fields.string(cx, "description"),
        extends: fields.parsed(cx, "extends", version, parse_version),
        deprecated: date(cx, &fields, "deprecated"),
        sunset: date(cx, &fields, "sunset"),
        auth: auth(cx, &fields),
        backends: backends.iter().filter_map(|entry| backend(cx, entry)).collect(),
        routes: routes.iter().filter_map(|entry| route(cx, entry)).collect(),
    };
    let gate = gate(cx, &fields);
    for migration in document.routes.iter_mut().filter_map(|route| route.migration.as_mut()) {
        migration.gate.or(&gate);
    }
    if let Some(routes) = fields.get("routes") {
        for name in ["api", "version"] {
            if fields.get(name).is_none() {
                let message = format!("a file with routes needs `{name}`");
                cx.error(Code::MappingMissing, routes.key.span, message);
            }
        }
    }
    Some(document)
}

fn format(cx: &mut Context<'_>, fields: &Fields<'_>) {
    let Some(entry) = fields.get("figleaf") else { return };
    let known =
        matches!(&entry.value.value, super::node::Value::Scalar(s) if s.text == "1" && !s.quoted);
    if !known {
        let message =
            format!("{} is not a format this version knows", super::reader::describe(&entry.value));
        cx.report.push(
            Diagnostic::error(Code::MappingFormat, entry.value.span, message)
                .help("write `figleaf: 1`"),
        );
    }
}

/// A day.
pub(super) fn date(cx: &mut Context<'_>, fields: &Fields<'_>, name: &str) -> Option<Spanned<Date>> {
    fields.parsed(cx, name, "a day such as `2027-01-01`", parse_date)
}

/// The lines of an object with keys of the author's own and texts behind them.
pub(super) fn map<T>(
    cx: &mut Context<'_>,
    entry: Option<&Entry>,
    value: impl Fn(Text) -> T,
) -> Vec<(Spanned<String>, Spanned<T>)> {
    let Some(entry) = entry else { return Vec::new() };
    let lines = cx.entries(&entry.value, entry.key.span, "names and texts");
    let read = lines.iter().filter_map(|line| {
        let text = cx.text(&line.value, line.key.span)?;
        Some((line.key.clone(), text.map(&value)))
    });
    read.collect()
}
