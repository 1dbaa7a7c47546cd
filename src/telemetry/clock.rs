//! The time as it stands in a line: `2026-11-21T10:00:00.123456Z`.

use std::cell::Cell;
use std::time::{SystemTime, UNIX_EPOCH};

/// Characters of a time up to its seconds.
const SECONDS_CHARS: usize = 19;

thread_local! {
    /// The last second that was written, and its text.
    static SECOND: Cell<(u64, [u8; SECONDS_CHARS])> = const { Cell::new((u64::MAX, [0; SECONDS_CHARS])) };
}

/// Writes the time.
pub(super) fn push_now(line: &mut String) {
    push(line, SystemTime::now());
}

fn push(line: &mut String, time: SystemTime) {
    let time = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut second = SECOND.get();
    if second.0 != time.as_secs() {
        second = (time.as_secs(), text(time.as_secs()));
        SECOND.set(second);
    }
    line.push_str(std::str::from_utf8(&second.1).unwrap_or_default());
    let mut micros = *b".000000Z";
    let mut rest = time.subsec_micros();
    for digit in micros[1..7].iter_mut().rev() {
        *digit += (rest % 10) as u8;
        rest /= 10;
    }
    line.push_str(std::str::from_utf8(&micros).unwrap_or_default());
}

fn text(seconds: u64) -> [u8; SECONDS_CHARS] {
    let time = i64::try_from(seconds).ok().and_then(|s| jiff::Timestamp::from_second(s).ok());
    let text = time.unwrap_or_default().to_string();
    let mut bytes = [b'0'; SECONDS_CHARS];
    bytes.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
    bytes
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_time_has_microseconds_and_follows_the_clock() {
        let check = |micros, expected| {
            let mut line = String::new();
            push(&mut line, UNIX_EPOCH + Duration::from_micros(micros));
            assert_eq!(line, expected);
        };
        check(0, "1970-01-01T00:00:00.000000Z");
        check(1_782_864_000_000_001, "2026-07-01T00:00:00.000001Z");
        check(1_782_864_000_999_999, "2026-07-01T00:00:00.999999Z");
        check(1_782_864_001_120_000, "2026-07-01T00:00:01.120000Z");
        check(1_782_863_999_000_000, "2026-06-30T23:59:59.000000Z");
    }
}
