//! Values with units: durations, sizes, rates, dates. One spelling each.

use std::time::Duration;

pub use jiff::civil::Date;

use crate::strangler::{Share, Stage};

/// So many per so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: u32,
    /// In how long: a second, a minute, an hour or a day.
    pub per: Duration,
}

const SECOND: u64 = 1;
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// `250ms`, `5s`, `2m`, `1h` or `1d`: a whole number and one unit.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let (count, unit) = split(text)?;
    let seconds = match unit {
        "ms" => return Some(Duration::from_millis(count)),
        "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        _ => return None,
    };
    count.checked_mul(seconds).map(Duration::from_secs)
}

/// Bytes from `512B`, `64KiB`, `10MiB`, `1GiB` or the decimal `64KB`, `10MB`, `1GB`.
pub fn parse_size(text: &str) -> Option<u64> {
    let (count, unit) = split(text)?;
    let bytes = match unit {
        "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return None,
    };
    count.checked_mul(bytes)
}

/// `10/s`, `100/min`, `1000/h` or `5000/day`.
pub fn parse_rate(text: &str) -> Option<Rate> {
    let (count, unit) = split(text)?;
    let seconds = match unit {
        "/s" => SECOND,
        "/min" => MINUTE,
        "/h" => HOUR,
        "/day" => DAY,
        _ => return None,
    };
    Some(Rate { count: u32::try_from(count).ok()?, per: Duration::from_secs(seconds) })
}

/// `2027-01-01`: the full-date of RFC 3339, nothing around it.
pub fn parse_date(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| match at {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    if shape { text.parse().ok() } else { None }
}

/// `5%`, `0.25%`: at most two digits behind the point, at most 100%.
pub fn parse_share(text: &str) -> Option<Share> {
    let number = text.strip_suffix('%')?;
    decimal(number)?;
    Share::parse(number)
}

/// `legacy`, `shadow`, `canary 5%`, `primary`, `standby`, `retired`.
pub fn parse_stage(text: &str) -> Option<Stage> {
    if let Some(share) = text.strip_prefix("canary ") {
        parse_share(share)?;
    }
    Stage::parse(text).filter(|_| text.trim() == text)
}

/// `1.2`: hundredths of a decimal from 1 to 1,000 with at most two digits behind the point.
pub fn parse_factor(text: &str) -> Option<u32> {
    decimal(text).filter(|hundredths| (100..=100_000).contains(hundredths))
}

/// Hundredths of a decimal without sign or leading zeros.
fn decimal(text: &str) -> Option<u32> {
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some(both) => both,
        None => (text, ""),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let leading = whole.len() > 1 && whole.starts_with('0');
    if whole.is_empty() || fraction.len() > 2 || !digits(whole) || !digits(fraction) || leading {
        return None;
    }
    format!("{whole}{fraction:0<2}").parse().ok()
}

/// A whole number without sign or leading zeros, and what follows it.
fn split(text: &str) -> Option<(u64, &str)> {
    let at = text.find(|c: char| !c.is_ascii_digit())?;
    let (digits, unit) = text.split_at(at);
    if digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().ok()?, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_one_unit() {
        let check = |text, millis: Option<u64>| {
            assert_eq!(parse_duration(text), millis.map(Duration::from_millis), "{text}");
        };
        check("250ms", Some(250));
        check("5s", Some(5_000));
        check("2m", Some(120_000));
        check("1d", Some(86_400_000));
        check("5", None);
        check("05s", None);
        check("1.5s", None);
        check("5 s", None);
        check("1m30s", None);
        check("-5s", None);
        check("99999999999999999999s", None);
    }

    #[test]
    fn sizes_are_binary_or_decimal_by_their_unit() {
        let check = |text, bytes| assert_eq!(parse_size(text), bytes, "{text}");
        check("10MiB", Some(10 << 20));
        check("64KiB", Some(64 << 10));
        check("1GB", Some(1_000_000_000));
        check("512B", Some(512));
        check("10mb", None);
        check("10", None);
    }

    #[test]
    fn shares_stages_and_factors_have_one_spelling() {
        let share = |text, points: Option<u32>| {
            assert_eq!(parse_share(text).map(Share::basis_points), points, "{text}");
        };
        share("5%", Some(500));
        share("99.5%", Some(9_950));
        share("99.50%", Some(9_950));
        share("0.1%", Some(10));
        share("100%", Some(10_000));
        for bad in ["5", "5 %", "05%", "101%", "0.125%", ".5%", "5.%", "-1%", "5%%"] {
            share(bad, None);
        }
        for good in ["legacy", "shadow", "canary 5%", "canary 0.5%", "primary", "retired"] {
            assert_eq!(parse_stage(good).unwrap().to_string(), good);
        }
        for bad in
            ["canary", "canary 5", "canary  5%", "canary 0%", "canary 100%", "Shadow", " shadow"]
        {
            assert_eq!(parse_stage(bad), None, "{bad}");
        }
        let factor = |text, hundredths| assert_eq!(parse_factor(text), hundredths, "{text}");
        factor("1.2", Some(120));
        factor("2", Some(200));
        factor("0.9", None);
        factor("1.234", None);
        factor("1e3", None);
    }

    #[test]
    fn rates_and_dates() {
        let minute = Duration::from_secs(60);
        assert_eq!(parse_rate("100/min"), Some(Rate { count: 100, per: minute }));
        assert_eq!(parse_rate("100"), None);
        assert_eq!(parse_rate("100/fortnight"), None);
        assert!(parse_date("2027-01-01").is_some());
        for bad in ["2027-02-30", "2027-1-1", "2027-01-01T00:00:00Z", "soon", "+027-01-01"] {
            assert!(parse_date(bad).is_none(), "{bad}");
        }
    }
}
