//! Intervals as ISO 8601 durations.
//!
//! An interval has three parts that do not become each other: months, days and
//! microseconds. Each keeps its own sign (`P1M-2DT3H`), as ISO 8601-2 has it.

use super::calendar::push_fraction;
use super::scan::Scan;

/// Microseconds of an hour, a minute and a second.
const UNITS: [(i64, u8); 3] = [(3_600_000_000, b'H'), (60_000_000, b'M'), (1_000_000, b'S')];

/// What a text that is no duration is told.
const FORM: &str = "must be a duration such as `P1DT2H30M`";
/// What one that does not fit is told.
const RANGE: &str = "is longer than an interval can be";

/// An interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Duration {
    pub(super) months: i32,
    pub(super) days: i32,
    pub(super) micros: i64,
}

impl Duration {
    /// Appends it as ISO 8601 has it; `PT0S` is nothing.
    pub(super) fn push(self, out: &mut Vec<u8>) {
        let start = out.len();
        out.push(b'P');
        push_part(out, (self.months / 12).into(), b'Y');
        push_part(out, (self.months % 12).into(), b'M');
        push_part(out, self.days.into(), b'D');
        if self.micros == 0 {
            if out.len() == start + 1 {
                out.extend_from_slice(b"T0S");
            }
            return;
        }
        out.push(b'T');
        let [hour, minute, _] = UNITS;
        push_part(out, self.micros / hour.0, hour.1);
        push_part(out, self.micros % hour.0 / minute.0, minute.1);
        let rest = self.micros % minute.0;
        if rest != 0 {
            push_seconds(out, rest);
            out.push(b'S');
        }
    }

    /// It as PostgreSQL reads it under every `IntervalStyle`: each part with its sign.
    pub(super) fn to_postgres(self) -> String {
        let (months, days) = (self.months, self.days);
        if self.micros == i64::MIN {
            // As hours PostgreSQL writes this one and does not read it.
            return format!("{months:+} mons {days:+} days {} microseconds", self.micros);
        }
        let sign = if self.micros < 0 { '-' } else { '+' };
        let micros = self.micros.unsigned_abs();
        let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        let seconds = seconds % 60;
        let time = format!("{sign}{hours:02}:{minutes:02}:{seconds:02}.{fraction:06}");
        format!("{months:+} mons {days:+} days {time}")
    }

    /// Reads a duration; the error is what a caller may read.
    pub(super) fn read(text: &str) -> Result<Self, &'static str> {
        let mut scan = Scan::new(text);
        let sign = scan.sign().unwrap_or(1);
        if !scan.eat(b'P') {
            return Err(FORM);
        }
        let mut parts = Parts { sign, ..Parts::default() };
        let mut units: &[u8] = b"YMWD";
        while !scan.is_empty() {
            if scan.eat(b'T') {
                if parts.in_time || scan.is_empty() {
                    return Err(FORM);
                }
                parts.in_time = true;
                units = b"HMS";
            }
            let own = scan.sign().unwrap_or(1);
            let number = scan.number().ok_or(FORM)?;
            let fraction = if scan.eat_any(b".,") { Some(scan.micros()?) } else { None };
            let unit = scan.next().ok_or(FORM)?;
            let at = units.iter().position(|u| *u == unit).ok_or(FORM)?;
            units = &units[at + 1..];
            if fraction.is_some() && (unit, parts.in_time) != (b'S', true) {
                return Err("must have a fraction nowhere but in its seconds");
            }
            parts.add(own, number, fraction.unwrap_or(0), unit).ok_or(RANGE)?;
            parts.any = true;
        }
        if !parts.any {
            return Err(FORM);
        }
        parts.whole().ok_or(RANGE)
    }
}

#[derive(Default)]
struct Parts {
    sign: i64,
    in_time: bool,
    any: bool,
    months: i64,
    days: i64,
    micros: i128,
}

impl Parts {
    fn add(&mut self, own: i64, number: i64, fraction: i64, unit: u8) -> Option<()> {
        let sign = own * self.sign;
        let number = number.checked_mul(sign)?;
        let add = |sum: i64, factor: i64| sum.checked_add(number.checked_mul(factor)?);
        if self.in_time {
            let (unit, _) = UNITS.iter().find(|(_, name)| *name == unit)?;
            self.micros += i128::from(number) * i128::from(*unit) + i128::from(fraction * sign);
            return Some(());
        }
        match unit {
            b'Y' => self.months = add(self.months, 12)?,
            b'M' => self.months = add(self.months, 1)?,
            b'W' => self.days = add(self.days, 7)?,
            _ => self.days = add(self.days, 1)?,
        }
        Some(())
    }

    fn whole(&self) -> Option<Duration> {
        Some(Duration {
            months: self.months.try_into().ok()?,
            days: self.days.try_into().ok()?,
            micros: self.micros.try_into().ok()?,
        })
    }
}

fn push_part(out: &mut Vec<u8>, number: i64, unit: u8) {
    if number != 0 {
        out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        out.push(unit);
    }
}

fn push_seconds(out: &mut Vec<u8>, micros: i64) {
    if micros < 0 {
        out.push(b'-');
    }
    let micros = micros.unsigned_abs();
    out.extend_from_slice(itoa::Buffer::new().format(micros / 1_000_000).as_bytes());
    push_fraction(out, micros % 1_000_000);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_part_by_part() {
        let check = |text: &str, expected: Result<(i32, i32, i64), &str>| {
            let got = Duration::read(text).map(|d| (d.months, d.days, d.micros));
            match expected {
                Ok(parts) => assert_eq!(got, Ok(parts), "{text}"),
                Err(part) => assert!(got.unwrap_err().contains(part), "{text}"),
            }
        };
        check("P1Y2M3DT4H5M6.789S", Ok((14, 3, 14_706_789_000)));
        check("-P1M-1D", Ok((-1, 1, 0)));
        check("P2W1D", Ok((0, 15, 0)));
        check("PT-0.5S", Ok((0, 0, -500_000)));
        check("PT0,25S", Ok((0, 0, 250_000)));
        check("PT1.000000100S", Err("6 digits"));
        check("P1.5D", Err("fraction"));
        for text in ["", "P", "PT", "P1", "1D", "P1DT", "P1D2Y", "P1S", "PT1D", "P1D1D", "P1DTT1S"]
        {
            check(text, Err("must be a duration"));
        }
        check("P178956971Y", Err("longer"));
        check("PT9223372036854775807H", Err("longer"));
        check("P99999999999999999999D", Err("longer"));
    }

    proptest::proptest! {
        #[test]
        fn a_duration_reads_back(months: i32, days: i32, micros: i64) {
            let duration = Duration { months, days, micros };
            let mut out = Vec::new();
            duration.push(&mut out);
            let text = String::from_utf8(out).unwrap();
            proptest::prop_assert_eq!(Duration::read(&text), Ok(duration));
        }
    }
}
