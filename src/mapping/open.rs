//! `open`: members of messages that hold a document of their own.

use super::fields::Fields;
use super::keys::OPEN;
use super::node::{Entry, Spanned};
use super::reader::Context;
use crate::codec::Markup;
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
