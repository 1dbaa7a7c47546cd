//! Days and times of day as PostgreSQL counts them, and as ISO 8601 writes them.
//!
//! Days are counted from 2000-01-01 in the proleptic Gregorian calendar, years
//! astronomically: 0 is 1 BC. A year beyond 9999 has a sign and all its digits
//! (`+12026-01-01`), one before 0000 as well (ISO 8601-1:2019, section 5.2.2.3).

/// Microseconds of a day.
pub(super) const DAY_MICROS: i64 = 86_400_000_000;
/// The first day PostgreSQL has: 4714-11-24 BC, number 0 of the Julian days.
pub(super) const DAY_MIN: i64 = -2_451_545;
/// The day after the last of its `date`: 5874898-01-01.
pub(super) const DATE_END: i64 = 2_145_031_949;
/// The day after the last of its timestamps: 294277-01-01.
pub(super) const TIMESTAMP_END: i64 = 106_751_983;

/// Days from 0000-03-01 to 2000-01-01: a year that starts in March ends in its leap day.
const EPOCH: i64 = 730_425;
/// Days of 400 years, after which the calendar repeats itself.
const CYCLE_DAYS: i64 = 146_097;

/// The number of a day that exists.
pub(super) fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=days_of(year, month)).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let of_cycle = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year;
    Some(year.div_euclid(400) * CYCLE_DAYS + days - EPOCH)
}

/// Year, month and day of a day's number.
pub(super) fn civil(number: i64) -> (i64, i64, i64) {
    let number = number + EPOCH;
    let of_cycle = number.rem_euclid(CYCLE_DAYS);
    let year = (of_cycle - of_cycle / 1_460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let year = year + number.div_euclid(CYCLE_DAYS) * 400;
    if month < 10 { (year, month + 3, day) } else { (year + 1, month - 9, day) }
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Appends a day.
pub(super) fn push_day(out: &mut Vec<u8>, number: i64) {
    let (year, month, day) = civil(number);
    match year {
        0..=9_999 => {}
        10_000.. => out.push(b'+'),
        _ => out.push(b'-'),
    }
    push_year(out, year.unsigned_abs());
    push_month_and_day(out, month, day);
}

/// Appends a day as PostgreSQL reads it under every `DateStyle`; the era, which stands
/// behind a time, is what is given back.
pub(super) fn push_day_of_era(out: &mut Vec<u8>, number: i64) -> &'static str {
    let (year, month, day) = civil(number);
    let (year, era) = if year > 0 { (year, "") } else { (1 - year, " BC") };
    push_year(out, year.unsigned_abs());
    push_month_and_day(out, month, day);
    era
}

fn push_year(out: &mut Vec<u8>, year: u64) {
    if year > 9_999 {
        out.extend_from_slice(itoa::Buffer::new().format(year).as_bytes());
    } else {
        push_two(out, year / 100);
        push_two(out, year % 100);
    }
}

fn push_month_and_day(out: &mut Vec<u8>, month: i64, day: i64) {
    out.push(b'-');
    push_two(out, month.unsigned_abs());
    out.push(b'-');
    push_two(out, day.unsigned_abs());
}

/// Appends a time of day, with as many digits of its second as it needs.
pub(super) fn push_time(out: &mut Vec<u8>, micros: u64) {
    let seconds = micros / 1_000_000;
    push_two(out, seconds / 3_600);
    out.push(b':');
    push_two(out, seconds / 60 % 60);
    out.push(b':');
    push_two(out, seconds % 60);
    push_fraction(out, micros % 1_000_000);
}

/// Appends `.5` of 500 000 microseconds, and nothing of none.
pub(super) fn push_fraction(out: &mut Vec<u8>, micros: u64) {
    if micros == 0 {
        return;
    }
    let mut rest = micros;
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = ascii(rest);
        rest /= 10;
    }
    let end = digits.iter().rposition(|d| *d != b'0').map_or(0, |last| last + 1);
    out.push(b'.');
    out.extend_from_slice(&digits[..end]);
}

/// Appends an offset from UTC.
pub(super) fn push_offset(out: &mut Vec<u8>, seconds_east: i64) {
    if seconds_east == 0 {
        return out.push(b'Z');
    }
    let seconds = seconds_east.unsigned_abs();
    out.push(if seconds_east < 0 { b'-' } else { b'+' });
    push_two(out, seconds / 3_600);
    out.push(b':');
    push_two(out, seconds / 60 % 60);
    if !seconds.is_multiple_of(60) {
        out.push(b':');
        push_two(out, seconds % 60);
    }
}

#[inline]
fn push_two(out: &mut Vec<u8>, n: u64) {
    out.extend_from_slice(&[ascii(n / 10), ascii(n)]);
}

#[inline]
fn ascii(n: u64) -> u8 {
    b'0' + (n % 10).to_le_bytes()[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_their_numbers_agree() {
        let check = |year, month, day, number: i64, text: &str| {
            assert_eq!(day_number(year, month, day), Some(number), "{text}");
            assert_eq!(civil(number), (year, month, day), "{text}");
            let mut out = Vec::new();
            push_day(&mut out, number);
            assert_eq!(String::from_utf8_lossy(&out), text);
        };
        check(2000, 1, 1, 0, "2000-01-01");
        check(2000, 2, 29, 59, "2000-02-29");
        check(1999, 12, 31, -1, "1999-12-31");
        check(-4713, 11, 24, DAY_MIN, "-4713-11-24");
        check(5_874_898, 1, 1, DATE_END, "+5874898-01-01");
        check(294_277, 1, 1, TIMESTAMP_END, "+294277-01-01");
        check(0, 12, 31, -730_120, "0000-12-31");
    }

    #[test]
    fn every_day_of_a_thousand_years_has_its_number() {
        for number in -400_000..400_000 {
            let (year, month, day) = civil(number);
            assert_eq!(day_number(year, month, day), Some(number));
        }
        assert_eq!(day_number(1900, 2, 29), None);
        assert_eq!(day_number(2000, 13, 1), None);
        assert_eq!(day_number(2000, 4, 31), None);
        assert_eq!(day_number(2000, 1, 0), None);
    }
}
