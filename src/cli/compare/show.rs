//! What people and programs see of a comparison.

use serde_json::{Value, json};

use super::super::check::counted;
use super::super::table::{self, Cell, Page};
use super::explain::Explained;
use crate::strangler::{Class, Comparison};

/// A class of mismatch as it is written.
fn class(class: Class) -> &'static str {
    match class {
        Class::Value => "value",
        Class::Type => "type",
        Class::Missing => "missing",
        Class::Extra => "extra",
        Class::Order => "order",
        Class::Length => "length",
        Class::Status => "status",
        Class::Header => "header",
        Class::ErrorVsOk => "error-vs-ok",
        Class::ErrorDiffers => "error-differs",
        Class::NoAnswer => "no-answer",
        Class::NotJson => "not-json",
    }
}

pub(super) fn human(explained: &Explained, page: Page) -> String {
    let comparison = &explained.comparison;
    let mut text = match &explained.route {
        Some(route) => format!("{route}, {}\n", counted(explained.rules.len(), "rule")),
        None => "no route: no rule\n".to_owned(),
    };
    let mut rows = vec![["PATH", "CLASS", "LEGACY", "CANDIDATE", "RULE"].map(Cell::head).to_vec()];
    rows.extend(differences(explained));
    if rows.len() > 1 {
        text.push_str(&format!("\n{}", table::text(&rows, page)));
    }
    if !explained.rules.is_empty() {
        let mut rows = vec![["RULE", "DECIDED", "HID"].map(Cell::head).to_vec()];
        for (rule, used) in explained.rules.iter().zip(&comparison.rules) {
            rows.push(vec![
                Cell::plain(rule.clone()),
                Cell::plain(counted_large(used.matched, "place")),
                Cell::plain(counted_large(used.hid, "difference")),
            ]);
        }
        text.push_str(&format!("\n{}", table::text(&rows, page)));
    }
    text.push_str(&format!(
        "\nhidden   {} of {} values ({}; the gate allows {})\n",
        comparison.hidden,
        comparison.leaves,
        percent(hidden(comparison)),
        percent(explained.hidden_max),
    ));
    let verdict = verdict(comparison);
    let shown = if comparison.is_match() { Cell::good(verdict) } else { Cell::bad(verdict) };
    text.push_str(&format!("verdict  {}\n", shown.shown(page.colours)));
    text
}

/// Mismatches, and then what rules let pass.
fn differences(explained: &Explained) -> impl Iterator<Item = Vec<Cell>> {
    let absent = |value: &Option<String>| Cell::plain(value.as_deref().unwrap_or("absent"));
    let rule = |at: Option<usize>| {
        let rule = at.and_then(|at| explained.rules.get(at)).cloned();
        Cell::plain(rule.unwrap_or_else(|| "none".to_owned()))
    };
    let mismatches = explained.comparison.mismatches.iter().map(move |one| {
        let critical = if one.critical { ", critical" } else { "" };
        vec![
            Cell::bold(one.path.to_string()),
            Cell::bad(format!("{}{critical}", class(one.class))),
            absent(&one.legacy),
            absent(&one.candidate),
            rule(one.rule),
        ]
    });
    let tolerated = explained.comparison.tolerated.iter().map(move |one| {
        let (legacy, candidate) = match (&one.legacy, &one.candidate) {
            (None, None) => (Cell::plain("in order"), Cell::plain("in another")),
            _ => (absent(&one.legacy), absent(&one.candidate)),
        };
        let class = Cell::good("tolerated");
        vec![Cell::plain(one.path.to_string()), class, legacy, candidate, rule(Some(one.rule))]
    });
    mismatches.chain(tolerated)
}

fn verdict(comparison: &Comparison) -> String {
    if comparison.is_match() {
        let tolerated = comparison.tolerated.len();
        return match tolerated {
            0 => "match".to_owned(),
            n => format!("match: rules let {} pass", counted(n, "difference")),
        };
    }
    let critical = comparison.mismatches.iter().filter(|one| one.critical).count();
    let critical = if critical > 0 { format!(", {critical} critical") } else { String::new() };
    format!("mismatch: {}{critical}", counted_large(comparison.count, "difference"))
}

pub(super) fn machine(explained: &Explained) -> Value {
    let comparison = &explained.comparison;
    let rule = |at: Option<usize>| at.and_then(|at| explained.rules.get(at));
    let mismatches = comparison.mismatches.iter().map(|one| {
        json!({
            "path": one.path.to_string(),
            "class": class(one.class),
            "legacy": one.legacy,
            "candidate": one.candidate,
            "critical": one.critical,
            "rule": rule(one.rule),
        })
    });
    let tolerated = comparison.tolerated.iter().map(|one| {
        json!({
            "path": one.path.to_string(),
            "legacy": one.legacy,
            "candidate": one.candidate,
            "rule": rule(Some(one.rule)),
        })
    });
    let rules = explained
        .rules
        .iter()
        .zip(&comparison.rules)
        .map(|(rule, used)| json!({ "rule": rule, "decided": used.matched, "hid": used.hid }));
    json!({
        "route": explained.route,
        "status": { "legacy": explained.statuses.0, "candidate": explained.statuses.1 },
        "verdict": if comparison.is_match() { "match" } else { "mismatch" },
        "critical": comparison.critical,
        "mismatches": mismatches.collect::<Vec<_>>(),
        "tolerated": tolerated.collect::<Vec<_>>(),
        "rules": rules.collect::<Vec<_>>(),
        "values": comparison.leaves,
        "hidden": comparison.hidden,
        "hidden_share": hidden(comparison),
    })
}

/// The share of values that rules hide.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn hidden(comparison: &Comparison) -> f64 {
    if comparison.leaves == 0 { 0.0 } else { comparison.hidden as f64 / comparison.leaves as f64 }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn counted_large(count: u64, noun: &str) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), noun)
}
