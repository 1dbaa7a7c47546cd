//! Texts with a form of their own: dates, durations, binary, names (XML Schema Part 2).

use std::sync::LazyLock;

use regex::Regex;

/// Texts with a form that is checked in requests; in answers, that of dates and times is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the XSD type of its name")]
pub enum Form {
    Date,
    DateTime,
    Time,
    Duration,
    GYear,
    GYearMonth,
    GMonth,
    GMonthDay,
    GDay,
    Base64,
    Hex,
    Language,
    Name,
    NcName,
    NmToken,
    Id,
    IdRef,
}

const ZONE: &str = r"(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))?";
const TIME: &str = r"(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?|24:00:00(\.0+)?)";
const DATE: &str = r"-?([1-9]\d{3,}|0\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])";

macro_rules! forms {
    ($($form:ident = $pattern:expr;)*) => {
        /// Whether a text has a form.
        #[must_use]
        pub fn has_form(form: Form, text: &str) -> bool {
            match form {
                $(Form::$form => {
                    static PATTERN: LazyLock<Option<Regex>> =
                        LazyLock::new(|| Regex::new(&format!("^(?:{})$", $pattern)).ok());
                    PATTERN.as_ref().is_some_and(|p| p.is_match(text))
                })*
            }
        }
    };
}

forms! {
    Date = format!("{DATE}{ZONE}");
    DateTime = format!("{DATE}T{TIME}{ZONE}");
    Time = format!("{TIME}{ZONE}");
    Duration = r"-?P(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?";
    GYear = format!(r"-?([1-9]\d{{3,}}|0\d{{3}}){ZONE}");
    GYearMonth = format!(r"-?([1-9]\d{{3,}}|0\d{{3}})-(0[1-9]|1[0-2]){ZONE}");
    GMonth = format!(r"--(0[1-9]|1[0-2])(--)?{ZONE}");
    GMonthDay = format!(r"--(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]){ZONE}");
    GDay = format!(r"---(0[1-9]|[12]\d|3[01]){ZONE}");
    Base64 = r"([A-Za-z0-9+/]\s*){0,}(=\s*){0,2}";
    Hex = r"([0-9a-fA-F]{2})*";
    Language = r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*";
    Name = r"[\p{L}_:][\p{L}\p{N}\p{M}_:.\-·]*";
    NcName = r"[\p{L}_][\p{L}\p{N}\p{M}_.\-·]*";
    Id = r"[\p{L}_][\p{L}\p{N}\p{M}_.\-·]*";
    IdRef = r"[\p{L}_][\p{L}\p{N}\p{M}_.\-·]*";
    NmToken = r"[\p{L}\p{N}\p{M}_:.\-·]+";
}

impl Form {
    /// What a value looks like, for messages and documents.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Date => "2026-11-21",
            Self::DateTime => "2026-11-21T09:30:00Z",
            Self::Time => "09:30:00",
            Self::Duration => "P1DT2H",
            Self::GYear => "2026",
            Self::GYearMonth => "2026-11",
            Self::GMonth => "--11",
            Self::GMonthDay => "--11-21",
            Self::GDay => "---21",
            Self::Base64 => "ZmlnbGVhZg==",
            Self::Hex => "0FB7",
            Self::Language => "en",
            Self::Name | Self::NcName | Self::NmToken => "name",
            Self::Id | Self::IdRef => "id",
        }
    }

    /// Whether it is a date, a time, a part of one, or a duration.
    #[must_use]
    pub const fn is_of_time(self) -> bool {
        matches!(
            self,
            Self::Date
                | Self::DateTime
                | Self::Time
                | Self::Duration
                | Self::GYear
                | Self::GYearMonth
                | Self::GMonth
                | Self::GMonthDay
                | Self::GDay
        )
    }

    /// Whether a text has the form, with the checks a pattern cannot make.
    #[must_use]
    pub fn accepts(self, text: &str) -> bool {
        if self.is_plainly(text.as_bytes()) {
            return true;
        }
        has_form(self, text)
            && match self {
                Self::Date | Self::DateTime => day_exists(text),
                // Of some year or other, as of this leap year.
                Self::GMonthDay => day_exists(&format!("2024{}", &text[1..])),
                Self::Duration => !text.ends_with(['P', 'T']),
                Self::Base64 => {
                    text.bytes().filter(|b| !b.is_ascii_whitespace()).count().is_multiple_of(4)
                }
                _ => true,
            }
    }

    /// Whether a text is one of the dates and times that answers are full of, told without a
    /// pattern. `false` says nothing.
    fn is_plainly(self, text: &[u8]) -> bool {
        match self {
            Self::Date => is_plain_date(text),
            Self::DateTime => text.split_at_checked(10).is_some_and(|(date, rest)| {
                let rest = rest.strip_suffix(b"Z").unwrap_or(rest);
                is_plain_date(date)
                    && rest.first() == Some(&b'T')
                    && has_places(&rest[1..], b"00:00:00")
                    && rest[1..3] < b"24"[..]
                    && rest[4] < b'6'
                    && rest[7] < b'6'
            }),
            _ => false,
        }
    }
}

/// A day that every month has.
fn is_plain_date(text: &[u8]) -> bool {
    has_places(text, b"0000-00-00")
        && (b"01".as_slice()..=b"12").contains(&&text[5..7])
        && (b"01".as_slice()..=b"28").contains(&&text[8..10])
}

/// Whether a text has a digit where a pattern has `0`, and is the pattern elsewhere.
fn has_places(text: &[u8], pattern: &[u8]) -> bool {
    text.len() == pattern.len()
        && text.iter().zip(pattern).all(|(byte, place)| match place {
            b'0' => byte.is_ascii_digit(),
            place => byte == place,
        })
}

/// Whether the month of a date has its day.
fn day_exists(text: &str) -> bool {
    let date = text.split('T').next().unwrap_or(text);
    let digits: Vec<&str> = date.trim_start_matches('-').splitn(3, '-').collect();
    let [year, month, day] = digits[..] else { return false };
    let year = year.get(year.len().saturating_sub(4)..).and_then(|y| y.parse::<u32>().ok());
    let (Some(year), Ok(month), Some(Ok(day))) =
        (year, month.parse::<u32>(), day.get(..2).map(str::parse::<u32>))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    day <= days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_accept_what_the_specification_does() {
        let check = |form: Form, text: &str, expected| {
            assert_eq!(form.accepts(text), expected, "{form:?} {text}");
        };
        check(Form::Date, "2024-02-29", true);
        check(Form::Date, "2023-02-29", false);
        check(Form::Date, "2023-02-28+02:00", true);
        check(Form::DateTime, "2023-04-31T00:00:00", false);
        check(Form::DateTime, "2023-04-30T24:00:00Z", true);
        check(Form::DateTime, "2023-04-30 10:00:00", false);
        check(Form::GMonthDay, "--02-29", true);
        check(Form::GMonthDay, "--02-30", false);
        check(Form::GMonthDay, "--04-31Z", false);
        check(Form::Duration, "P", false);
        check(Form::Duration, "P1YT1S", true);
        check(Form::Base64, "ZmlnbGVhZg==", true);
        check(Form::Base64, "Zml", false);
        check(Form::Hex, "0fB7", true);
        check(Form::Hex, "0fB", false);
    }
}
