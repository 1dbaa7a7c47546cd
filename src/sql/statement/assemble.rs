//! A statement as it is sent: the pieces of its texts in one text, with placeholders.

use std::fmt::Write as _;
use std::sync::Arc;

use super::choice::{Assembled, Choice, PageChoice, Slot};
use super::keyset::write_predicate;
use super::lexer::continues_word;
use super::pieces::Piece;
use super::{OrderKey, Part};
use crate::sql::Dialect;

/// The texts of a statement, read.
#[derive(Debug, Clone)]
pub(super) struct Texts {
    pub dialect: Dialect,
    pub base: Vec<Piece>,
    pub filters: Vec<Vec<Piece>>,
    pub sorts: Vec<Vec<OrderKey>>,
    /// Types written behind parameters, by index.
    pub casts: Vec<Option<Box<str>>>,
    /// Whether the base may stand in a FROM.
    pub wraps: bool,
    /// Whether the base has an order of its own and no limit: a limit is written behind it,
    /// because the order of what stands in a FROM is not promised.
    pub ordered: bool,
}

/// From where on an assembled text has come from where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    /// The byte in the assembled text.
    pub at: usize,
    /// The text and the byte in it; `None` for what is written here.
    pub source: Option<(Part, usize)>,
    /// Whether it goes on byte for byte.
    pub verbatim: bool,
}

/// What writes a statement.
pub(super) struct Writer<'a> {
    texts: &'a Texts,
    choice: Choice,
    text: String,
    slots: Vec<Slot>,
    /// Where its bytes come from, if somebody asks.
    origins: Option<Vec<Origin>>,
}

/// The statement a call has chosen.
pub(super) fn assemble(texts: &Texts, choice: Choice) -> Assembled {
    let mut writer = Writer::new(texts, choice, None);
    writer.statement();
    Assembled { text: Arc::from(writer.text), slots: Arc::from(writer.slots) }
}

/// Where the bytes of an assembled statement come from, and how many there are.
pub(super) fn origins(texts: &Texts, choice: Choice) -> (Vec<Origin>, usize) {
    let mut writer = Writer::new(texts, choice, Some(Vec::new()));
    writer.statement();
    (writer.origins.unwrap_or_default(), writer.text.len())
}

impl<'a> Writer<'a> {
    fn new(texts: &'a Texts, choice: Choice, origins: Option<Vec<Origin>>) -> Self {
        Self { texts, choice, text: String::new(), slots: Vec::new(), origins }
    }

    fn statement(&mut self) {
        let texts = self.texts;
        let page = self.choice.page;
        let keys = texts.sorts.get(self.choice.sort).or(texts.sorts.first());
        let keys = keys.map_or(&[][..], Vec::as_slice);
        let around = !texts.base.contains(&Piece::Filters) && self.chosen().next().is_some();
        let whole = page == PageChoice::All && keys.is_empty() && !around;
        if whole || !texts.wraps {
            return self.base();
        }
        if texts.ordered && keys.is_empty() && !around && page != PageChoice::Count {
            self.base();
            return self.limit();
        }
        let counts = page == PageChoice::Count;
        self.push(if counts { "select count(*) from (" } else { "select * from (" });
        self.base();
        self.push(") as figleaf");
        let mut word = " where ";
        if around {
            for filter in self.chosen() {
                self.push(word);
                self.filter(filter);
                word = " and ";
            }
        }
        if counts {
            return;
        }
        let backward = page == PageChoice::Before;
        if !keys.is_empty() && (backward || page == PageChoice::After) {
            self.push(word);
            write_predicate(self, keys, backward);
        }
        self.order(keys, backward);
        self.limit();
    }

    /// Filters that apply. No more than 64 have a bit.
    fn chosen(&self) -> impl Iterator<Item = usize> + use<'a> {
        let bits = self.choice.filters;
        (0..self.texts.filters.len().min(64)).filter(move |index| bits >> index & 1 == 1)
    }

    fn base(&mut self) {
        let texts = self.texts;
        self.pieces(Part::Base, &texts.base);
    }

    fn filter(&mut self, index: usize) {
        let texts = self.texts;
        self.push("(");
        self.pieces(Part::Filter(index), &texts.filters[index]);
        self.push(")");
    }

    fn pieces(&mut self, part: Part, pieces: &'a [Piece]) {
        for piece in pieces {
            match piece {
                Piece::Text(text, at) => {
                    self.from(Some((part, *at)), true);
                    self.text.push_str(text);
                }
                Piece::Parameter { index, at, enclosed } => {
                    // `and:a` must not become the name `and$1`.
                    if self.text.bytes().last().is_some_and(continues_word) {
                        self.push(" ");
                    }
                    self.from(Some((part, *at)), false);
                    self.parameter(*index, *enclosed);
                }
                Piece::Filters => {
                    for filter in self.chosen() {
                        self.push(" and ");
                        self.filter(filter);
                    }
                }
                Piece::LineEnd => self.push("\n"),
            }
        }
    }

    fn parameter(&mut self, index: u16, enclosed: bool) {
        let slot = Slot::Parameter(index);
        match self.texts.casts.get(usize::from(index)).and_then(Option::as_deref) {
            None => self.number(slot),
            Some(cast) => {
                self.text.push_str(if enclosed { "(" } else { "" });
                self.number(slot);
                self.text.push_str("::");
                self.text.push_str(cast);
                self.text.push_str(if enclosed { ")" } else { "" });
            }
        }
    }

    fn order(&mut self, keys: &[OrderKey], backward: bool) {
        for (index, key) in keys.iter().enumerate() {
            self.push(if index == 0 { " order by " } else { ", " });
            self.column(&key.column);
            self.push(if key.descending == backward { "" } else { " desc" });
        }
    }

    fn limit(&mut self) {
        let page = self.choice.page;
        if page != PageChoice::All {
            self.push(" limit ");
            self.number(Slot::Limit);
        }
        if page == PageChoice::Offset {
            self.push(" offset ");
            self.number(Slot::Offset);
        }
    }

    /// A column of the result. SQLite takes a name in quotes that no column has for a text,
    /// unless a table stands in front of it.
    pub fn column(&mut self, name: &str) {
        self.from(Some((Part::Sort(self.choice.sort), 0)), false);
        self.text.push_str(match self.texts.dialect {
            Dialect::Postgres => "\"",
            Dialect::Sqlite => "figleaf.\"",
        });
        self.text.push_str(&name.replace('"', "\"\""));
        self.text.push('"');
    }

    /// The placeholder of a slot.
    pub fn placeholder(&mut self, slot: Slot) {
        self.from(None, false);
        self.number(slot);
    }

    /// Text of this program.
    pub fn push(&mut self, text: &str) {
        self.from(None, false);
        self.text.push_str(text);
    }

    fn number(&mut self, slot: Slot) {
        let index = self.slots.iter().position(|known| *known == slot).unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        });
        let sign = match self.texts.dialect {
            Dialect::Postgres => '$',
            Dialect::Sqlite => '?',
        };
        // Writing to a String does not fail.
        let _ = write!(self.text, "{sign}{}", index + 1);
    }

    fn from(&mut self, source: Option<(Part, usize)>, verbatim: bool) {
        if let Some(origins) = &mut self.origins {
            origins.push(Origin { at: self.text.len(), source, verbatim });
        }
    }
}
