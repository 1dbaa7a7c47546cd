//! Whether the audit is what was written.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::super::check::counted;
use super::super::output::{self, Failure};
use super::super::state::StateArguments;
use super::super::table::printable;
use super::lines::{Exported, Kept, change, said, with_store};
use crate::store::{StageRecord, verify_chain};

/// Check that every line of the audit is what was written, and that none is missing.
///
/// Each line's hash is computed anew from its text and the hash before. In the store the last
/// line has to be that of the last change, and every route where its last line put it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf audit verify --state state.db\n  figleaf audit verify --file audit.jsonl\n\nA hash chain shows that something was changed by whoever does not compute it anew: keep an\nexport elsewhere to compare with.\n\nExit codes: 0 all is well; 1 the audit is broken, and the first broken line is named;\n2 unusable arguments, or no such store."
)]
pub struct Arguments {
    /// Check what `figleaf audit export` wrote, instead of a store.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    state: StateArguments,
}

/// What there is to check.
struct Checked {
    lines: Vec<Kept>,
    /// Of a store: the epoch of the last change, and where routes are.
    store: Option<(u64, Vec<StageRecord>)>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let checked = match &arguments.file {
        Some(path) => Checked { lines: read(path)?, store: None },
        None => with_store(&arguments.state, async |store| {
            // Read before the lines: a change in between adds to what is known of it.
            let known = (store.epoch().await?, store.stages().await?);
            Ok(Checked { lines: store.audit(1).await?, store: Some(known) })
        })?,
    };
    match broken(&checked) {
        None => {
            let last =
                checked.lines.last().map(|(_, _, hash)| format!("; the last hash is {hash}"));
            let lines = counted(checked.lines.len(), "line");
            output::print(&format!("{lines}, all as written{}\n", last.unwrap_or_default()));
            Ok(ExitCode::SUCCESS)
        }
        Some((line, why)) => {
            output::print(&format!("broken: {}\n", printable(&why)));
            if let Some((_, text, _)) = line.and_then(|n| checked.lines.iter().find(|l| l.0 == n)) {
                output::print(&format!("  it says now: {}\n", printable(&told(text))));
            }
            Ok(ExitCode::from(1))
        }
    }
}

fn told(text: &str) -> String {
    match said(text) {
        Some(line) => format!(
            "{} {} by {} ({}): {}: {}",
            line.at,
            line.route,
            line.actor,
            line.origin,
            change(&line),
            line.reason
        ),
        None => text.to_owned(),
    }
}

/// What is broken first, and in which line.
fn broken(checked: &Checked) -> Option<(Option<u64>, String)> {
    if let Err(broken) = verify_chain(&checked.lines) {
        return Some((Some(broken.number), broken.to_string()));
    }
    let (epoch, stages) = checked.store.as_ref()?;
    let lines: Vec<_> =
        checked.lines.iter().filter_map(|(n, line, _)| Some((*n, said(line)?))).collect();
    let last = lines.last().map_or(0, |(_, line)| line.epoch);
    if last < *epoch {
        let (at, changes) = (checked.lines.len(), counted_changes(*epoch - last));
        return Some((None, format!("{changes} missing at the end, behind line {at}")));
    }
    for record in stages {
        let own = lines
            .iter()
            .rev()
            .find(|(_, line)| line.epoch <= record.epoch && line.route == record.route);
        let Some((number, line)) = own else {
            return Some((
                None,
                format!("no line put `{}` into {}", record.route, record.position.stage),
            ));
        };
        let latch = |name: &str| line.latches.iter().any(|latch| latch == name);
        let is_told = line.epoch == record.epoch
            && line.to == record.position.stage.to_string()
            && latch("held") == record.position.held
            && latch("rolled_back") == record.position.rolled_back
            && (&line.actor, &line.reason, &line.at) == (&record.actor, &record.reason, &record.at);
        if !is_told {
            let stage = record.position.stage;
            let why =
                format!("`{}` is in {stage}, and line {number} put it elsewhere", record.route);
            return Some((Some(*number), why));
        }
    }
    None
}

fn counted_changes(changes: u64) -> String {
    let verb = if changes == 1 { "is" } else { "are" };
    format!("{} {verb}", counted(usize::try_from(changes).unwrap_or(usize::MAX), "change"))
}

fn read(path: &Path) -> Result<Vec<Kept>, Failure> {
    let named = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("`{named}` cannot be read: {error}")))?;
    let line = |(at, text): (usize, &str)| {
        serde_json::from_str::<Exported>(text).map(Exported::kept).map_err(|error| {
            Failure::new(format!("`{named}`, line {}: {error}", at + 1))
                .help("write it with `figleaf audit export`")
        })
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(line).collect()
}
