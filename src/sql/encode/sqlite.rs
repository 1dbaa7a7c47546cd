//! Values of SQLite's storage classes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::array::{item_error, list};
use super::json::json_text;
use super::scalar::{Scalar, scalar};
use super::value::not;
use crate::codec::{Json, compare_decimals, write_string};
use crate::sql::calendar::{DAY_MICROS, civil, push_day, push_offset, push_time};
use crate::sql::{Type, Value};

/// Arrays inside each other.
const ARRAY_DEPTH_MAX: u32 = 6;

/// A value of a type. Arrays become JSON, for `json_each`; dates become texts as SQLite's own
/// functions write them, with `Z` where they are of UTC.
pub(super) fn value(ty: &Type, json: &Json<'_>) -> Result<Value, String> {
    match ty {
        Type::Array(item) => {
            let mut out = Vec::new();
            push_array(item, json, ARRAY_DEPTH_MAX, &mut out)?;
            Ok(Value::Text(utf8(out)))
        }
        Type::Range(_) | Type::Multirange(_) | Type::Composite(_) => {
            json_text(json, false).map(Value::Text)
        }
        Type::Dynamic => dynamic(json),
        _ => stored(scalar(ty, json)?),
    }
}

/// A value without a type: what it is, and lexical text a text.
fn dynamic(json: &Json<'_>) -> Result<Value, String> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Integer((*value).into()),
        Json::Number(digits) => match digits.parse() {
            Ok(number) => Value::Integer(number),
            Err(_) => stored(scalar(&Type::Float8, json)?)?,
        },
        Json::String(text) | Json::Lexical(text) => Value::Text(text.clone().into_owned()),
        Json::Array(_) | Json::Object(_) => Value::Text(json_text(json, false)?),
    })
}

fn stored(value: Scalar) -> Result<Value, String> {
    Ok(match value {
        Scalar::Bool(value) => Value::Integer(value.into()),
        Scalar::Whole(number) => Value::Integer(number),
        Scalar::Decimal(digits) => decimal(digits),
        Scalar::Float(number, name) if number.is_nan() => Value::Text(name),
        Scalar::Float(number, _) => Value::Real(number),
        Scalar::Text(text) | Scalar::Json(text) => Value::Text(text),
        Scalar::Bytes(bytes) => Value::Blob(bytes),
        Scalar::Infinite(_) => return Err("must be finite".to_owned()),
        Scalar::Interval(duration) => Value::Text(written(|out| duration.push(out))),
        Scalar::Day(day) => {
            in_reach(day)?;
            Value::Text(written(|out| push_day(out, day)))
        }
        Scalar::Time(micros, offset) => Value::Text(written(|out| {
            push_time(out, micros.unsigned_abs());
            if let Some(offset) = offset {
                push_offset(out, offset);
            }
        })),
        Scalar::Local(micros) => moment(micros, "")?,
        Scalar::Utc(micros) => moment(micros, "Z")?,
    })
}

/// A whole number is an INTEGER, another a REAL where a double has all its digits; the rest
/// is left to the affinity of the column.
fn decimal(digits: String) -> Value {
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    if fraction.bytes().all(|digit| digit == b'0')
        && let Ok(number) = whole.parse()
    {
        return Value::Integer(number);
    }
    let is_all = |number: &f64| {
        compare_decimals(&number.to_string(), &digits) == Some(std::cmp::Ordering::Equal)
    };
    match digits.parse().ok().filter(is_all) {
        Some(number) => Value::Real(number),
        None => Value::Text(digits),
    }
}

fn moment(micros: i64, zone: &str) -> Result<Value, String> {
    let day = micros.div_euclid(DAY_MICROS);
    in_reach(day)?;
    Ok(Value::Text(written(|out| {
        push_day(out, day);
        out.push(b' ');
        push_time(out, micros.rem_euclid(DAY_MICROS).unsigned_abs());
        out.extend_from_slice(zone.as_bytes());
    })))
}

/// Texts of other years do not sort as their dates do.
fn in_reach(day: i64) -> Result<(), String> {
    match civil(day).0 {
        0..=9_999 => Ok(()),
        _ => Err("must have a year between 0000 and 9999".to_owned()),
    }
}

/// Items as what `json_each` gives for them.
fn push_array(item: &Type, json: &Json<'_>, depth: u32, out: &mut Vec<u8>) -> Result<(), String> {
    let depth = depth.checked_sub(1).ok_or("has too many arrays inside each other")?;
    let listed;
    let items = match json {
        Json::Array(items) => &items[..],
        Json::Lexical(text) => {
            listed = list(text);
            &listed[..]
        }
        other => return Err(not("an array", other)),
    };
    out.push(b'[');
    for (index, json) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        match (item, json) {
            (_, Json::Null) => out.extend_from_slice(b"null"),
            (Type::Json | Type::Jsonb, _) | (Type::Dynamic, Json::Object(_)) => {
                out.extend_from_slice(json_text(json, false)?.as_bytes());
            }
            (_, Json::Array(_)) => push_array(item, json, depth, out)?,
            (_, json) => {
                let value = value(item, json).map_err(|error| item_error(index, &error))?;
                push_item(&value, out);
            }
        }
    }
    out.push(b']');
    Ok(())
}

fn push_item(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Integer(number) => {
            out.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes());
        }
        Value::Real(number) if number.is_finite() => {
            out.extend_from_slice(zmij::Buffer::new().format_finite(*number).as_bytes());
        }
        Value::Real(number) => write_string(out, &number.to_string()),
        Value::Text(text) => write_string(out, text),
        Value::Blob(bytes) => write_string(out, &STANDARD.encode(bytes)),
    }
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    utf8(out)
}

fn utf8(bytes: Vec<u8>) -> String {
    // Written from texts and digits alone.
    String::from_utf8(bytes).unwrap_or_default()
}
