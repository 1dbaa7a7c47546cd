//! What a status says, in words.

use jiff::Timestamp;

use super::super::check::counted;
use super::super::table::{Cell, printable};
use super::run::Found;
use crate::migration::RouteStatus;
use crate::strangler::{Stage, Verdict, wilson};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// `canary 5%, held`.
pub(super) fn stage(status: &RouteStatus) -> Cell {
    let position = status.position;
    let mut text = position.stage.to_string();
    for (latch, set) in [("held", position.held), ("rolled back", position.rolled_back)] {
        if set {
            text.push_str(&format!(", {latch}"));
        }
    }
    match position.stage {
        _ if position.rolled_back => Cell::bad(text),
        _ if position.held => Cell::unsure(text),
        Stage::Primary | Stage::Standby | Stage::Retired => Cell::good(text),
        _ => Cell::plain(text),
    }
}

/// `1204 legacy, 60 candidate`.
pub(super) fn callers(status: &RouteStatus) -> String {
    let (legacy, candidate) = (status.callers.0.requests, status.callers.1.requests);
    match (legacy, candidate) {
        (0, 0) => "none".to_owned(),
        (legacy, 0) => format!("{legacy} legacy"),
        (0, candidate) => format!("{candidate} candidate"),
        (legacy, candidate) => format!("{legacy} legacy, {candidate} candidate"),
    }
}

/// `99.50 % of 1188, at least 98.96 %`: what was seen, and what that is worth.
pub(super) fn matched(status: &RouteStatus) -> String {
    let evidence = &status.evidence;
    if evidence.compared == 0 {
        return "nothing compared".to_owned();
    }
    let good = evidence.compared.saturating_sub(evidence.mismatched);
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let rate = good as f64 / evidence.compared as f64;
    let (lower, _) = wilson(good, evidence.compared);
    format!("{} of {}, at least {}", percent(rate), evidence.compared, percent(lower))
}

/// Never rounded up to all.
fn percent(rate: f64) -> String {
    format!("{:.2} %", (rate * 1e4).floor() / 100.0)
}

/// `3 min ago`.
pub(super) fn ago(at: &str) -> String {
    let Ok(then) = at.parse::<Timestamp>() else { return at.to_owned() };
    match Timestamp::now().as_second() - then.as_second() {
        seconds if seconds < 2 * MINUTE => "just now".to_owned(),
        seconds if seconds < 2 * HOUR => format!("{} min ago", seconds / MINUTE),
        seconds if seconds < 2 * DAY => format!("{} h ago", seconds / HOUR),
        seconds => format!("{} d ago", seconds / DAY),
    }
}

pub(super) fn last_legacy_call(status: &RouteStatus) -> String {
    status.last_legacy_call.as_deref().map_or_else(|| "never".to_owned(), ago)
}

/// The next step, and whether it may be made.
pub(super) fn next(status: &RouteStatus) -> Cell {
    let Some(next) = status.next else { return Cell::good("done") };
    if status.safe_to_retire && status.blocked.is_empty() {
        return Cell::good(format!("{next}: may be, legacy is quiet"));
    }
    match (status.blocked.len(), status.judged.verdict) {
        (0, _) => Cell::good(format!("{next}: may be")),
        (_, Verdict::Fail) => Cell::bad(format!("{next}: the gate says fail")),
        _ => Cell::unsure(format!("{next}: not yet")),
    }
}

/// Servers that live, and whether a change is in force on all of them.
pub(super) fn instances(found: &Found) -> String {
    let living = counted(found.instances.len(), "instance");
    match (found.instances.len(), found.agree) {
        (0, _) => "no instance is running on this store".to_owned(),
        (1, true) => format!("{living}, and it acts by the last change"),
        (_, true) => format!("{living}, and all act by the last change"),
        (_, false) => {
            let newest = found.instances.iter().map(|i| i.epoch).max().unwrap_or(0);
            let late = found.instances.iter().filter(|i| i.epoch < newest).count().max(1);
            format!("{living}; {late} not yet by the last change")
        }
    }
}

/// Lines of at most so many characters, broken at spaces; each begins with the margin.
pub(super) fn wrapped(text: &str, margin: &str, width: Option<usize>) -> String {
    let width =
        width.map_or(usize::MAX, |width| width.saturating_sub(margin.chars().count()).max(20));
    let mut lines: Vec<String> = Vec::new();
    let text = printable(text);
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.iter().map(|line| format!("{margin}{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_broken_at_spaces() {
        let text = "match rate: 12 of 12 between 81 % and 100 %";
        assert_eq!(wrapped(text, "  ", None), format!("  {text}\n"));
        assert_eq!(
            wrapped(text, "  ", Some(24)),
            "  match rate: 12 of 12\n  between 81 % and 100 %\n"
        );
        assert_eq!(
            wrapped("1 × Extra at \"a\u{1b}[2J\nb\"", "", None),
            "1 × Extra at \"a\\u{1b}[2J\\nb\"\n"
        );
    }

    #[test]
    fn a_share_is_not_rounded_up() {
        assert_eq!(percent(0.999_99), "99.99 %");
        assert_eq!(percent(1.0), "100.00 %");
    }
}
