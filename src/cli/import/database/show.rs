//! What the command says of a database: verdicts as JSON and as a table.

use std::fmt::Write;

use serde::Serialize;

use super::super::proposal::words::one_line;
use super::propose::Proposal;
use crate::cli::import::show::word;
use crate::diagnostic::Style;
use crate::soap::VerdictKind;

/// Reasons shown of one object before the rest is counted.
const REASONS_SHOWN_MAX: usize = 4;

#[derive(Serialize)]
struct JsonDatabase<'a> {
    database: &'a str,
    objects: Vec<JsonObject<'a>>,
}

#[derive(Serialize)]
struct JsonObject<'a> {
    name: &'a str,
    kind: &'static str,
    verdict: VerdictKind,
    reasons: Vec<JsonReason<'a>>,
    routes: Vec<String>,
}

#[derive(Serialize)]
struct JsonReason<'a> {
    code: &'static str,
    message: &'a str,
}

/// The verdicts for machines.
pub fn json(proposal: &Proposal) -> String {
    let objects = proposal.objects.iter().map(|object| JsonObject {
        name: &object.name,
        kind: object.kind,
        verdict: object.verdict(),
        reasons: object
            .reasons
            .iter()
            .map(|r| JsonReason { code: r.code.as_str(), message: &r.message })
            .collect(),
        routes: object
            .routes
            .iter()
            .map(|r| format!("{} {}{}", r.method, object.folder, r.below))
            .collect(),
    });
    let shown = JsonDatabase { database: &proposal.source, objects: objects.collect() };
    let text = serde_json::to_string_pretty(&shown).unwrap_or_else(|_| "{}".to_owned());
    format!("{text}\n")
}

/// The verdicts for people.
pub fn table(proposal: &Proposal, style: Style) -> String {
    let mut out = format!("{}\n", one_line(&proposal.source));
    for object in &proposal.objects {
        let word = word(object.verdict(), style);
        let name = one_line(&object.name);
        let routes = match object.routes.len() {
            0 => String::new(),
            1 => ", 1 route".to_owned(),
            many => format!(", {many} routes"),
        };
        let _ = writeln!(out, "  {word}  {} {name}{routes}", object.kind);
        for reason in object.reasons.iter().take(REASONS_SHOWN_MAX) {
            let _ = writeln!(out, "             {} [{}]", one_line(&reason.message), reason.code);
        }
        if let Some(more @ 1..) = object.reasons.len().checked_sub(REASONS_SHOWN_MAX) {
            let _ = writeln!(out, "             … and {more} more");
        }
    }
    let all = proposal.objects.len();
    let [works, loss, refused] = [VerdictKind::Works, VerdictKind::Loss, VerdictKind::Refused]
        .map(|kind| proposal.count(kind));
    let _ = writeln!(
        out,
        "\n{all} tables, views and routines: {works} without loss, {loss} with a named loss, \
         {refused} refused"
    );
    out
}
