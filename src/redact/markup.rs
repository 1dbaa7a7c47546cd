//! XML in a text: a document in a string, a fragment in a message, well-formed or not.

use std::borrow::Cow;
use std::ops::Range;

use super::Redaction;
use super::edits::Edits;
use super::place::{At, Holds, Step};

/// Elements open at once; what stands deeper is text of the last.
const OPEN_MAX: usize = 256;

/// Bytes before and behind the text of a CDATA section.
const CDATA: (usize, usize) = ("<![CDATA[".len(), "]]>".len());

/// A piece of markup.
enum Piece {
    /// Text, its place in the whole.
    Text,
    /// What stands in a CDATA section.
    CData,
    Comment,
    Start {
        name: Range<usize>,
        is_empty: bool,
    },
    End {
        name: Range<usize>,
    },
    Other,
}

impl Redaction<'_> {
    /// Redacts a text with markup in it: `None` where it has none, `Some(None)` leaves it.
    #[expect(clippy::option_option, reason = "no markup, nothing to redact, redacted")]
    pub(super) fn markup(&mut self, text: &str, at: At<'_>) -> Option<Option<String>> {
        let pieces = pieces(text);
        if !pieces.iter().any(|(_, piece)| !matches!(piece, Piece::Text)) {
            return None;
        }
        let mut edits = Edits::default();
        let mut open: Vec<&str> = Vec::new();
        let depth = self.place.len();
        let mut run: Vec<(Range<usize>, bool)> = Vec::new();
        for (range, piece) in pieces {
            match piece {
                Piece::Text => run.push((range, false)),
                Piece::CData => run.push((range, true)),
                Piece::Comment => {
                    // A value that a comment divides is still one.
                    if run.is_empty() {
                        self.comment(text, range, at, &mut edits);
                    } else {
                        run.push((range.start..range.start, false));
                    }
                }
                Piece::Other => {}
                Piece::Start { name, is_empty } => {
                    self.run(text, &mut run, &open, at, &mut edits);
                    let local = local(&text[name.clone()]);
                    if open.len() < OPEN_MAX {
                        open.push(local);
                        self.place.push(Step::Text(local.to_owned()));
                    }
                    self.attributes(text, name.end..range.end, at, &mut edits);
                    if is_empty {
                        open.pop();
                        self.place.pop();
                    }
                }
                Piece::End { name } => {
                    self.run(text, &mut run, &open, at, &mut edits);
                    let local = local(&text[name]);
                    if let Some(from) = open.iter().rposition(|name| *name == local) {
                        open.truncate(from);
                        self.place.truncate(depth + from);
                    }
                }
            }
        }
        self.run(text, &mut run, &open, at, &mut edits);
        self.place.truncate(depth);
        Some(edits.apply(text))
    }

    /// Text between two tags.
    fn run(
        &mut self,
        text: &str,
        run: &mut Vec<(Range<usize>, bool)>,
        open: &[&str],
        at: At<'_>,
        edits: &mut Edits,
    ) {
        let run = std::mem::take(run);
        let (Some((first, first_is_cdata)), Some((last, last_is_cdata))) =
            (run.first(), run.last())
        else {
            return;
        };
        let start = first.start - if *first_is_cdata { CDATA.0 } else { 0 };
        let end = last.end + if *last_is_cdata { CDATA.1 } else { 0 };
        let piece = |(range, is_cdata): &(Range<usize>, bool)| if *is_cdata { Cow::Borrowed(&text[range.clone()]) } else { unescape(&text[range.clone()]) };
        let value: String = run.iter().map(piece).collect();
        if value.trim().is_empty() {
            return;
        }
        let is_escaped = run.len() > 1 || *first_is_cdata || value != text[start..end];
        let at = self.within(open, at);
        let from = self.lines.as_mut().map(|lines| {
            let from = lines.from;
            lines.from += start;
            from
        });
        let at = if is_escaped { at.deeper() } else { at };
        let redacted = self.value(&value, at);
        if let (Some(lines), Some(from)) = (&mut self.lines, from) {
            lines.from = from;
        }
        if let Some(redacted) = redacted {
            edits.put(start..end, Some(escape(&redacted)));
        }
    }

    /// What the names of open elements say about the text in them.
    fn within<'o>(&self, open: &[&'o str], at: At<'o>) -> At<'o> {
        let Some(name) = open.last() else { return at };
        let (holds, _) = self.redactor.holds(name);
        let (around, is_whole) = match open.len().checked_sub(2).and_then(|at| open.get(at)) {
            Some(around) => self.redactor.holds(around),
            None => (Holds::Anything, false),
        };
        let holds = if holds == Holds::Anything && is_whole { around } else { holds };
        At { name, holds, ..at }
    }

    fn comment(&mut self, text: &str, range: Range<usize>, at: At<'_>, edits: &mut Edits) {
        let inner = range.start + 4..range.end.saturating_sub(3).max(range.start + 4);
        let inner = inner.start.min(text.len())..inner.end.min(text.len());
        if let Some(redacted) = self.value(&text[inner.clone()], At::text_at(at.depth).deeper()) {
            // Two hyphens end a comment.
            edits.put(inner, Some(redacted.replace("--", "- -")));
        }
    }

    /// Attributes of a start tag.
    fn attributes(&mut self, text: &str, range: Range<usize>, at: At<'_>, edits: &mut Edits) {
        let mut from = range.start;
        while let Some(equals) = text[from..range.end].find('=') {
            let equals = from + equals;
            let name = text[from..equals].trim();
            let name = name.rsplit(char::is_whitespace).next().unwrap_or_default();
            let rest = text[equals + 1..range.end].trim_start();
            let start = range.end - rest.len() + 1;
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let Some(length) = quote.and_then(|quote| rest[1..].find(quote)) else {
                from = equals + 1;
                continue;
            };
            let value = start..start + length;
            from = value.end + 1;
            let name = local(name);
            let (holds, _) = self.redactor.holds(name);
            self.place.push(Step::Text(format!("@{name}")));
            let decoded = unescape(&text[value.clone()]);
            let at = At { name, holds, ..at };
            if let Some(redacted) = self.value(&decoded, at.deeper()) {
                edits.put(value, Some(escape(&redacted)));
            }
            self.place.pop();
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The pieces of a text: what is no tag is text.
fn pieces(text: &str) -> Vec<(Range<usize>, Piece)> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut at = 0;
    // Where a section does not end, nor does one that begins later.
    let mut ends = [true; 3];
    while let Some(open) = memchr::memchr(b'<', &text.as_bytes()[at..]) {
        let open = at + open;
        let Some((piece, end)) = piece(text, open, &mut ends) else {
            at = open + 1;
            continue;
        };
        if from < open {
            pieces.push((from..open, Piece::Text));
        }
        let range = match piece {
            Piece::CData => open + 9..end - 3,
            _ => open..end,
        };
        pieces.push((range, piece));
        (from, at) = (end, end);
    }
    if from < text.len() {
        pieces.push((from..text.len(), Piece::Text));
    }
    pieces
}

fn piece(text: &str, open: usize, ends: &mut [bool; 3]) -> Option<(Piece, usize)> {
    let rest = &text[open..];
    let mut section = |at: usize, begin: &str, end: &str, piece| {
        if !rest.starts_with(begin) || !ends[at] {
            return None;
        }
        let found = rest[begin.len()..].find(end);
        ends[at] = found.is_some();
        found.map(|found| (piece, open + begin.len() + found + end.len()))
    };
    if let Some(found) = section(0, "<!--", "-->", Piece::Comment)
        .or_else(|| section(1, "<![CDATA[", "]]>", Piece::CData))
        .or_else(|| section(2, "<?", "?>", Piece::Other))
    {
        return Some(found);
    }
    let is_end = rest.starts_with("</");
    let start = open + if is_end { 2 } else { 1 };
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    let length = text[start..].find(|c| !is_name(c)).unwrap_or(text.len() - start);
    if length == 0 || !text[start..].starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return None;
    }
    let name = start..start + length;
    let mut quote = None;
    for (at, c) in text[name.end..].char_indices() {
        match (quote, c) {
            (None, '>') => {
                let end = name.end + at;
                let is_empty = text[..end].ends_with('/');
                let piece =
                    if is_end { Piece::End { name } } else { Piece::Start { name, is_empty } };
                return Some((piece, end + 1));
            }
            (None, '<') => return None,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

/// Text without its references; those nobody knows stay.
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        let reference = end.and_then(|end| rest.get(1..end));
        let Some(c) = reference.and_then(referred) else {
            out.push('&');
            rest = &rest[1..];
            continue;
        };
        out.push(c);
        rest = &rest[end.unwrap_or(0) + 1..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn referred(reference: &str) -> Option<char> {
    match reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = reference.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
    out
}
