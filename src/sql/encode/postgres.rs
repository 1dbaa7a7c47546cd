//! Values in PostgreSQL's text format.

use super::array::array;
use super::range::{multirange, range};
use super::row::row;
use super::scalar::{Scalar, scalar};
use crate::codec::Json;
use crate::sql::Type;
use crate::sql::calendar::{DAY_MICROS, push_day_of_era, push_offset, push_time};

/// A value as the input function of its type reads it, whatever the settings of the session;
/// `None` is NULL.
pub(super) fn literal(ty: &Type, json: &Json<'_>, depth: u32) -> Result<Option<String>, String> {
    if matches!(json, Json::Null) {
        return Ok(None);
    }
    let inner = || depth.checked_sub(1).ok_or_else(|| "is nested too deeply".to_owned());
    Ok(Some(match ty {
        Type::Array(item) => array(item, json, inner()?)?,
        Type::Range(item) => range(item, json, inner()?)?,
        Type::Multirange(item) => multirange(item, json, inner()?)?,
        Type::Composite(ty) => row(ty, json, inner()?)?,
        _ => text(scalar(ty, json)?),
    }))
}

fn text(value: Scalar) -> String {
    match value {
        Scalar::Bool(true) => "t".to_owned(),
        Scalar::Bool(false) => "f".to_owned(),
        Scalar::Whole(number) => number.to_string(),
        Scalar::Decimal(text)
        | Scalar::Float(_, text)
        | Scalar::Text(text)
        | Scalar::Json(text) => text,
        Scalar::Infinite(name) => name.to_owned(),
        Scalar::Interval(duration) => duration.to_postgres(),
        Scalar::Bytes(bytes) => hex(&bytes),
        Scalar::Day(day) => written(|out| {
            let era = push_day_of_era(out, day);
            out.extend_from_slice(era.as_bytes());
        }),
        Scalar::Time(micros, offset) => written(|out| {
            push_time(out, micros.unsigned_abs());
            if let Some(offset) = offset {
                push_offset(out, offset);
            }
        }),
        Scalar::Local(micros) => moment(micros, ""),
        Scalar::Utc(micros) => moment(micros, "+00"),
    }
}

fn moment(micros: i64, zone: &str) -> String {
    written(|out| {
        let era = push_day_of_era(out, micros.div_euclid(DAY_MICROS));
        out.push(b' ');
        push_time(out, micros.rem_euclid(DAY_MICROS).unsigned_abs());
        out.extend_from_slice(zone.as_bytes());
        out.extend_from_slice(era.as_bytes());
    })
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::with_capacity(40);
    write(&mut out);
    // Digits and separators: always ASCII.
    String::from_utf8(out).unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(2 + bytes.len() * 2);
    out.extend_from_slice(b"\\x");
    for byte in bytes {
        let digit = |n: u8| if n < 10 { b'0' + n } else { b'a' + n - 10 };
        out.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
    }
    String::from_utf8(out).unwrap_or_default()
}

/// Appends a value in double quotes, `"` and `\` behind a backslash.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    out.reserve(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
}
