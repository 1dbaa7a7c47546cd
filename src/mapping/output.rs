//! `out`: what becomes of members of the answer.

use super::binding::{MemberPath, key, member_path};
use super::keys::CHANGE_OBJECT;
use super::node::{Entry, Node, Scalar, Spanned, Value};
use super::reader::Context;
use crate::diagnostic::{Code, Diagnostic, Span};

/// One line of `out`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The member as it is called without this line, or, with `from`, the new one.
    pub member: Spanned<MemberPath>,
    /// What becomes of it.
    pub change: Spanned<Change>,
}

/// What becomes of a member of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is called this.
    Rename(String),
    /// It is left out.
    Drop,
    /// It is taken from another place of the answer, or has another form.
    Shape(Shaping),
    /// It is a header part of the answer, or a member of one.
    Header(MemberPath),
    /// It is the body itself.
    Body,
}

/// `{ from: …, as: …, nullable: …, schema: … }`; at least one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shaping {
    /// Where it is taken from.
    pub from: Option<MemberPath>,
    /// How the values of a column are written.
    pub form: Option<Spanned<ValueForm>>,
    /// Whether NULL may stand in a column.
    pub nullable: Option<Spanned<bool>>,
    /// The JSON Schema of a column with JSON, as JSON text.
    pub schema: Option<Spanned<String>>,
}

/// How the values of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueForm {
    /// Numbers as JSON numbers.
    Number,
    /// As strings.
    String,
    /// Bytes in base64.
    Base64,
    /// Bytes in base64url without padding.
    Base64Url,
    /// Bytes in hexadecimal digits.
    Hex,
}

/// One line of `response_headers`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseHeader {
    /// The HTTP header.
    pub name: Spanned<String>,
    /// The header part of the answer, and the member of it.
    pub from: Spanned<MemberPath>,
}

pub(super) fn response_headers(cx: &mut Context<'_>, entry: Option<&Entry>) -> Vec<ResponseHeader> {
    let Some(entry) = entry else { return Vec::new() };
    let what = "HTTP headers and the members of header parts they are taken from";
    let lines = cx.entries(&entry.value, entry.key.span, what);
    let read = |line: &Entry| {
        let text = cx.text(&line.value, line.key.span)?.map(|text| text.value);
        let path = member_path(cx, Spanned::new(text.value.as_str(), text.span), 0)?;
        Some(ResponseHeader { name: line.key.clone(), from: Spanned::new(path, text.span) })
    };
    lines.iter().filter_map(read).collect()
}

pub(super) fn outputs(cx: &mut Context<'_>, entry: Option<&Entry>) -> Vec<Output> {
    let Some(entry) = entry else { return Vec::new() };
    let lines = cx.entries(&entry.value, entry.key.span, "members of the body and their changes");
    lines.iter().filter_map(|line| output(cx, line)).collect()
}

fn output(cx: &mut Context<'_>, line: &Entry) -> Option<Output> {
    let member = member_path(cx, key(line), 0);
    let change = match &line.value.value {
        Value::Mapping(_) => change_object(cx, &line.value, line.key.span),
        _ => rename(cx, line),
    };
    Some(Output {
        member: Spanned::new(member?, line.key.span),
        change: Spanned::new(change?, line.value.span),
    })
}

fn rename(cx: &mut Context<'_>, line: &Entry) -> Option<Change> {
    let name = cx.text(&line.value, line.key.span)?;
    Some(Change::Rename(name.value.value))
}

fn change_object(cx: &mut Context<'_>, node: &Node, at: Span) -> Option<Change> {
    let fields = cx.fields(node, at, &CHANGE_OBJECT)?;
    if fields.get("drop").is_some() {
        let others = &["from", "as", "nullable", "schema", "header", "body"];
        fields.refuse(cx, others, "a member that is left out");
        return fields.truth(cx, "drop").map(|_| Change::Drop);
    }
    let shaping = &["from", "as", "nullable", "schema"];
    if let Some(read) = fields.string(cx, "header") {
        fields.refuse(cx, shaping, "a header part");
        fields.refuse(cx, &["body"], "a header part");
        let text = Spanned::new(read.value.as_str(), read.span);
        return member_path(cx, text, 0).map(Change::Header);
    }
    if fields.get("body").is_some() {
        fields.refuse(cx, shaping, "the body");
        return fields.truth(cx, "body").map(|_| Change::Body);
    }
    let from = fields.string(cx, "from").map(|read| {
        let text = Spanned::new(read.value.as_str(), read.span);
        member_path(cx, text, 0)
    });
    let forms = [
        ValueForm::Number,
        ValueForm::String,
        ValueForm::Base64,
        ValueForm::Base64Url,
        ValueForm::Hex,
    ];
    let form = fields.word(cx, "as", &forms);
    let nullable = fields.boolean(cx, "nullable");
    let schema = fields.get("schema").and_then(|entry| schema(cx, entry));
    if fields.entries.is_empty() {
        let help =
            "write `drop: true`, or one of `from`, `header`, `body`, `as`, `nullable` and `schema`";
        let message = "a change that changes nothing";
        cx.report.push(Diagnostic::error(Code::MappingMissing, at, message).help(help));
    }
    let from = match from {
        Some(read) => Some(read?),
        None => None,
    };
    Some(Change::Shape(Shaping { from, form, nullable, schema }))
}

/// A JSON Schema written as YAML, as JSON text.
fn schema(cx: &mut Context<'_>, entry: &Entry) -> Option<Spanned<String>> {
    if !matches!(entry.value.value, Value::Mapping(_)) {
        cx.expected(&entry.value, entry.key.span, "a JSON Schema, such as `{ type: object }`");
        return None;
    }
    Some(Spanned::new(json(&entry.value).to_string(), entry.value.span))
}

/// A tree as JSON, by the core schema of YAML 1.2. No deeper than a mapping may be.
fn json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Scalar(scalar) => json_scalar(scalar),
        Value::Sequence(items) => items.iter().map(json).collect(),
        Value::Mapping(entries) => {
            let members = entries.iter().map(|e| (e.key.value.clone(), json(&e.value)));
            serde_json::Value::Object(members.collect())
        }
    }
}

fn json_scalar(scalar: &Scalar) -> serde_json::Value {
    if scalar.is_nothing() {
        return serde_json::Value::Null;
    }
    // A plain text that is JSON is that; every other is a string.
    let plain = (!scalar.quoted).then(|| serde_json::from_str(&scalar.text).ok()).flatten();
    plain.unwrap_or_else(|| serde_json::Value::String(scalar.text.clone()))
}
