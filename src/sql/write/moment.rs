//! Dates, times and intervals (ISO 8601, RFC 3339).

use super::cell::{CellError, quoted, special, wrong};
use super::reader::{Reader, fixed};
use crate::sql::Form;
use crate::sql::calendar::{DAY_MICROS, push_day, push_offset, push_time};
use crate::sql::duration::Duration;

#[inline]
pub(super) fn date(bytes: &[u8], form: Form, out: &mut Vec<u8>) -> Result<(), CellError> {
    match i32::from_be_bytes(fixed(bytes)?) {
        i32::MAX => special("infinity", form, out),
        i32::MIN => special("-infinity", form, out),
        day => quoted(out, |out| push_day(out, day.into())),
    }
    Ok(())
}

#[inline]
pub(super) fn time(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), CellError> {
    let micros = time_of_day(i64::from_be_bytes(fixed(bytes)?))?;
    quoted(out, |out| push_time(out, micros));
    Ok(())
}

/// A time of day and its offset, which PostgreSQL counts to the west.
pub(super) fn time_tz(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), CellError> {
    let mut reader = Reader(bytes);
    let micros = time_of_day(reader.i64()?)?;
    let west = reader.i32()?;
    reader.end()?;
    if !(-86_399..=86_399).contains(&west) {
        return Err(wrong("an offset is a day or more"));
    }
    quoted(out, |out| {
        push_time(out, micros);
        push_offset(out, -i64::from(west));
    });
    Ok(())
}

/// `24:00:00` is a time of its own.
fn time_of_day(micros: i64) -> Result<u64, CellError> {
    let fits = u64::try_from(micros).ok().filter(|_| micros <= DAY_MICROS);
    fits.ok_or_else(|| wrong("a time is not within a day"))
}

#[inline]
pub(super) fn timestamp(bytes: &[u8], form: Form, out: &mut Vec<u8>) -> Result<(), CellError> {
    moment(i64::from_be_bytes(fixed(bytes)?), "", form, out);
    Ok(())
}

#[inline]
pub(super) fn timestamp_tz(bytes: &[u8], form: Form, out: &mut Vec<u8>) -> Result<(), CellError> {
    moment(i64::from_be_bytes(fixed(bytes)?), "Z", form, out);
    Ok(())
}

fn moment(micros: i64, zone: &str, form: Form, out: &mut Vec<u8>) {
    match micros {
        i64::MAX => special("infinity", form, out),
        i64::MIN => special("-infinity", form, out),
        _ => quoted(out, |out| push_moment(out, micros, zone)),
    }
}

/// Appends microseconds from 2000-01-01.
#[inline]
pub(super) fn push_moment(out: &mut Vec<u8>, micros: i64, zone: &str) {
    push_day(out, micros.div_euclid(DAY_MICROS));
    out.push(b'T');
    push_time(out, micros.rem_euclid(DAY_MICROS).unsigned_abs());
    out.extend_from_slice(zone.as_bytes());
}

pub(super) fn interval(bytes: &[u8], form: Form, out: &mut Vec<u8>) -> Result<(), CellError> {
    let mut reader = Reader(bytes);
    let micros = reader.i64()?;
    let days = reader.i32()?;
    let months = reader.i32()?;
    reader.end()?;
    match (months, days, micros) {
        (i32::MAX, i32::MAX, i64::MAX) => special("infinity", form, out),
        (i32::MIN, i32::MIN, i64::MIN) => special("-infinity", form, out),
        _ => quoted(out, |out| Duration { months, days, micros }.push(out)),
    }
    Ok(())
}
