//! Cells of SQLite, whose storage class need not be that of their column's type.

use super::cell::{CellError, quoted, special, wrong};
use super::moment::push_moment;
use super::number::{float8, int8, whole};
use super::plain::{bytea, json, padded, text, utf8};
use crate::codec::{JsonLimits, NumberForm, parse_json, write_number};
use crate::sql::calendar::{push_day, push_offset, push_time};
use crate::sql::duration::Duration;
use crate::sql::moment::{read_date, read_moment, read_time};
use crate::sql::{Cell, Form, Type};

/// Whole numbers that doubles hold, every one.
const DOUBLE_WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

pub(super) fn value(
    ty: &Type,
    form: Form,
    cell: Cell<'_>,
    out: &mut Vec<u8>,
) -> Result<(), CellError> {
    match ty {
        Type::Bool => boolean(cell, out),
        Type::Int2 => integer(cell, i16::MIN.into(), i16::MAX.into(), Form::Plain, out),
        Type::Int4 => integer(cell, i32::MIN.into(), i32::MAX.into(), Form::Plain, out),
        Type::Oid => integer(cell, 0, u32::MAX.into(), Form::Plain, out),
        Type::Int8 => integer(cell, i64::MIN, i64::MAX, form, out),
        Type::Numeric { .. } => numeric(cell, form, out),
        Type::Float4 | Type::Float8 => float(cell, form, out),
        Type::Char { .. } => match cell {
            Cell::Text(bytes) => padded(bytes, out),
            other => any_text(other, out),
        },
        Type::Text { .. }
        | Type::Enum(_)
        | Type::Refcursor
        | Type::Uuid
        | Type::Inet
        | Type::Cidr
        | Type::Macaddr
        | Type::Macaddr8
        | Type::Bit => any_text(cell, out),
        Type::Bytea => match cell {
            Cell::Blob(bytes) | Cell::Text(bytes) => {
                bytea(bytes, form, out);
                Ok(())
            }
            other => Err(not("a blob", other)),
        },
        Type::Date | Type::Time | Type::TimeTz | Type::Timestamp | Type::TimestampTz => {
            moment(ty, cell, out)
        }
        Type::Interval => {
            let duration = Duration::read(text_of(cell, "an interval")?).map_err(bad)?;
            quoted(out, |out| duration.push(out));
            Ok(())
        }
        Type::Json
        | Type::Jsonb
        | Type::Array(_)
        | Type::Range(_)
        | Type::Multirange(_)
        | Type::Composite(_) => checked_json(cell, out),
        Type::Dynamic => dynamic(cell, form, out),
        Type::Void => Err(wrong("there is a value where there is no type")),
        Type::Unsupported(name) => Err(wrong(&format!("there is no rule for `{name}`"))),
    }
}

/// A value by its storage class alone.
fn dynamic(cell: Cell<'_>, form: Form, out: &mut Vec<u8>) -> Result<(), CellError> {
    match cell {
        Cell::Integer(number) => int8(number, form, out),
        Cell::Real(number) => float8(number, form, out),
        Cell::Text(bytes) => text(bytes, out)?,
        Cell::Blob(bytes) => bytea(bytes, form, out),
        Cell::Null | Cell::Binary(_) | Cell::Written(_) => {
            return Err(wrong("it is no value of SQLite"));
        }
    }
    Ok(())
}

fn boolean(cell: Cell<'_>, out: &mut Vec<u8>) -> Result<(), CellError> {
    out.extend_from_slice(match cell {
        Cell::Integer(0) | Cell::Text(b"false" | b"0") => b"false",
        Cell::Integer(1) | Cell::Text(b"true" | b"1") => b"true",
        other => return Err(not("a boolean, 0 or 1", other)),
    });
    Ok(())
}

fn integer(
    cell: Cell<'_>,
    min: i64,
    max: i64,
    form: Form,
    out: &mut Vec<u8>,
) -> Result<(), CellError> {
    let number = match cell {
        Cell::Integer(number) => number,
        Cell::Real(number) => as_whole(number).ok_or_else(|| not("a whole number", cell))?,
        other => return Err(not("a whole number", other)),
    };
    if !(min..=max).contains(&number) {
        return Err(CellError(format!("{number} is beyond its type")));
    }
    int8(number, form, out);
    Ok(())
}

/// A double without a fraction, where its digits are all its own.
fn as_whole(number: f64) -> Option<i64> {
    let is_whole = number.fract() == 0.0 && number.abs() <= DOUBLE_WHOLE_MAX;
    // Through its text: there is no conversion that says whether it lost something.
    if is_whole { format!("{number:.0}").parse().ok() } else { None }
}

fn numeric(cell: Cell<'_>, form: Form, out: &mut Vec<u8>) -> Result<(), CellError> {
    let digits = |out: &mut Vec<u8>| match cell {
        Cell::Integer(number) => {
            whole(number, out);
            Ok(())
        }
        Cell::Real(number) => {
            float8(number, Form::Plain, out);
            Ok(())
        }
        Cell::Text(bytes) if write_number(out, utf8(bytes)?, NumberForm::Float) => Ok(()),
        other => Err(not("a number", other)),
    };
    match (form, cell) {
        (_, Cell::Real(number)) if !number.is_finite() => {
            float8(number, form, out);
            Ok(())
        }
        (Form::String, _) => {
            out.push(b'"');
            digits(out)?;
            out.push(b'"');
            Ok(())
        }
        _ => digits(out),
    }
}

fn float(cell: Cell<'_>, form: Form, out: &mut Vec<u8>) -> Result<(), CellError> {
    match cell {
        Cell::Integer(number) => whole(number, out),
        Cell::Real(number) => float8(number, form, out),
        Cell::Text(b"NaN") => special("NaN", form, out),
        other => return Err(not("a number", other)),
    }
    Ok(())
}

/// A number where a text is meant is its digits.
fn any_text(cell: Cell<'_>, out: &mut Vec<u8>) -> Result<(), CellError> {
    match cell {
        Cell::Text(bytes) => text(bytes, out),
        Cell::Integer(number) => {
            quoted(out, |out| whole(number, out));
            Ok(())
        }
        Cell::Real(number) if number.is_finite() => {
            quoted(out, |out| float8(number, Form::Plain, out));
            Ok(())
        }
        other => Err(not("a text", other)),
    }
}

/// Dates and times are texts in SQLite; numbers may count from any day.
fn moment(ty: &Type, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<(), CellError> {
    let text = text_of(cell, "a date or time as text")?;
    match ty {
        Type::Date => {
            let day = read_date(text).map_err(bad)?;
            quoted(out, |out| push_day(out, day));
        }
        Type::Time | Type::TimeTz => {
            let (micros, offset) = read_time(text).map_err(bad)?;
            if offset.is_some() != (*ty == Type::TimeTz) {
                return Err(wrong("a time has an offset and should not, or the other way round"));
            }
            quoted(out, |out| {
                push_time(out, micros.unsigned_abs());
                if let Some(offset) = offset {
                    push_offset(out, offset);
                }
            });
        }
        // Many a column of timestamps holds days.
        Type::Timestamp if text.len() == 10 => {
            let day = read_date(text).map_err(bad)?;
            quoted(out, |out| {
                push_day(out, day);
                out.extend_from_slice(b"T00:00:00");
            });
        }
        Type::Timestamp => {
            let moment = read_moment(text).map_err(bad)?;
            if moment.offset.is_some() {
                return Err(wrong("a timestamp has an offset and should not"));
            }
            quoted(out, |out| push_moment(out, moment.micros, ""));
        }
        _ => {
            let utc = read_moment(text).map_err(bad)?.utc();
            let utc = utc.ok_or_else(|| wrong("a timestamp with a time zone has no offset"))?;
            quoted(out, |out| push_moment(out, utc, "Z"));
        }
    }
    Ok(())
}

fn checked_json(cell: Cell<'_>, out: &mut Vec<u8>) -> Result<(), CellError> {
    let text = text_of(cell, "JSON as text")?;
    parse_json(text, JsonLimits::default()).map_err(|e| CellError(format!("no JSON: {e}")))?;
    json(text.as_bytes(), out)
}

fn text_of<'a>(cell: Cell<'a>, expected: &str) -> Result<&'a str, CellError> {
    match cell {
        Cell::Text(bytes) => utf8(bytes),
        other => Err(not(expected, other)),
    }
}

fn bad(what: &'static str) -> CellError {
    wrong(what)
}

/// A value of another storage class than its type's; the value itself is not told.
#[cold]
fn not(expected: &str, cell: Cell<'_>) -> CellError {
    let class = match cell {
        Cell::Null => "NULL",
        Cell::Binary(_) => "binary",
        Cell::Integer(_) => "an INTEGER",
        Cell::Real(_) => "a REAL",
        Cell::Text(_) => "a TEXT",
        Cell::Blob(_) => "a BLOB",
        Cell::Written(_) => "recorded",
    };
    CellError(format!("it should be {expected}, is {class}"))
}
