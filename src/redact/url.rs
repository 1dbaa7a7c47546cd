//! Addresses: credentials before the host, parameters, encoded segments.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use regex::Regex;

use super::edits::Edits;
use super::place::{At, Holds};
use super::{Kind, Redaction, Unsure, email};

/// What stands unescaped in a segment and in a parameter alike (RFC 3986 section 2.3, and `@`).
const PLAIN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@');
/// What stands unescaped in a segment besides.
const SEGMENT: &AsciiSet =
    &PLAIN.remove(b';').remove(b'=').remove(b',').remove(b':').remove(b'!').remove(b'$');

impl Redaction<'_> {
    /// Path and query of a request, or a whole address.
    ///
    /// # Errors
    /// Where something may be a secret.
    pub fn target(&mut self, target: &str) -> Result<String, Unsure> {
        self.message("the address", |this, before: Option<String>| {
            let target = before.unwrap_or_else(|| target.to_owned());
            let mut edits = Edits::default();
            let path = match target.split_once("://") {
                Some((scheme, _)) => scheme.len() + 3,
                None => 0,
            };
            if path > 0 {
                this.user(&target, path, &mut edits);
            }
            this.address(&target, path, At::text(), true, &mut edits);
            edits.apply(&target).unwrap_or(target)
        })
    }

    /// Addresses in a text.
    pub(super) fn urls(&mut self, text: &str, at: At<'_>, edits: &mut Edits) {
        static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
            Regex::new(r#"(?-u:\b)[A-Za-z][A-Za-z0-9+.:-]*://[^\s<>"'`|{}]+"#).ok()
        });
        for found in FORM.iter().flat_map(|form| form.find_iter(text)) {
            if !edits.is_free(&found.range()) {
                continue;
            }
            let Some(scheme) = found.as_str().find("://") else { continue };
            let start = found.start() + scheme + 3;
            let end = found.end();
            self.user(&text[..end], start, edits);
            self.address(&text[..end], start, at, false, edits);
        }
    }

    /// `user:password@` at the beginning of an authority.
    fn user(&mut self, text: &str, start: usize, edits: &mut Edits) {
        let rest = &text[start..];
        let mut authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
        let is_port = |port: &str| port.bytes().all(|b| b.is_ascii_digit());
        if !authority.contains('@') && authority.split_once(':').is_some_and(|(_, p)| !is_port(p)) {
            // A password may hold a `/` that nobody has escaped.
            authority = rest;
        }
        let Some(at) = authority.rfind('@') else { return };
        let user = &authority[..at];
        if user.contains("redacted-") && authority[at..].starts_with(email::DOMAIN) {
            return;
        }
        let mut from = start;
        for part in user.splitn(2, ':') {
            let range = from..from + part.len();
            from = range.end + 1;
            self.part(text, range, At::new("user", Holds::Whole(Kind::Secret)), PLAIN, edits);
        }
    }

    /// Segments and parameters from some place on.
    fn address(&mut self, text: &str, start: usize, at: At<'_>, is_all: bool, edits: &mut Edits) {
        let at = At { name: "", holds: Holds::Anything, ..at };
        let end = text.len();
        let query = text[start..].find(['?', '#']).map_or(end, |at| start + at);
        let mut from = start;
        for segment in text[start..query].split('/') {
            let range = from..from + segment.len();
            from = range.end + 1;
            // In a text, what is not encoded is found with the rest of it.
            if is_all || segment.contains('%') {
                self.part(text, range, at, SEGMENT, edits);
            }
        }
        let mut from = query + 1;
        for pair in text.get(query + 1..).unwrap_or_default().split(['&', ';', '#', '?']) {
            let range = from..from + pair.len();
            from = range.end + 1;
            let Some((name, value)) = pair.split_once('=') else {
                self.part(text, range, at, PLAIN, edits);
                continue;
            };
            let decoded = decode(name);
            let (holds, _) = self.redactor.holds(&decoded);
            let value = range.end - value.len()..range.end;
            self.part(text, value, At { name: &decoded, holds, ..at }, PLAIN, edits);
        }
    }

    /// One part, which may be encoded.
    fn part(
        &mut self,
        text: &str,
        range: Range<usize>,
        at: At<'_>,
        plain: &'static AsciiSet,
        edits: &mut Edits,
    ) {
        if !edits.is_free(&range) {
            return;
        }
        let decoded = decode(&text[range.clone()]);
        // A parameter is no place where what looks random is a secret: cursors, states, digests.
        let name = if at.holds == Holds::Anything { "" } else { at.name };
        let redacted = self.value(&decoded, At { name, ..at }.deeper());
        // Searched it is, whatever came of it.
        let is_for_key = self.is_for_key();
        let encode = |text: String| utf8_percent_encode(&text, plain).to_string();
        let written = redacted.map(|text| if is_for_key { text } else { encode(text) });
        edits.put(range, written);
    }
}

fn decode(part: &str) -> Cow<'_, str> {
    if !part.contains(['%', '+']) {
        return Cow::Borrowed(part);
    }
    let spaced = part.replace('+', " ");
    match percent_decode_str(&spaced).decode_utf8() {
        Ok(decoded) => Cow::Owned(decoded.into_owned()),
        Err(_) => Cow::Borrowed(part),
    }
}
