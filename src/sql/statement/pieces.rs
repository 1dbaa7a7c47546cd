//! A text as pieces: what stays as it is, and where parameters and filters stand.

use std::collections::HashMap;
use std::ops::Range;

use super::lexer::{Kind, Lexed};
use super::{Part, StatementProblem};

/// Parameters of one statement: PostgreSQL takes 65,535; more than this is no statement
/// a person wrote.
pub(super) const PARAMETERS_MAX: usize = 500;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text as it is, and the byte it stands at in its source.
    Text(Box<str>, usize),
    /// A parameter by index, and the byte its colon stands at.
    Parameter {
        index: u16,
        at: usize,
        /// Whether a type behind it has to be kept apart from what follows.
        enclosed: bool,
    },
    /// Where filters stand.
    Filters,
    /// The end of a `--` comment.
    LineEnd,
}

/// The parameters of all texts of a statement.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    indexes: HashMap<String, u16>,
    pub names: Vec<String>,
    /// Where each stands first.
    pub places: Vec<(Part, Range<usize>)>,
}

impl Parameters {
    /// The index of a name; `None` where there are too many.
    fn index(&mut self, name: &str, part: Part, range: Range<usize>) -> Option<u16> {
        if let Some(index) = self.indexes.get(name) {
            return Some(*index);
        }
        if self.names.len() == PARAMETERS_MAX {
            return None;
        }
        let index = u16::try_from(self.names.len()).ok()?;
        self.indexes.insert(name.to_owned(), index);
        self.names.push(name.to_owned());
        self.places.push((part, range));
        Some(index)
    }

    pub fn find(&self, name: &str) -> Option<u16> {
        self.indexes.get(name).copied()
    }
}

/// Cuts a text at its parameters and its mark.
pub(super) fn cut(
    part: Part,
    text: &str,
    lexed: &Lexed,
    parameters: &mut Parameters,
) -> Result<Vec<Piece>, StatementProblem> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut end = text.len();
    let stay = |pieces: &mut Vec<Piece>, range: Range<usize>| {
        if !range.is_empty() {
            pieces.push(Piece::Text(text[range.clone()].into(), range.start));
        }
    };
    for (at, token) in lexed.tokens.iter().enumerate() {
        let range = token.range.clone();
        match token.kind {
            Kind::Parameter => {
                stay(&mut pieces, from..range.start);
                let name = &text[range.start + 1..range.end];
                let index = parameters.index(name, part, range.clone()).ok_or_else(|| {
                    let message = format!("is one parameter more than {PARAMETERS_MAX}");
                    StatementProblem::new(part, range.clone(), message, "send lists as arrays")
                })?;
                let enclosed = lexed.tokens.get(at + 1).is_some_and(|next| {
                    let word = &text[next.range.clone()];
                    matches!(next.kind, Kind::Open | Kind::Name | Kind::Text)
                        || GOES_ON.iter().any(|other| other.eq_ignore_ascii_case(word))
                });
                pieces.push(Piece::Parameter { index, at: range.start, enclosed });
                from = range.end;
            }
            Kind::Colon => {
                stay(&mut pieces, from..range.start);
                from = range.start + 1;
            }
            Kind::Mark => {
                stay(&mut pieces, from..range.end);
                pieces.push(Piece::Filters);
                from = range.end;
            }
            Kind::Semicolon => {
                end = range.start;
                break;
            }
            _ => {}
        }
    }
    stay(&mut pieces, from.min(end)..end);
    if lexed.comment_open && end == text.len() {
        pieces.push(Piece::LineEnd);
    }
    Ok(pieces)
}

/// What would be part of a type in front of it, as names, brackets and parentheses would:
/// `interval year`, `time with time zone`.
const GOES_ON: &[&str] = &[
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "varying",
    "precision",
    "with",
    "without",
    "array",
    "character",
    "large",
    ".",
];
