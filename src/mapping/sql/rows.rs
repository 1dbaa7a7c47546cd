//! What rows become: pages, nests and includes.

use super::super::binding::{Input, inputs};
use super::super::document::map;
use super::super::fields::Fields;
use super::super::keys::{INCLUDE, NEST, PAGE};
use super::super::node::{Entry, Spanned};
use super::super::output::{Output, outputs};
use super::super::reader::Context;
use super::query::{Order, Statement, order, statement, texts};
use crate::diagnostic::{Code, Diagnostic};

/// How a list is cut into pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The order, or what makes an order of `sort` a total one.
    pub by: Option<Order>,
    /// Items of a page.
    pub size: Option<Spanned<u32>>,
    /// The most a caller may ask for.
    pub max: Option<Spanned<u32>>,
    /// What leads on.
    pub style: Option<Spanned<PageStyle>>,
    /// Whether the body is an object.
    pub envelope: Option<Spanned<bool>>,
    /// What is said of all items.
    pub total: Option<Spanned<Total>>,
}

/// What leads to the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageStyle {
    /// A cursor.
    Keyset,
    /// Its number.
    Offset,
}

/// What is said of the number of all items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Nothing.
    None,
    /// It is counted.
    Exact,
    /// It is estimated.
    Estimate,
}

/// Adjacent rows folded into an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nest {
    /// The array.
    pub name: Spanned<String>,
    /// Columns in which rows of one object agree.
    pub by: Vec<Spanned<String>>,
    /// Columns of an item.
    pub members: Vec<Spanned<String>>,
}

/// A statement that fetches what belongs to the rows of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    /// The member.
    pub name: Spanned<String>,
    /// The statement.
    pub statement: Option<Statement>,
    /// Its parameter that takes the keys, and the outer column they are.
    pub key: Option<(Spanned<String>, Spanned<String>)>,
    /// Its column that has the key.
    pub on: Option<Spanned<String>>,
    /// Whether it is an object instead of an array.
    pub single: bool,
    /// Where values of its other parameters come from.
    pub inputs: Vec<Input>,
    /// SQL types of parameters.
    pub types: Vec<(Spanned<String>, Spanned<String>)>,
    /// Changes to members of a row.
    pub outputs: Vec<Output>,
}

pub(super) fn page(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Spanned<Page>> {
    let inner = fields.section(cx, "page", &PAGE)?;
    let listed = texts(cx, inner.get("by"));
    let orders = listed.iter().filter_map(|t| order(cx, t.as_ref().map(String::as_str)));
    let keys: Vec<_> = orders.flat_map(|order| order.keys).collect();
    let page = Page {
        by: (!keys.is_empty()).then_some(Order { keys }),
        size: inner.integer(cx, "size"),
        max: inner.integer(cx, "max"),
        style: inner.word(cx, "style", &[PageStyle::Keyset, PageStyle::Offset]),
        envelope: inner.boolean(cx, "envelope"),
        total: inner.word(cx, "total", &[Total::None, Total::Exact, Total::Estimate]),
    };
    Some(Spanned::new(page, inner.at))
}

pub(super) fn nests(cx: &mut Context<'_>, entry: Option<&Entry>) -> Vec<Nest> {
    let Some(entry) = entry else { return Vec::new() };
    let lines = cx.entries(&entry.value, entry.key.span, "members and their columns");
    let read = lines.iter().filter_map(|line| {
        let fields = cx.fields(&line.value, line.key.span, &NEST)?;
        let by = texts(cx, fields.get("by"));
        let members = texts(cx, fields.get("members"));
        Some(Nest { name: line.key.clone(), by, members })
    });
    read.collect()
}

pub(super) fn includes(cx: &mut Context<'_>, entry: Option<&Entry>) -> Vec<Include> {
    let Some(entry) = entry else { return Vec::new() };
    let lines = cx.entries(&entry.value, entry.key.span, "members and the statements behind");
    lines.iter().filter_map(|line| include(cx, line)).collect()
}

fn include(cx: &mut Context<'_>, line: &Entry) -> Option<Include> {
    let fields = cx.fields(&line.value, line.key.span, &INCLUDE)?;
    let keys = map(cx, fields.get("keys"), |text| text.value);
    if keys.len() > 1 {
        let message = "an include has one key";
        let help = "make one value of them in both statements, `row(a, b)::text`";
        let second = keys[1].0.span;
        cx.report.push(Diagnostic::error(Code::MappingValue, second, message).help(help));
    }
    Some(Include {
        name: line.key.clone(),
        statement: fields.get("query").and_then(|entry| statement(cx, entry)),
        key: keys.into_iter().next(),
        on: fields.string(cx, "on"),
        single: fields.boolean(cx, "single").is_some_and(|single| single.value),
        inputs: inputs(cx, fields.get("in")),
        types: map(cx, fields.get("types"), |text| text.value),
        outputs: outputs(cx, fields.get("out")),
    })
}
