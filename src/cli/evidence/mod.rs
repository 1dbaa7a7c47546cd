//! `figleaf evidence`: what is known of a candidate, added to.

mod top_up;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::output::Failure;

/// Work on what is known of candidates.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf evidence top-up --route 'GET /orders/{orderId}' --fixtures fixtures/\n\nExit codes: 0 compared; 1 something was not; 2 unusable arguments. See --help of each."
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    TopUp(top_up::Arguments),
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::TopUp(arguments) => top_up::run(arguments),
    }
}
