//! Days, as `sunset` has them.

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Day {
    /// `2027-07-01`, alone or before a time; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.get(..10)?.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let is_plain = year.len() == 4 && month.len() == 2 && day.len() == 2;
        let rest = &text[10..];
        let day =
            Self { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
        (is_plain && (rest.is_empty() || rest.starts_with('T')) && day.is_possible()).then_some(day)
    }

    /// `Thu, 01 Jul 2027 00:00:00 GMT` (RFC 9110, section 5.6.7), or what [`Day::parse`] takes.
    pub(super) fn of_header(text: &str) -> Option<Self> {
        let Some((_, rest)) = text.split_once(", ") else { return Self::parse(text) };
        let mut parts = rest.split(' ');
        let day = parts.next()?.parse().ok()?;
        let month = parts.next()?;
        let month = MONTHS.iter().position(|name| *name == month)?;
        let year = parts.next()?.parse().ok()?;
        let found = Self { year, month: u8::try_from(month + 1).ok()?, day };
        found.is_possible().then_some(found)
    }

    fn is_possible(self) -> bool {
        (1..=12).contains(&self.month) && (1..=31).contains(&self.day)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_both_forms() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Day::of_header(text).map(|d| d.to_string()).as_deref(), expected, "{text}");
        };
        check("Thu, 01 Jul 2027 00:00:00 GMT", Some("2027-07-01"));
        check("2027-07-01", Some("2027-07-01"));
        check("2027-07-01T00:00:00Z", Some("2027-07-01"));
        check("2027-7-1", None);
        check("2027-13-01", None);
        check("soon", None);
        assert!(Day::parse("2027-07-01") > Day::parse("2026-12-31"));
    }
}
