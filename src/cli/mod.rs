//! The command line: one file a command.
//!
//! Exit codes: 0 done, 1 problems were found, 2 the arguments or the input cannot be used.
//! `serve.rs` alone constructs clients, backends and listeners.

mod check;
pub(crate) mod contract_source;
mod demo;
mod explain;
mod import;
mod output;
mod serve;
mod translate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use contract_source::{Catalog, CatalogSource, FileSource};
pub use import::verify_lock;

/// A modern, versioned REST API in front of SOAP services you cannot replace yet.
#[derive(Debug, Parser)]
#[command(name = "figleaf", version, about, max_term_width = 100)]
#[command(
    after_help = "Start with:\n  figleaf demo                                   everything embedded, to look around\n  figleaf import https://legacy.example/erp?wsdl   your own service\n  figleaf check && figleaf serve"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Check(check::Arguments),
    Explain(explain::Arguments),
    Serve(serve::Arguments),
    Import(Box<import::Arguments>),
    Translate(translate::Arguments),
}

/// Runs the command line.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let done = match cli.command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Translate(arguments) => translate::run(&arguments),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            output::complain(&failure);
            ExitCode::from(2)
        }
    }
}
