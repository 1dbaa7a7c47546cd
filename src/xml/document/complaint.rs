//! What reading has to say about a document it refuses.

use super::html;
use super::read::Reading;
use super::value::{ValueError, ValueErrorKind};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::xml::limits::CONTRACT_EXPANSION_BYTES_MAX;

impl Reading {
    pub fn span(&self, (start, end): (usize, usize)) -> Span {
        Span::new(self.file, start.min(self.text.len()), end.min(self.text.len()))
    }

    pub fn not_xml(&self, range: (usize, usize), message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Code::ContractNotXml, self.span(range), message)
            .label("not well-formed")
            .help(html::advice(&self.text))
    }

    pub fn bad_char(&self, at: usize, c: char) -> Diagnostic {
        let message = format!("character U+{:04X} is not allowed in XML", u32::from(c));
        self.not_xml((at, at + c.len_utf8()), message)
    }

    pub fn limit(&self, range: (usize, usize), what: &str, max: usize) -> Diagnostic {
        let message = format!("there are more than {max} {what}");
        Diagnostic::error(Code::ContractLimit, self.span(range), message)
            .label("over the limit")
            .help("no real contract comes near this; check that the document is the one meant")
    }

    pub fn bad_value(&self, start: usize, error: ValueError) -> Diagnostic {
        let range = (start + error.at, start + error.at + error.len);
        match error.kind {
            ValueErrorKind::Character(c) => self.bad_char(range.0, c),
            ValueErrorKind::LessThan => {
                self.not_xml(range, "`<` stands in an attribute value").help("write `&lt;`")
            }
            ValueErrorKind::Unclosed => {
                self.not_xml(range, "`&` begins no reference").help("write `&amp;`")
            }
            ValueErrorKind::Reference(name) => self
                .not_xml(range, format!("`&{name};` refers to nothing"))
                .help("write the character itself, or `&amp;` for `&`"),
            ValueErrorKind::Expansion => Diagnostic::error(
                Code::ContractDtd,
                self.span(range),
                format!("entities expand to more than {CONTRACT_EXPANSION_BYTES_MAX} bytes"),
            )
            .label("expanded here")
            .help("write the text in place of the entity"),
        }
    }
}
