//! `METHOD /path/{parameter}`: what a route answers.

use std::fmt;

use super::node::Spanned;
use super::reader::Context;
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean};

/// The methods a route may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// Reads.
    Get,
    /// Reads without the body.
    Head,
    /// Creates, or does something.
    Post,
    /// Replaces.
    Put,
    /// Changes in part.
    Patch,
    /// Deletes.
    Delete,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 6] =
        [Self::Get, Self::Head, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether a request of this method carries its input in a body.
    #[must_use]
    pub const fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put | Self::Patch)
    }

    /// Whether it promises to change nothing.
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a route answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteKey {
    /// As it was written.
    pub text: String,
    /// Where.
    pub span: Span,
    /// The method.
    pub method: Spanned<Method>,
    /// The path, without the prefix of its version; empty for `/`.
    pub segments: Vec<Spanned<Segment>>,
}

/// What stands between two slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Exactly this.
    Literal(String),
    /// Anything, under this name.
    Parameter(String),
}

impl RouteKey {
    /// What two routes that answer the same requests have in common: the names of
    /// parameters do not count.
    pub fn shape(&self) -> String {
        let mut shape = self.method.value.as_str().to_owned();
        for segment in &self.segments {
            shape.push('/');
            match &segment.value {
                Segment::Literal(literal) => shape.push_str(literal),
                Segment::Parameter(_) => shape.push_str("{}"),
            }
        }
        shape
    }

    /// The names of its parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = Spanned<&str>> {
        self.segments.iter().filter_map(|segment| match &segment.value {
            Segment::Parameter(name) => Some(Spanned::new(name.as_str(), segment.span)),
            Segment::Literal(_) => None,
        })
    }
}

/// Reads a route's key; `None` where it is malformed, which has been reported.
pub(super) fn route_key(cx: &mut Context<'_>, key: &Spanned<String>) -> Option<RouteKey> {
    let text = key.value.as_str();
    let Some((word, path)) = text.split_once(' ') else {
        malformed(cx, key, 0..text.len(), "a route is a method, a space and a path".into());
        return None;
    };
    let path_at = word.len() + 1;
    let method = Method::ALL.into_iter().find(|method| method.as_str() == word);
    if method.is_none() {
        let names = Method::ALL.map(Method::as_str);
        let message = match did_you_mean(word, names) {
            Some(near) => format!("`{word}` is not a method; did you mean `{near}`?"),
            None => format!("`{word}` is not a method a route may have"),
        };
        malformed(cx, key, 0..word.len(), message);
    }
    let segments = segments(cx, key, path, path_at);
    let method = method?;
    Some(RouteKey {
        text: text.to_owned(),
        span: key.span,
        method: Spanned::new(method, cx.inside(key.span, text, 0, word.len())),
        segments: segments?,
    })
}

fn segments(
    cx: &mut Context<'_>,
    key: &Spanned<String>,
    path: &str,
    path_at: usize,
) -> Option<Vec<Spanned<Segment>>> {
    let Some(rest) = path.strip_prefix('/') else {
        malformed(cx, key, path_at..key.value.len(), "the path does not begin with a slash".into());
        return None;
    };
    let mut segments: Vec<Spanned<Segment>> = Vec::new();
    if rest.is_empty() {
        return Some(segments);
    }
    let (mut at, mut whole) = (path_at + 1, true);
    for part in rest.split('/') {
        let range = at..at + part.len();
        at = range.end + 1;
        match segment(part) {
            Ok(segment) => {
                let repeated = matches!(segment, Segment::Parameter(_))
                    && segments.iter().any(|other| other.value == segment);
                if repeated {
                    malformed(
                        cx,
                        key,
                        range.clone(),
                        format!("the parameter `{part}` stands twice in the path"),
                    );
                    whole = false;
                }
                let span = cx.inside(key.span, &key.value, range.start, range.end);
                segments.push(Spanned::new(segment, span));
            }
            Err(message) => {
                malformed(cx, key, range, message);
                whole = false;
            }
        }
    }
    whole.then_some(segments)
}

fn segment(part: &str) -> Result<Segment, String> {
    if part.is_empty() {
        return Err("a segment of the path is empty; a path does not end in a slash".to_owned());
    }
    if let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        let mut chars = name.chars();
        let head = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        return if head && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
            Ok(Segment::Parameter(name.to_owned()))
        } else {
            Err(format!("`{name}` is not a name for a parameter"))
        };
    }
    match part.chars().find(|c| !(c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@".contains(*c))) {
        None => Ok(Segment::Literal(part.to_owned())),
        Some('{' | '}') => Err("a parameter is a whole segment, `{name}`".to_owned()),
        Some(c) => Err(format!("{c:?} cannot stand in a path")),
    }
}

fn malformed(
    cx: &mut Context<'_>,
    key: &Spanned<String>,
    range: std::ops::Range<usize>,
    message: String,
) {
    let at = cx.inside(key.span, &key.value, range.start, range.end);
    let help = "write `METHOD /path/{parameter}`";
    cx.report.push(Diagnostic::error(Code::MappingPath, at, message).help(help));
}
