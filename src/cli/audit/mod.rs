//! `figleaf audit`: who moved which route, when and why, and whether that is still what was
//! written.
//!
//! Only the store is read; nothing in here may change it.

mod lines;
mod list;
mod verify;

pub(in crate::cli) use list::shown;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::output::Failure;

/// Read the audit of all changes of stages, and check that nobody touched it.
///
/// Every change of a stage or a latch is a line: when, who, by what, from where to where, why,
/// and what was known then. Each line holds a hash of itself and of the hash before.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf audit verify --state state.db\n  figleaf audit list --from 120\n  figleaf audit export > audit.jsonl && figleaf audit verify --file audit.jsonl\n\nExit codes: 0 all is well; 1 the audit is broken; 2 unusable arguments, or no such store."
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Verify(verify::Arguments),
    List(list::Arguments),
    Export(list::ExportArguments),
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Verify(arguments) => verify::run(arguments),
        Command::List(arguments) => list::run(arguments),
        Command::Export(arguments) => list::export(arguments),
    }
}
