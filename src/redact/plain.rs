//! Texts that are no messages: attachments, parameters, columns.

use super::form;
use super::place::{At, Holds, Lines};
use super::value::is_number;
use super::{Redaction, Unsure, pairs};

impl Redaction<'_> {
    /// A value of a parameter or a column, by its name: as it is, or as a scalar of JSON.
    ///
    /// # Errors
    /// Where something may be a secret.
    pub fn named(&mut self, name: &str, value: &str) -> Result<String, Unsure> {
        self.message(name, |this, before: Option<String>| {
            let value = before.unwrap_or_else(|| value.to_owned());
            let (holds, _) = this.redactor.holds(name);
            let at = At { is_number: is_number(&value), ..At::new(name, holds) };
            let inner = value.starts_with('"').then(|| serde_json::from_str::<String>(&value).ok());
            let redacted = match inner.flatten() {
                Some(inner) => this
                    .value(&inner, at)
                    .map(|redacted| serde_json::Value::from(redacted).to_string()),
                None => this.value(&value, at),
            };
            redacted.unwrap_or(value)
        })
    }

    /// Text of no known form: a page of HTML, an attachment. Without a place of its own, places
    /// are lines.
    ///
    /// # Errors
    /// Where something may be a secret.
    pub fn text(&mut self, place: &str, text: &str) -> Result<String, Unsure> {
        self.message(place, |this, before: Option<String>| {
            let text = before.unwrap_or_else(|| text.to_owned());
            if place.is_empty() {
                this.lines = Some(Lines::of(&text));
            }
            let redacted = this.value(&text, At::text());
            this.lines = None;
            redacted.unwrap_or(text)
        })
    }

    /// Whether there is a secret in a text, which is left as it is.
    pub(super) fn holds_secret(&self, text: &str) -> bool {
        let mut is_secret = false;
        form::find(text, |range, form| {
            let value = &text[range];
            is_secret |= !form.is_nobodys(value) && form.read(value).is_none();
        });
        pairs::find(text, self.redactor, |_, beside| {
            let is_whole = |holds: &Holds| matches!(holds, Holds::Whole(_));
            is_secret |= match beside {
                pairs::Beside::Name { holds, .. } => is_whole(&holds),
                pairs::Beside::Header(_) | pairs::Beside::Basic => false,
            };
        });
        is_secret
    }
}
