//! Pages of a list.

use super::super::Compiler;
use super::bind::Binder;
use super::steps::Step;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::mapping::{self, Page, Spanned, SqlTarget};
use crate::plan::{KeyColumn, PagePlan, PageStyle, ParameterPlace, ResultKind, Total};
use crate::sql::{Dialect, PageChoice};

/// Items of a page, where the mapping says nothing.
const SIZE_DEFAULT: u32 = 50;
/// The most a caller may ask for, where the mapping says nothing.
const MAX_DEFAULT: u32 = 500;

impl Compiler<'_> {
    /// The pages of a call of one statement.
    pub(super) fn page(
        &mut self,
        binder: &Binder<'_>,
        step: &Step,
        page: &Spanned<Page>,
        target: &SqlTarget,
    ) -> PagePlan {
        let Spanned { value: page, span } = page;
        if step.plan.result != ResultKind::Many {
            let message = "only a list has pages";
            self.refuse_page(*span, message, "declare `result: many`, or remove `page`");
        }
        if !step.plan.statement.pages() {
            let message = "only a query that locks nothing has pages";
            self.refuse_page(*span, message, "write a `select`, or remove `page`");
        }
        if let Some(nest) = target.query.nest.first() {
            let message = "a page would cut through rows that are folded into one object";
            self.refuse_page(nest.name.span, message, "fetch the array with `include` instead");
        }
        if step.typed.parsed.orders.is_empty() {
            self.refuse_page(*span, "pages need an order", "add `by: [id]`, or `sort`");
        }
        let max = page.max.as_ref().map_or(MAX_DEFAULT, |max| max.value);
        let size = page.size.as_ref().map_or(SIZE_DEFAULT.min(max), |size| size.value);
        if size > max {
            let at = page.size.as_ref().map_or(*span, |size| size.span);
            let message = format!("a page has {size} items, and a caller may have {max}");
            self.refuse_page(at, &message, "give `max` a value of at least `size`");
        }
        let keyset =
            page.style.as_ref().is_none_or(|style| style.value == mapping::PageStyle::Keyset);
        let total = page.total.as_ref();
        if let Some(total) = total.filter(|total| {
            total.value == mapping::Total::Estimate && binder.dialect == Dialect::Sqlite
        }) {
            let message = "SQLite estimates no number of rows";
            self.refuse_page(total.span, message, "write `total: exact` or `total: none`");
        }
        PagePlan {
            style: if keyset { self.keyset(step) } else { PageStyle::Offset },
            size,
            max,
            envelope: page.envelope.as_ref().is_some_and(|envelope| envelope.value),
            total: match total.map(|total| total.value) {
                Some(mapping::Total::Exact) => Total::Exact,
                Some(mapping::Total::Estimate) => Total::Estimate,
                _ => Total::None,
            },
        }
    }

    fn refuse_page(&mut self, span: Span, message: &str, help: &str) {
        self.report.push(Diagnostic::error(Code::SqlPage, span, message).help(help));
    }

    /// The key columns of every order. A row whose key is null would be on no page.
    fn keyset(&mut self, step: &Step) -> PageStyle {
        let mut all = Vec::new();
        for order in &step.typed.parsed.orders {
            let mut keys = Vec::new();
            for key in order {
                let found = step.columns.iter().find(|c| *c.plan.column == *key.value.column);
                // One that is not there has been reported, or is not described.
                let Some(column) = found else { continue };
                if column.plan.nullable {
                    let name = &column.own;
                    let message =
                        format!("`{name}` may be NULL, and rows without it are on no page");
                    let help = format!(
                        "order by a column that is not null; where it never is NULL, say so: `out: {{ {name}: {{ nullable: false }} }}`"
                    );
                    self.refuse_page(key.span, &message, &help);
                }
                keys.push(KeyColumn {
                    index: column.plan.index,
                    ty: column.plan.ty.clone(),
                    column: column.plan.column.clone(),
                });
            }
            all.push(keys);
        }
        PageStyle::Keyset(all)
    }

    /// Names that a page and an order have for themselves.
    pub(super) fn reserved(&mut self, binder: &Binder<'_>, step: &Step, target: &SqlTarget) {
        let mut reserved: Vec<&str> = Vec::new();
        if target.page.is_some() {
            let variants = &step.typed.parsed.variants;
            let mut pages = variants.iter().filter_map(|variant| variant.choice).map(|c| c.page);
            let numbered = pages.any(|page| page == PageChoice::Offset);
            reserved.extend(["limit", if numbered { "page" } else { "cursor" }]);
        }
        if !target.query.sort.is_empty() {
            reserved.push("sort");
        }
        let taken = binder.parameters.iter().filter(|parameter| {
            parameter.place == ParameterPlace::Query && reserved.contains(&parameter.name.as_str())
        });
        for parameter in taken {
            let name = &parameter.name;
            let message = format!("the query parameter `{name}` is the page's or the order's own");
            let names = step.typed.parsed.statement.parameters();
            let at = names.iter().position(|known| binder.naming.apply(known) == *name);
            let span = at.map_or(binder.route.key.span, |at| step.typed.parsed.place_of(at));
            self.report.push(
                Diagnostic::error(Code::SqlPage, span, message)
                    .help("call the parameter otherwise: `in: { name: query.other }`"),
            );
        }
    }
}
