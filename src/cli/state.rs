//! Where the state of migrations is kept, and following it.

use std::sync::Arc;

use clap::Args;

use super::output::Failure;
use crate::migration::{MigrationError, Migrations, Options};
use crate::plan::Plan;
use crate::store::Store;

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
}

/// What the store did not do.
pub(super) fn failure(error: &MigrationError) -> Failure {
    Failure::usage(format!("--state: {error}"))
        .help("without its state nobody knows who answers: see that the file can be written, or the database be reached")
}
