//! The steps of the command, in order.

use std::process::ExitCode;

use super::Arguments;
use super::judged::Judged;
use super::place::Place;
use super::{database, show, source};
use crate::cli::output::{self, Failure, Format};
use crate::diagnostic::{Diagnostic, Sources};
use crate::wsdl;

/// Warnings about the contract as a whole that are printed.
const WARNINGS_MAX: usize = 10;

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match import(arguments) {
        Ok(done) => {
            output::print(&done.text);
            Ok(ExitCode::from(done.code))
        }
        Err(stop) => {
            let problems: Vec<&Diagnostic> = stop.problems.iter().collect();
            if arguments.format == Format::Json {
                output::print(&show::json_failure(&stop.failure, &problems, &stop.sources));
            }
            output::report(&problems, &stop.sources, Format::Human);
            Err(stop.failure)
        }
    }
}

/// An import that came to its end.
#[derive(Debug)]
pub(super) struct Done {
    /// The exit code.
    pub code: u8,
    /// What belongs on stdout.
    pub text: String,
}

/// Why an import ends early, with the problems that led there.
#[derive(Debug)]
pub(super) struct Stop {
    pub failure: Failure,
    pub problems: Vec<Diagnostic>,
    pub sources: Sources,
}

impl From<Failure> for Box<Stop> {
    fn from(failure: Failure) -> Self {
        Box::new(Stop { failure, problems: Vec::new(), sources: Sources::default() })
    }
}

pub(super) fn import(arguments: &Arguments) -> Result<Done, Box<Stop>> {
    if database::is_database(&arguments.source) {
        return database::import(arguments);
    }
    let judged = read(arguments)?;
    warn(arguments, &judged);
    let served = judged.serves_anything();
    let mut text;
    let said = if served && !arguments.dry_run {
        let place = Place::of(arguments, &judged)?;
        let vendored = place.vendor(&judged, &arguments.source);
        let copies = vendored.load(&place.folder_inside())?;
        let copies = Judged::new(copies, arguments.service.as_deref(), arguments.port.as_deref())?;
        same_verdicts(&judged, &copies)?;
        let said = place.install(&copies, &vendored, &arguments.source)?;
        text = show_all(arguments, &copies);
        said
    } else {
        text = show_all(arguments, &judged);
        match (served, arguments.dry_run) {
            (false, _) => "Nothing was written: no operation can be served.\n".to_owned(),
            (true, _) => String::new(),
        }
    };
    if arguments.format == Format::Human && !said.is_empty() {
        text.push('\n');
        text.push_str(&said);
    }
    Ok(Done { code: u8::from(!served), text })
}

/// Reads the contract and judges its operations.
fn read(arguments: &Arguments) -> Result<Judged, Box<Stop>> {
    let root = source::root(&arguments.source)?;
    let documents = source::open(arguments, &root)?;
    let loaded = match wsdl::load(&root, &*documents) {
        Ok(loaded) => loaded,
        Err(failed) => {
            let problems = failed.report.sorted().into_iter().cloned().collect();
            let failure = Failure::new(format!("`{}` cannot be imported", arguments.source))
                .help("nothing was written");
            return Err(Box::new(Stop { failure, problems, sources: failed.sources }));
        }
    };
    Ok(Judged::new(loaded, arguments.service.as_deref(), arguments.port.as_deref())?)
}

/// What stands alone must mean the same.
pub(super) fn same_verdicts(read: &Judged, copies: &Judged) -> Result<(), Failure> {
    let verdicts = |judged: &Judged| -> Vec<_> {
        let of = |row: &super::judged::Row| {
            let codes: Vec<_> = row.verdict.reasons.iter().map(|d| d.code).collect();
            (row.service, row.port, row.operation, row.verdict.kind, codes)
        };
        judged.rows.iter().map(of).collect()
    };
    if verdicts(read) == verdicts(copies) {
        return Ok(());
    }
    Err(Failure::new("the copies of the contract do not read as the contract itself")
        .help("nothing was written; please report this with the contract"))
}

fn show_all(arguments: &Arguments, judged: &Judged) -> String {
    match arguments.format {
        Format::Json => show::json(&arguments.source, judged),
        Format::Human => show::table(judged, show::style()),
    }
}

/// What is wrong with the contract as a whole, as it was read: the copies know less of why.
fn warn(arguments: &Arguments, judged: &Judged) {
    if arguments.format == Format::Json {
        return;
    }
    let sorted = judged.contract.report.sorted();
    let shown = &sorted[..sorted.len().min(WARNINGS_MAX)];
    output::report(shown, &judged.contract.sources, Format::Human);
    if sorted.len() > WARNINGS_MAX {
        output::note(&format!("… and {} more about the contract\n", sorted.len() - WARNINGS_MAX));
    }
}
