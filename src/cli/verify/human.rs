//! What was found, for people: a line a fixture, its reasons below.

use super::super::check::counted;
use crate::fixture::{Checked, Verification};

/// All of it.
pub(super) fn text(verification: &Verification) -> String {
    let mut text: String = verification.fixtures.iter().map(fixture).collect();
    if !verification.uncovered.is_empty() {
        text.push_str("\nwithout a fixture:\n");
        for uncovered in &verification.uncovered {
            text.push_str(&format!("  {:<9}  {}\n", uncovered.kind, uncovered.name));
        }
    }
    text.push_str(&format!("\n{}\n", summary(verification)));
    text
}

fn fixture(checked: &Checked) -> String {
    let word = match (&checked.skipped, checked.is_ok()) {
        (_, false) => "FAILED",
        (Some(_), true) => "-",
        (None, true) => "ok",
    };
    let mut text = format!("{word:<6} {}\n", checked.name);
    for finding in &checked.findings {
        text.push_str(&format!("         {}: {}\n", finding.check.name(), finding.message));
        text.extend(finding.lines.iter().map(|line| format!("           {line}\n")));
    }
    text.extend(checked.skipped.iter().map(|why| format!("         not checked: {why}\n")));
    text.extend(checked.notes.iter().map(|note| format!("         note: {note}\n")));
    text
}

fn summary(verification: &Verification) -> String {
    let failed = verification.failed();
    let skipped = verification.fixtures.iter().filter(|c| c.is_ok() && c.skipped.is_some()).count();
    let all = verification.fixtures.len();
    let mut text =
        format!("{}: {} ok, {failed} failed", counted(all, "fixture"), all - failed - skipped);
    if skipped > 0 {
        text.push_str(&format!(", {skipped} not checked"));
    }
    let without = verification.uncovered.len();
    if verification.coverable > 0 {
        let of = verification.coverable;
        let shown = of - without;
        text.push_str(&format!("; {shown} of {of} routes, operations and faults have one"));
    }
    text
}
