//! The command line: one file a command.
//!
//! Exit codes: 0 done, 1 problems were found, 2 the arguments or the input cannot be used
//! (`verify` has its own).
//! `serve.rs` alone constructs clients, backends and listeners.

mod audit;
mod check;
mod compare;
mod completions;
mod console;
pub(crate) mod contract_source;
mod demo;
mod diff;
mod evidence;
mod explain;
mod fixtures;
mod import;
mod mock;
mod output;
mod route_name;
mod schema;
mod serve;
mod sourced;
mod stage;
mod state;
mod status;
mod table;
mod translate;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

pub use crate::reload::FileSource;
pub use check::Databases;
pub use contract_source::{Catalog, CatalogSource};
pub use import::{Proposed, propose, verify_lock};

/// A modern, versioned REST API in front of SOAP services you cannot replace yet, and a safe
/// way to replace them, one endpoint at a time.
#[derive(Debug, Parser)]
#[command(name = "figleaf", version, max_term_width = 100)]
#[command(
    after_help = "Start with:\n  figleaf demo                                     everything embedded, to look around\n  figleaf import https://legacy.example/erp?wsdl   your own service\n  figleaf check && figleaf serve\n\nExit codes: 0 done; 1 problems were found; 2 the arguments or the input cannot be used.\nColours: on terminals only, and never where NO_COLOR is set."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Import(Box<import::Arguments>),
    Check(check::Arguments),
    Diff(Box<diff::Arguments>),
    Explain(explain::Arguments),
    Fixtures(fixtures::Arguments),
    Mock(mock::Arguments),
    Serve(serve::Arguments),
    Status(status::Arguments),
    Stage(stage::Arguments),
    Evidence(evidence::Arguments),
    Compare(compare::Arguments),
    Audit(audit::Arguments),
    Verify(verify::Arguments),
    Translate(translate::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
}

/// The command line as data, for completions and for the documentation.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the command line.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let is_verify = std::env::args_os().nth(1).is_some_and(|name| name == "verify");
            let code = match (error.use_stderr(), is_verify) {
                (false, _) => 0,
                (true, false) => 2,
                (true, true) => verify::USAGE,
            };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let done = match cli.command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Fixtures(arguments) => fixtures::run(&arguments),
        Command::Mock(arguments) => mock::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Status(arguments) => status::run(&arguments),
        Command::Stage(arguments) => stage::run(&arguments),
        Command::Evidence(arguments) => evidence::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Verify(arguments) => Ok(verify::run(&arguments)),
        Command::Import(arguments) => import::run(&arguments),
        Command::Translate(arguments) => translate::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => Ok(completions::run(&arguments)),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            output::complain(&failure);
            ExitCode::from(2)
        }
    }
}
