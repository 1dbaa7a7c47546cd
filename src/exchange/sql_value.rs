//! Values of statements and of results without their secrets, the same for both sides of a match.

use std::borrow::Cow;

use super::Cell;
use crate::redact::{Redaction, Unsure};

/// What stands before bytes.
const BASE64: &str = "base64:";

/// The text of a value by the name of its parameter or column, as a recording has it: documents
/// are gone through member by member.
///
/// # Errors
/// Where something may be a secret.
pub fn redacted_text(
    redaction: &mut Redaction<'_>,
    name: &str,
    text: &str,
) -> Result<String, Unsure> {
    if !is_document(text) {
        return match text.strip_prefix(BASE64) {
            // What is kept of a secret must still be bytes.
            Some(bytes) => redaction.named(name, bytes).map(|bytes| format!("{BASE64}{bytes}")),
            None => redaction.named(name, text),
        };
    }
    // The name counts for all that stands in it.
    let key = serde_json::Value::from(name).to_string();
    let whole = redaction.json(&format!("{{{key}:{text}}}"))?;
    let inner = whole.strip_prefix(&format!("{{{key}:")).and_then(|rest| rest.strip_suffix('}'));
    Ok(inner.map_or(whole.clone(), str::to_owned))
}

/// An object or an array of JSON.
fn is_document(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
        && serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok()
}

impl Cell {
    /// A value of a parameter from its text, whatever its type is; `None` is NULL. Digits are
    /// written as a number.
    #[must_use]
    pub fn of_text(text: Option<&str>) -> Self {
        match text {
            None => Self("null".to_owned()),
            Some(text) if is_number(text) => Self(text.to_owned()),
            Some(text) => Self(string(text)),
        }
    }

    /// Its text whatever its type is: that of a string, the digits of a number; `None` is NULL.
    #[must_use]
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self.0.as_str() {
            "null" => None,
            text if text.starts_with('"') => match serde_json::from_str::<String>(text) {
                Ok(text) => Some(Cow::Owned(text)),
                Err(_) => Some(Cow::Borrowed(text)),
            },
            text => Some(Cow::Borrowed(text)),
        }
    }

    /// The same value of a column without what is a secret.
    ///
    /// # Errors
    /// Where something may be a secret.
    pub fn redacted(&self, redaction: &mut Redaction<'_>, column: &str) -> Result<Self, Unsure> {
        if matches!(self.0.as_str(), "null" | "true" | "false") {
            return Ok(self.clone());
        }
        let text = self.text().unwrap_or_default();
        let after = redacted_text(redaction, column, &text)?;
        if after == *text {
            return Ok(self.clone());
        }
        let is_plain = !self.0.starts_with('"') && (is_number(&after) || is_document(&after));
        Ok(Self(if is_plain { after } else { string(&after) }))
    }
}

/// Whether a text is a number of JSON, to the last letter.
fn is_number(text: &str) -> bool {
    let raw = serde_json::from_str::<&serde_json::value::RawValue>(text);
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
        && raw.is_ok_and(|raw| raw.get() == text)
}

fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_a_parameter_keeps_its_text() {
        let check = |text: Option<&str>, cell: &str| {
            let of = Cell::of_text(text);
            assert_eq!(of.0, cell);
            assert_eq!(of.text().as_deref(), text);
        };
        check(None, "null");
        check(Some(""), "\"\"");
        check(Some("null"), "\"null\"");
        check(Some("18"), "18");
        check(Some("1.50"), "1.50");
        check(Some("00018"), "\"00018\"");
        check(Some("1 "), "\"1 \"");
        check(Some("{\"a\": 1}"), "\"{\\\"a\\\": 1}\"");
    }
}
