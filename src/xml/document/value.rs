//! References and characters in text and attribute values (XML 1.0, sections 2.2 and 4.1).

use super::entity::Entities;

/// What is wrong with a value, and where in it.
#[derive(Debug)]
pub(super) struct ValueError {
    pub at: usize,
    pub len: usize,
    pub kind: ValueErrorKind,
}

#[derive(Debug)]
pub(super) enum ValueErrorKind {
    Character(char),
    Reference(String),
    Unclosed,
    LessThan,
    Expansion,
}

/// Whether the Char production has it.
pub(super) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The first character that no XML text may hold.
pub(super) fn first_bad_char(text: &str) -> Option<(usize, char)> {
    text.char_indices().find(|(_, c)| !is_char(*c))
}

/// An attribute value with references replaced and white space normalised.
pub(super) fn attribute_value(raw: &str, entities: &mut Entities) -> Result<String, ValueError> {
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let at = raw.len() - rest.len();
        let error = |kind, len| Err(ValueError { at, len, kind });
        match c {
            '<' => return error(ValueErrorKind::LessThan, 1),
            '&' => {
                let Some(end) = rest.find(';') else { return error(ValueErrorKind::Unclosed, 1) };
                let text = entities.reference(&rest[1..end]).map_err(|kind| ValueError {
                    at,
                    len: end + 1,
                    kind,
                })?;
                value.push_str(&text);
                rest = &rest[end + 1..];
                continue;
            }
            '\r' => {
                value.push(' ');
                rest = rest.strip_prefix("\r\n").unwrap_or(&rest[1..]);
                continue;
            }
            '\t' | '\n' => value.push(' '),
            c if !is_char(c) => return error(ValueErrorKind::Character(c), c.len_utf8()),
            c => value.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    Ok(value)
}
