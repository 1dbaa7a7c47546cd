//! `figleaf check`: every problem of every mapping, before anything runs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::FileSource;
use super::output::{self, Failure, Format};
use crate::diagnostic::Diagnostic;
use crate::plan::BackendPlan;
use crate::reload::{self, Describer, LOCK_FILE, Loaded, ProcessEnvironment, Types};
use crate::sql::{DescribeError, Description};

/// Check every mapping against its contract.
///
/// Every problem of every file is reported in one run, each with its place and how to mend it.
/// Without --db nothing is sent, and no backend has to run: types of statements are those of
/// figleaf.lock beside the mappings.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf check\n  figleaf check --mappings staging/ --format json\n  figleaf check --db --lock\n\nExit codes: 0 no problem; 1 problems; 2 unusable arguments, or no such folder."
)]
pub struct Arguments {
    /// The folder of mapping files, or one file.
    #[arg(
        long,
        value_name = "PATH",
        default_value = "mappings",
        env = "FIGLEAF_MAPPINGS",
        hide_env_values = true
    )]
    pub mappings: PathBuf,
    /// Whether people or programs read the problems.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Ask the databases to describe every statement, and compare with figleaf.lock.
    #[arg(long)]
    pub db: bool,
    /// Write what the databases say to figleaf.lock instead of comparing.
    #[arg(long, requires = "db")]
    pub lock: bool,
}

/// Asks the databases themselves.
#[derive(Debug, Clone, Copy)]
pub struct Databases;

impl Describer for Databases {
    fn describe(
        &self,
        database: &BackendPlan,
        statements: &[Arc<str>],
    ) -> Vec<Result<Description, DescribeError>> {
        crate::database::describe(database, statements)
    }
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    if arguments.lock && arguments.mappings.is_file() {
        return Err(Failure::usage("--lock is for all files of a folder together")
            .help("name the folder with --mappings: one lock holds the types of all its files"));
    }
    let types = match (arguments.db, arguments.lock) {
        (false, _) => Types::Lock,
        (true, false) => Types::Databases(&Databases),
        (true, true) => Types::NewLock(&Databases),
    };
    let loaded = load(&arguments.mappings, types)?;
    show(&loaded, arguments.format);
    let errors = loaded.error_count();
    if arguments.lock && errors == 0 {
        write_lock(&loaded)?;
    }
    if arguments.format == Format::Human {
        output::note(&match (&loaded.plan, errors) {
            (Some(plan), 0) => format!(
                "no problems: {} on {} in {}",
                counted(plan.served(), "route"),
                counted(plan.backends.len(), "backend"),
                counted(loaded.mappings, "file"),
            ),
            _ => format!("{} in {}", counted(errors, "problem"), counted(loaded.mappings, "file")),
        });
        if loaded.undescribed > 0 {
            output::note(&format!(
                "types of {} not checked: not in {LOCK_FILE}; use --db",
                counted(loaded.undescribed, "statement"),
            ));
        }
    }
    Ok(ExitCode::from(u8::from(loaded.plan.is_none())))
}

/// Reads the configuration; a folder that is not there is an unusable argument.
pub(super) fn load(mappings: &Path, types: Types<'_>) -> Result<Loaded, Failure> {
    if !mappings.exists() {
        return Err(Failure::usage(format!("`{}` does not exist", mappings.display()))
            .help("`figleaf import` writes mappings; --mappings names another folder"));
    }
    Ok(reload::load(mappings, &ProcessEnvironment, &FileSource, &locked, types))
}

fn write_lock(loaded: &Loaded) -> Result<(), Failure> {
    let Some((path, text)) = &loaded.lock else { return Ok(()) };
    std::fs::write(path, text)
        .map_err(|error| Failure::new(format!("`{}` cannot be written: {error}", path.display())))
}

/// What of a vendored contract is not what was locked.
pub(super) fn locked(folder: &Path) -> Vec<String> {
    super::verify_lock(folder).into_iter().map(|problem| problem.message).collect()
}

/// Prints what was found.
pub(super) fn show(loaded: &Loaded, format: Format) {
    match format {
        Format::Human => {
            for (report, sources) in &loaded.findings {
                output::report(&report.sorted(), sources, format);
            }
        }
        Format::Json => {
            let rows: Vec<serde_json::Value> = loaded
                .findings
                .iter()
                .flat_map(|(report, sources)| {
                    let sorted: Vec<&Diagnostic> = report.sorted();
                    let text = crate::diagnostic::render_json(&sorted, sources);
                    serde_json::from_str::<Vec<serde_json::Value>>(&text).unwrap_or_default()
                })
                .collect();
            let text = serde_json::to_string_pretty(&rows).unwrap_or_default();
            output::print(&format!("{text}\n"));
        }
    }
}

/// `1 file`, `2 files`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
