//! What people and programs see of a comparison.

use std::fmt::Write;
use std::io::IsTerminal;

use serde_json::{Value, json};

use super::super::output;
use super::arguments::DiffFormat;
use super::outcome::{Group, Outcome};
use crate::change::{Cause, Change, Severity};

/// Places of one change that are listed for people.
const PLACES_MAX: usize = 12;
/// Characters of a line of a source that are shown.
const LINE_CHARS_MAX: usize = 160;

/// Prints the outcome.
pub(super) fn show(outcome: &Outcome, format: DiffFormat) {
    output::print(&match format {
        DiffFormat::Human => human(outcome),
        DiffFormat::Json => format!("{:#}\n", machine(outcome)),
        DiffFormat::Markdown => markdown(outcome),
    });
}

fn human(outcome: &Outcome) -> String {
    let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut text = String::new();
    for group in outcome.groups() {
        let change = group.change;
        let (start, end) = if colours { (colour(change.severity), "\u{1b}[0m") } else { ("", "") };
        let severity = change.severity.as_str();
        let _ = writeln!(text, "{start}{severity}{end}: {} [{}]", change.text, change.rule);
        for at in group.places.iter().take(PLACES_MAX) {
            let change = &outcome.changes[*at];
            let _ = write!(text, "  {} {}", place(change), change.fingerprint());
            if let Some(by) = outcome.judged.approved[*at] {
                let approval = &outcome.approvals.all[by];
                let _ = write!(text, " approved by {}: {}", approval.by, approval.reason);
            }
            text.push('\n');
        }
        if group.places.len() > PLACES_MAX {
            let _ = writeln!(text, "  and {} more places", group.places.len() - PLACES_MAX);
        }
        causes(&mut text, &group, &outcome.before);
        if !change.advice.is_empty() {
            let _ = writeln!(text, "  = help: {}", change.advice);
        }
        text.push('\n');
    }
    for (list, what) in notes(outcome) {
        for at in list {
            let approval = &outcome.approvals.all[*at];
            let what = format!("{} {}", approval.fingerprint, what);
            let _ = writeln!(text, "approval {what}: {}: {}", approval.operation, approval.text);
        }
    }
    let _ = writeln!(text, "{}", outcome.summary());
    text
}

fn notes(outcome: &Outcome) -> [(&[usize], &'static str); 2] {
    [
        (&outcome.judged.expired, "has expired"),
        (&outcome.judged.stale, "is stale, it fits no change any more"),
    ]
}

fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Breaking => "\u{1b}[1;31m",
        Severity::Risky => "\u{1b}[1;33m",
        Severity::Safe => "\u{1b}[1;32m",
    }
}

fn place(change: &Change) -> String {
    let operation = if change.operation.is_empty() { "the document" } else { &change.operation };
    if change.place.is_empty() {
        return format!("{operation},");
    }
    format!("{operation}, {},", change.place)
}

fn causes(text: &mut String, group: &Group<'_>, revision: &str) {
    let Some(causes) = group.causes else { return };
    if causes.is_empty() {
        text.push_str("  cause not found\n");
    }
    for cause in causes {
        let more = match cause.together {
            0 | 1 => String::new(),
            count => format!(" (with others: {count} lines changed together)"),
        };
        let _ = writeln!(text, "  caused by {}{more}", located(cause, revision));
        for (mark, line) in [("-", &cause.before), ("+", &cause.after)] {
            let Some(line) = line else { continue };
            let _ = writeln!(text, "    {mark} {}", cut(line));
        }
    }
}

/// `wsdl/shop/orders.xsd:40`, of the earlier revision where nothing is left of it.
fn located(cause: &Cause, revision: &str) -> String {
    let of = if cause.after.is_none() { format!(" of {revision}") } else { String::new() };
    format!("{}:{}{of}", cause.file, cause.line)
}

fn cut(line: &str) -> String {
    let mut chars = line.chars();
    let head: String = chars.by_ref().take(LINE_CHARS_MAX).collect();
    if chars.next().is_some() { format!("{head}…") } else { head }
}

fn machine(outcome: &Outcome) -> Value {
    let cause = |cause: &Cause| {
        json!({
            "file": cause.file,
            "line": cause.line,
            "before": cause.before,
            "after": cause.after,
            "together": cause.together,
        })
    };
    let change = |(at, change): (usize, &Change)| {
        let approval = outcome.judged.approved[at].map(|by| &outcome.approvals.all[by]);
        let causes =
            outcome.causes.as_ref().map(|all| all[at].iter().map(cause).collect::<Vec<_>>());
        json!({
            "severity": change.severity.as_str(),
            "rule": change.rule,
            "operation": change.operation,
            "place": change.place,
            "text": change.text,
            "before": change.before,
            "after": change.after,
            "advice": change.advice,
            "fingerprint": change.fingerprint(),
            "approved": approval.map(|a| json!({ "reason": a.reason, "by": a.by, "until": a.until })),
            "causes": causes,
        })
    };
    let approvals = |list: &[usize]| -> Vec<Value> {
        let fingerprint = |at: &usize| outcome.approvals.all[*at].fingerprint.clone().into();
        list.iter().map(fingerprint).collect()
    };
    json!({
        "before": outcome.before,
        "after": outcome.after,
        "changes": outcome.changes.iter().enumerate().map(change).collect::<Vec<_>>(),
        "approvals": {
            "expired": approvals(&outcome.judged.expired),
            "stale": approvals(&outcome.judged.stale),
        },
    })
}

fn markdown(outcome: &Outcome) -> String {
    let mut text = format!("### API changes\n\n{}\n", outcome.summary());
    let groups = outcome.groups();
    if !groups.is_empty() {
        text.push_str("\n| | change | where | cause |\n|---|---|---|---|\n");
    }
    for group in &groups {
        let is_approved = group.places.iter().all(|at| outcome.judged.approved[*at].is_some());
        let approved = if is_approved { ", approved" } else { "" };
        let shown = group.places.iter().take(PLACES_MAX).map(|at| {
            let change = &outcome.changes[*at];
            let place = place(change);
            format!("{} `{}`", place.trim_end_matches(','), change.fingerprint())
        });
        let mut places: Vec<String> = shown.map(|place| cell(&place)).collect();
        if group.places.len() > PLACES_MAX {
            places.push(format!("and {} more", group.places.len() - PLACES_MAX));
        }
        let causes = match group.causes {
            None => String::new(),
            Some([]) => "not found".to_owned(),
            Some(causes) => {
                let line = |cause: &Cause| {
                    let source = cause.after.as_ref().or(cause.before.as_ref());
                    let source =
                        source.map_or(String::new(), |line| cell(&cut(line)).replace('`', "'"));
                    format!("{} `{source}`", cell(&located(cause, &outcome.before)))
                };
                causes.iter().map(line).collect::<Vec<_>>().join("<br>")
            }
        };
        let severity = group.change.severity.as_str();
        let what = format!("{} (`{}`)", cell(&group.change.text), group.change.rule);
        let _ = writeln!(
            text,
            "| **{severity}**{approved} | {what} | {} | {causes} |",
            places.join("<br>")
        );
    }
    for (list, what) in notes(outcome) {
        for at in list {
            let approval = &outcome.approvals.all[*at];
            let _ =
                writeln!(text, "\nApproval `{}` {what}: {}", approval.fingerprint, approval.text);
        }
    }
    text
}

/// A text that keeps to its cell, and whose angles are not tags.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('\n', " ")
}
