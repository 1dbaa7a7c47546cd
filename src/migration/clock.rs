//! The time, in the units of this room.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;

/// Seconds since the epoch.
pub(super) fn seconds() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Milliseconds since the epoch.
pub(super) fn milliseconds() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Minutes since the epoch: what counts are kept by.
pub(super) fn minute() -> u64 {
    seconds() / 60
}

/// RFC 3339 in UTC, to the second.
pub(super) fn rfc3339(seconds: u64) -> String {
    let stamp = Timestamp::from_second(i64::try_from(seconds).unwrap_or(0)).unwrap_or_default();
    stamp.to_string()
}

/// Seconds since the epoch of a time this room wrote.
pub(super) fn parsed(text: &str) -> Option<u64> {
    let stamp: Timestamp = text.parse().ok()?;
    u64::try_from(stamp.as_second()).ok()
}

/// How long ago a time was; zero where it is to come.
pub(super) fn since(seconds_then: u64) -> Duration {
    Duration::from_secs(seconds().saturating_sub(seconds_then))
}

/// Seconds since the epoch, so long ago.
pub(super) fn ago(time: Duration) -> u64 {
    seconds().saturating_sub(time.as_secs())
}

/// How long until a time; zero where it has passed.
pub(super) fn until(seconds_then: u64) -> Duration {
    Duration::from_secs(seconds_then.saturating_sub(seconds()))
}
