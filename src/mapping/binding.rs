//! `in`, `query_string` and `session`: where values come from.

use super::interpolate::Text;
use super::keys::SOURCE_OBJECT;
use super::node::{Entry, Node, Spanned, Value};
use super::reader::{Context, describe};
use crate::diagnostic::{Code, Diagnostic, Span};

/// A member of a message by the names on the way to it, `criteria.customerNumber`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberPath {
    /// As it was written.
    pub text: String,
    /// The names, never none.
    pub names: Vec<Spanned<String>>,
}

/// One line of `in`, `query_string` or `session`: a member, or a parameter, and what feeds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// What is fed.
    pub target: Spanned<MemberPath>,
    /// From what.
    pub source: Spanned<Source>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `path.x`: a parameter of the route's path.
    Path(Spanned<String>),
    /// `query.x` or `{ query: x, default: …, min: …, max: … }`.
    Query(Supplied),
    /// `header.X` or `{ header: X, default: … }`.
    Header(Supplied),
    /// `body.a.b` or `{ body: a.b, optional: true }`: a member of the request body.
    Body(MemberPath, Optional),
    /// `claim.sub`: a claim of the caller's token.
    Claim(Spanned<String>),
    /// `steps.a.b`: a member of the result of an earlier step.
    Step(MemberPath),
    /// `parts.a.b`: a member of another part of a composed answer.
    Part(MemberPath),
    /// `{ const: … }`.
    Const(Constant),
    /// `request.id`: the correlation id.
    RequestId,
    /// `request.time`: when the request came, RFC 3339 in UTC.
    RequestTime,
}

/// A value the caller may leave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplied {
    /// The parameter or header.
    pub name: Spanned<String>,
    /// What stands in for it.
    pub default: Option<Spanned<Constant>>,
    /// The smallest number allowed.
    pub min: Option<Spanned<i64>>,
    /// The largest number allowed.
    pub max: Option<Spanned<i64>>,
    /// Whether it may be absent.
    pub optional: Optional,
    /// Whether it may come several times.
    pub repeats: Option<Spanned<bool>>,
}

/// `optional: true`, where it was written.
pub type Optional = Option<Spanned<bool>>;

/// A value written in the mapping; the contract gives it its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constant {
    /// Its characters.
    pub text: Text,
    /// Whether quotes made clear that it is text.
    pub quoted: bool,
}

/// `a.b.c`; `None` where a name is empty, which has been reported.
pub(super) fn member_path(
    cx: &mut Context<'_>,
    read: Spanned<&str>,
    from: usize,
) -> Option<MemberPath> {
    let whole = read.value;
    let (mut names, mut at) = (Vec::new(), from);
    for name in whole[from..].split('.') {
        let span = cx.inside(read.span, whole, at, at + name.len());
        if name.is_empty() || name.contains(char::is_whitespace) {
            let message = "this is not a path of members";
            let help = "write names joined by dots, `order.items`";
            cx.report.push(Diagnostic::error(Code::MappingValue, read.span, message).help(help));
            return None;
        }
        names.push(Spanned::new(name.to_owned(), span));
        at += name.len() + 1;
    }
    Some(MemberPath { text: whole[from..].to_owned(), names })
}

pub(super) fn inputs(cx: &mut Context<'_>, entry: Option<&Entry>) -> Vec<Input> {
    let Some(entry) = entry else { return Vec::new() };
    let what = "members of the request and where they come from";
    let lines = cx.entries(&entry.value, entry.key.span, what);
    lines.iter().filter_map(|line| input(cx, line)).collect()
}

fn input(cx: &mut Context<'_>, line: &Entry) -> Option<Input> {
    let target = member_path(cx, key(line), 0);
    let source = match &line.value.value {
        Value::Mapping(_) => source_object(cx, &line.value, line.key.span),
        _ => source_word(cx, &line.value, line.key.span),
    };
    Some(Input {
        target: Spanned::new(target?, line.key.span),
        source: Spanned::new(source?, line.value.span),
    })
}

pub(super) fn key(line: &Entry) -> Spanned<&str> {
    Spanned::new(line.key.value.as_str(), line.key.span)
}

fn source_word(cx: &mut Context<'_>, node: &Node, at: Span) -> Option<Source> {
    let read = cx.text(node, at)?.map(|text| text.value);
    let text = read.value.as_str();
    match text {
        "request.id" => return Some(Source::RequestId),
        "request.time" => return Some(Source::RequestTime),
        _ => {}
    }
    if let Some((place, name)) = text.split_once('.').filter(|(_, name)| !name.is_empty()) {
        let from = place.len() + 1;
        let span = cx.inside(read.span, text, from, text.len());
        let name = Spanned::new(name.to_owned(), span);
        match place {
            "path" => return Some(Source::Path(name)),
            "query" => return Some(Source::Query(Supplied::bare(name))),
            "header" => return Some(Source::Header(Supplied::bare(name))),
            "claim" => return Some(Source::Claim(name)),
            "body" | "steps" | "parts" => {
                let path = member_path(cx, Spanned::new(text, read.span), from)?;
                return Some(match place {
                    "body" => Source::Body(path, None),
                    "steps" => Source::Step(path),
                    _ => Source::Part(path),
                });
            }
            _ => {}
        }
    }
    let message = format!("{} is not a source", describe(node));
    let help = "write `path.x`, `query.x`, `header.X`, `body.a.b`, `claim.x`, `steps.a.b`, `parts.a.b`, `request.id`, `request.time` or { const: … }";
    cx.report.push(Diagnostic::error(Code::MappingValue, read.span, message).help(help));
    None
}

impl Supplied {
    /// A value of which nothing else is said.
    pub(super) fn bare(name: Spanned<String>) -> Self {
        Self { name, default: None, min: None, max: None, optional: None, repeats: None }
    }
}

fn source_object(cx: &mut Context<'_>, node: &Node, at: Span) -> Option<Source> {
    let fields = cx.fields(node, at, &SOURCE_OBJECT)?;
    let default = fields.get("default").map(|entry| constant(cx, entry));
    let (min, max) = (fields.integer::<i64>(cx, "min"), fields.integer::<i64>(cx, "max"));
    if let (Some(min), Some(max)) = (min, max)
        && min.value > max.value
    {
        let message = format!("`min` is {} and `max` is {}", min.value, max.value);
        cx.error(Code::MappingValue, min.span, message);
    }
    let (optional, repeats) = (fields.boolean(cx, "optional"), fields.boolean(cx, "repeats"));
    let only = fields.only(cx)?;
    let refused: (&[&str], &str) = match only.key.value.as_str() {
        "const" => (&["default", "min", "max", "optional", "repeats"], "a constant"),
        "path" => (&["default", "min", "max", "optional", "repeats"], "a parameter of the path"),
        "body" => (&["default", "min", "max", "repeats"], "a member of the body"),
        "claim" => (&["default", "min", "max", "optional", "repeats"], "a claim"),
        "header" => (&["repeats"], "a header"),
        _ => (&[], ""),
    };
    fields.refuse(cx, refused.0, refused.1);
    if only.key.value == "const" {
        return constant(cx, only).map(|constant| Source::Const(constant.value));
    }
    let name = cx.text(&only.value, only.key.span)?.map(|text| text.value);
    let supplied =
        |name| Supplied { name, default: default.flatten(), min, max, optional, repeats };
    Some(match only.key.value.as_str() {
        "query" => Source::Query(supplied(name)),
        "header" => Source::Header(supplied(name)),
        "path" => Source::Path(name),
        "claim" => Source::Claim(name),
        _ => {
            let read = Spanned::new(name.value.as_str(), name.span);
            Source::Body(member_path(cx, read, 0)?, optional)
        }
    })
}

fn constant(cx: &mut Context<'_>, entry: &Entry) -> Option<Spanned<Constant>> {
    let quoted = matches!(&entry.value.value, Value::Scalar(scalar) if scalar.quoted);
    let text = cx.text(&entry.value, entry.key.span)?;
    Some(text.map(|text| Constant { text, quoted }))
}
