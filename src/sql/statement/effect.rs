//! What a statement does, as far as its words say.

use std::ops::Range;

use super::lexer::{Kind, Token};
use crate::sql::Dialect;

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It is a query: it may stand in a FROM.
    Queries,
    /// It tells a setting; it cannot stand in a FROM.
    Shows,
    /// It is a query that locks rows, which a read-only transaction does not allow.
    Locks,
    /// It may change something.
    Writes,
}

/// What is known of a statement from its words.
#[derive(Debug, Clone)]
pub(super) struct Outline {
    pub effect: Effect,
    /// The word that says what it does.
    pub verb: Range<usize>,
    /// Its own ORDER BY, in no parentheses.
    pub order: Option<Range<usize>>,
    /// Its own LIMIT, OFFSET or FETCH, in no parentheses.
    pub limit: Option<Range<usize>>,
}

/// The tokens of a statement and its text.
struct Words<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

/// Reads what a statement does off its tokens.
pub(super) fn outline(dialect: Dialect, text: &str, tokens: &[Token]) -> Outline {
    let words = Words { text, tokens };
    let postgres = dialect == Dialect::Postgres;
    let verb = words.verb();
    let clause = |word: &&str| (0..tokens.len()).find(|at| words.clause(*at, word));
    let mut orders = (0..tokens.len()).filter(|at| words.clause(*at, "order"));
    let range = |at: usize| tokens[at].range.clone();
    let limits: &[&str] = if postgres { &["limit", "offset", "fetch"] } else { &["limit"] };
    Outline {
        effect: words.effect(postgres, verb),
        verb: verb.map_or(0..0, range),
        order: orders.find(|at| words.is(at + 1, "by")).map(range),
        limit: limits.iter().filter_map(clause).min().map(range),
    }
}

impl Words<'_> {
    fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            token.kind == Kind::Word && self.text[token.range.clone()].eq_ignore_ascii_case(word)
        })
    }

    fn is_one(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(at, word))
    }

    fn is_kind(&self, at: usize, kind: Kind) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == kind)
    }

    fn is_symbol(&self, at: usize, symbol: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| &self.text[token.range.clone()] == symbol)
    }

    /// Whether a word is a keyword outside all parentheses, and not a name behind AS or a dot.
    fn clause(&self, at: usize, word: &str) -> bool {
        let named = at > 0 && (self.is(at - 1, "as") || self.is_symbol(at - 1, "."));
        self.tokens[at].depth == 0 && self.is(at, word) && !named
    }

    /// The word that says what it does: the first, or behind the tables of a WITH.
    fn verb(&self) -> Option<usize> {
        const VERBS: &[&str] =
            &["select", "values", "table", "insert", "update", "delete", "merge", "replace"];
        let first = self.tokens.iter().position(|token| token.kind != Kind::Open)?;
        if !self.is(first, "with") {
            return Some(first);
        }
        let depth = self.tokens[first].depth;
        // The name of a table of the WITH may be the same word.
        let names = |at: usize| self.is_one(at, &["with", "recursive"]) || self.is_symbol(at, ",");
        (first + 1..self.tokens.len())
            .find(|at| self.tokens[*at].depth == depth && self.is_one(*at, VERBS) && !names(at - 1))
    }

    fn effect(&self, postgres: bool, verb: Option<usize>) -> Effect {
        let Some(verb) = verb else { return Effect::Writes };
        if self.is(verb, "show") {
            return Effect::Shows;
        }
        let queries = self.is_one(verb, &["select", "values", "table"]);
        let changes = (0..self.tokens.len()).any(|at| {
            let inner = self.is_kind(at, Kind::Open)
                && self.is_one(at + 1, &["insert", "update", "delete", "merge"]);
            // SELECT … INTO makes a table.
            inner || (postgres && self.clause(at, "into"))
        });
        if !queries || changes {
            return Effect::Writes;
        }
        let locks = (0..self.tokens.len()).any(|at| {
            const LOCKS: &[&[&str]] =
                &[&["update"], &["share"], &["no", "key", "update"], &["key", "share"]];
            let behind = |words: &&[&str]| (at + 1..).zip(*words).all(|(at, w)| self.is(at, w));
            self.is(at, "for") && LOCKS.iter().any(behind)
        });
        if postgres && locks { Effect::Locks } else { Effect::Queries }
    }
}
