//! Times a person gives.

use jiff::Timestamp;

use super::super::output::Failure;
use crate::mapping::parse_duration;

/// A time to come, RFC 3339 in UTC: the one given, or so long from now.
///
/// # Errors
/// Where it is none.
pub(super) fn until(time: Option<&str>, after: Option<&str>) -> Result<Option<String>, Failure> {
    if let Some(time) = time {
        let stamp: Timestamp = time.parse().map_err(|_| {
            Failure::usage(format!("--until: `{time}` is no time"))
                .help("write it with its zone, such as 2026-12-01T08:00:00Z")
        })?;
        return Ok(Some(stamp.to_string()));
    }
    let Some(after) = after else { return Ok(None) };
    let length = parse_duration(after).filter(|length| !length.is_zero());
    let length = length.ok_or_else(|| no_duration("--for", after))?;
    let end = i64::try_from(length.as_secs().max(1)).ok();
    let end =
        end.and_then(|s| Timestamp::from_second(Timestamp::now().as_second().checked_add(s)?).ok());
    Ok(Some(end.ok_or_else(|| no_duration("--for", after))?.to_string()))
}

pub(super) fn no_duration(option: &str, text: &str) -> Failure {
    Failure::usage(format!("{option}: `{text}` is no length of time"))
        .help("write a whole number and a unit: 90s, 30m, 2h, 14d")
}
