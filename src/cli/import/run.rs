//! The steps of the command, in order.

use std::process::ExitCode;

use super::Arguments;
use super::judged::Judged;
use super::{show, source};
use crate::cli::output::{self, Failure, Format};
use crate::diagnostic::{Diagnostic, Sources};
use crate::wsdl;

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match import(arguments) {
        Ok(code) => Ok(code),
        Err(failure) => {
            if arguments.format == Format::Json {
                let Stop { failure, problems, sources } = &*failure;
                let problems: Vec<&Diagnostic> = problems.iter().collect();
                output::print(&show::json_failure(failure, &problems, sources));
            }
            let problems: Vec<&Diagnostic> = failure.problems.iter().collect();
            output::report(&problems, &failure.sources, Format::Human);
            Err(failure.failure)
        }
    }
}

/// Why an import ends early, with the problems that led there.
#[derive(Debug)]
pub struct Stop {
    pub failure: Failure,
    pub problems: Vec<Diagnostic>,
    pub sources: Sources,
}

impl From<Failure> for Box<Stop> {
    fn from(failure: Failure) -> Self {
        Box::new(Stop { failure, problems: Vec::new(), sources: Sources::default() })
    }
}

fn import(arguments: &Arguments) -> Result<ExitCode, Box<Stop>> {
    let judged = read(arguments)?;
    match arguments.format {
        Format::Json => output::print(&show::json(&arguments.source, &judged)),
        Format::Human => output::print(&show::table(&judged, show::style())),
    }
    Ok(if judged.serves_anything() { ExitCode::SUCCESS } else { ExitCode::from(1) })
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
