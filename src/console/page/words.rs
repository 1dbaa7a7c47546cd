//! Numbers, times and marks as people read them.

use maud::{Markup, html};

use crate::migration::{RouteStatus, stage_word};
use crate::strangler::{Position, Stage, Verdict};

/// `12,345`
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `12.5 %`; a dash of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn percent(part: u64, whole: u64) -> String {
    match whole {
        0 => "–".to_owned(),
        whole => rate(part as f64 / whole as f64),
    }
}

/// A share of 1, so that what is not all of it does not look like it.
pub(super) fn rate(share: f64) -> String {
    let percent = share * 100.0;
    if share < 1.0 && percent > 99.99 {
        return "> 99.99 %".to_owned();
    }
    format!("{percent:.2} %")
}

/// A time a machine wrote, for people: `2026-11-21 22:54 UTC`.
pub(super) fn time(rfc3339: &str) -> Markup {
    let shown = match rfc3339.split_once('T') {
        Some((date, clock)) => format!("{date} {} UTC", clock.get(..5).unwrap_or(clock)),
        None => rfc3339.to_owned(),
    };
    html! { time datetime=(rfc3339) { (shown) } }
}

/// How long ago a time of a machine was: `12 min ago`. The time itself is a title.
pub(super) fn ago(rfc3339: &str, now: u64) -> Markup {
    let then = rfc3339.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_second);
    let seconds =
        then.ok().and_then(|then| u64::try_from(then).ok()).map(|t| now.saturating_sub(t));
    let shown = match seconds {
        None => rfc3339.to_owned(),
        Some(0..=89) => "just now".to_owned(),
        Some(seconds @ 90..=5_399) => format!("{} min ago", seconds / 60),
        Some(seconds @ 5_400..=172_799) => format!("{} h ago", seconds / 3_600),
        Some(seconds) => format!("{} days ago", seconds / 86_400),
    };
    html! { time datetime=(rfc3339) title=(rfc3339) { (shown) } }
}

/// A second of the epoch, as [`time`] takes it.
pub(super) fn rfc3339(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(0);
    jiff::Timestamp::from_second(seconds).unwrap_or_default().to_string()
}

/// Now, in seconds of the epoch.
pub(super) fn now() -> u64 {
    u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or(0)
}

/// A stage as a mark of its own colour.
pub(super) fn stage(stage: Stage) -> Markup {
    html! { span class={ "mark stage s-" (stage_word(stage)) } { (stage) } }
}

/// Latches that are set.
pub(super) fn latches(position: Position) -> Markup {
    html! {
        @if position.held { " " span class="mark held" { "held" } }
        @if position.rolled_back { " " span class="mark back" { "rolled back" } }
    }
}

/// What a gate says, by a sign as well as by a colour.
pub(super) fn verdict(verdict: Verdict) -> Markup {
    let (class, sign) = match verdict {
        Verdict::Pass => ("pass", "✓"),
        Verdict::Insufficient => ("insufficient", "…"),
        Verdict::Fail => ("fail", "✗"),
    };
    html! { span class={ "mark verdict " (class) } { span aria-hidden="true" { (sign) " " } (verdict) } }
}

/// What the gate says to the next step, where there is one that it is asked about.
pub(super) fn judged(status: &RouteStatus) -> Markup {
    match status.next {
        Some(next) if next > Stage::Shadow => verdict(status.judged.verdict),
        _ => html! { span class="dim" { "not asked" } },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_groups() {
        let check = |given: u64, expected: &str| assert_eq!(number(given), expected);
        check(0, "0");
        check(999, "999");
        check(1_000, "1,000");
        check(12_345_678, "12,345,678");
    }

    #[test]
    fn what_is_not_all_does_not_look_like_it() {
        assert_eq!(percent(1, 1), "100.00 %");
        assert_eq!(percent(99_999_999, 100_000_000), "> 99.99 %");
        assert_eq!(percent(0, 0), "–");
        assert_eq!(percent(1, 8), "12.50 %");
    }

    #[test]
    fn times_are_utc() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        let shown = time("2026-11-21T22:54:31Z").into_string();
        assert!(shown.ends_with(">2026-11-21 22:54 UTC</time>"), "{shown}");
        let check = |now: u64, expected: &str| {
            let shown = ago("1970-01-01T00:10:00Z", now).into_string();
            assert!(shown.ends_with(&format!(">{expected}</time>")), "{now}: {shown}");
        };
        check(600, "just now");
        check(600 + 120, "2 min ago");
        check(600 + 7_200, "2 h ago");
        check(600 + 14 * 86_400, "14 days ago");
    }
}
