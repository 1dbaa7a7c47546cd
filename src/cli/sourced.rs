//! Where answers come from: the backends, recorded or not, or fixtures.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::output::{self, Failure};
use crate::fixture::{Player, RecordWhat, Recorder, ReplayHow, Store, gather};
use crate::reload::Loaded;
use crate::server::Hooks;

/// Recording and replaying.
#[derive(Debug, Clone, Args)]
pub struct SourceArguments {
    /// Write what crosses the wire into the folder of fixtures: what is missing there, or all.
    #[arg(long, value_name = "WHAT", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "missing", conflicts_with = "replay")]
    pub record: Option<RecordArgument>,
    /// Answer from fixtures instead of backends: strictly, or with the nearest fixture.
    #[arg(long, value_name = "HOW", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "strict")]
    pub replay: Option<ReplayArgument>,
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
        let store = Store::new(&self.fixtures);
        let (collection, problems) = gather(&store, plan, &loaded.ports);
        for problem in &problems {
            output::note(&problem.to_string());
        }
        if !problems.is_empty() {
            return Err(Failure::usage("the fixtures have problems"));
        }
        let collection = Arc::new(collection);
        if let Some(what) = self.record {
            let what = match what {
                RecordArgument::Missing => RecordWhat::Missing,
                RecordArgument::All => RecordWhat::All,
            };
            let recorder = Recorder::start(store, Arc::clone(&collection), what);
            hooks.recorder = Some(Arc::new(recorder));
        }
        if let Some(how) = self.replay {
            let how = match how {
                ReplayArgument::Strict => ReplayHow::Strict,
                ReplayArgument::Lenient => ReplayHow::Lenient,
            };
            let player = Arc::new(Player::new(collection, how));
            hooks.backends = Some(Arc::<Player>::clone(&player));
            hooks.databases = Some(Arc::<Player>::clone(&player));
            hooks.replay = Some(player);
        }
        Ok(hooks)
    }
}
