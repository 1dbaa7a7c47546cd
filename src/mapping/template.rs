//! Paths with `{members}` in them: `location:` and the `path:` of an HTTP backend.

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
    let malformed = |cx: &mut Context<'_>, from: usize, to: usize, message: String| {
        let at = cx.inside(span, &text, from, to);
        let help = "write a path such as `/orders/{orderId}`";
        cx.report.push(Diagnostic::error(Code::MappingPath, at, message).help(help));
    };
    if !text.starts_with('/') {
        malformed(cx, 0, text.len(), format!("`{text}` does not begin with a slash"));
        return None;
    }
    let (mut pieces, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let rest = &text[at..];
        let (piece, len) = match rest.strip_prefix('{') {
            Some(inside) => {
                let end = inside.find('}').filter(|&end| is_member(&inside[..end]));
                let Some(end) = end else {
                    let to = rest.find('}').map_or(text.len(), |end| at + end + 1);
                    malformed(cx, at, to, "`{` begins no `{member}`".to_owned());
                    return None;
                };
                (Piece::Member(inside[..end].to_owned()), end + 2)
            }
            None => {
                let end = rest.find('{').unwrap_or(rest.len());
                if let Some(bad) = rest[..end].find(|c: char| !is_literal(c)) {
                    let c = rest[bad..].chars().next().unwrap_or(' ');
                    let from = at + bad;
                    malformed(
                        cx,
                        from,
                        from + c.len_utf8(),
                        format!("{c:?} cannot stand in a path"),
                    );
                    return None;
                }
                (Piece::Literal(rest[..end].to_owned()), end)
            }
        };
        pieces.push(Spanned::new(piece, cx.inside(span, &text, at, at + len)));
        at += len;
    }
    Some(Spanned::new(Template { text, pieces }, span))
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
