//! Tokens of a statement: what is text of a string, a name or a comment, and what is not.
//!
//! The rules are those of PostgreSQL's `scan.l` (with `standard_conforming_strings` on, its
//! default) and SQLite's `tokenize.c`, as far as they decide where a token ends.

use std::ops::Range;

use super::{Part, StatementProblem};
use crate::sql::Dialect;

/// Problems told of one text.
const PROBLEMS_MAX: usize = 20;

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub range: Range<usize>,
    /// Parentheses and brackets it stands in.
    pub depth: usize,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or a name without quotes.
    Word,
    /// A quoted name.
    Name,
    /// A string of any form.
    Text,
    /// A number.
    Number,
    /// `:name`
    Parameter,
    /// `\:`
    Colon,
    /// `(` or `[`
    Open,
    /// `)` or `]`
    Close,
    /// `;`
    Semicolon,
    /// `/*filters*/`
    Mark,
    /// Any other character or operator.
    Symbol,
}

/// A text as tokens.
#[derive(Debug)]
pub(super) struct Lexed {
    pub tokens: Vec<Token>,
    /// Whether it ends in a `--` comment, which would swallow what is appended.
    pub comment_open: bool,
    pub problems: Vec<StatementProblem>,
}

/// Reads a text. Every byte is looked at a bounded number of times, and nothing recurses.
pub(super) fn lex(dialect: Dialect, part: Part, text: &str) -> Lexed {
    let mut lexer = Lexer {
        postgres: dialect == Dialect::Postgres,
        part,
        text,
        bytes: text.as_bytes(),
        at: 0,
        groups: Vec::new(),
        done: Lexed { tokens: Vec::new(), comment_open: false, problems: Vec::new() },
    };
    while lexer.at < text.len() {
        lexer.step();
    }
    if let Some(group) = lexer.groups.first() {
        let range = group.at..group.at + 1;
        lexer.problem(range, "is never closed", "close it, or remove it");
    }
    lexer.done
}

/// Whether it may start a name.
pub(super) fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

pub(super) fn continues_word(byte: u8) -> bool {
    starts_word(byte) || byte.is_ascii_digit() || byte == b'$'
}

/// Parentheses or brackets that are open.
pub(super) struct Group {
    pub at: usize,
    /// What closes it.
    closes: u8,
    /// Whether a colon behind an operand is one of its own: a slice, or a pair of JSON.
    pub colons: bool,
}

pub(super) struct Lexer<'a> {
    pub postgres: bool,
    pub part: Part,
    pub text: &'a str,
    pub bytes: &'a [u8],
    pub at: usize,
    pub groups: Vec<Group>,
    pub done: Lexed,
}

impl Lexer<'_> {
    fn step(&mut self) {
        let byte = self.bytes[self.at];
        match (byte, self.peek(1)) {
            (b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c, _) => self.at += 1,
            (b'-', Some(b'-')) => self.line_comment(),
            (b'/', Some(b'*')) => self.block_comment(),
            (b'\'', _) => self.quoted(Kind::Text),
            (b'"', _) => self.quoted(Kind::Name),
            (b'e' | b'E', Some(b'\'')) if self.postgres => self.escaped_string(),
            (b'`', _) if !self.postgres => self.quoted(Kind::Name),
            (b'[', _) if !self.postgres => self.bracketed_name(),
            (b'(' | b'[', _) => self.open(byte),
            (b')' | b']', _) => self.close(byte),
            (b'$', _) if self.postgres => self.dollar(),
            (b'?' | b'@' | b'$', _) if !self.postgres => self.placeholder(),
            (b':', _) | (b'\\', Some(b':')) => self.colon(),
            (b';', _) => self.push(Kind::Semicolon, 1),
            (0, _) => {
                let range = self.at..self.at + 1;
                self.problem(range, "is a NUL byte", "remove it: no database takes one");
                self.at += 1;
            }
            (b'0'..=b'9', _) => self.number(),
            _ if starts_word(byte) => {
                let length = self.count(1, continues_word);
                self.push(Kind::Word, length);
            }
            _ => self.push(Kind::Symbol, 1),
        }
    }

    pub fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// Bytes from here, of which all after the first `from` are alike.
    pub fn count(&self, from: usize, alike: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(self.at + from..).unwrap_or_default();
        from + rest.iter().take_while(|byte| alike(**byte)).count()
    }

    /// A token of this many bytes.
    pub fn push(&mut self, kind: Kind, length: usize) {
        let range = self.at..self.at + length;
        self.at = range.end;
        self.done.tokens.push(Token { kind, range, depth: self.groups.len() });
    }

    pub fn problem(&mut self, range: Range<usize>, message: &str, help: &str) {
        if self.done.problems.len() < PROBLEMS_MAX {
            let what = self.text.get(range.clone()).filter(|what| !what.contains('\0'));
            let message = match what {
                Some(what) if what.len() <= 40 => format!("`{what}` {message}"),
                _ => format!("this {message}"),
            };
            self.done.problems.push(StatementProblem::new(self.part, range, message, help));
        }
    }

    fn line_comment(&mut self) {
        let ends = |byte| byte == b'\n' || (byte == b'\r' && self.postgres);
        self.at += self.count(2, |byte| !ends(byte));
        self.done.comment_open = self.at == self.bytes.len();
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let mut depth = 1;
        self.at += 2;
        while depth > 0 {
            match (self.peek(0), self.peek(1)) {
                (Some(b'*'), Some(b'/')) => (depth, self.at) = (depth - 1, self.at + 2),
                (Some(b'/'), Some(b'*')) if self.postgres => {
                    (depth, self.at) = (depth + 1, self.at + 2);
                }
                (Some(_), _) => self.at += 1,
                (None, _) => {
                    let help = "end the comment with `*/`; in PostgreSQL comments nest";
                    self.problem(start..start + 2, "is never closed", help);
                    return;
                }
            }
        }
        if self.text[start + 2..self.at - 2].trim() == "filters" {
            let length = self.at - start;
            self.at = start;
            self.push(Kind::Mark, length);
        }
    }

    fn open(&mut self, byte: u8) {
        let (closes, colons) = match byte {
            b'[' => (b']', true),
            _ => (b')', self.behind_json_object()),
        };
        let at = self.at;
        self.push(Kind::Open, 1);
        self.groups.push(Group { at, closes, colons });
    }

    /// Whether the last word makes pairs of what stands in the parentheses behind it.
    fn behind_json_object(&self) -> bool {
        self.done.tokens.last().is_some_and(|token| {
            let word = &self.text[token.range.clone()];
            token.kind == Kind::Word
                && ["json_object", "json_objectagg"].iter().any(|w| word.eq_ignore_ascii_case(w))
        })
    }

    fn close(&mut self, byte: u8) {
        match self.groups.last() {
            Some(group) if group.closes == byte => {
                self.groups.pop();
            }
            _ => self.problem(self.at..self.at + 1, "closes nothing", "open it, or remove it"),
        }
        self.push(Kind::Close, 1);
    }

    fn number(&mut self) {
        let digit = |byte: u8| byte.is_ascii_digit();
        let mut length = self.count(1, digit);
        if self.peek(length) == Some(b'.') && self.peek(length + 1).is_some_and(digit) {
            length = self.count(length + 1, digit);
        }
        if matches!(self.peek(length), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.peek(length + 1), Some(b'+' | b'-')));
            if self.peek(length + 1 + sign).is_some_and(digit) {
                length = self.count(length + 1 + sign, digit);
            }
        }
        self.push(Kind::Number, length);
    }
}
