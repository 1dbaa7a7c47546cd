//! What became of one route.

use std::process::ExitCode;

use clap::Args;

use super::super::audit::shown;
use super::super::output::{self, Failure};
use super::super::state::{Access, LiveArguments, failure};

/// Show every change of one route: who, when, from where to where, and why.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf stage log 'GET /orders/{orderId}'\n\nOf all routes: figleaf audit list.\n\nExit codes: 0 shown; 2 unusable arguments or mappings, or no such store."
)]
pub struct Arguments {
    /// The route: `GET /api/v1/orders/{orderId}`, or without the version where that is unique.
    #[arg(value_name = "ROUTE")]
    route: String,
    #[command(flatten)]
    live: LiveArguments,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    actix_web::rt::System::new().block_on(async {
        let opened = arguments.live.open(Access::Look).await?;
        let route = opened.route(&arguments.route)?;
        let lines = opened.store.audit(1).await.map_err(|error| failure(&error.into()))?;
        output::print(&shown(&lines, |of| of == route));
        Ok(ExitCode::SUCCESS)
    })
}
