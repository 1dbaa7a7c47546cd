//! `open`: members of messages that hold a document of their own; `any`: how what no schema
//! describes is carried.

use super::fields::Fields;
use super::keys::OPEN;
use super::node::{Entry, Spanned, Value};
use super::reader::{Context, describe};
use crate::codec::{AnyForm, Markup};
use crate::diagnostic::{Code, Diagnostic};

/// One line of `open`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The member, as in the schema: `Type.name` or `name`.
    pub member: Spanned<String>,
    /// The root element: `{namespace}local` or `local`.
    pub element: Spanned<String>,
    /// Whether the root is a .NET `DataSet`.
    pub is_data_set: bool,
    /// The schema, relative to the mapping file; the contract's own where it is not given.
    pub schema: Option<Spanned<String>>,
    /// How the document is written.
    pub write: Option<Spanned<Markup>>,
    /// Whether an XML declaration goes before it.
    pub declaration: Option<Spanned<bool>>,
}

/// How what no schema describes is carried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnyForms {
    /// Everywhere.
    pub all: Option<Spanned<AnyForm>>,
    /// In these members: `Type.name` or `name`, as in the schema.
    pub members: Vec<(Spanned<String>, Spanned<AnyForm>)>,
}

pub(super) fn any(cx: &mut Context<'_>, fields: &Fields<'_>) -> AnyForms {
    let Some(entry) = fields.get("any") else { return AnyForms::default() };
    match &entry.value.value {
        Value::Mapping(lines) => {
            let members =
                lines.iter().filter_map(|line| Some((line.key.clone(), any_form(cx, line)?)));
            AnyForms { all: None, members: members.collect() }
        }
        _ => AnyForms { all: any_form(cx, entry), members: Vec::new() },
    }
}

fn any_form(cx: &mut Context<'_>, entry: &Entry) -> Option<Spanned<AnyForm>> {
    let text = cx.text(&entry.value, entry.key.span)?;
    let form = match text.value.value.as_str() {
        "xml" => Some(AnyForm::Xml),
        "tree" => Some(AnyForm::Tree),
        _ => None,
    };
    if form.is_none() {
        let message = format!("{} is no choice for `any`", describe(&entry.value));
        cx.report.push(
            Diagnostic::error(Code::MappingValue, text.span, message)
                .help("the choices are `xml`, `tree`"),
        );
    }
    Some(Spanned::new(form?, text.span))
}

pub(super) fn open(cx: &mut Context<'_>, fields: &Fields<'_>) -> Vec<Open> {
    let Some(entry) = fields.get("open") else { return Vec::new() };
    let lines = cx.entries(&entry.value, entry.key.span, "members and the documents they hold");
    lines.iter().filter_map(|line| one(cx, line)).collect()
}

fn one(cx: &mut Context<'_>, line: &Entry) -> Option<Open> {
    let fields = cx.fields(&line.value, line.key.span, &OPEN)?;
    let schema = fields.string(cx, "schema");
    let write = fields.word(cx, "write", &[Markup::Text, Markup::Cdata]);
    let declaration = fields.boolean(cx, "declaration");
    let only = fields.only(cx)?;
    let element = cx.text(&only.value, only.key.span)?.map(|text| text.value);
    let is_name = match element.value.strip_prefix('{').map(|rest| rest.split_once('}')) {
        Some(Some((_, local))) => !local.is_empty(),
        Some(None) => false,
        None => !element.value.is_empty(),
    };
    if !is_name {
        let message = format!("`{}` is not the name of an element", element.value);
        cx.report.push(
            Diagnostic::error(Code::MappingValue, element.span, message)
                .help("write `name`, or `{namespace}name`"),
        );
        return None;
    }
    Some(Open {
        member: line.key.clone(),
        element,
        is_data_set: only.key.value == "dataset",
        schema,
        write,
        declaration,
    })
}
