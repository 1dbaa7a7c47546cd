//! JSON: every scalar in its place, and nothing else touched.

use std::ops::Range;

use super::edits::Edits;
use super::element::is_spared;
use super::place::{At, Holds, Step};
use super::{Kind, Redaction, Unsure};

/// Objects and arrays inside of one another; a deeper text is searched as plain text.
const DEPTH_MAX: usize = 512;

/// A scalar or a name in a JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Open(u8),
    Close,
    Name,
    Text,
    Number,
    Word,
}

/// Bytes of a member's name that say what it holds.
const NAME_BYTES_MAX: usize = 200;

/// What is open.
struct Frame {
    is_object: bool,
    /// What the names around it say about everything in it.
    around: Option<Holds>,
    name: String,
    /// The name as places show it: a secret may be one.
    shown: String,
    count: usize,
}

impl Redaction<'_> {
    /// A JSON text: every scalar keeps its digits, every member its place. What is no JSON is
    /// searched as text.
    ///
    /// # Errors
    /// Where something may be a secret.
    pub fn json(&mut self, text: &str) -> Result<String, Unsure> {
        self.message("", |this, before: Option<String>| {
            let text = before.unwrap_or_else(|| text.to_owned());
            this.place.push(Step::Text(String::new()));
            let redacted = match this.json_text(&text, At::text()) {
                Some(redacted) => redacted,
                None => this.value(&text, At::text()),
            };
            this.place.clear();
            redacted.unwrap_or(text)
        })
    }

    /// `None` where it is no JSON, `Some(None)` leaves it as it is.
    #[expect(clippy::option_option, reason = "no JSON, nothing to redact, redacted")]
    pub(super) fn json_text(&mut self, text: &str, at: At<'_>) -> Option<Option<String>> {
        serde_json::from_str::<&serde_json::value::RawValue>(text).ok()?;
        let tokens = tokens(text)?;
        let mut edits = Edits::default();
        let mut frames: Vec<Frame> = Vec::new();
        let depth = self.place.len();
        for (range, token) in tokens {
            self.place.truncate(depth);
            match token {
                Token::Open(byte) => {
                    let around = self.around(&frames);
                    if let Some(frame) = frames.last_mut() {
                        frame.count += 1;
                    }
                    let name = frames.last().map(|f| f.name.clone()).unwrap_or_default();
                    let shown = frames.last().map(|f| f.shown.clone()).unwrap_or_default();
                    let is_object = byte == b'{';
                    frames.push(Frame { is_object, around, name, shown, count: 0 });
                }
                Token::Close => _ = frames.pop(),
                Token::Name => {
                    let name = unquoted(&text[range.clone()]);
                    self.pointer(&frames);
                    // A map may have secrets for names.
                    let redacted = self.scan(&name, At::text_at(at.depth).deeper());
                    if let Some(frame) = frames.last_mut() {
                        frame.shown = cut(redacted.as_deref().unwrap_or(&name));
                        frame.name = cut(&name);
                    }
                    if let Some(redacted) = redacted {
                        edits.put(range, Some(quoted(&redacted)));
                    }
                }
                Token::Text | Token::Number | Token::Word => {
                    let (name, holds) = match frames.last() {
                        Some(frame) => (frame.name.clone(), self.member(frame)),
                        None => (String::new(), at.holds),
                    };
                    if let Some(frame) = frames.last_mut() {
                        frame.count += 1;
                    }
                    self.pointer(&frames);
                    let at = At { name: &name, holds, ..at };
                    if let Some(put) = self.scalar(&text[range.clone()], token, at) {
                        edits.put(range, Some(put));
                    }
                }
            }
        }
        self.place.truncate(depth);
        Some(edits.apply(text))
    }

    fn scalar(&mut self, raw: &str, token: Token, at: At<'_>) -> Option<String> {
        match token {
            Token::Text => self.value(&unquoted(raw), at.deeper()).map(|text| quoted(&text)),
            Token::Number => self.value(raw, At { is_number: true, ..at }),
            _ => None,
        }
    }

    /// What a member's name and those around it say about its value.
    fn member(&self, frame: &Frame) -> Holds {
        let (own, _) = self.redactor.holds(&frame.name);
        match (own, frame.around) {
            (Holds::Anything, Some(Holds::Whole(Kind::Secret))) if is_spared(&frame.name) => own,
            (Holds::Anything, Some(around)) => around,
            (own, _) => own,
        }
    }

    /// What an object or an array says about everything in it: `tokens: [...]` does, and so does
    /// `password: {...}`, `loginToken: {...}` does not.
    fn around(&self, frames: &[Frame]) -> Option<Holds> {
        let frame = frames.last()?;
        if !frame.is_object {
            return frame.around;
        }
        let (holds, is_whole) = self.redactor.holds(&frame.name);
        match holds {
            Holds::Whole(Kind::Named) | Holds::Kept => Some(holds),
            Holds::Whole(_) if is_whole => Some(holds),
            _ => frame.around,
        }
    }

    /// Adds where it is to the place.
    fn pointer(&mut self, frames: &[Frame]) {
        for frame in frames {
            let step = if frame.is_object {
                frame.shown.replace('~', "~0").replace('/', "~1")
            } else {
                frame.count.saturating_sub(1).to_string()
            };
            self.place.push(Step::Text(step));
        }
    }
}

/// The beginning of a name.
fn cut(name: &str) -> String {
    let end = (0..=name.len().min(NAME_BYTES_MAX)).rev().find(|at| name.is_char_boundary(*at));
    name[..end.unwrap_or(0)].to_owned()
}

/// The tokens of a text that is JSON.
fn tokens(text: &str) -> Option<Vec<(Range<usize>, Token)>> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let (end, token) = match byte {
            b'{' | b'[' => {
                depth += 1;
                (at + 1, Token::Open(*byte))
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                (at + 1, Token::Close)
            }
            b'"' => {
                let end = string_end(bytes, at)?;
                let next = bytes[end..].iter().find(|b| !b.is_ascii_whitespace());
                (end, if next == Some(&b':') { Token::Name } else { Token::Text })
            }
            b'-' | b'0'..=b'9' | b'a'..=b'z' => {
                let is_part = |b: &u8| b.is_ascii_alphanumeric() || b"+-.".contains(b);
                let length = bytes[at..].iter().take_while(|b| is_part(b)).count();
                let is_word = byte.is_ascii_alphabetic();
                (at + length, if is_word { Token::Word } else { Token::Number })
            }
            _ => {
                at += 1;
                continue;
            }
        };
        if depth > DEPTH_MAX {
            return None;
        }
        tokens.push((at..end, token));
        at = end;
    }
    Some(tokens)
}

fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

fn unquoted(raw: &str) -> String {
    let plain = || raw.trim_matches('"').to_owned();
    serde_json::from_str(raw).unwrap_or_else(|_| plain())
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
