//! The half of the conformance run that is figleaf: what it sends for every operation of a
//! corpus of contracts, and what it makes of answers. `tests/conformance/run` judges both with
//! code that shares nothing with this.
//!
//! - `requests`: every contract is imported as `figleaf import` does, its mapping compiled, and
//!   the example of each operation in its OpenAPI document translated into an envelope.
//! - `answers`: envelopes that others made are decoded by the same routes.
//!
//! Both read and write JSON lines, one file a contract, below `--out`.

mod answers;
mod caller;
mod checks;
mod corpus;
mod offered;
mod requests;
mod work;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write `openapi/ID.json` and `requests/ID.jsonl`.
    Requests(Arguments),
    /// Read `answers/ID.jsonl`, write `decoded/ID.jsonl`.
    Answers(Arguments),
}

#[derive(clap::Args)]
struct Arguments {
    /// The folder of the corpus.
    #[arg(long)]
    corpus: PathBuf,
    /// The folder of the run.
    #[arg(long)]
    out: PathBuf,
    /// Only these contracts, by id.
    #[arg(long)]
    only: Vec<String>,
}

fn main() -> ExitCode {
    let done = match Line::parse().command {
        Command::Requests(a) => work::each(&a.corpus, &a.out, &a.only, requests::write),
        Command::Answers(a) => work::each(&a.corpus, &a.out, &a.only, answers::write),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
