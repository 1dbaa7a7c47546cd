//! Values that hold no others: checked, and not yet of a dialect.

use super::json::json_text;
use super::number::{decimal, float, whole};
use super::text;
use super::value::not;
use crate::codec::{Json, boolean};
use crate::sql::Type;
use crate::sql::duration::Duration;
use crate::sql::moment::{read_date, read_moment, read_time};

/// A value that is one of its type.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar {
    Bool(bool),
    Whole(i64),
    /// Digits without an exponent, or the name of what is no number.
    Decimal(String),
    /// A number, and its digits as they were sent.
    Float(f64, String),
    Text(String),
    Bytes(Vec<u8>),
    /// Its number from 2000-01-01.
    Day(i64),
    /// Microseconds, and seconds ahead of UTC.
    Time(i64, Option<i64>),
    /// Microseconds from 2000-01-01 of no clock in particular.
    Local(i64),
    /// Microseconds from 2000-01-01 in UTC.
    Utc(i64),
    /// `infinity` or `-infinity`, of dates and timestamps.
    Infinite(&'static str),
    Interval(Duration),
    /// JSON text.
    Json(String),
}

/// Checks a value of a type that is no array, range or composite.
pub(super) fn scalar(ty: &Type, json: &Json<'_>) -> Result<Scalar, String> {
    Ok(match ty {
        Type::Bool => Scalar::Bool(flag(json)?),
        Type::Int2 => Scalar::Whole(whole(json, i16::MIN.into(), i16::MAX.into())?),
        Type::Int4 => Scalar::Whole(whole(json, i32::MIN.into(), i32::MAX.into())?),
        Type::Int8 => Scalar::Whole(whole(json, i64::MIN, i64::MAX)?),
        Type::Oid => Scalar::Whole(whole(json, 0, u32::MAX.into())?),
        Type::Numeric { precision, scale } => Scalar::Decimal(decimal(json, *precision, *scale)?),
        Type::Float4 => float(json, true)?,
        Type::Float8 => float(json, false)?,
        Type::Text { max } => Scalar::Text(text::text(json, *max)?),
        Type::Char { length } => Scalar::Text(text::padded(json, *length)?),
        Type::Enum(ty) => Scalar::Text(text::label(json, ty)?),
        Type::Refcursor => Scalar::Text(text::string(json, "a string")?.to_owned()),
        Type::Bytea => Scalar::Bytes(text::bytes(json)?),
        Type::Uuid => Scalar::Text(text::uuid(json)?),
        Type::Inet => Scalar::Text(text::network(json, false)?),
        Type::Cidr => Scalar::Text(text::network(json, true)?),
        Type::Macaddr => Scalar::Text(text::macaddr(json, 6)?),
        Type::Macaddr8 => Scalar::Text(text::macaddr(json, 8)?),
        Type::Bit => Scalar::Text(text::bits(json)?),
        Type::Date | Type::Timestamp | Type::TimestampTz => moment(ty, json)?,
        Type::Time | Type::TimeTz => time(json, *ty == Type::TimeTz)?,
        Type::Interval => {
            let text = text::string(json, "a duration such as `P1DT2H30M`")?;
            Scalar::Interval(Duration::read(text)?)
        }
        Type::Json => Scalar::Json(json_text(json, false)?),
        Type::Jsonb => Scalar::Json(json_text(json, true)?),
        Type::Array(_)
        | Type::Range(_)
        | Type::Multirange(_)
        | Type::Composite(_)
        | Type::Void
        | Type::Dynamic
        | Type::Unsupported(_) => return Err("is of a type that cannot be sent".to_owned()),
    })
}

fn flag(json: &Json<'_>) -> Result<bool, String> {
    match json {
        Json::Bool(value) => Ok(*value),
        Json::Lexical(text) => boolean(text).ok_or_else(|| "must be true or false".to_owned()),
        other => Err(not("a boolean", other)),
    }
}

/// Whether a zone stands there is part of the type: none is taken away, none is invented.
fn moment(ty: &Type, json: &Json<'_>) -> Result<Scalar, String> {
    let expected = match ty {
        Type::Date => "a date such as `2026-11-21`",
        Type::Timestamp => "a date and time such as `2026-11-21T09:30:00`",
        _ => "a date and time such as `2026-11-21T09:30:00Z`",
    };
    let text = text::string(json, expected)?;
    let infinite = ["infinity", "-infinity"].into_iter().find(|name| *name == text);
    if let Some(name) = infinite {
        return Ok(Scalar::Infinite(name));
    }
    if *ty == Type::Date {
        return Ok(Scalar::Day(read_date(text)?));
    }
    let moment = read_moment(text)?;
    match (ty, moment.utc()) {
        (Type::Timestamp, None) => Ok(Scalar::Local(moment.micros)),
        (Type::Timestamp, Some(_)) => {
            Err("must have no zone, such as `2026-11-21T09:30:00`".to_owned())
        }
        (_, Some(utc)) => Ok(Scalar::Utc(utc)),
        (_, None) => Err("must have a zone, such as `2026-11-21T09:30:00Z`".to_owned()),
    }
}

fn time(json: &Json<'_>, has_zone: bool) -> Result<Scalar, String> {
    let expected =
        if has_zone { "a time such as `09:30:00Z`" } else { "a time such as `09:30:00`" };
    let (micros, offset) = read_time(text::string(json, expected)?)?;
    match (has_zone, offset) {
        (true, None) => Err("must have a zone, such as `09:30:00Z`".to_owned()),
        (false, Some(_)) => Err("must have no zone, such as `09:30:00`".to_owned()),
        _ => Ok(Scalar::Time(micros, offset)),
    }
}
