//! What is live, written into the mappings.

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::Args;

use super::super::output::{self, Failure};
use super::super::state::{Access, LiveArguments, Opened, failure};
use super::diff::differs;
use super::patch;
use crate::mapping::restage;
use crate::plan::RoutePlan;
use crate::strangler::Stage;

/// Write the stages that are live into the mappings, so that git has them.
///
/// Only the word behind `stage` changes, or a line with it is put in; comments stay. Changes with
/// an end (--until, --for) are left out: they will be over by themselves.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf stage export --dry-run\n  figleaf stage export && git commit --all --message 'stages of today'\n\nExit codes: 0 written, or nothing to write; 1 a stage could not be written; 2 unusable arguments or\nmappings, or no such store."
)]
pub struct Arguments {
    /// Print a patch, and write nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    live: LiveArguments,
}

/// By file and line of a route: its stage, and whose it is.
type Wanted = BTreeMap<String, BTreeMap<u32, (Stage, String)>>;

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (wanted, refused) = actix_web::rt::System::new().block_on(async {
        let opened = arguments.live.open(Access::Look).await?;
        wanted(&opened).await
    })?;
    for why in &refused {
        output::note(why);
    }
    if wanted.is_empty() && refused.is_empty() {
        output::note("nothing to write: every route is where its mapping says");
    }
    for (path, routes) in &wanted {
        let cannot = |why: String| Failure::new(format!("`{path}` {why}"));
        let old =
            std::fs::read_to_string(path).map_err(|e| cannot(format!("cannot be read: {e}")))?;
        let stages: Vec<(u32, Stage)> =
            routes.iter().map(|(line, (stage, _))| (*line, *stage)).collect();
        let new = restage(&old, &stages).map_err(|why| {
            cannot(format!("is not changed: {why}")).help("write the stage there by hand")
        })?;
        if arguments.dry_run {
            output::print(&patch::unified(path.trim_start_matches("./"), &old, &new));
            continue;
        }
        std::fs::write(path, new).map_err(|e| cannot(format!("cannot be written: {e}")))?;
        for (line, (stage, route)) in routes {
            output::print(&format!("{path}:{line}: {route}: {stage}\n"));
        }
    }
    Ok(ExitCode::from(u8::from(!refused.is_empty())))
}

/// What is to be written where, and what cannot be.
async fn wanted(opened: &Opened) -> Result<(Wanted, Vec<String>), Failure> {
    let routes = opened.migrations.status().await.map_err(|error| failure(&error))?;
    let plan = |id: &str| opened.plan.routes.iter().find(|route| route.id == id);
    let (mut wanted, mut refused) = (Wanted::new(), Vec::new());
    for status in routes.iter().filter(|route| differs(route) && route.until.is_none()) {
        let Some(place) = plan(&status.route).map(|route: &RoutePlan| &route.place) else {
            continue;
        };
        let stage = status.position.stage;
        // Two versions of an API may share the line of a route.
        let of_line = |route: &&RoutePlan| route.place == *place && route.migration.is_some();
        let shared = opened.plan.routes.iter().filter(of_line);
        let elsewhere = shared
            .filter_map(|route| routes.iter().find(|status| status.route == route.id))
            .find(|other| other.position.stage != stage);
        if let Some(other) = elsewhere {
            refused.push(format!(
                "{}:{}: {} is in {stage} and {} in {}, and both stand there: nothing is written",
                place.file, place.line, status.route, other.route, other.position.stage
            ));
            continue;
        }
        let lines = wanted.entry(place.file.clone()).or_default();
        lines.insert(place.line, (stage, status.route.clone()));
    }
    Ok((wanted, refused))
}
