//! All there is to say of one route.

use super::super::table::{self, Cell, Page};
use super::run::Found;
use super::words;
use crate::migration::RouteStatus;
use crate::strangler::{Judged, Latencies, Traffic, Verdict};

/// Places where answers differ that are shown.
const MISMATCHES_SHOWN_MAX: usize = 20;

pub(super) fn text(status: &RouteStatus, found: &Found, page: Page) -> String {
    let mut text = format!("{}\n", Cell::bold(status.route.clone()).shown(page.colours));
    text.push_str(&table::text(&facts(status), page));
    if status.next.is_some() {
        text.push_str(&reasons(&status.judged, page));
    }
    section(&mut text, "what blocks the next step", &status.blocked, page);
    let mismatches: Vec<String> = status
        .mismatches
        .iter()
        .take(MISMATCHES_SHOWN_MAX)
        .map(|(class, place, n)| format!("{n} × {class} at {place}"))
        .collect();
    section(&mut text, "where answers differ", &mismatches, page);
    section(&mut text, "rules", &status.rules, page);
    text.push_str(&format!("\n{}\n", words::instances(found)));
    text
}

fn facts(status: &RouteStatus) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let mut say = |what: &str, cell: Cell| {
        rows.push(vec![Cell::head(&format!("  {what}")), cell]);
    };
    say("stage", words::stage(status));
    if let Some((actor, reason, at)) = &status.changed {
        say("since", Cell::plain(format!("{at}, by {actor}: {reason}")));
    } else {
        say(
            "since",
            Cell::plain("no server has seen this route yet: it is where the mapping says"),
        );
    }
    if let Some(until) = &status.until {
        say("until", Cell::plain(format!("{until}, then at most {}", status.declared)));
    }
    say("mapping", Cell::plain(format!("{}, ceiling {}", status.declared, status.ceiling)));
    say("callers", Cell::plain(words::callers(status)));
    say("legacy", Cell::plain(side(status.evidence.legacy, status.evidence.legacy_took)));
    say("candidate", Cell::plain(side(status.evidence.candidate, status.evidence.candidate_took)));
    say("matched", Cell::plain(words::matched(status)));
    let last = status.last_legacy_call.as_ref().map(|at| format!(" ({at})")).unwrap_or_default();
    let last = format!("{}{last}", words::last_legacy_call(status));
    say("legacy asked", Cell::plain(last));
    say("next", words::next(status));
    let safe = if status.safe_to_retire { "yes" } else { "no" };
    say("safe to retire", Cell::plain(safe));
    rows
}

/// `1204 calls, 3 failed; p95 12 ms, p99 31 ms`.
fn side(calls: Traffic, took: Latencies) -> String {
    if calls.requests == 0 {
        return "not asked".to_owned();
    }
    let ms = |time: std::time::Duration| format!("{:.0} ms", (time.as_secs_f64() * 1e3).ceil());
    let (p95, p99) = (ms(took.p95), ms(took.p99));
    format!("{} calls, {} failed; p95 {p95}, p99 {p99}", calls.requests, calls.failed)
}

/// Everything a gate looked at: what it says, what was measured, what is wanted.
pub(in crate::cli) fn reasons(judged: &Judged, page: Page) -> String {
    let mut rows = vec![["  GATE", "", "MEASURED", "WANTED"].map(Cell::head).to_vec()];
    for reason in &judged.reasons {
        rows.push(vec![
            verdict(reason.verdict),
            Cell::plain(reason.what),
            Cell::plain(reason.measured.clone()),
            Cell::plain(reason.wanted.clone()),
        ]);
    }
    format!("\n{}", table::text(&rows, page))
}

fn verdict(verdict: Verdict) -> Cell {
    let text = format!("  {verdict}");
    match verdict {
        Verdict::Pass => Cell::good(text),
        Verdict::Insufficient => Cell::unsure(text),
        Verdict::Fail => Cell::bad(text),
    }
}

fn section(text: &mut String, title: &str, lines: &[String], page: Page) {
    if lines.is_empty() {
        return;
    }
    text.push_str(&format!("\n{}\n", Cell::head(&format!("  {title}")).shown(page.colours)));
    for line in lines {
        text.push_str(&words::wrapped(line, "  ", page.width));
    }
}
