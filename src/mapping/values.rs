//! Values with units: durations, sizes, rates, dates. One spelling each.

use std::time::Duration;

pub use jiff::civil::Date;

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
