//! One statement, parsed, with the places of its texts.

use std::ops::Range;
use std::sync::Arc;

use super::text::Texts;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::mapping::{Order, Page, PageStyle, Spanned, SqlQuery, SqlText, Statement, Total};
use crate::sql::{self, Choice, Dialect, OrderKey, PageChoice, Slot};

/// What is said of a statement that decides its texts.
#[derive(Clone, Copy)]
pub(super) struct Source<'s> {
    /// Where whoever owns it is written: nothing else has this place.
    pub(super) owner: Span,
    pub(super) dialect: Dialect,
    pub(super) statement: Option<&'s Statement>,
    pub(super) types: &'s [(Spanned<String>, Spanned<String>)],
    pub(super) filters: &'s [(Spanned<String>, SqlText)],
    pub(super) sort: &'s [(Spanned<String>, Order)],
    pub(super) page: Option<&'s Page>,
}

impl<'s> Source<'s> {
    /// A statement with nothing around it.
    pub(super) fn plain(
        owner: Span,
        dialect: Dialect,
        statement: Option<&'s Statement>,
        types: &'s [(Spanned<String>, Spanned<String>)],
    ) -> Self {
        Self { owner, dialect, statement, types, filters: &[], sort: &[], page: None }
    }

    pub(super) fn of(
        owner: Span,
        dialect: Dialect,
        query: &'s SqlQuery,
        page: Option<&'s Page>,
    ) -> Self {
        Self {
            filters: &query.filters,
            sort: &query.sort,
            page,
            ..Self::plain(owner, dialect, query.statement.as_ref(), &query.types)
        }
    }

    /// The orders: those of `sort`, each with the columns of `page.by` that it lacks behind.
    fn orders(self) -> Vec<Vec<Spanned<OrderKey>>> {
        let by = self.page.and_then(|page| page.by.as_ref()).map_or(&[][..], |by| &by.keys);
        if self.sort.is_empty() {
            return if by.is_empty() { Vec::new() } else { vec![by.to_vec()] };
        }
        let total = |(_, order): &(Spanned<String>, Order)| {
            let mut keys = order.keys.clone();
            for key in by {
                if !keys.iter().any(|k| k.value.column == key.value.column) {
                    keys.push(key.clone());
                }
            }
            keys
        };
        self.sort.iter().map(total).collect()
    }
}

/// A statement and where its texts stand.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) statement: Arc<sql::Statement>,
    /// Without filters and orders.
    alone: sql::Statement,
    pub(super) base: SqlText,
    pub(super) filters: Vec<SqlText>,
    /// The orders, their columns with their places.
    pub(super) orders: Vec<Vec<Spanned<OrderKey>>>,
    /// What has to be described: the statement itself first, then its variants.
    pub(super) variants: Vec<Variant>,
}

/// A statement as it may be sent.
#[derive(Debug)]
pub(super) struct Variant {
    /// What is chosen; `None` for the statement itself, with nothing around it: what is known
    /// of its columns is known best there.
    pub(super) choice: Option<Choice>,
    pub(super) text: Arc<str>,
    pub(super) slots: Arc<[Slot]>,
}

impl Parsed {
    /// Parses; `None` where something is wrong, which has been reported.
    pub(super) fn new(source: Source<'_>, texts: &mut Texts<'_>) -> Option<Self> {
        let base = texts.find(source.statement?)?;
        let filters: Vec<SqlText> = source.filters.iter().map(|(_, text)| text.clone()).collect();
        let orders = source.orders();
        let keys = |order: &Vec<Spanned<OrderKey>>| order.iter().map(|k| k.value.clone()).collect();
        let mut parts = sql::Parts {
            base: &base.text,
            filters: filters.iter().map(|f| f.text.as_str()).collect(),
            sorts: orders.iter().map(keys).collect(),
            casts: Vec::new(),
        };
        let mut parsed = sql::Statement::new(source.dialect, &parts);
        // Types of parameters it does not have are told at their place, not in its text.
        if let Ok(untyped) = &parsed
            && source.dialect == Dialect::Postgres
        {
            let known =
                source.types.iter().filter(|(n, _)| untyped.parameters().contains(&n.value));
            parts.casts = known.map(|(n, ty)| (n.value.as_str(), ty.value.as_str())).collect();
            parsed = sql::Statement::new(source.dialect, &parts);
        }
        // What is in the filters and the orders has been found wrong in the whole.
        let of_base = |(name, _): &(&str, &str)| {
            let whole = parsed.as_ref().ok();
            whole.is_some_and(|whole| uses(whole, sql::Part::Base, name))
        };
        let casts = parts.casts.iter().copied().filter(of_base).collect();
        let alone = sql::Parts { base: &base.text, casts, ..sql::Parts::default() };
        let alone = sql::Statement::new(source.dialect, &alone);
        match parsed {
            Ok(statement) => {
                let alone = alone.unwrap_or_else(|_| statement.clone());
                let variants =
                    variants(&statement, &alone, filters.len(), orders.len(), source.page);
                let statement = Arc::new(statement);
                Some(Self { statement, alone, base, filters, orders, variants })
            }
            Err(problems) => {
                for problem in problems {
                    let at = place(&base, &filters, &orders, problem.part, problem.range);
                    texts.report.push(
                        Diagnostic::error(Code::SqlSyntax, at, problem.message).help(problem.help),
                    );
                }
                None
            }
        }
    }

    /// Where a byte of a variant was written: the text and the byte in it.
    pub(super) fn locate(&self, variant: &Variant, offset: usize) -> Option<(sql::Part, usize)> {
        match variant.choice {
            Some(choice) => self.statement.locate(choice, offset),
            None => self.alone.locate(Choice::default(), offset),
        }
    }

    /// Where some bytes of one of its texts were written.
    pub(super) fn place(&self, part: sql::Part, range: Range<usize>) -> Span {
        place(&self.base, &self.filters, &self.orders, part, range)
    }

    /// Where a parameter stands first.
    pub(super) fn place_of(&self, parameter: usize) -> Span {
        let found = self.statement.place_of(parameter);
        found.map_or(self.base.head(), |(part, range)| self.place(part, range))
    }
}

fn place(
    base: &SqlText,
    filters: &[SqlText],
    orders: &[Vec<Spanned<OrderKey>>],
    part: sql::Part,
    range: Range<usize>,
) -> Span {
    match part {
        sql::Part::Base => base.place(range),
        sql::Part::Filter(at) => filters.get(at).map_or(base.head(), |text| text.place(range)),
        sql::Part::Sort(at) => {
            orders.get(at).and_then(|order| order.first()).map_or(base.head(), |key| key.span)
        }
    }
}

fn uses(statement: &sql::Statement, part: sql::Part, name: &str) -> bool {
    let mut used = statement.parameters_of(part).iter();
    used.any(|at| statement.parameters().get(usize::from(*at)).is_some_and(|n| n == name))
}

/// The statement itself; no filter, all of them, each alone; each order; and what a page is
/// read by.
fn variants(
    statement: &sql::Statement,
    alone: &sql::Statement,
    filters: usize,
    orders: usize,
    page: Option<&Page>,
) -> Vec<Variant> {
    let mut all = vec![Choice::default()];
    if filters > 0 {
        all.push(Choice { filters: u64::MAX >> (64 - filters), ..Choice::default() });
        all.extend((0..filters).map(|at| Choice { filters: 1 << at, ..Choice::default() }));
    }
    let mut ways = vec![PageChoice::All];
    if let Some(page) = page {
        match page.style.as_ref().map(|style| style.value) {
            Some(PageStyle::Offset) => ways.extend([PageChoice::First, PageChoice::Offset]),
            _ => ways.extend([PageChoice::First, PageChoice::After, PageChoice::Before]),
        }
        if page.total.as_ref().is_some_and(|total| total.value != Total::None) {
            all.push(Choice { page: PageChoice::Count, ..Choice::default() });
        }
    }
    for sort in 0..orders.max(1) {
        all.extend(ways.iter().map(|page| Choice { filters: 0, sort, page: *page }));
    }
    let itself = alone.assemble(Choice::default());
    let mut variants = vec![Variant { choice: None, text: itself.text, slots: itself.slots }];
    for choice in all {
        let sql::Assembled { text, slots } = statement.assemble(choice);
        if !variants.iter().any(|known| known.text == text) {
            variants.push(Variant { choice: Some(choice), text, slots });
        }
    }
    variants
}
