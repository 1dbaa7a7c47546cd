//! Where the mapping says routes are, beside where they are.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::super::check::counted;
use super::super::output::{self, Failure, Format};
use super::super::state::{Access, LiveArguments, Opened, failure};
use super::super::table::{self, Cell};
use super::until::no_duration;
use crate::mapping::parse_duration;
use crate::migration::RouteStatus;

/// Show where the mappings say routes are, beside where they are.
///
/// Live changes are a layer above the mappings: these say where a route begins, and how far it
/// may go. In CI, --older-than lets a change be live for some days before it has to be in git;
/// `figleaf stage export` writes it there.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf stage diff --state state.db\n  figleaf stage diff --older-than 14d\n\nExit codes: 0 no difference, or none so old; 1 differences; 2 unusable arguments or mappings, or\nno such store."
)]
pub struct Arguments {
    /// Only differences older than this fail: 14d, 12h.
    #[arg(long, value_name = "TIME")]
    older_than: Option<String>,
    /// Whether people or programs read it.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    live: LiveArguments,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let older = arguments.older_than.as_deref();
    let older =
        older.map(|text| parse_duration(text).ok_or_else(|| no_duration("--older-than", text)));
    let older = older.transpose()?.unwrap_or_default();
    let (routes, gone) = actix_web::rt::System::new().block_on(async {
        let opened = arguments.live.open(Access::Look).await?;
        let routes = opened.migrations.status().await.map_err(|error| failure(&error))?;
        let gone = gone(&opened).await?;
        Ok::<_, Failure>((routes, gone))
    })?;
    let differing: Vec<&RouteStatus> = routes.iter().filter(|route| differs(route)).collect();
    let fails = differing.iter().any(|route| age(route) >= older);
    output::print(&match arguments.format {
        Format::Json => {
            let lines: Vec<_> = routes.iter().map(|route| machine(route, older)).collect();
            format!("{:#}\n", json!({ "routes": lines, "not_in_mappings": gone }))
        }
        Format::Human => human(&routes, &differing, &gone),
    });
    Ok(ExitCode::from(u8::from(fails)))
}

/// Whether a route is elsewhere than its mapping says.
pub(super) fn differs(route: &RouteStatus) -> bool {
    route.position.stage != route.declared
}

/// Routes with a record, and without a candidate in the mappings.
async fn gone(opened: &Opened) -> Result<Vec<String>, Failure> {
    let records = opened.store.stages().await.map_err(|error| failure(&error.into()))?;
    let known = |name: &str| {
        opened.plan.routes.iter().any(|route| route.migration.is_some() && route.id == name)
    };
    Ok(records.into_iter().map(|record| record.route).filter(|name| !known(name)).collect())
}

/// How long a route has been where it is.
fn age(route: &RouteStatus) -> Duration {
    let then = route.stage_since.as_ref().and_then(|at| at.parse::<Timestamp>().ok());
    let seconds = then.map_or(0, |then| Timestamp::now().as_second() - then.as_second());
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

fn machine(route: &RouteStatus, older: Duration) -> serde_json::Value {
    let differs = differs(route);
    json!({
        "route": route.route,
        "mapping": route.declared.to_string(),
        "live": route.position.stage.to_string(),
        "differs": differs,
        "fails": differs && age(route) >= older,
        "changed": route.changed.as_ref().map(|(actor, reason, at)| {
            json!({ "actor": actor, "reason": reason, "at": at })
        }),
        "until": route.until,
    })
}

fn human(routes: &[RouteStatus], differing: &[&RouteStatus], gone: &[String]) -> String {
    let mut text = String::new();
    if differing.is_empty() {
        let routes = counted(routes.len(), "route");
        text.push_str(&format!("no difference: {routes} where the mappings say\n"));
    } else {
        let head = ["ROUTE", "MAPPING", "LIVE", "SINCE", "BY", "WHY"].map(Cell::head);
        let mut rows = vec![head.to_vec()];
        for route in differing {
            let (actor, reason, at) = route.changed.clone().unwrap_or_default();
            let reason = match &route.until {
                Some(until) => format!("{reason} (until {until})"),
                None => reason,
            };
            rows.push(vec![
                Cell::bold(route.route.clone()),
                Cell::plain(route.declared.to_string()),
                Cell::unsure(route.position.stage.to_string()),
                Cell::plain(at),
                Cell::plain(actor),
                Cell::plain(reason),
            ]);
        }
        text.push_str(&table::text(&rows, output::page()));
    }
    for route in gone {
        text.push_str(&format!("{route}: has a stage, and no candidate in these mappings\n"));
    }
    text
}
