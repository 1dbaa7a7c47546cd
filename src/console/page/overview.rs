//! How far the migration is: all routes at once.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{Markup, html};

use super::chart::{self, Routes, Shown};
use super::layout::{self, Tab};
use super::words;
use crate::console::listener::Console;
use crate::console::principal::Principal;
use crate::console::{link, respond};
use crate::migration::{MigrationError, Migrations, RouteStatus, STAGES, stage_word};
use crate::store::AuditLine;
use crate::strangler::{Stage, wilson};

/// The page of all routes.
pub(in crate::console) async fn overview(
    console: &Console,
    who: &Principal,
) -> Result<HttpResponse, MigrationError> {
    let content = match console.migrations() {
        Some(migrations) => shown(&migrations).await?,
        None => html! {
            h1 { "Migration" }
            p { "No route has a candidate yet. Give one a " code { "candidate:" } " in its mapping: it begins in the stage "
                (words::stage(Stage::Legacy)) ", and nothing changes for callers." }
        },
    };
    Ok(respond::page(StatusCode::OK, layout::page(Some(who), Tab::Routes, "Migration", &content)))
}

async fn shown(migrations: &Migrations) -> Result<Markup, MigrationError> {
    let routes = migrations.status().await?;
    let history = migrations.history(None).await?;
    let changes = over_time(&migrations.audit(1).await?, &routes);
    let (instances, agree) = migrations.instances().await?;
    let traffic = Shown {
        names: ("answers to callers", "by candidates"),
        of: |moment| (moment.legacy + moment.candidate, moment.candidate),
        class: "s-primary",
        shares: true,
    };
    Ok(html! {
        h1 { "Migration" }
        @if migrations.is_lost() {
            p class="notice bad" role="alert" { "The store does not answer. Every route stays where it is." }
        }
        (figures(&routes))
        div class="charts" {
            section aria-labelledby="by-stage" {
                h2 id="by-stage" { "Routes by stage" }
                (chart::burn_down(&changes, words::now()))
                (legend(&routes))
            }
            section aria-labelledby="by-side" {
                h2 id="by-side" { "Callers answered by candidates" }
                @if history.moments.iter().any(|m| m.legacy + m.candidate > 0) {
                    (chart::bars(&history, traffic, "The share of callers that candidates answered, over time"))
                    p class="legend" {
                        span { i class="key s-primary" {} "candidate" } span { i class="key whole" {} "legacy system" }
                    }
                } @else {
                    p class="empty" { "No caller was answered yet." }
                }
            }
        }
        section aria-labelledby="routes" {
            h2 id="routes" { "Routes" }
            (table(&routes))
        }
        @if !instances.is_empty() {
            p class="dim" {
                (instances.len()) @if instances.len() == 1 { " instance lives" } @else { " instances live" }
                @if agree { ", and all act by the last change." } @else { "; not all act by the last change yet." }
            }
        }
    })
}

/// The figures somebody looks for first.
fn figures(routes: &[RouteStatus]) -> Markup {
    let taken = routes.iter().filter(|r| r.position.stage >= Stage::Primary).count();
    let (legacy, candidate) = routes.iter().fold((0, 0), |(legacy, candidate), status| {
        (legacy + status.callers.0.requests, candidate + status.callers.1.requests)
    });
    let stopped = routes.iter().filter(|r| r.position.rolled_back || r.position.held).count();
    let safe = routes.iter().filter(|r| r.safe_to_retire).count();
    html! {
        dl class="figures" {
            div { dt { "Answered by the candidate" } dd { (taken) span class="dim" { " of " (routes.len()) " routes" } } }
            div { dt { "Callers answered by candidates" } dd { (words::percent(candidate, legacy + candidate)) } }
            div { dt { "Held or rolled back" } dd { (stopped) } }
            div { dt { "Safe to retire" } dd { (safe) } }
        }
    }
}

fn legend(routes: &[RouteStatus]) -> Markup {
    let count = |word: &str| routes.iter().filter(|r| stage_word(r.position.stage) == word).count();
    html! {
        p class="legend" {
            @for word in STAGES { span { i class={ "key s-" (word) } {} (word) " " b { (count(word)) } } }
        }
    }
}

fn table(routes: &[RouteStatus]) -> Markup {
    html! {
        div class="wide" tabindex="0" role="region" aria-labelledby="routes" {
            table {
                thead { tr {
                    th scope="col" { "Route" }
                    th scope="col" { "Stage" }
                    th scope="col" class="n" { "Callers" }
                    th scope="col" class="n" { "Match rate" }
                    th scope="col" { "Gate" }
                    th scope="col" { "Last legacy call" }
                    th scope="col" { "What blocks the next step" }
                    th scope="col" { "Safe to retire" }
                } }
                tbody { @for status in routes { (row(status)) } }
            }
        }
    }
}

fn row(status: &RouteStatus) -> Markup {
    let (legacy, candidate) = (status.callers.0.requests, status.callers.1.requests);
    let compared = status.evidence.compared;
    let good = compared.saturating_sub(status.evidence.mismatched);
    html! {
        tr {
            th scope="row" { a href=(link::of_route(&status.route)) { code { (status.route) } } }
            td { (words::stage(status.position.stage)) (words::latches(status.position)) }
            td class="n" {
                (words::number(legacy + candidate))
                div class="dim" { (words::percent(candidate, legacy + candidate)) " by candidate" }
            }
            td class="n" {
                (words::percent(good, compared))
                @if compared > 0 {
                    div class="dim" { "≥ " (words::rate(wilson(good, compared).0)) " of " (words::number(compared)) }
                }
            }
            td { (words::judged(status)) }
            td { @match &status.last_legacy_call { Some(at) => (words::ago(at, words::now())), None => "never" } }
            td class="why" {
                @match (&status.blocked[..], status.next) {
                    ([], Some(next)) => { "nothing: next is " (words::stage(next)) }
                    ([], None) => "there is no next step"
                    ([first, rest @ ..], _) => {
                        (first) @if !rest.is_empty() { span class="dim" { " and " (rest.len()) " more" } }
                    }
                }
            }
            td { @if status.safe_to_retire { span class="mark verdict pass" { "yes" } } @else { span class="dim" { "no" } } }
        }
    }
}

/// How many routes were in each stage after every change. Routes that are no longer in the
/// plan count where they were retired: that is what it was for.
fn over_time(lines: &[(u64, String, String)], now: &[RouteStatus]) -> Vec<(u64, Routes)> {
    let mut stages: BTreeMap<String, Stage> = BTreeMap::new();
    let mut changes = Vec::new();
    for (_, line, _) in lines {
        let Ok(line) = serde_json::from_str::<AuditLine>(line) else { continue };
        let (Some(stage), Ok(at)) = (Stage::parse(&line.to), line.at.parse::<jiff::Timestamp>())
        else {
            continue;
        };
        if stage != Stage::Retired && !now.iter().any(|status| status.route == line.route) {
            continue;
        }
        stages.insert(line.route, stage);
        changes.push((u64::try_from(at.as_second()).unwrap_or(0), counted(stages.values())));
    }
    changes
}

fn counted<'s>(stages: impl Iterator<Item = &'s Stage>) -> Routes {
    let mut routes = Routes::default();
    for stage in stages {
        let at = STAGES.iter().position(|word| *word == stage_word(*stage)).unwrap_or(0);
        routes[at] += 1;
    }
    routes
}
