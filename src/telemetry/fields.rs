//! Fields of a span or an event, as text that only has to be copied into a line.

use std::error::Error;
use std::fmt::{Debug, Write};

use tracing::field::{Field, Visit};

use super::style::Style;

/// The field an event's words are in.
const MESSAGE: &str = "message";
/// Bytes of a request's fields, with some to spare.
const TEXT_BYTES: usize = 256;
/// Fields of a request's span.
const FIELDS: usize = 12;

/// The fields of a span: `,"a":1,"b":2` or ` a=1 b=2`.
#[derive(Debug)]
pub(super) struct Fields {
    pub(super) text: String,
    /// Names, and where each begins.
    starts: Vec<(&'static str, usize)>,
}

impl Fields {
    pub(super) fn new() -> Self {
        Self { text: String::with_capacity(TEXT_BYTES), starts: Vec::with_capacity(FIELDS) }
    }

    pub(super) fn writer(&mut self, style: Style) -> Writer<'_> {
        Writer { style, line: &mut self.text, starts: Some(&mut self.starts) }
    }
}

/// Writes fields, each with its separator in front. A field of a span that is recorded
/// again takes the place of the old one.
pub(super) struct Writer<'a> {
    pub(super) style: Style,
    pub(super) line: &'a mut String,
    starts: Option<&'a mut Vec<(&'static str, usize)>>,
}

impl<'a> Writer<'a> {
    /// For the fields of an event.
    pub(super) fn new(style: Style, line: &'a mut String) -> Self {
        Self { style, line, starts: None }
    }

    fn name(&mut self, name: &'static str) {
        if let Some(starts) = &mut self.starts {
            if let Some(at) = starts.iter().position(|(known, _)| *known == name) {
                remove(self.line, starts, at);
            }
            starts.push((name, self.line.len()));
        }
        match self.style {
            Style::Json => {
                self.line.push_str(",\"");
                self.line.push_str(name);
                self.line.push_str("\":");
            }
            Style::Human { .. } => {
                self.line.push(' ');
                if name != MESSAGE {
                    self.style.push_look(self.line, "2");
                    self.line.push_str(name);
                    self.line.push('=');
                    self.style.push_look(self.line, "0");
                }
            }
        }
    }

    fn number(&mut self, field: &Field, number: std::fmt::Arguments<'_>) {
        self.name(field.name());
        let _ = self.line.write_fmt(number);
    }
}

fn remove(line: &mut String, starts: &mut Vec<(&'static str, usize)>, at: usize) {
    let (_, start) = starts.remove(at);
    let end = starts.get(at).map_or(line.len(), |(_, next)| *next);
    line.replace_range(start..end, "");
    for (_, later) in &mut starts[at..] {
        *later -= end - start;
    }
}

impl Visit for Writer<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.name(field.name());
        self.style.push_text(self.line, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.number(field, format_args!("{value}"));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.number(field, format_args!("{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.number(field, format_args!("{value}"));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        match self.style {
            // JSON has no other numbers.
            Style::Json if !value.is_finite() => self.number(field, format_args!("null")),
            _ => self.number(field, format_args!("{value:?}")),
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.name(field.name());
        self.style.push_words(self.line, format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.name(field.name());
        self.style.push_words(self.line, format_args!("{value:?}"));
    }
}
