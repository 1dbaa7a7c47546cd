//! `${NAME}` and `/{member}` without quotes inside `{ … }`.
//!
//! YAML reads the braces of `{ username: ${ERP_USER} }` or `{ path: /orders/{id} }` as a
//! mapping of their own and refuses it. People write it all the same, so before the YAML is
//! read the two braces are replaced by two characters of one byte each that occur nowhere in
//! the file; in every scalar read they are put back. All offsets stay as they are. A `{`
//! right after `$` or `/` never begins a mapping, so no valid YAML is read differently.

use std::borrow::Cow;

/// Characters with no meaning in the middle of a YAML scalar.
const CANDIDATES: &[u8] = b"^;~+=()<>/QXZJqxzj0123456789ABCDEFGHIKLMNOPRSTUVWYabcdefghijklmno";

/// What stands for the two braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mask {
    open: char,
    close: char,
}

impl Mask {
    /// The text with the braces of every `${…}` and `/{…}` replaced, and how to put them back.
    /// `None` where there is nothing to do, or no character is free.
    pub(super) fn apply(text: &str) -> Option<(String, Self)> {
        let places = places(text);
        if places.is_empty() {
            return None;
        }
        let mut free = CANDIDATES.iter().copied().filter(|&byte| is_free(text, byte));
        let (open, close) = (free.next()?, free.next()?);
        let mut masked = text.as_bytes().to_vec();
        for (from, to) in places {
            masked[from] = open;
            masked[to] = close;
        }
        let masked = String::from_utf8(masked).ok()?;
        Some((masked, Self { open: char::from(open), close: char::from(close) }))
    }

    /// Puts the braces back.
    pub(super) fn lift(self, text: &str) -> Cow<'_, str> {
        if !text.contains([self.open, self.close]) {
            return Cow::Borrowed(text);
        }
        let lifted = text.chars().map(|c| match c {
            c if c == self.open => '{',
            c if c == self.close => '}',
            c => c,
        });
        Cow::Owned(lifted.collect())
    }
}

/// Whether a byte is nowhere in the text, nor written there as an escape (`\x5e`).
fn is_free(text: &str, byte: u8) -> bool {
    if memchr::memchr(byte, text.as_bytes()).is_some() {
        return false;
    }
    let hex = format!("{byte:02x}");
    !text
        .as_bytes()
        .windows(3)
        .any(|w| matches!(w[0], b'x' | b'0') && w[1..].eq_ignore_ascii_case(hex.as_bytes()))
}

/// The byte offsets of the braces of every `${…}` and `/{…}` on one line. Characters that end a
/// scalar in a flow mapping are no part of it, nor are quotes.
fn places(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut places = Vec::new();
    for before in memchr::memchr2_iter(b'$', b'/', bytes) {
        if bytes.get(before + 1) != Some(&b'{') {
            continue;
        }
        let inside = &bytes[before + 2..];
        let end =
            inside.iter().position(|b| matches!(b, b'{' | b'}' | b'"' | b'\'' | b'\n' | b','));
        if let Some(end) = end.filter(|&end| inside[end] == b'}') {
            places.push((before + 1, before + 2 + end));
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_hidden_and_put_back() {
        let check = |text: &str, hidden: usize| {
            let Some((masked, mask)) = Mask::apply(text) else {
                return assert_eq!(hidden, 0, "{text}");
            };
            assert_eq!(places(text).len(), hidden, "{text}");
            assert_eq!(masked.len(), text.len());
            assert!(!masked.contains("${"), "{masked}");
            assert_eq!(mask.lift(&masked), text);
        };
        check("{ a: ${A}, b: ${B:-x} }", 2);
        check("a: $${A}", 1);
        check("a: ^;~+=()<>/${A}", 1);
        check("{ a: '${', b: '}' }", 0);
        check("a: ${A\n}", 0);
        check("{ path: /a/{b}/{c} }", 2);
    }
}
