//! Paths with `{members}` in them: `location:` and the `path:` of an HTTP backend.

use std::ops::Range;

use super::node::Spanned;
use super::reader::Context;
use crate::diagnostic::{Code, Diagnostic};

/// A path and its parts in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// As it was written.
    pub text: String,
    /// Its parts; never two literals in a row.
    pub pieces: Vec<Spanned<Piece>>,
}

/// One part of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Characters sent as they are.
    Literal(String),
    /// `{name}` or `{a.b}`: a value, percent-encoded when it is filled in.
    Member(String),
}

/// Reads a template; `None` where it is malformed, which has been reported.
pub(super) fn template(cx: &mut Context<'_>, read: Spanned<String>) -> Option<Spanned<Template>> {
    let Spanned { value: text, span } = read;
    match pieces(&text) {
        Ok(found) => {
            let place = |(piece, range): (Piece, Range<usize>)| {
                Spanned::new(piece, cx.inside(span, &text, range.start, range.end))
            };
            let pieces = found.into_iter().map(place).collect();
            Some(Spanned::new(Template { text, pieces }, span))
        }
        Err((range, message)) => {
            let at = cx.inside(span, &text, range.start, range.end);
            let help = "write a path such as `/orders/{orderId}`";
            cx.report.push(Diagnostic::error(Code::MappingPath, at, message).help(help));
            None
        }
    }
}

type Malformed = (Range<usize>, String);

fn pieces(text: &str) -> Result<Vec<(Piece, Range<usize>)>, Malformed> {
    if !text.starts_with('/') {
        return Err((0..text.len(), "the path does not begin with a slash".to_owned()));
    }
    let (mut pieces, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let rest = &text[at..];
        let piece = match rest.strip_prefix('{') {
            Some(inside) => Piece::Member(member(inside, at)?),
            None => Piece::Literal(literal(rest, at)?),
        };
        let len = match &piece {
            Piece::Member(name) => name.len() + 2,
            Piece::Literal(literal) => literal.len(),
        };
        pieces.push((piece, at..at + len));
        at += len;
    }
    Ok(pieces)
}

fn member(inside: &str, at: usize) -> Result<String, Malformed> {
    let end = inside.find('}');
    if let Some(name) = end.map(|end| &inside[..end]).filter(|name| is_member(name)) {
        return Ok(name.to_owned());
    }
    let to = at + end.map_or(inside.len() + 1, |end| end + 2);
    Err((at..to, "`{` begins no `{member}`".to_owned()))
}

fn literal(rest: &str, at: usize) -> Result<String, Malformed> {
    let literal = &rest[..rest.find('{').unwrap_or(rest.len())];
    match literal.char_indices().find(|(_, c)| !is_literal(*c)) {
        None => Ok(literal.to_owned()),
        Some((bad, c)) => {
            let from = at + bad;
            Err((from..from + c.len_utf8(), format!("{c:?} cannot stand in a path")))
        }
    }
}

fn is_member(name: &str) -> bool {
    !name.is_empty()
        && name.split('.').all(|part| {
            !part.is_empty()
                && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '@' | '$'))
        })
}

/// The characters of RFC 3986 path segments, the slash, and the query's `?` and `&`.
fn is_literal(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%?".contains(c)
}
