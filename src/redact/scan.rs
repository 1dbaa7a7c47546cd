//! Any text: what in it is a secret by its form, by a name beside it, or inside of another form.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::edits::Edits;
use super::place::At;
use super::{Kind, Redaction, encoded, form, pairs, shape};

/// Forms inside of one another that are taken apart: XML in JSON in base64 is 3.
const NESTED_MAX: u8 = 6;

impl Redaction<'_> {
    /// Redacts what is secret in a text; `None` leaves it as it is.
    pub(super) fn scan(&mut self, text: &str, at: At<'_>) -> Option<String> {
        if at.depth < NESTED_MAX {
            let trimmed = text.trim_start();
            if trimmed.starts_with(['{', '['])
                && let Some(redacted) = self.json_text(text, at.deeper())
            {
                return redacted;
            }
            if text.contains('<')
                && let Some(redacted) = self.markup(text, at)
            {
                // What looks like markup may be part of a value: `password='a<b>c'`.
                let plain = self.plain(redacted.as_deref().unwrap_or(text), at);
                return plain.or(redacted);
            }
        }
        self.plain(text, at)
    }

    /// Text as it stands, whatever it may be part of.
    fn plain(&mut self, text: &str, at: At<'_>) -> Option<String> {
        let mut edits = Edits::default();
        self.tokens_in(text, &mut edits);
        if text.contains("://") {
            self.urls(text, at, &mut edits);
        }
        self.whole_values(text, at, &mut edits);
        let mut forms = Vec::new();
        form::find(text, |range, form| forms.push((range, form)));
        for (range, form) in forms {
            if edits.is_free(&range) {
                let line = self.enter_line(range.start);
                let put = self.form(
                    &text[range.clone()],
                    form,
                    At { is_number: at.is_number, ..At::text() },
                );
                self.leave_line(line);
                edits.put(range, put);
            }
        }
        self.recall_inside(text, &mut edits);
        if at.depth < NESTED_MAX {
            self.encoded(text, at, &mut edits);
        }
        edits.apply(text)
    }

    /// Tokens of plain text, which nothing else may take for something.
    fn tokens_in(&mut self, text: &str, edits: &mut Edits) {
        static FORM: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new("REDACTED-[A-Z]?[1-9][0-9]{0,9}").ok());
        if !text.contains("REDACTED-") {
            return;
        }
        for found in FORM.iter().flat_map(|form| form.find_iter(text)) {
            if let Some(token) = shape::read(Kind::Secret, found.as_str()) {
                let put = self.stands(token);
                edits.put(found.range(), put);
            }
        }
    }

    /// Values that a name beside them, or a scheme before them, says are secrets.
    fn whole_values(&mut self, text: &str, at: At<'_>, edits: &mut Edits) {
        if text.len() < pairs::LENGTH_MIN {
            return;
        }
        let mut found: Vec<(Range<usize>, pairs::Beside)> = Vec::new();
        pairs::find(text, self.redactor, |range, beside| found.push((range, beside)));
        for (range, beside) in found {
            if !edits.is_free(&range) {
                continue;
            }
            let value = &text[range.clone()];
            let at = At { depth: at.depth, ..At::text() };
            let line = self.enter_line(range.start);
            let put = match &beside {
                pairs::Beside::Name { name, holds } => {
                    self.value(value, At { name, holds: *holds, ..at })
                }
                pairs::Beside::Header(name) if at.depth < NESTED_MAX => {
                    self.header_value(name, value, at.deeper())
                }
                pairs::Beside::Header(_) => self.whole(value, Kind::Secret, at),
                pairs::Beside::Basic => self.basic(value, at),
            };
            self.leave_line(line);
            if put.is_some() || !matches!(beside, pairs::Beside::Header(_)) {
                edits.put(range, put);
            }
        }
    }

    /// Text in base64 or hexadecimal digits.
    fn encoded(&mut self, text: &str, at: At<'_>, edits: &mut Edits) {
        let mut found = Vec::new();
        encoded::find(text, |range, decoded| found.push((range, decoded)));
        for (range, decoded) in found {
            if !edits.is_free(&range) {
                continue;
            }
            let line = self.enter_line(range.start);
            let Some(decoded) = decoded else {
                self.doubt("more encoded text than is searched");
                self.leave_line(line);
                continue;
            };
            let at = At { depth: at.depth.saturating_add(1), ..At::text() };
            if let Some(redacted) = self.value(&decoded.text, at) {
                let is_for_key = self.is_for_key();
                let put = if is_for_key { redacted } else { decoded.form.write(&redacted) };
                edits.put(range, Some(put));
            }
            self.leave_line(line);
        }
    }
}
