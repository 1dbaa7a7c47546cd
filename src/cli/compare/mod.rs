//! `figleaf compare`: two answers, compared as shadow compares them, and why.
//!
//! Nothing in here may compare: `strangler` does, by the rules of the route.

mod explain;
mod show;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::output::Failure;

/// Compare two answers by the rules of a route.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf compare explain legacy.json candidate.json --route 'GET /orders/{orderId}'\n\nExit codes: 0 they match; 1 they do not; 2 unusable arguments. See --help of each."
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Explain(explain::Arguments),
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Explain(arguments) => explain::run(arguments),
    }
}
