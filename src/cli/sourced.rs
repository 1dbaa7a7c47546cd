//! Where answers come from: the backends, recorded or not, or fixtures.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::check;
use super::output::{self, Failure};
use crate::exchange::Collection;
use crate::fixture::{
    Player, RecordWhat, Recordable, Recorder, ReplayHow, Store, gather, uncovered,
};
use crate::mapping::PortOf;
use crate::plan::{Plan, Translator};
use crate::reload::{Describer, Loaded, Types, add_to_lock};
use crate::server::{Hooks, Replay};

/// Routes without a fixture that are named at the start.
const UNCOVERED_SHOWN_MAX: usize = 20;
/// The types of statements as they were when these were recorded, among the fixtures.
const RECORDED_LOCK: &str = "sql.lock";

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

/// What is hung on a server, and who has to be told that it stops.
pub struct Sourced {
    /// Hung on the server.
    pub hooks: Hooks,
    /// What is being recorded, where something is.
    pub recording: Option<Recording>,
}

/// A recorder and where it writes.
#[derive(Clone)]
pub struct Recording {
    recorder: Arc<Recorder>,
    store: Store,
}

impl Recording {
    /// Goes on with a configuration that has been loaded anew. Problems of fixtures are named;
    /// the fixtures concerned are not compared with.
    pub fn learn(&self, plan: &Plan, ports: &HashMap<String, PortOf>) {
        let (collection, problems) = gather(&self.store, plan, ports);
        for problem in &problems {
            output::note(&problem.to_string());
        }
        say_what_is_not_recorded(plan);
        self.recorder.learn(Recordable { collection, contracts: contracts(ports) });
    }

    /// Writes what is left and says what was recorded.
    pub fn finish(&self) {
        output::note(&self.recorder.finish().to_string());
    }
}

fn contracts(ports: &HashMap<String, PortOf>) -> HashMap<String, String> {
    ports.iter().map(|(name, port)| (name.clone(), port.contract.digest())).collect()
}

fn say_what_is_not_recorded(plan: &Plan) {
    let passed = plan.routes.iter().filter(|r| matches!(r.translator, Translator::Http(_)));
    let names: Vec<&str> = passed.map(|route| route.id.as_str()).collect();
    if !names.is_empty() {
        let names = names.join(", ");
        output::note(&format!("not recorded, because they are passed on as they are: {names}"));
    }
}

impl SourceArguments {
    /// The lock a recording leaves among its fixtures.
    pub fn lock(&self) -> PathBuf {
        self.fixtures.join(RECORDED_LOCK)
    }

    /// How the types of statements are learnt: where fixtures answer, no database is asked.
    pub fn types<'d>(&self, databases: &'d dyn Describer, lock: &'d Path) -> Types<'d> {
        match self.replay {
            Some(_) => Types::Recorded(lock),
            None => Types::Serving(databases),
        }
    }

    /// Keeps the types of statements beside what is recorded of them.
    ///
    /// # Errors
    /// Where the lock cannot be written.
    pub fn keep_types(&self, loaded: &Loaded) -> Result<(), Failure> {
        let (Some(_), Some((_, text))) = (self.record, &loaded.lock) else { return Ok(()) };
        let path = self.lock();
        add_to_lock(&path, text).map_err(|why| {
            Failure::new(format!("`{}` cannot be written: {why}", path.display()))
                .help("name a folder that can be written with --fixtures")
        })
    }

    /// What is to be hung on the server.
    ///
    /// # Errors
    /// Where a fixture cannot be used.
    pub fn open(&self, loaded: &Loaded) -> Result<Sourced, Failure> {
        let mut sourced = Sourced { hooks: Hooks::default(), recording: None };
        let Some(plan) = loaded.plan.as_ref() else { return Ok(sourced) };
        if self.record.is_none() && self.replay.is_none() {
            return Ok(sourced);
        }
        self.keep_types(loaded)?;
        if self.replay.is_some() {
            folder(&self.fixtures)?;
        }
        let (store, collection) = collected(&self.fixtures, plan, loaded)?;
        if let Some(what) = self.record {
            let what = match what {
                RecordArgument::Missing => RecordWhat::Missing,
                RecordArgument::All => RecordWhat::All,
            };
            say_what_is_not_recorded(plan);
            let recordable = Recordable { collection, contracts: contracts(&loaded.ports) };
            let recorder = Recorder::start(store.clone(), recordable, what)
                .map_err(|error| Failure::new(format!("nothing can be recorded: {error}")))?;
            let recorder = Arc::new(recorder);
            sourced.hooks.recorder = Some(Arc::<Recorder>::clone(&recorder));
            sourced.recording = Some(Recording { recorder, store });
            return Ok(sourced);
        }
        if let Some(how) = self.replay {
            announce(plan, &collection, how);
            let player = Arc::new(Player::new(Arc::new(collection), how.into()));
            sourced.hooks.backends = Some(Arc::<Player>::clone(&player));
            sourced.hooks.databases = Some(Arc::<Player>::clone(&player));
            sourced.hooks.replay = Some(player);
        }
        Ok(sourced)
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
) -> Result<(Store, Collection), Failure> {
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
    Ok((store, collection))
}

/// Refuses a folder that is not there: a mistyped one would only miss.
pub(super) fn folder(fixtures: &Path) -> Result<(), Failure> {
    if fixtures.is_dir() {
        return Ok(());
    }
    Err(Failure::usage(format!("`{}` is no folder", fixtures.display()))
        .help("`figleaf serve --record` fills one; --fixtures names another"))
}

/// Prints which fixtures answered nothing.
pub(super) fn report_unused(unused: &[String]) {
    match unused.len() {
        0 => output::note("every fixture has answered"),
        count => output::note(&format!("{} answered nothing:", check::counted(count, "fixture"))),
    }
    for name in unused {
        output::note(&format!("  {name}"));
    }
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
