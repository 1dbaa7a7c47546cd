//! The command without `--live`: nothing is sent.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::super::check;
use super::super::output::{self, Failure, Format, print};
use super::super::sourced;
use super::live::{self, LiveArguments};
use super::{human, junit};
use crate::fixture::{Checked, Store, Verification, VerifyOptions, verify};
use crate::reload::{self, FileSource, Loaded, ProcessEnvironment, Types};

/// Replay every fixture through every mapping, without a backend.
///
/// Each JSON request of a fixture has to become the recorded request again, the recorded answer
/// the golden JSON, and that has to be what the OpenAPI document says. Every fixture is held
/// against the contracts as they are now. Routes, operations and declared faults without a
/// fixture are listed.
///
/// With --live the reads among the fixtures are sent to the real backends, as production would
/// send them, and what they answer now is graded: something new is info, something gone or of
/// another value a warning, a value of another kind or a fault an error. Writes, and requests
/// with redacted values, are not sent.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf verify\n  figleaf verify --only 'shop/GetOrder/*'\n  figleaf verify --require-coverage --junit target/verify.xml\n  figleaf verify --live --budget 20 --rate 1/s --backend shop\n\nExit codes: 0 all is well; 1 a fixture does not hold any more, or the mappings have problems;\n2 not enough: there is no fixture, or something has none and --require-coverage was given;\n3 unusable arguments (other commands: 2)."
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
    mappings: PathBuf,
    /// The folder of fixtures.
    #[arg(
        long,
        value_name = "PATH",
        default_value = "fixtures",
        env = "FIGLEAF_FIXTURES",
        hide_env_values = true
    )]
    fixtures: PathBuf,
    /// Only fixtures of this name, `*` for any part of it; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub(super) only: Vec<String>,
    /// Something without a fixture is a failure, too.
    #[arg(long, conflicts_with = "only")]
    require_coverage: bool,
    /// Write what was found for a CI server, in the XML of `JUnit`.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Whether people or programs read what was found.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) live: LiveArguments,
}

/// Nothing is wrong with what there is, but there is not enough of it.
pub(super) const NOT_ENOUGH: u8 = 2;
/// The arguments cannot be used.
pub const USAGE: u8 = 3;

/// Runs the command. What cannot be used is complained about here, because its exit code is
/// another than that of other commands.
pub fn run(arguments: &Arguments) -> ExitCode {
    match verified(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            output::complain(&failure);
            ExitCode::from(USAGE)
        }
    }
}

fn verified(arguments: &Arguments) -> Result<u8, Failure> {
    let loaded = load(&arguments.mappings)?;
    sourced::folder(&arguments.fixtures)?;
    check::show(&loaded, Format::Human);
    let store = Store::new(&arguments.fixtures);
    if arguments.live.is_live() {
        let (fixtures, code) = live::run(arguments, &loaded, &store)?;
        write_junit(arguments, &Verification { fixtures, ..Verification::default() })?;
        return Ok(code);
    }
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let options = VerifyOptions { only: &arguments.only, today: &today };
    let bar = bar();
    let heard = &mut |checked: &Checked, count: usize| {
        bar.set_length(count as u64);
        bar.set_message(checked.name.clone());
        bar.inc(1);
    };
    let verification = verify(&loaded, &store, options, heard).map_err(Failure::new)?;
    bar.finish_and_clear();
    write_junit(arguments, &verification)?;
    match arguments.format {
        Format::Human => print(&human::text(&verification)),
        Format::Json => {
            let text = serde_json::to_string_pretty(&verification).unwrap_or_default();
            print(&format!("{text}\n"));
        }
    }
    Ok(code(arguments, &loaded, &verification))
}

fn write_junit(arguments: &Arguments, verification: &Verification) -> Result<(), Failure> {
    let Some(path) = &arguments.junit else { return Ok(()) };
    let text = junit::document(verification, arguments.require_coverage);
    std::fs::write(path, text)
        .map_err(|error| Failure::new(format!("`{}` cannot be written: {error}", path.display())))
}

/// The configuration; a contract that is not the vendored one any more is the affair of `check`,
/// and just what is looked at here.
fn load(mappings: &Path) -> Result<Loaded, Failure> {
    if !mappings.exists() {
        let message = format!("`{}` does not exist", mappings.display());
        return Err(Failure::usage(message).help("--mappings names another folder"));
    }
    let loaded =
        reload::load(mappings, &ProcessEnvironment, &FileSource, &|_| Vec::new(), Types::Lock);
    if loaded.undescribed > 0 {
        let statements = check::counted(loaded.undescribed, "statement");
        return Err(Failure::new(format!("the types of {statements} are not known"))
            .help("write them to figleaf.lock with `figleaf check --db --lock`"));
    }
    Ok(loaded)
}

fn code(arguments: &Arguments, loaded: &Loaded, verification: &Verification) -> u8 {
    if loaded.plan.is_none() || verification.failed() > 0 {
        return 1;
    }
    let lacks = arguments.require_coverage && !verification.uncovered.is_empty();
    if lacks || verification.fixtures.is_empty() { NOT_ENOUGH } else { 0 }
}

/// On a terminal only.
pub(in crate::cli) fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
