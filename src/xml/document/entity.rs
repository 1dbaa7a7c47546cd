//! The internal subset of a DOCTYPE: read, never fetched for, bounded (XML 1.0, section 4).
//!
//! Some published schemas declare a handful of plain text entities. Those are expanded,
//! within limits; external entities, nested ones and parameter references are refused.

use std::borrow::Cow;
use std::collections::HashMap;

use super::value::{ValueErrorKind, is_char};
use crate::xml::limits::{CONTRACT_ENTITIES_MAX, CONTRACT_EXPANSION_BYTES_MAX};

/// General entities declared so far, and what may still be expanded.
#[derive(Debug, Default)]
pub(super) struct Entities {
    declared: HashMap<String, String>,
    expanded_bytes: usize,
}

impl Entities {
    /// The text of `&name;`, given without `&` and `;`.
    pub fn reference(&mut self, name: &str) -> Result<Cow<'_, str>, ValueErrorKind> {
        if let Some(number) = name.strip_prefix('#') {
            return character(number)
                .map(|c| c.to_string().into())
                .ok_or_else(|| ValueErrorKind::Reference(name.to_owned()));
        }
        if let Some(text) = predefined(name) {
            return Ok(text.into());
        }
        let Some(text) = self.declared.get(name) else {
            return Err(ValueErrorKind::Reference(name.to_owned()));
        };
        self.expanded_bytes += text.len();
        if self.expanded_bytes > CONTRACT_EXPANSION_BYTES_MAX {
            return Err(ValueErrorKind::Expansion);
        }
        Ok(text.as_str().into())
    }

    /// Takes in the content of a DOCTYPE, from its name to before its `>`.
    pub fn read_doctype(&mut self, doctype: &str) -> Result<(), String> {
        let Some(open) = internal_subset_start(doctype) else { return Ok(()) };
        let mut rest = &doctype[open + 1..];
        loop {
            rest = rest.trim_start();
            if rest.is_empty() || rest.starts_with(']') {
                return Ok(());
            }
            rest = if let Some(comment) = rest.strip_prefix("<!--") {
                after(comment, "-->")?
            } else if let Some(instruction) = rest.strip_prefix("<?") {
                after(instruction, "?>")?
            } else if let Some(entity) = rest.strip_prefix("<!ENTITY") {
                let end = declaration_end(entity)?;
                self.declare(&entity[..end])?;
                &entity[end + 1..]
            } else if let Some(other) = rest.strip_prefix("<!") {
                let end = declaration_end(other)?;
                &other[end + 1..]
            } else {
                return Err("the internal subset refers to a parameter entity".to_owned());
            };
        }
    }

    fn declare(&mut self, declaration: &str) -> Result<(), String> {
        let declaration = declaration.trim();
        let is_parameter = declaration.starts_with('%');
        let named = declaration.trim_start_matches('%').trim_start();
        let (name, value) = named
            .split_once(|c: char| c.is_ascii_whitespace())
            .ok_or("an entity is declared without a value")?;
        let value = value.trim();
        let literal = ['"', '\'']
            .iter()
            .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))
            .ok_or_else(|| format!("entity `{name}` is external"))?;
        if is_parameter {
            // Declared and never referred to, as published schemas do; a reference is refused.
            return Ok(());
        }
        if literal.contains(['&', '%', '<']) {
            return Err(format!("entity `{name}` has markup or a reference in its value"));
        }
        if self.declared.len() >= CONTRACT_ENTITIES_MAX {
            return Err(format!("more than {CONTRACT_ENTITIES_MAX} entities are declared"));
        }
        self.declared.entry(name.to_owned()).or_insert_with(|| literal.to_owned());
        Ok(())
    }
}

fn internal_subset_start(doctype: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in doctype.char_indices() {
        match (quote, c) {
            (None, '[') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

fn declaration_end(text: &str) -> Result<usize, String> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Ok(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    Err("a declaration of the internal subset has no end".to_owned())
}

fn after<'t>(text: &'t str, end: &str) -> Result<&'t str, String> {
    text.split_once(end)
        .map(|(_, rest)| rest)
        .ok_or_else(|| format!("the internal subset lacks a `{end}`"))
}

fn predefined(name: &str) -> Option<&'static str> {
    Some(match name {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "apos" => "'",
        "quot" => "\"",
        _ => return None,
    })
}

fn character(number: &str) -> Option<char> {
    let code = match number.strip_prefix('x') {
        Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16),
        None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse(),
        _ => return None,
    };
    char::from_u32(code.ok()?).filter(|c| is_char(*c))
}
