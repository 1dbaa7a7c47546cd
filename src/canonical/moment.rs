//! Dates, times and durations in one form (XML Schema Part 2, sections 3.2.6 to 3.2.14).

use crate::codec::Form;

const MINUTES_OF_DAY: i64 = 24 * 60;

/// An instant in UTC where it has a zone, `2026-11-21T10:00:00Z`; without one it keeps its own
/// time. A fraction has no zeros at its end, and the end of a day is the start of the next.
/// `None` where it is no `dateTime`.
pub(super) fn date_time(text: &str) -> Option<String> {
    if !Form::DateTime.accepts(text) {
        return None;
    }
    let (date, rest) = text.split_once('T')?;
    let (clock, zone) = split_zone(rest);
    let (minutes, seconds) = clock_minutes(clock)?;
    let (year, month, day) = parts(date)?;
    let minutes = minutes - zone.unwrap_or(0);
    let days = days_from_civil(year, month, day).checked_add(minutes.div_euclid(MINUTES_OF_DAY))?;
    let (year, month, day) = civil_from_days(days);
    let clock = written(minutes.rem_euclid(MINUTES_OF_DAY), &seconds);
    let sign = if year < 0 { "-" } else { "" };
    let mark = if zone.is_some() { "Z" } else { "" };
    Some(format!("{sign}{:04}-{month:02}-{day:02}T{clock}{mark}", year.abs()))
}

/// A time of day in the same way. `None` where it is none.
pub(super) fn time(text: &str) -> Option<String> {
    if !Form::Time.accepts(text) {
        return None;
    }
    let (clock, zone) = split_zone(text);
    let (minutes, seconds) = clock_minutes(clock)?;
    let minutes = (minutes - zone.unwrap_or(0)).rem_euclid(MINUTES_OF_DAY);
    let mark = if zone.is_some() { "Z" } else { "" };
    Some(format!("{}{mark}", written(minutes, &seconds)))
}

/// A day, a month or a year keeps its zone, which says when it begins; UTC is `Z`.
pub(super) fn day(text: &str) -> String {
    let utc = text.strip_suffix("+00:00").or_else(|| text.strip_suffix("-00:00"));
    utc.map_or_else(|| text.to_owned(), |day| format!("{day}Z"))
}

/// Months and seconds: all that two durations are equal by. `None` where it is none.
pub(super) fn duration(text: &str) -> Option<String> {
    if !Form::Duration.accepts(text) {
        return None;
    }
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (date, time) = rest.trim_start_matches('P').split_once('T').unwrap_or((&rest[1..], ""));
    let mut months = 0_i128;
    let mut seconds = 0_i128;
    let mut fraction = "";
    for (part, of_time) in [(date, false), (time, true)] {
        let mut at = part;
        while let Some(end) = at.find(|c: char| c.is_ascii_alphabetic()) {
            let (number, unit) = (&at[..end], &at[end..=end]);
            let (whole, rest) = number.split_once('.').unwrap_or((number, ""));
            let number: i128 = whole.parse().ok()?;
            let (into, factor) = match (unit, of_time) {
                ("Y", _) => (&mut months, 12),
                ("M", false) => (&mut months, 1),
                ("D", _) => (&mut seconds, 86_400),
                ("H", _) => (&mut seconds, 3_600),
                ("M", true) => (&mut seconds, 60),
                _ => (&mut seconds, 1),
            };
            *into = number.checked_mul(factor)?.checked_add(*into)?;
            fraction = rest.trim_end_matches('0');
            at = &at[end + 1..];
        }
    }
    let is_zero = months == 0 && seconds == 0 && fraction.is_empty();
    let sign = if negative && !is_zero { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}P{months}MT{seconds}{point}{fraction}S"))
}

/// The zone in minutes, and what stands before it.
fn split_zone(text: &str) -> (&str, Option<i64>) {
    if let Some(rest) = text.strip_suffix('Z') {
        return (rest, Some(0));
    }
    let Some(at) = text.rfind(['+', '-']) else { return (text, None) };
    let (clock, zone) = text.split_at(at);
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let minutes = zone[1..].split_once(':').and_then(|(hours, minutes)| {
        Some(hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?)
    });
    (clock, minutes.map(|minutes| sign * minutes))
}

/// `09:30:05.50` → 570 minutes, `05.5`.
fn clock_minutes(clock: &str) -> Option<(i64, String)> {
    let (hours, rest) = clock.split_once(':')?;
    let (minutes, seconds) = rest.split_once(':')?;
    let seconds = match seconds.split_once('.') {
        Some((whole, fraction)) => match fraction.trim_end_matches('0') {
            "" => whole.to_owned(),
            fraction => format!("{whole}.{fraction}"),
        },
        None => seconds.to_owned(),
    };
    Some((hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?, seconds))
}

fn written(minutes: i64, seconds: &str) -> String {
    format!("{:02}:{:02}:{seconds}", minutes / 60, minutes % 60)
}

fn parts(date: &str) -> Option<(i64, i64, i64)> {
    let (sign, digits) = date.strip_prefix('-').map_or((1, date), |rest| (-1, rest));
    let mut numbers = digits.split('-').map(|number| number.parse::<i64>().ok());
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    // Days are counted in 64 bits.
    (year < 1 << 40).then_some((sign * year, month, day))
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, years counted from March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_in_utc() {
        let check = |text: &str, expected: &str| {
            assert_eq!(date_time(text).as_deref(), Some(expected), "{text}");
        };
        check("2026-11-21T12:00:00+02:00", "2026-11-21T10:00:00Z");
        check("2026-11-21T10:00:00.000Z", "2026-11-21T10:00:00Z");
        check("2026-11-21T10:00:00.120-00:00", "2026-11-21T10:00:00.12Z");
        check("2026-11-21T10:00:00", "2026-11-21T10:00:00");
        check("2024-02-28T23:30:00-01:00", "2024-02-29T00:30:00Z");
        check("2023-12-31T24:00:00", "2024-01-01T00:00:00");
        check("2024-01-01T00:00:00+14:00", "2023-12-31T10:00:00Z");
        check("-0001-03-01T00:00:00Z", "-0001-03-01T00:00:00Z");
        check("12026-03-01T00:00:00Z", "12026-03-01T00:00:00Z");
        assert_eq!(date_time("2026-02-30T00:00:00Z"), None);
        assert_eq!(time("24:00:00").as_deref(), Some("00:00:00"));
        assert_eq!(time("01:30:00+02:00").as_deref(), Some("23:30:00Z"));
    }

    #[test]
    fn days_are_counted_both_ways() {
        for days in (-800_000..800_000).step_by(97) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
    }

    #[test]
    fn durations_are_months_and_seconds() {
        let check = |text: &str, expected: &str| {
            assert_eq!(duration(text).as_deref(), Some(expected), "{text}");
        };
        check("P1Y2M", "P14MT0S");
        check("PT1H30M", "P0MT5400S");
        check("-P1DT0.50S", "-P0MT86400.5S");
        check("-PT0S", "P0MT0S");
        assert_eq!(duration("P"), None);
    }
}
