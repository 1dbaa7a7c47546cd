//! Days that nobody alive was born on, as numbers.

use jiff::civil::Date;

/// The first of them: 1 January 1800, in the calendar of XML Schema and of databases.
const FIRST: Date = Date::constant(1800, 1, 1);
/// How many there are: until the end of 1899.
const DAYS: u64 = 36_524;

/// A day by its number, from 1; after the last comes the first again.
pub(super) fn write(number: u64) -> String {
    let days = i64::try_from(number.saturating_sub(1) % DAYS).unwrap_or(0);
    let day = FIRST.checked_add(jiff::Span::new().days(days)).unwrap_or(FIRST);
    day.to_string()
}

/// The number of a day; `None` for one that is none of them.
pub(super) fn read(text: &str) -> Option<u64> {
    let day: Date = text.parse().ok()?;
    let days = u64::try_from(FIRST.until(day).ok()?.get_days()).ok()?;
    (days < DAYS).then_some(days + 1)
}
