//! Values of a recording: JSON as [`Form::Recorded`] writes it → JSON of any form.

use std::borrow::Cow;
use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;

use super::cell::{CellError, deeper, quoted, special, wrong};
use super::plain::{bytea, json, padded, push_json_text};
use crate::codec::write_string;
use crate::sql::{Composite, Form, Type};

/// Appends a recorded value. A person may have written it, so nothing of it is believed.
pub(super) fn value(
    ty: &Type,
    form: Form,
    text: &str,
    depth: u32,
    out: &mut Vec<u8>,
) -> Result<(), CellError> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|_| wrong("it is no JSON"))?;
    nested(ty, form, raw.get(), depth, out)
}

/// A value that is known to be JSON.
fn nested(
    ty: &Type,
    form: Form,
    text: &str,
    depth: u32,
    out: &mut Vec<u8>,
) -> Result<(), CellError> {
    match ty {
        Type::Dynamic => json(text.as_bytes(), out)?,
        Type::Json | Type::Jsonb => document(form, text, out)?,
        Type::Void => out.extend_from_slice(b"null"),
        Type::Bool if matches!(text, "true" | "false") => out.extend_from_slice(text.as_bytes()),
        Type::Bool => return Err(wrong("it is no boolean")),
        Type::Int2 | Type::Int4 | Type::Oid => number(text, false, out)?,
        Type::Int8 => number(text, form == Form::String, out)?,
        Type::Numeric { .. } => match string(text) {
            Some(name) if is_special(&name) => special(&name, form, out),
            _ => number(text, form == Form::String, out)?,
        },
        Type::Float4 | Type::Float8 => match string(text) {
            Some(name) if is_special(&name) => special(&name, form, out),
            _ => number(text, false, out)?,
        },
        Type::Date | Type::Timestamp | Type::TimestampTz | Type::Interval => {
            let moment = as_text(text)?;
            match &*moment {
                "infinity" | "-infinity" => special(&moment, form, out),
                _ => push_json_text(&moment, out),
            }
        }
        Type::Char { .. } => padded(as_text(text)?.as_bytes(), out)?,
        Type::Text { .. }
        | Type::Enum(_)
        | Type::Refcursor
        | Type::Time
        | Type::TimeTz
        | Type::Uuid
        | Type::Inet
        | Type::Cidr
        | Type::Macaddr
        | Type::Macaddr8
        | Type::Bit => push_json_text(&as_text(text)?, out),
        Type::Bytea => {
            let bytes = STANDARD.decode(&*as_text(text)?).map_err(|_| wrong("it is no base64"))?;
            bytea(&bytes, form, out);
        }
        Type::Array(item) => array(item, form, text, deeper(depth)?, out)?,
        Type::Multirange(item) => {
            let range = Type::Range(item.clone());
            array(&range, form, text, deeper(depth)?, out)?;
        }
        Type::Range(item) => range(item, form, text, deeper(depth)?, out)?,
        Type::Composite(ty) => composite(ty, form, text, deeper(depth)?, out)?,
        Type::Unsupported(name) => {
            return Err(CellError(format!("there is no rule for `{name}`")));
        }
    }
    Ok(())
}

/// A document: a string that holds it or, of somebody who wrote it by hand, itself.
fn document(form: Form, text: &str, out: &mut Vec<u8>) -> Result<(), CellError> {
    let held = string(text);
    let text = held.as_deref().unwrap_or(text);
    serde_json::from_str::<&RawValue>(text).map_err(|_| wrong("it is no JSON"))?;
    if form == Form::Recorded {
        push_json_text(text, out);
        return Ok(());
    }
    json(text.as_bytes(), out)
}

/// A string's characters.
fn string(text: &str) -> Option<Cow<'_, str>> {
    if !text.starts_with('"') {
        return None;
    }
    match serde_json::from_str::<&str>(text) {
        Ok(plain) => Some(Cow::Borrowed(plain)),
        Err(_) => serde_json::from_str::<String>(text).ok().map(Cow::Owned),
    }
}

fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

fn is_special(name: &str) -> bool {
    matches!(name, "NaN" | "Infinity" | "-Infinity")
}

/// A text. A number or a boolean stands for its letters: who writes a fixture by hand does not
/// quote twice.
fn as_text(text: &str) -> Result<Cow<'_, str>, CellError> {
    match string(text) {
        Some(text) => Ok(text),
        None if text.starts_with(['{', '[']) || text == "null" => Err(wrong("it is no text")),
        None => Ok(Cow::Borrowed(text)),
    }
}

/// A number, digit for digit, in quotes or without as its form wants it.
fn number(text: &str, in_quotes: bool, out: &mut Vec<u8>) -> Result<(), CellError> {
    let inner = string(text);
    let digits = inner.as_deref().unwrap_or(text);
    let is_json = || serde_json::from_str::<&RawValue>(digits).is_ok_and(|r| r.get() == digits);
    if !is_number(digits) || !is_json() {
        return Err(wrong("it is no number"));
    }
    if in_quotes {
        quoted(out, |out| out.extend_from_slice(digits.as_bytes()));
    } else {
        out.extend_from_slice(digits.as_bytes());
    }
    Ok(())
}

/// An array of any number of dimensions.
fn array(
    item: &Type,
    form: Form,
    text: &str,
    depth: u32,
    out: &mut Vec<u8>,
) -> Result<(), CellError> {
    let holds_arrays = matches!(item, Type::Multirange(_) | Type::Array(_));
    let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| wrong("it is no array"))?;
    out.push(b'[');
    for (at, raw) in items.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        let text = raw.get();
        let is_dimension = text.starts_with('[') && !holds_arrays;
        match text {
            "null" => out.extend_from_slice(b"null"),
            _ if is_dimension => array(item, form, text, deeper(depth)?, out)?,
            _ => nested(item, form, text, depth, out)?,
        }
    }
    out.push(b']');
    Ok(())
}

type Members<'t> = HashMap<Cow<'t, str>, &'t RawValue>;

fn range(
    item: &Type,
    form: Form,
    text: &str,
    depth: u32,
    out: &mut Vec<u8>,
) -> Result<(), CellError> {
    let members: Members<'_> = serde_json::from_str(text).map_err(|_| wrong("it is no range"))?;
    if members.get("empty").is_some_and(|raw| raw.get() == "true") {
        out.extend_from_slice(br#"{"empty":true}"#);
        return Ok(());
    }
    for (at, name) in ["lower", "upper", "lowerInclusive", "upperInclusive"].iter().enumerate() {
        out.push(if at == 0 { b'{' } else { b',' });
        write_string(out, name);
        out.push(b':');
        let ty = if at < 2 { item } else { &Type::Bool };
        match members.get(*name).map(|raw| raw.get()) {
            Some("null") if at < 2 => out.extend_from_slice(b"null"),
            Some(text) => nested(ty, form, text, depth, out)?,
            None => return Err(CellError(format!("a range has no `{name}`"))),
        }
    }
    out.push(b'}');
    Ok(())
}

fn composite(
    ty: &Composite,
    form: Form,
    text: &str,
    depth: u32,
    out: &mut Vec<u8>,
) -> Result<(), CellError> {
    let members: Members<'_> = serde_json::from_str(text).map_err(|_| wrong("it is no object"))?;
    if members.len() != ty.fields.len() {
        return Err(CellError(format!("a `{}` has not as many fields as its type", ty.name)));
    }
    out.push(b'{');
    for (at, (name, field)) in ty.fields.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_string(out, name);
        out.push(b':');
        match members.get(name.as_str()).map(|raw| raw.get()) {
            Some("null") => out.extend_from_slice(b"null"),
            Some(text) => nested(field, form, text, depth, out)?,
            None => return Err(CellError(format!("a `{}` has no `{name}`", ty.name))),
        }
    }
    out.push(b'}');
    Ok(())
}
