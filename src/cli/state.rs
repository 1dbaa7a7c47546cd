//! Where the state of migrations is kept, and following it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::output::{Failure, Format};
use super::{check, route_name};
use crate::migration::{MigrationError, Migrations, Options};
use crate::plan::Plan;
use crate::reload::{Loaded, Types};
use crate::store::{Store, StoreError};

/// Where the state of migrations is.
#[derive(Debug, Clone, Args)]
pub struct StateArguments {
    /// Where stages, evidence and the audit are kept: the path of an SQLite file for one
    /// instance, postgres://… for several. Without it they end with the process.
    #[arg(long = "state", value_name = "ADDRESS", env = "FIGLEAF_STATE", hide_env_values = true)]
    pub address: Option<String>,
}

impl StateArguments {
    /// The stages of a plan's routes, followed from now on by the runtime this runs in. `None`
    /// where no route has a candidate.
    ///
    /// # Errors
    /// Where the store cannot be opened: nobody may guess then who answers.
    pub async fn follow(&self, plan: &Plan) -> Result<Option<Arc<Migrations>>, Failure> {
        if plan.routes.iter().all(|route| route.migration.is_none()) {
            return Ok(None);
        }
        if self.address.is_none() {
            tracing::warn!(
                "routes have candidates, and without --state their stages end with this process"
            );
        }
        let store = self.open().await?;
        let options = Options { store, ..Options::default() };
        let migrations = Migrations::open(plan, options).await.map_err(|e| failure(&e))?;
        actix_web::rt::spawn(Arc::clone(&migrations).run());
        Ok(Some(migrations))
    }

    /// The store, where there is one.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub async fn open(&self) -> Result<Option<Arc<Store>>, Failure> {
        let Some(address) = &self.address else { return Ok(None) };
        let store = Store::open(address).await.map_err(|e| failure(&e.into()))?;
        Ok(Some(Arc::new(store)))
    }

    /// The store that servers keep their state in. One that is not there is not made: a
    /// misspelt path would look like a system nobody has used yet.
    ///
    /// # Errors
    /// Where none is named, it is not there, or it cannot be opened.
    pub(super) async fn existing(&self) -> Result<Arc<Store>, Failure> {
        let no_store = |message: String| {
            Failure::usage(message).help(
                "give the --state of `figleaf serve`, or set FIGLEAF_STATE: a path, or postgres://…",
            )
        };
        let Some(address) = &self.address else {
            return Err(no_store(
                "--state is missing: stages are where the servers keep them".to_owned(),
            ));
        };
        let is_file = !address.starts_with("postgres://") && !address.starts_with("postgresql://");
        if is_file && !Path::new(address).exists() {
            return Err(no_store(format!("--state: there is no file `{address}`")));
        }
        match Store::existing(address).await {
            Ok(store) => Ok(Arc::new(store)),
            Err(error @ StoreError::Absent) => Err(no_store(format!("--state: {error}"))),
            Err(error) => Err(failure(&error.into())),
        }
    }
}

/// The mappings, and where the state of their routes is.
#[derive(Debug, Clone, Args)]
pub struct LiveArguments {
    /// The folder of mapping files, or one file: the same as the servers have.
    #[arg(
        long,
        value_name = "PATH",
        default_value = "mappings",
        env = "FIGLEAF_MAPPINGS",
        hide_env_values = true
    )]
    pub mappings: PathBuf,
    #[command(flatten)]
    pub state: StateArguments,
}

/// What the commands on stages work with.
pub(super) struct Opened {
    /// The mappings, read.
    pub loaded: Loaded,
    /// Their plan.
    pub plan: Plan,
    /// Where the state is.
    pub store: Arc<Store>,
    /// The routes with a candidate.
    pub migrations: Arc<Migrations>,
}

/// Whether routes that nobody has seen before are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Nothing is written.
    Look,
    /// Something is to be changed.
    Change,
}

impl LiveArguments {
    /// Reads the mappings and opens the store of the servers.
    ///
    /// # Errors
    /// Where the mappings have problems, or there is no such store.
    pub(super) async fn open(&self, access: Access) -> Result<Opened, Failure> {
        let mut loaded = check::load(&self.mappings, Types::Lock)?;
        let Some(plan) = loaded.plan.take() else {
            check::show(&loaded, Format::Human);
            return Err(Failure::new("the mappings have problems")
                .help("mend them first; `figleaf check` shows them"));
        };
        let store = self.state.existing().await?;
        let options = Options { store: Some(Arc::clone(&store)), ..Options::default() };
        let opened = match access {
            Access::Look => Migrations::look(&plan, options).await,
            Access::Change => Migrations::open(&plan, options).await,
        };
        let migrations = opened.map_err(|error| failure(&error))?;
        Ok(Opened { loaded, plan, store, migrations })
    }
}

impl Opened {
    /// The whole name of a route with a candidate.
    ///
    /// # Errors
    /// Where none of them, or more than one, is meant.
    pub(super) fn route(&self, given: &str) -> Result<String, Failure> {
        let on_its_way = self.plan.routes.iter().filter(|route| route.migration.is_some());
        let routes: Vec<&str> = on_its_way.map(|route| route.id.as_str()).collect();
        route_name::find(given, &routes)
    }
}

/// What the store did not do.
pub(super) fn failure(error: &MigrationError) -> Failure {
    Failure::usage(format!("--state: {error}"))
        .help("without its state nobody knows who answers: see that the file can be written, or the database be reached")
}
