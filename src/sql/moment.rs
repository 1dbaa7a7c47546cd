//! Texts of dates, times and timestamps (ISO 8601, RFC 3339), read.
//!
//! The errors are what a caller may read.

use super::calendar::{DATE_END, DAY_MICROS, DAY_MIN, TIMESTAMP_END, day_number};
use super::scan::Scan;

const DATE_FORM: &str = "must be a date such as `2026-11-21`";
const TIME_FORM: &str = "must be a time such as `09:30:00`";
const MOMENT_FORM: &str = "must be a date and time such as `2026-11-21T09:30:00`";
const NO_DAY: &str = "must be a day of the calendar";
const RANGE: &str = "is outside the years the database has";
/// Seconds; PostgreSQL's `MAX_TZDISP_HOUR` is 15.
const OFFSET_MAX: i64 = 15 * 3_600 + 59 * 60;

/// A date and a time of day, as they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// Microseconds from 2000-01-01 of the clock that is meant.
    pub(super) micros: i64,
    /// Seconds that clock is ahead of UTC.
    pub(super) offset: Option<i64>,
}

impl Moment {
    /// Microseconds from 2000-01-01 in UTC, where its clock is known.
    pub(super) fn utc(self) -> Option<i64> {
        Some(self.micros - self.offset? * 1_000_000)
    }
}

/// Reads a date, as its number.
pub(super) fn read_date(text: &str) -> Result<i64, &'static str> {
    let mut scan = Scan::new(text);
    let day = date(&mut scan, DATE_FORM)?;
    if !scan.is_empty() {
        return Err(DATE_FORM);
    }
    if (DAY_MIN..DATE_END).contains(&day) { Ok(day) } else { Err(RANGE) }
}

/// Reads a time of day, in microseconds, and its offset where it has one. `24:00:00` is a
/// time.
pub(super) fn read_time(text: &str) -> Result<(i64, Option<i64>), &'static str> {
    let mut scan = Scan::new(text);
    let micros = time(&mut scan, TIME_FORM)?;
    let offset = offset(&mut scan, TIME_FORM)?;
    Ok((micros, offset))
}

/// Reads a date and a time, with `T` or a space between them.
pub(super) fn read_moment(text: &str) -> Result<Moment, &'static str> {
    let mut scan = Scan::new(text);
    let day = date(&mut scan, MOMENT_FORM)?;
    if !scan.eat_any(b"Tt ") {
        return Err(MOMENT_FORM);
    }
    let time = time(&mut scan, MOMENT_FORM)?;
    if time == DAY_MICROS {
        return Err("must have an hour before 24");
    }
    let offset = offset(&mut scan, MOMENT_FORM)?;
    if !(DAY_MIN..TIMESTAMP_END).contains(&day) {
        return Err(RANGE);
    }
    let moment = Moment { micros: day * DAY_MICROS + time, offset };
    let in_utc = moment.micros - offset.unwrap_or(0) * 1_000_000;
    let range = DAY_MIN * DAY_MICROS..TIMESTAMP_END * DAY_MICROS;
    if range.contains(&in_utc) { Ok(moment) } else { Err(RANGE) }
}

fn date(scan: &mut Scan<'_>, form: &'static str) -> Result<i64, &'static str> {
    let sign = scan.sign();
    let year = match sign {
        None => scan.digits(4).ok_or(form)?,
        Some(_) => scan.number().filter(|year| *year < 10_000_000).ok_or(form)?,
    };
    let mut part = || if scan.eat(b'-') { scan.digits(2) } else { None };
    let (Some(month), Some(day)) = (part(), part()) else { return Err(form) };
    day_number(year * sign.unwrap_or(1), month, day).ok_or(NO_DAY)
}

/// Hours, minutes and, unless they are left out, seconds.
fn time(scan: &mut Scan<'_>, form: &'static str) -> Result<i64, &'static str> {
    let hour = scan.digits(2).ok_or(form)?;
    if !scan.eat(b':') {
        return Err(form);
    }
    let minute = scan.digits(2).ok_or(form)?;
    let mut micros = 0;
    if scan.eat(b':') {
        let second = scan.digits(2).ok_or(form)?;
        if second > 59 {
            return Err("must have a second before 60");
        }
        micros = second * 1_000_000;
        if scan.eat(b'.') {
            micros += scan.micros()?;
        }
    }
    let micros = micros + (hour * 60 + minute) * 60_000_000;
    if minute > 59 || micros > DAY_MICROS {
        return Err("must have a time of day before 24:00");
    }
    Ok(micros)
}

/// `Z`, `+02:00` or nothing, and then the end.
fn offset(scan: &mut Scan<'_>, form: &'static str) -> Result<Option<i64>, &'static str> {
    if scan.is_empty() {
        return Ok(None);
    }
    let offset = if scan.eat_any(b"Zz") {
        0
    } else {
        let space = scan.eat(b' ');
        let Some(sign) = scan.sign() else {
            // A query reads `+` as a space.
            return Err(if space {
                "must have its offset as `+02:00`, in a query as `%2B02:00`"
            } else {
                form
            });
        };
        let hours = scan.digits(2).filter(|_| !space).ok_or(form)?;
        let minutes = if scan.eat(b':') { scan.digits(2).ok_or(form)? } else { 0 };
        let seconds = if scan.eat(b':') { scan.digits(2).ok_or(form)? } else { 0 };
        let offset = hours * 3_600 + minutes * 60 + seconds;
        if minutes > 59 || seconds > 59 || offset > OFFSET_MAX + 59 {
            return Err("must have an offset below 16 hours");
        }
        offset * sign
    };
    if scan.is_empty() { Ok(Some(offset)) } else { Err(form) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_or_refused_with_the_reason() {
        let check = |text: &str, expected: Result<(i64, Option<i64>), &str>| {
            let got = read_moment(text).map(|m| (m.micros, m.offset));
            match expected {
                Ok(moment) => assert_eq!(got, Ok(moment), "{text}"),
                Err(part) => {
                    let error = got.unwrap_err();
                    assert!(error.contains(part), "{text}: {error}");
                }
            }
        };
        check("2000-01-01T00:00:01", Ok((1_000_000, None)));
        check("2000-01-01T00:00Z", Ok((0, Some(0))));
        check("2000-01-01 00:00:00.5+02:00", Ok((500_000, Some(7_200))));
        check("2000-01-01T00:00:00.000001-00:30", Ok((1, Some(-1_800))));
        check("2000-01-01T00:00:00.0000010Z", Ok((1, Some(0))));
        check("2000-01-01T00:00:00.0000001Z", Err("6 digits"));
        check("2000-01-01T00:00:00 02:00", Err("%2B02:00"));
        check("2000-01-01T24:00:00", Err("before 24"));
        check("2000-01-01T23:59:60Z", Err("before 60"));
        check("2023-02-29T00:00:00Z", Err("day of the calendar"));
        check("2000-01-01", Err("date and time"));
        check("2000-01-01T00:00:00+99:00", Err("16 hours"));
        check("2000-01-01T00:00:00+02:00x", Err("date and time"));
        check("+294277-01-01T00:00:00", Err("outside"));
        check("+294276-12-31T23:59:59Z", Ok((9_223_371_331_199_000_000, Some(0))));
        check("+294276-12-31T23:59:59-01:00", Err("outside"));
    }

    #[test]
    fn dates_have_signs_where_they_need_them() {
        assert_eq!(read_date("-4713-11-24"), Ok(DAY_MIN));
        assert_eq!(read_date("-4713-11-23"), Err(RANGE));
        assert_eq!(read_date("+5874897-12-31"), Ok(DATE_END - 1));
        assert_eq!(read_date("+5874898-01-01"), Err(RANGE));
        assert_eq!(read_date("10000-01-01"), Err(DATE_FORM));
        assert_eq!(read_date("2026-1-1"), Err(DATE_FORM));
        assert_eq!(read_date("2026-01-01T"), Err(DATE_FORM));
        assert_eq!(read_time("24:00:00"), Ok((DAY_MICROS, None)));
        assert_eq!(read_time("09:30+02:00"), Ok((34_200_000_000, Some(7_200))));
        assert!(read_time("24:00:01").is_err());
        assert!(read_time("9:30").is_err());
    }
}
