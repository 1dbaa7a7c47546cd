//! `redact`: what is a secret in recordings of a backend, and what is none.

use super::fields::Fields;
use super::keys::REDACT;
use super::node::Spanned;
use super::reader::Context;
use super::sql::texts;
use crate::canonical::NodePath;
use crate::diagnostic::{Code, Diagnostic};
use crate::redact::RedactRules;

/// What a mapping says about secrets; paths that cannot be read are left out and reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redact {
    /// Names of HTTP headers.
    pub headers: Vec<Spanned<String>>,
    /// Names of elements, attributes, members, parameters and columns.
    pub names: Vec<Spanned<String>>,
    /// Elements and attributes with all that stands in them.
    pub paths: Vec<Spanned<NodePath>>,
    /// Elements and attributes that look like secrets and are none.
    pub keep: Vec<Spanned<NodePath>>,
}

impl Redact {
    /// The same without places in the mapping.
    #[must_use]
    pub fn rules(&self) -> RedactRules {
        let texts = |list: &[Spanned<String>]| list.iter().map(|text| text.value.clone()).collect();
        let paths = |list: &[Spanned<NodePath>]| list.iter().map(|p| p.value.clone()).collect();
        RedactRules {
            headers: texts(&self.headers),
            names: texts(&self.names),
            paths: paths(&self.paths),
            keep: paths(&self.keep),
        }
    }
}

pub(super) fn redact(cx: &mut Context<'_>, fields: &Fields<'_>) -> Redact {
    let Some(inner) = fields.section(cx, "redact", &REDACT) else { return Redact::default() };
    Redact {
        headers: names(cx, &inner, "headers"),
        names: names(cx, &inner, "names"),
        paths: paths(cx, &inner, "paths"),
        keep: paths(cx, &inner, "keep"),
    }
}

/// Names: one without a letter or a digit would mean nothing, or everything.
fn names(cx: &mut Context<'_>, fields: &Fields<'_>, key: &str) -> Vec<Spanned<String>> {
    let mut names = texts(cx, fields.get(key));
    names.retain(|name| {
        let is_name = name.value.contains(char::is_alphanumeric)
            && !name.value.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '*'));
        if !is_name {
            let message = format!("`{}` is no name", name.value);
            let help = "a name stands alone; write a path in `paths`";
            cx.report.push(Diagnostic::error(Code::MappingValue, name.span, message).help(help));
        }
        is_name
    });
    names
}

fn paths(cx: &mut Context<'_>, fields: &Fields<'_>, key: &str) -> Vec<Spanned<NodePath>> {
    let mut paths = Vec::new();
    for text in texts(cx, fields.get(key)) {
        match NodePath::parse(&text.value) {
            Ok(path) => paths.push(Spanned::new(path, text.span)),
            Err(problem) => {
                let help = "write `Body/GetOrder/order/@id`, or `//name` for any depth";
                let report = Diagnostic::error(Code::MappingValue, text.span, problem.to_string());
                cx.report.push(report.help(help));
            }
        }
    }
    paths
}
