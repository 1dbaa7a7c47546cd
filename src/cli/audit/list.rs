//! Lines of the audit, for people and for programs.

use std::process::ExitCode;

use clap::Args;

use super::super::output::{self, Failure};
use super::super::state::StateArguments;
use super::super::table::{self, Cell};
use super::lines::{Exported, Kept, change, said, with_store};

/// Show who changed what, the oldest first.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf audit list\n  figleaf audit list --from 120 --state postgres://…\n\nExit codes: 0 shown; 2 unusable arguments, or no such store."
)]
pub struct Arguments {
    /// Only from this line on.
    #[arg(long, value_name = "N", default_value_t = 1)]
    from: u64,
    #[command(flatten)]
    state: StateArguments,
}

/// Write the audit as JSON lines, to be kept elsewhere.
///
/// Each is {"number", "hash", "line"}; `line` is the text that was hashed, itself JSON. What was
/// exported from line 1 on can be checked without the store: figleaf audit verify --file.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf audit export > audit.jsonl\n  figleaf audit export --from 120 >> audit.jsonl\n\nExit codes: 0 written; 2 unusable arguments, or no such store."
)]
pub struct ExportArguments {
    /// Only from this line on.
    #[arg(long, value_name = "N", default_value_t = 1)]
    from: u64,
    #[command(flatten)]
    state: StateArguments,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let lines = with_store(&arguments.state, async |store| store.audit(arguments.from).await)?;
    output::print(&shown(&lines, |_| true));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn export(arguments: &ExportArguments) -> Result<ExitCode, Failure> {
    let lines = with_store(&arguments.state, async |store| store.audit(arguments.from).await)?;
    for line in &lines {
        let text = serde_json::to_string(&Exported::of(line)).unwrap_or_default();
        output::print(&format!("{text}\n"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Lines as a table; those of routes that are wanted, or all.
pub(in crate::cli) fn shown(lines: &[Kept], wants: impl Fn(&str) -> bool) -> String {
    let head = ["LINE", "WHEN", "WHO", "BY", "ROUTE", "CHANGE", "WHY"].map(Cell::head);
    let mut rows = vec![Vec::from(head)];
    for (number, line, _) in lines {
        let number = Cell::plain(number.to_string());
        let row = match said(line) {
            Some(told) if !wants(&told.route) => continue,
            Some(told) => {
                let change = change(&told);
                let texts = [told.at, told.actor, told.origin, told.route, change, told.reason];
                std::iter::once(number).chain(texts.map(Cell::plain)).collect()
            }
            None => vec![number, Cell::bad("is no line of an audit")],
        };
        rows.push(row);
    }
    table::text(&rows, output::page())
}
