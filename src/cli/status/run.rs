//! The command.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::super::output::{self, Failure, Format};
use super::super::state::{Access, LiveArguments, failure};
use super::{all, one};
use crate::migration::{Migrations, RouteStatus, status_json};
use crate::store::Instance;

/// Show how far every route with a candidate is: its stage, who answers callers, how often both
/// sides agree, and what blocks the next step.
///
/// Nothing is written, and no server is asked: all there is to know is in their store.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf status --state state.db\n  figleaf status --route 'GET /orders/{orderId}'\n  figleaf status --format json | jq '.routes[] | select(.blocked == [])'\n\nJSON has the shape of /api/status on the console, with `instances` beside it.\n\nExit codes: 0 shown; 2 unusable arguments or mappings, or no such store."
)]
pub struct Arguments {
    /// Only this route, with all reasons of the gate, what differs, and what its rules do.
    #[arg(long, value_name = "ROUTE")]
    route: Option<String>,
    /// Whether people or programs read it.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    live: LiveArguments,
}

/// What was found.
pub(super) struct Found {
    pub routes: Vec<RouteStatus>,
    /// Servers that live.
    pub instances: Vec<Instance>,
    /// Whether all of them act by the last change.
    pub agree: bool,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let found = actix_web::rt::System::new().block_on(found(arguments))?;
    let page = output::page();
    output::print(&match (arguments.format, &arguments.route, &found.routes[..]) {
        (Format::Json, _, _) => format!("{:#}\n", machine(&found)),
        (Format::Human, Some(_), [route]) => one::text(route, &found, page),
        (Format::Human, _, _) => all::text(&found, page),
    });
    Ok(ExitCode::SUCCESS)
}

async fn found(arguments: &Arguments) -> Result<Found, Failure> {
    let opened = arguments.live.open(Access::Look).await?;
    let route = arguments.route.as_deref().map(|given| opened.route(given)).transpose()?;
    let migrations: &Migrations = &opened.migrations;
    let mut routes = migrations.status().await.map_err(|error| failure(&error))?;
    let (instances, agree) = migrations.instances().await.map_err(|error| failure(&error))?;
    if let Some(route) = route {
        routes.retain(|status| status.route == route);
    }
    Ok(Found { routes, instances, agree })
}

fn machine(found: &Found) -> Value {
    let mut json = status_json(&found.routes);
    let instance = |i: &Instance| json!({ "name": i.name, "seen_ms": i.seen_ms, "epoch": i.epoch });
    json["instances"] = found.instances.iter().map(instance).collect();
    json["instances_agree"] = json!(found.agree);
    json
}
