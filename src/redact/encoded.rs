//! Text that is written in base64 or in hexadecimal digits.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

/// Characters of the shortest run that is decoded.
const RUN_MIN: usize = 16;
/// Characters of the longest run that is decoded; of a longer one only the beginning, to see
/// whether it is text.
const RUN_MAX: usize = 16 * 1024 * 1024;
/// Bytes of that beginning.
const BEGINNING: usize = 4096;

/// How a text was written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Written {
    Base64 { is_url: bool, is_padded: bool },
    Hex { is_upper: bool },
}

/// A text that was written in another form.
#[derive(Debug)]
pub(super) struct Decoded {
    pub text: String,
    pub form: Written,
}

impl Written {
    pub(super) fn write(self, text: &str) -> String {
        match self {
            Self::Base64 { is_url: false, is_padded: true } => STANDARD.encode(text),
            Self::Base64 { is_url: false, is_padded: false } => STANDARD_NO_PAD.encode(text),
            Self::Base64 { is_url: true, is_padded: true } => URL_SAFE.encode(text),
            Self::Base64 { is_url: true, is_padded: false } => URL_SAFE_NO_PAD.encode(text),
            Self::Hex { is_upper: true } => text.bytes().map(|b| format!("{b:02X}")).collect(),
            Self::Hex { is_upper: false } => text.bytes().map(|b| format!("{b:02x}")).collect(),
        }
    }
}

/// Finds runs that decode to readable text; `None` for one that does and is too long.
pub(super) fn find(text: &str, mut found: impl FnMut(Range<usize>, Option<Decoded>)) {
    if text.len() < RUN_MIN {
        return;
    }
    if let Some(decoded) = in_lines(text).and_then(|joined| decode(&joined)) {
        found(0..text.len(), decoded);
        return;
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !is_base64(bytes[at]) {
            at += 1;
            continue;
        }
        let run = bytes[at..].iter().take_while(|b| is_base64(**b)).count();
        let padding = bytes[at + run..].iter().take(2).take_while(|b| **b == b'=').count();
        let end = at + run + padding;
        if run >= RUN_MIN
            && let Some(decoded) = decode(&text[at..end])
        {
            found(at..end, decoded);
        }
        at = end;
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/_-".contains(&byte)
}

/// A whole text of base64 in lines, without the ends of its lines.
fn in_lines(text: &str) -> Option<String> {
    let is_run = |b: u8| is_base64(b) || b == b'=' || b.is_ascii_whitespace();
    let text = text.trim();
    let has_lines = text.bytes().any(|b| b == b'\n');
    if !has_lines || !text.bytes().all(is_run) {
        return None;
    }
    let lines = text.lines().map(str::trim).collect::<Vec<_>>();
    let (_, all) = lines.split_last()?;
    let is_even = all.iter().all(|line| line.len() >= RUN_MIN && line.len().is_multiple_of(4));
    is_even.then(|| lines.concat())
}

/// Whether all of a text is readable text in another form.
pub(super) fn is_readable(text: &str) -> bool {
    decode(text).is_some()
}

#[expect(clippy::option_option, reason = "no text, text, text that is too long")]
fn decode(run: &str) -> Option<Option<Decoded>> {
    let bytes = run.as_bytes();
    if bytes.len().is_multiple_of(2) && bytes.iter().all(u8::is_ascii_hexdigit) {
        let is_upper = bytes.iter().any(u8::is_ascii_uppercase);
        let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let byte = |pair: &[u8]| Some(digit(pair[0])? << 4 | digit(pair[1])?);
        let decoded: Option<Vec<u8>> = bytes.chunks_exact(2).map(byte).collect();
        if let Some(text) = decoded.and_then(readable) {
            return Some(Some(Decoded { text, form: Written::Hex { is_upper } }));
        }
    }
    let is_url = bytes.iter().any(|b| b"-_".contains(b));
    let is_padded = run.ends_with('=') || run.len().is_multiple_of(4);
    if run.len() > RUN_MAX {
        let beginning = run.get(..BEGINNING)?;
        let bytes = if is_url {
            URL_SAFE_NO_PAD.decode(beginning)
        } else {
            STANDARD_NO_PAD.decode(beginning)
        };
        let text = String::from_utf8_lossy(&bytes.ok()?).into_owned();
        return readable(text.trim_end_matches('\u{fffd}').as_bytes().to_vec()).map(|_| None);
    }
    let decoded = match (is_url, is_padded) {
        (false, true) => STANDARD.decode(run),
        (false, false) => STANDARD_NO_PAD.decode(run),
        (true, true) => URL_SAFE.decode(run),
        (true, false) => URL_SAFE_NO_PAD.decode(run),
    };
    let text = readable(decoded.ok()?)?;
    Some(Some(Decoded { text, form: Written::Base64 { is_url, is_padded } }))
}

fn readable(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?;
    let is_readable = |c: char| !c.is_control() || matches!(c, '\t' | '\r' | '\n');
    text.chars().all(is_readable).then_some(text)
}
