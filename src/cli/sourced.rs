//! Where answers come from: the backends, recorded or not, or fixtures.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::check;
use super::output::{self, Failure};
use crate::exchange::Collection;
use crate::fixture::{Player, RecordWhat, Recorder, ReplayHow, Store, gather, uncovered};
use crate::plan::Plan;
use crate::reload::Loaded;
use crate::server::{Hooks, Replay};

/// Routes without a fixture that are named at the start.
const UNCOVERED_SHOWN_MAX: usize = 20;

/// Recording and replaying.
#[derive(Debug, Clone, Args)]
pub struct SourceArguments {
    /// Write what crosses the wire into the folder of fixtures: what is missing there, or all.
    #[arg(long, value_name = "WHAT", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "missing", conflicts_with = "replay")]
    pub record: Option<RecordArgument>,
    /// Answer from fixtures instead of backends: strictly, or with the nearest fixture.
    #[arg(long, value_name = "HOW", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "strict")]
    pub replay: Option<ReplayArgument>,
    /// At the end, name the fixtures that answered nothing.
    #[arg(long, requires = "replay")]
    pub report_unused: bool,
    /// The folder of fixtures.
    #[arg(
        long,
        value_name = "PATH",
        default_value = "fixtures",
        env = "FIGLEAF_FIXTURES",
        hide_env_values = true
    )]
    pub fixtures: PathBuf,
}

/// What is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RecordArgument {
    /// What no fixture answers yet.
    Missing,
    /// Everything.
    All,
}

/// How is replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReplayArgument {
    /// What no fixture answers is a problem.
    Strict,
    /// What no fixture answers gets the nearest of its operation.
    Lenient,
}

impl SourceArguments {
    /// What is to be hung on the server.
    ///
    /// # Errors
    /// Where a fixture cannot be used.
    pub fn hooks(&self, loaded: &Loaded) -> Result<Hooks, Failure> {
        let mut hooks = Hooks::default();
        let Some(plan) = loaded.plan.as_ref() else { return Ok(hooks) };
        if self.record.is_none() && self.replay.is_none() {
            return Ok(hooks);
        }
        let (store, collection) = collected(&self.fixtures, plan, loaded)?;
        if let Some(what) = self.record {
            let what = match what {
                RecordArgument::Missing => RecordWhat::Missing,
                RecordArgument::All => RecordWhat::All,
            };
            let recorder = Recorder::start(store, Arc::clone(&collection), what);
            hooks.recorder = Some(Arc::new(recorder));
        }
        if let Some(how) = self.replay {
            announce(plan, &collection, how);
            let player = Arc::new(Player::new(collection, how.into()));
            hooks.backends = Some(Arc::<Player>::clone(&player));
            hooks.databases = Some(Arc::<Player>::clone(&player));
            hooks.replay = Some(player);
        }
        Ok(hooks)
    }

    /// Names the fixtures that answered nothing, where that was asked for.
    pub fn report(&self, replay: Option<&dyn Replay>) {
        let Some(replay) = replay.filter(|_| self.report_unused) else { return };
        report_unused(&replay.unused());
    }
}

impl From<ReplayArgument> for ReplayHow {
    fn from(how: ReplayArgument) -> Self {
        match how {
            ReplayArgument::Strict => Self::Strict,
            ReplayArgument::Lenient => Self::Lenient,
        }
    }
}

/// The fixtures of a folder.
///
/// # Errors
/// Where one cannot be used; all that is wrong has been said.
pub(super) fn collected(
    fixtures: &Path,
    plan: &Plan,
    loaded: &Loaded,
) -> Result<(Store, Arc<Collection>), Failure> {
    let store = Store::new(fixtures);
    let (collection, problems) = gather(&store, plan, &loaded.ports);
    for problem in &problems {
        output::note(&problem.to_string());
    }
    if !problems.is_empty() {
        let count = check::counted(problems.len(), "problem");
        let why = format!("the fixtures in `{}` have {count}", fixtures.display());
        return Err(Failure::usage(why).help("mend them, or name another folder with --fixtures"));
    }
    Ok((store, Arc::new(collection)))
}

/// Prints which fixtures answered nothing.
pub(super) fn report_unused(unused: &[String]) {
    match unused.len() {
        0 => output::note("every fixture has answered"),
        count => output::note(&format!("{} answered nothing:", check::counted(count, "fixture"))),
    }
    unused.iter().for_each(|name| output::note(&format!("  {name}")));
}

/// Says that no backend is called, and which routes will miss.
fn announce(plan: &Plan, collection: &Collection, how: ReplayArgument) {
    let fixtures = collection.entries.len();
    tracing::info!(fixtures, how = ?ReplayHow::from(how), "replaying: no backend is called");
    output::note(&format!(
        "replaying {}: no backend is called",
        check::counted(fixtures, "fixture")
    ));
    let uncovered = uncovered(plan, collection);
    for route in uncovered.iter().take(UNCOVERED_SHOWN_MAX) {
        output::note(&format!("  no fixture for {route}"));
    }
    if let Some(more) = uncovered.len().checked_sub(UNCOVERED_SHOWN_MAX).filter(|more| *more > 0) {
        output::note(&format!("  and for {more} more"));
    }
}
