//! What the command says: the verdicts as JSON and as a table, problems in both.

use std::fmt::Write;
use std::io::IsTerminal;

use serde::Serialize;

use super::judged::{Judged, Row};
use crate::cli::output::Failure;
use crate::diagnostic::{Code, Diagnostic, Sources, Style};
use crate::soap::VerdictKind;

/// Places listed of one kind of loss before the rest is counted.
const PLACES_MAX: usize = 3;

#[derive(Serialize)]
struct JsonContract<'a> {
    contract: &'a str,
    operations: Vec<JsonOperation<'a>>,
}

#[derive(Serialize)]
struct JsonOperation<'a> {
    service: &'a str,
    port: &'a str,
    operation: &'a str,
    verdict: VerdictKind,
    reasons: Vec<JsonReason<'a>>,
}

#[derive(Serialize)]
struct JsonReason<'a> {
    code: &'a str,
    message: &'a str,
    file: String,
    line: u32,
}

/// The verdicts for machines; `given` is the source as it was typed.
pub fn json(given: &str, judged: &Judged) -> String {
    let sources = &judged.contract.sources;
    let root = judged.files.first().map_or(given, |file| file.location.as_str());
    let reason = |d: &Diagnostic| -> JsonReason<'_> {
        let place = d.span.map(|span| sources.place(span));
        let (file, line) = place.map_or((root.to_owned(), 1), |place| (place.file, place.line));
        JsonReason { code: d.code.as_str(), message: "", file, line }
    };
    let operations = judged.rows.iter().map(|row| JsonOperation {
        service: &judged.service(row).name.local,
        port: &judged.port(row).name,
        operation: &judged.operation(row).name,
        verdict: row.verdict.kind,
        reasons: row
            .verdict
            .reasons
            .iter()
            .map(|d| JsonReason { message: &d.message, ..reason(d) })
            .collect(),
    });
    let shown = JsonContract { contract: given, operations: operations.collect() };
    let text = serde_json::to_string_pretty(&shown).unwrap_or_else(|_| "{}".to_owned());
    format!("{text}\n")
}

/// A failure for machines.
pub fn json_failure(failure: &Failure, problems: &[&Diagnostic], sources: &Sources) -> String {
    let problems: Vec<serde_json::Value> = problems
        .iter()
        .map(|d| {
            let place = d.span.map(|span| sources.place(span));
            serde_json::json!({
                "code": d.code.as_str(),
                "severity": d.severity,
                "message": d.message,
                "file": place.as_ref().map(|p| &p.file),
                "line": place.as_ref().map(|p| p.line),
                "column": place.as_ref().map(|p| p.column),
                "help": d.help,
            })
        })
        .collect();
    let shown = serde_json::json!({
        "error": failure.message,
        "help": failure.help,
        "problems": problems,
    });
    let text = serde_json::to_string_pretty(&shown).unwrap_or_else(|_| "{}".to_owned());
    format!("{text}\n")
}

/// Whether stdout is a terminal that wants colours.
pub fn style() -> Style {
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if colour { Style::Colour } else { Style::Plain }
}

/// The verdicts for people: a table for each port, and a line that sums them up.
pub fn table(judged: &Judged, style: Style) -> String {
    let mut out = String::new();
    let mut last = None;
    for row in &judged.rows {
        if last != Some((row.service, row.port)) {
            last = Some((row.service, row.port));
            heading(&mut out, judged, row, style);
        }
        let word = word(row.verdict.kind, style);
        let _ = writeln!(out, "  {word}  {}", judged.operation(row).name);
        for line in reasons(&row.verdict.reasons, &judged.contract.sources) {
            let _ = writeln!(out, "             {line}");
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(&summary(judged));
    out
}

fn heading(out: &mut String, judged: &Judged, row: &Row, style: Style) {
    let (bold, off) = match style {
        Style::Colour => ("\u{1b}[1m", "\u{1b}[0m"),
        Style::Plain => ("", ""),
    };
    let port = judged.port(row);
    let version = match port.version {
        crate::wsdl::SoapVersion::V11 => "SOAP 1.1",
        crate::wsdl::SoapVersion::V12 => "SOAP 1.2",
    };
    let address = port.address.as_deref().unwrap_or("no address");
    if !out.is_empty() {
        out.push('\n');
    }
    let service = &judged.service(row).name.local;
    let _ = writeln!(out, "{bold}{service} / {}{off}  {version}, {address}", port.name);
}

/// The verdict's word, padded, coloured on terminals.
pub(super) fn word(kind: VerdictKind, style: Style) -> String {
    let (word, colour) = match kind {
        VerdictKind::Works => ("works  ", "\u{1b}[32m"),
        VerdictKind::Loss => ("loss   ", "\u{1b}[33m"),
        VerdictKind::Refused => ("refused", "\u{1b}[31m"),
    };
    match style {
        Style::Colour => format!("{colour}{word}\u{1b}[0m"),
        Style::Plain => word.to_owned(),
    }
}

/// Reasons of one code together: a line each for the first, the rest counted.
pub fn reasons(reasons: &[Diagnostic], sources: &Sources) -> Vec<String> {
    let mut lines = Vec::new();
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for reason in reasons {
        let code = reason.code.as_str();
        let at = counts.iter().position(|(known, _)| *known == code).unwrap_or_else(|| {
            counts.push((code, 0));
            counts.len() - 1
        });
        counts[at].1 += 1;
        if counts[at].1 <= PLACES_MAX {
            lines.push(format!("{}{} [{code}]", place(reason, sources), reason.message));
        }
    }
    for (code, count) in counts.into_iter().filter(|(_, count)| *count > PLACES_MAX) {
        lines.push(format!("… and {} more [{code}]", count - PLACES_MAX));
    }
    lines
}

/// A line for each code: what it means, and the first places.
pub fn codes(reasons: &[Diagnostic], sources: &Sources) -> Vec<String> {
    let mut found: Vec<(Code, Vec<String>)> = Vec::new();
    for reason in reasons {
        let at = found.iter().position(|(code, _)| *code == reason.code).unwrap_or_else(|| {
            found.push((reason.code, Vec::new()));
            found.len() - 1
        });
        let place = place(reason, sources);
        if !place.is_empty() {
            found[at].1.push(place.trim_end_matches([':', ' ']).to_owned());
        }
    }
    let line = |(code, places): (Code, Vec<String>)| {
        let first = places[..places.len().min(PLACES_MAX)].join(", ");
        match places.len().saturating_sub(PLACES_MAX) {
            0 => format!("{} [{code}] {first}", code.title()).trim_end().to_owned(),
            more => format!("{} [{code}] {first} and {more} more", code.title()),
        }
    };
    found.into_iter().map(line).collect()
}

/// Empty for what stands in no file, such as a type that is built in.
fn place(reason: &Diagnostic, sources: &Sources) -> String {
    let place = reason.span.map(|span| sources.place(span)).filter(|place| !place.file.is_empty());
    place.map_or_else(String::new, |place| format!("{}:{}: ", place.file, place.line))
}

/// `8 operations: 6 work, 1 with a loss, 1 refused`.
pub fn summary(judged: &Judged) -> String {
    let all = judged.rows.len();
    let [works, loss, refused] = [VerdictKind::Works, VerdictKind::Loss, VerdictKind::Refused]
        .map(|kind| judged.count(kind));
    let s = if all == 1 { "" } else { "s" };
    format!(
        "{all} operation{s}: {works} without loss, {loss} with a named loss, {refused} refused\n"
    )
}
