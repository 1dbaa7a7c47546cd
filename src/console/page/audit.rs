//! Who changed what, when and why.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{Markup, html};
use serde_json::Value;

use super::layout::{self, Tab};
use super::words;
use crate::console::form::Form;
use crate::console::listener::Console;
use crate::console::principal::Principal;
use crate::console::{link, respond};
use crate::migration::MigrationError;
use crate::store::{AuditLine, verify_chain};
use crate::strangler::Stage;

/// Lines of one page.
const LINES_MAX: usize = 100;

/// A line with its number.
pub(super) type Numbered = (u64, AuditLine);

/// The page of all changes, newest first; `?before=` a number goes on from there.
pub(in crate::console) async fn audit(
    console: &Console,
    who: &Principal,
    query: &str,
) -> Result<HttpResponse, MigrationError> {
    let lines = match console.migrations() {
        Some(migrations) => migrations.audit(1).await?,
        None => Vec::new(),
    };
    let chain = verify_chain(&lines);
    let before = Form::parse(query).get("before").parse().unwrap_or(u64::MAX);
    let told = read(&lines, |number, _| number < before);
    let shown = &told[..told.len().min(LINES_MAX)];
    let rest = shown.last().map(|(number, _)| *number).filter(|number| *number > 1);
    let content = html! {
        h1 { "Audit" }
        @match chain {
            Ok(()) => p class="notice good" { "✓ The chain of " (words::number(lines.len() as u64)) " lines is whole: each holds the hash of the one before." },
            Err(broken) => p class="notice bad" role="alert" { "✗ " (broken) "." },
        }
        (table(shown, true))
        @if let Some(number) = rest { p { a href={ "/audit?before=" (number) } { "Older" } } }
    };
    Ok(respond::page(StatusCode::OK, layout::page(Some(who), Tab::Audit, "Audit", &content)))
}

/// Lines that are wanted, the newest first.
pub(super) fn read(
    lines: &[(u64, String, String)],
    wanted: impl Fn(u64, &AuditLine) -> bool,
) -> Vec<Numbered> {
    let told = lines.iter().rev().filter_map(|(number, line, _)| {
        let line = serde_json::from_str::<AuditLine>(line).ok()?;
        wanted(*number, &line).then_some((*number, line))
    });
    told.collect()
}

/// Lines as a table.
pub(super) fn table(lines: &[Numbered], with_route: bool) -> Markup {
    html! {
        @if lines.is_empty() { p class="empty" { "Nothing was changed yet." } }
        @else {
            div class="wide" tabindex="0" role="region" aria-label="Changes" {
                table {
                    thead { tr {
                        th scope="col" class="n" { "Line" } th scope="col" { "When" } th scope="col" { "Who" }
                        @if with_route { th scope="col" { "Route" } }
                        th scope="col" { "Change" } th scope="col" { "Why" }
                    } }
                    tbody { @for (number, line) in lines { (row(*number, line, with_route)) } }
                }
            }
        }
    }
}

fn row(number: u64, line: &AuditLine, with_route: bool) -> Markup {
    let known: Value = serde_json::from_str(&line.evidence).unwrap_or_default();
    let reasons = known.get("reasons").and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    html! {
        tr {
            td class="n" { (number) }
            td { (words::time(&line.at)) }
            td { (line.actor) div class="dim" { (line.origin) } }
            @if with_route { td { a href=(link::of_route(&line.route)) { code { (line.route) } } } }
            td class="change" {
                @if let Some(from) = line.from.as_ref().filter(|from| **from != line.to) { (stage(from)) " → " }
                (stage(&line.to))
                @for latch in &line.latches { " " span class={ "mark " @if latch == "held" { "held" } @else { "back" } } { (latch.replace('_', " ")) } }
            }
            td class="why" {
                (line.reason)
                @if !reasons.is_empty() {
                    details {
                        summary class="dim" { "gate: " (text(&known, "verdict")) }
                        ul { @for reason in &reasons {
                            li { b { (text(reason, "what")) } " " (text(reason, "verdict")) ": " (text(reason, "measured")) "; wanted: " (text(reason, "wanted")) }
                        } }
                    }
                }
            }
        }
    }
}

fn stage(text: &str) -> Markup {
    match Stage::parse(text) {
        Some(stage) => words::stage(stage),
        None => html! { (text) },
    }
}
