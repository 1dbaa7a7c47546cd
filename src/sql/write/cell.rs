//! One cell, by its type.

use super::moment::{date, interval, time, time_tz, timestamp, timestamp_tz};
use super::nested::{array, composite, multirange, range};
use super::number::{float4, float8, int8, numeric, whole};
use super::plain::{
    bits, boolean, bytea, json, jsonb, macaddr, network, padded, push_json_text, text, uuid,
};
use super::reader::fixed;
use super::sqlite;
use super::written;
use crate::sql::{Cell, Form, Type};

/// Types inside each other: arrays of composites of ranges.
const TYPE_DEPTH_MAX: u32 = 32;

/// A cell that is not what its type says: for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CellError(pub String);

/// Appends a cell as JSON on one line. After an error nothing is appended.
///
/// Numbers keep their digits; what is no finite number is `null`, and so is an infinite
/// date or timestamp, unless [`Form::String`] asks for its name. A `json` value is passed on
/// as it is, but for line breaks between its tokens, which become spaces.
#[inline]
pub fn write_json(
    ty: &Type,
    form: Form,
    cell: Cell<'_>,
    out: &mut Vec<u8>,
) -> Result<(), CellError> {
    let start = out.len();
    let written = match cell {
        Cell::Null => {
            out.extend_from_slice(b"null");
            Ok(())
        }
        Cell::Binary(bytes) => binary(ty, form, bytes, TYPE_DEPTH_MAX, out),
        Cell::Written(text) => written::value(ty, form, text, TYPE_DEPTH_MAX, out),
        other => sqlite::value(ty, form, other, out),
    };
    if written.is_err() {
        out.truncate(start);
    }
    written
}

/// PostgreSQL's binary format (the `…_send` functions of its `src/backend/utils/adt`).
pub(super) fn binary(
    ty: &Type,
    form: Form,
    bytes: &[u8],
    depth: u32,
    out: &mut Vec<u8>,
) -> Result<(), CellError> {
    match ty {
        Type::Bool => boolean(bytes, out)?,
        Type::Int2 => whole(i16::from_be_bytes(fixed(bytes)?), out),
        Type::Int4 => whole(i32::from_be_bytes(fixed(bytes)?), out),
        Type::Int8 => int8(i64::from_be_bytes(fixed(bytes)?), form, out),
        Type::Oid => whole(u32::from_be_bytes(fixed(bytes)?), out),
        Type::Numeric { .. } => numeric(bytes, form, out)?,
        Type::Float4 => float4(f32::from_be_bytes(fixed(bytes)?), form, out),
        Type::Float8 => float8(f64::from_be_bytes(fixed(bytes)?), form, out),
        Type::Text { .. } | Type::Enum(_) | Type::Refcursor => text(bytes, out)?,
        Type::Char { .. } => padded(bytes, out)?,
        Type::Bytea => bytea(bytes, form, out),
        Type::Date => date(bytes, form, out)?,
        Type::Time => time(bytes, out)?,
        Type::TimeTz => time_tz(bytes, out)?,
        Type::Timestamp => timestamp(bytes, form, out)?,
        Type::TimestampTz => timestamp_tz(bytes, form, out)?,
        Type::Interval => interval(bytes, form, out)?,
        Type::Uuid => uuid(fixed(bytes)?, out),
        Type::Json | Type::Jsonb if form == Form::Recorded => {
            let mut inner = Vec::new();
            binary(ty, Form::Plain, bytes, depth, &mut inner)?;
            text(&inner, out)?;
        }
        Type::Json => json(bytes, out)?,
        Type::Jsonb => jsonb(bytes, out)?,
        Type::Inet => network(bytes, false, out)?,
        Type::Cidr => network(bytes, true, out)?,
        Type::Macaddr => macaddr(&fixed::<6>(bytes)?, out),
        Type::Macaddr8 => macaddr(&fixed::<8>(bytes)?, out),
        Type::Bit => bits(bytes, out)?,
        Type::Void => out.extend_from_slice(b"null"),
        Type::Array(item) => array(item, form, bytes, deeper(depth)?, out)?,
        Type::Range(item) => range(item, form, bytes, deeper(depth)?, out)?,
        Type::Multirange(item) => multirange(item, form, bytes, deeper(depth)?, out)?,
        Type::Composite(ty) => composite(ty, form, bytes, deeper(depth)?, out)?,
        Type::Dynamic => return Err(wrong("a binary value has no type")),
        Type::Unsupported(name) => return Err(wrong(&format!("there is no rule for `{name}`"))),
    }
    Ok(())
}

pub(super) fn deeper(depth: u32) -> Result<u32, CellError> {
    depth.checked_sub(1).ok_or_else(|| wrong("its type is nested too deeply"))
}

#[cold]
pub(super) fn wrong(what: &str) -> CellError {
    CellError(what.to_owned())
}

/// Appends what needs no escaping as a JSON string.
#[inline]
pub(super) fn quoted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'"');
    write(out);
    out.push(b'"');
}

/// Appends what JSON has no number or date for: its name, or `null`.
pub(super) fn special(name: &str, form: Form, out: &mut Vec<u8>) {
    match form {
        Form::String | Form::Recorded => push_json_text(name, out),
        _ => out.extend_from_slice(b"null"),
    }
}
