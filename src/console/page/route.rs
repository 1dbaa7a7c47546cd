//! One route: where it is, what is known of its candidate, and where it may go.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{Markup, html};

use super::layout::{self, Tab};
use super::{actions, audit, evidence, words};
use crate::console::action::Refused;
use crate::console::listener::Console;
use crate::console::principal::Principal;
use crate::console::{handler, link, respond};
use crate::migration::{MigrationError, RouteStatus, STAGES, stage_word};
use crate::strangler::Stage;

/// Changes shown of a route.
const CHANGES_MAX: usize = 50;

/// The page of a route.
pub(in crate::console) async fn route(
    console: &Console,
    who: &Principal,
    path: &str,
    query: &str,
) -> Result<HttpResponse, MigrationError> {
    let Some(name) = link::route_of(path) else { return Ok(handler::not_found(who)) };
    let done = query == "done";
    shown(console, who, &name, (StatusCode::OK, done, None)).await
}

/// The same, after nothing was done.
pub(in crate::console) async fn refused(
    console: &Console,
    who: &Principal,
    name: &str,
    refused: Refused,
) -> Result<HttpResponse, MigrationError> {
    shown(console, who, name, (refused.status, false, Some(refused))).await
}

async fn shown(
    console: &Console,
    who: &Principal,
    name: &str,
    (code, done, refused): (StatusCode, bool, Option<Refused>),
) -> Result<HttpResponse, MigrationError> {
    let Some(migrations) = console.migrations() else { return Ok(handler::not_found(who)) };
    let status = migrations.status().await?.into_iter().find(|status| status.route == name);
    let Some(status) = status else { return Ok(handler::not_found(who)) };
    let history = migrations.history(Some(name)).await?;
    let exemplars = migrations.exemplars(name).await?;
    let mut lines = audit::read(&migrations.audit(1).await?, |_, line| line.route == name);
    lines.truncate(CHANGES_MAX);
    let running = console.running();
    let planned = running.plan.routes.iter().find(|planned| planned.id == name);
    let written = planned.and_then(|planned| Some(planned.migration.as_ref()?.rules.clone()));
    let written = written.unwrap_or_default();
    let content = html! {
        p class="crumb" { a href="/" { "Routes" } }
        h1 { code { (name) } }
        (stepper(status.position.stage))
        @if let Some(refused) = &refused { (actions::notice(refused)) }
        @if done {
            p class="notice good" role="status" { "Done. The route is in " (words::stage(status.position.stage)) (words::latches(status.position)) "." }
        }
        (standing(&status))
        section aria-labelledby="next" {
            h2 id="next" { "The next step " (words::judged(&status)) }
            (blocked(&status))
            (evidence::gate(&status))
        }
        section aria-labelledby="move" {
            h2 id="move" { "Move" }
            (actions::form(console, who, &status, refused.as_ref()))
        }
        section aria-labelledby="comparisons" {
            h2 id="comparisons" { "Comparisons" }
            (evidence::comparisons(&status, &history, &exemplars))
        }
        section aria-labelledby="rules" {
            h2 id="rules" { "Rules" }
            (evidence::rules(&status, &written))
        }
        section aria-labelledby="calls" {
            h2 id="calls" { "Calls since it is in this stage" }
            (evidence::sides(&status))
        }
        section aria-labelledby="changes" {
            h2 id="changes" { "Changes" }
            (audit::table(&lines, false))
        }
    };
    Ok(respond::page(code, layout::page(Some(who), Tab::Routes, name, &content)))
}

/// All stages, with the one it is in.
fn stepper(stage: Stage) -> Markup {
    let here = STAGES.iter().position(|word| *word == stage_word(stage)).unwrap_or(0);
    html! {
        ol class="stepper" aria-label="Stages" {
            @for (at, word) in STAGES.iter().enumerate() {
                li class={ "s-" (word) @if at < here { " passed" } } aria-current=[(at == here).then_some("step")] {
                    @if at == here { (stage) } @else { (word) }
                }
            }
        }
    }
}

/// Since when, by whom and how far.
fn standing(status: &RouteStatus) -> Markup {
    html! {
        dl class="facts" {
            div { dt { "Stage" } dd { (words::stage(status.position.stage)) (words::latches(status.position)) } }
            @if let Some((actor, reason, at)) = &status.changed {
                div { dt { "Since" } dd { (words::time(at)) ", by " b { (actor) } ": " (reason) } }
            }
            @if let Some(until) = &status.until { div { dt { "Until" } dd { (words::time(until)) } } }
            div { dt { "The mapping says" } dd { (words::stage(status.declared)) ", and " (words::stage(status.ceiling)) " at most" } }
            div { dt { "Last legacy call" } dd { @match &status.last_legacy_call { Some(at) => (words::time(at)), None => "never" } } }
            div { dt { "Safe to retire" } dd { @if status.safe_to_retire { "yes" } @else { "no" } } }
        }
    }
}

fn blocked(status: &RouteStatus) -> Markup {
    let gates: Vec<String> = status
        .judged
        .reasons
        .iter()
        .map(|r| format!("{}: {}; wanted: {}", r.what, r.measured, r.wanted))
        .collect();
    // What the gate says stands in its table.
    let others: Vec<&String> = status.blocked.iter().filter(|said| !gates.contains(said)).collect();
    html! {
        @match (status.next, status.blocked.is_empty()) {
            (None, _) => p { "There is no next step." },
            (Some(next), true) => p { "Nothing blocks " (words::stage(next)) "." },
            (Some(next), false) => {
                p { (words::stage(next)) " is blocked by "
                    @if others.is_empty() { "what the gate says." } @else { "this:" } }
                @if !others.is_empty() { ul { @for said in &others { li { (said) } } } }
            }
        }
        @if status.next == Some(Stage::Shadow) && status.blocked.is_empty() {
            p class="dim" { "Shadow needs no evidence: it is how one gets to know a candidate." }
        }
    }
}
