//! Text as it may stand in a line. Whatever a caller or a backend sends, a line stays one
//! line: control characters are escaped.

use std::fmt::Write;

use tracing::Level;

/// How lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Human { colours: bool },
    Json,
}

impl Style {
    /// Text a person wrote, as it is.
    pub(super) fn push_words(self, line: &mut String, words: std::fmt::Arguments<'_>) {
        // Only a value's own `Display` can fail, and its text so far is there.
        let _ = match (self, words.as_str()) {
            (Self::Json, Some(words)) => {
                line.push('"');
                push_escaped(line, words);
                line.push('"');
                Ok(())
            }
            (Self::Json, None) => {
                line.push('"');
                let written = Escaped(line).write_fmt(words);
                line.push('"');
                written
            }
            (Self::Human { .. }, _) => Plain(line).write_fmt(words),
        };
    }

    /// A text value: in quotes.
    pub(super) fn push_text(self, line: &mut String, text: &str) {
        line.push('"');
        match self {
            Self::Json => push_escaped(line, text),
            Self::Human { .. } if text.bytes().all(is_simple) => line.push_str(text),
            Self::Human { .. } => text.escape_debug().for_each(|c| line.push(c)),
        }
        line.push('"');
    }

    pub(super) fn push_level(self, line: &mut String, level: Level) {
        let (padded, colour) = match level {
            Level::ERROR => ("ERROR", "31"),
            Level::WARN => (" WARN", "33"),
            Level::INFO => (" INFO", "32"),
            Level::DEBUG => ("DEBUG", "34"),
            Level::TRACE => ("TRACE", "35"),
        };
        match self {
            Self::Json => line.push_str(padded.trim_start()),
            Self::Human { colours: false } => line.push_str(padded),
            Self::Human { colours: true } => {
                for part in ["\x1b[", colour, "m", padded, "\x1b[0m"] {
                    line.push_str(part);
                }
            }
        }
    }

    /// Switches a look of terminals on, or all of them off: `1` bold, `2` faint, `0` off.
    pub(super) fn push_look(self, line: &mut String, look: &str) {
        if self == (Self::Human { colours: true }) {
            for part in ["\x1b[", look, "m"] {
                line.push_str(part);
            }
        }
    }
}

/// Stands in quotes as it is, in either style.
fn is_simple(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

/// The inside of a JSON string.
fn push_escaped(line: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| !is_simple(b) && b < 0x80) {
        line.push_str(&rest[..at]);
        // ASCII, so one byte.
        let _ = match rest.as_bytes()[at] {
            b'"' => line.write_str("\\\""),
            b'\\' => line.write_str("\\\\"),
            b'\n' => line.write_str("\\n"),
            byte => write!(line, "\\u{byte:04x}"),
        };
        rest = &rest[at + 1..];
    }
    line.push_str(rest);
}

/// Writes into a JSON string.
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        push_escaped(self.0, text);
        Ok(())
    }
}

/// Writes as it is, but for control characters.
struct Plain<'a>(&'a mut String);

impl Write for Plain<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for c in text.chars() {
            if c.is_control() {
                self.0.extend(c.escape_default());
            } else {
                self.0.push(c);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(style: Style, text: &str, value: &str, words: &str) {
        let mut line = String::new();
        style.push_text(&mut line, text);
        assert_eq!(line, value);
        line.clear();
        style.push_words(&mut line, format_args!("{text}"));
        assert_eq!(line, words);
        if style == Style::Json {
            assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
        }
    }

    #[test]
    fn no_text_breaks_a_line_or_its_quotes() {
        let human = Style::Human { colours: true };
        check(human, "GET /a", "\"GET /a\"", "GET /a");
        check(human, "a\nb\u{1b}[31m\"", r#""a\nb\u{1b}[31m\"""#, "a\\nb\\u{1b}[31m\"");
        check(Style::Json, "GET /a", "\"GET /a\"", "\"GET /a\"");
        check(Style::Json, "", "\"\"", "\"\"");
        let text = "a\"b\\c\nd\u{1b}\u{7f}é\u{85}";
        let json = "\"a\\\"b\\\\c\\nd\\u001b\\u007fé\u{85}\"";
        check(Style::Json, text, json, json);
    }
}
