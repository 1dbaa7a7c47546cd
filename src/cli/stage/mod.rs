//! `figleaf stage`: moving a route, its latches, and the mapping beside what is live.
//!
//! One file a command. Nothing in here may judge whether a route may move: `migration` does, by
//! the gate of the route.

mod diff;
mod export;
mod in_force;
mod log;
mod moving;
mod patch;
mod until;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::output::Failure;

/// Move a route with a candidate to another stage, or look after its latches.
///
/// Stages are legacy, shadow, canary 5%, primary, standby and retired. Forward goes one step at a
/// time, and beyond shadow only where the route's gate says pass; back goes any number of steps
/// at any time. Every change needs a reason, and is a line of the audit. Servers follow within a
/// second; the command waits until every one of them has, five seconds at most.
///
/// There is no way past the gate: what it asks for is in the mapping, where everyone can read
/// who changed it.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  figleaf stage 'GET /orders/{orderId}' shadow --reason 'the candidate runs'\n  figleaf stage 'GET /orders/{orderId}' canary 5 --reason 'shadow clean for a week'\n  figleaf stage 'GET /orders/{orderId}' primary --for 2h --reason 'try it over lunch'\n  figleaf stage 'GET /orders/{orderId}' legacy --reason 'totals are wrong'\n  figleaf stage diff --older-than 14d\n\nExit codes: 0 done, and in force on every instance; 1 refused, with every reason, or differences;\n2 unusable arguments or mappings, or no such store; 3 done, but not every instance has taken it\nover yet."
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    moving: moving::MoveArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Let nothing move a route forward until it is released.
    ///
    /// Back it still goes, by hand and by itself.
    #[command(after_help = moving::LATCH_HELP)]
    Hold(moving::LatchArguments),
    /// Let a route that is held move on.
    #[command(after_help = moving::LATCH_HELP)]
    Release(moving::LatchArguments),
    /// Acknowledge that a route was rolled back: until then it does not move forward.
    #[command(after_help = moving::LATCH_HELP)]
    Ack(moving::LatchArguments),
    Diff(diff::Arguments),
    Export(export::Arguments),
    Log(log::Arguments),
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        None => moving::run(&arguments.moving),
        Some(Command::Hold(latch)) => moving::latch(latch, moving::Latch::Hold),
        Some(Command::Release(latch)) => moving::latch(latch, moving::Latch::Release),
        Some(Command::Ack(latch)) => moving::latch(latch, moving::Latch::Acknowledge),
        Some(Command::Diff(arguments)) => diff::run(arguments),
        Some(Command::Export(arguments)) => export::run(arguments),
        Some(Command::Log(arguments)) => log::run(arguments),
    }
}
