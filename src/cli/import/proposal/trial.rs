//! Compiling a mapping before anybody sees it.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::compose::Proposal;
use crate::cli::output::Failure;
use crate::diagnostic::{Diagnostic, Report, Severity, Sources};
use crate::mapping::{
    BackendKind, Contracts, Descriptions, Environment, Known, MappingSet, Schemas, Statements,
    compile, read_set,
};
use crate::wsdl::Contract;

/// Rounds of replacing routes that do not compile.
const ROUNDS_MAX: usize = 3;

/// An environment in which everything is set: what a value is does not matter here.
pub struct Fixed;

impl Environment for Fixed {
    fn var(&self, _: &str) -> Option<String> {
        Some("http://localhost/".to_owned())
    }

    fn file(&self, _: &str) -> Result<String, String> {
        Ok("x".to_owned())
    }
}

/// Reads and compiles a mapping against one contract for all its SOAP backends; the errors
/// in it, each with the byte it is at.
pub fn try_out(text: &str, contract: &Arc<Contract>) -> (MappingSet, Vec<(usize, Diagnostic)>) {
    let (mut sources, mut report) = (Sources::default(), Report::default());
    let files = [("mapping".to_owned(), text.to_owned())];
    let set = read_set(&files, &Fixed, &mut sources, &mut report);
    let soap = set.backends.iter().filter(|b| matches!(b.kind, Some(BackendKind::Soap(_))));
    let contracts: Contracts =
        soap.map(|b| (b.name.value.clone(), Arc::clone(contract))).collect::<HashMap<_, _>>();
    let (statements, descriptions) = (Statements::default(), Descriptions::default());
    let schemas = Schemas::default();
    let known = Known {
        contracts: &contracts,
        schemas: &schemas,
        statements: &statements,
        descriptions: &descriptions,
    };
    compile(&set, known, &sources, &mut report);
    let errors = report.into_iter().filter(|d| d.severity == Severity::Error);
    let errors = errors.map(|d| (d.span.map_or(0, |span| span.start as usize), d)).collect();
    (set, errors)
}

/// The proposal as text; routes that do not compile become the plainest that do, or a
/// comment.
pub fn settle(proposal: &mut Proposal<'_>) -> Result<String, Failure> {
    let contract = Arc::clone(&proposal.judged.contract);
    for round in 0..ROUNDS_MAX {
        let (text, places) = proposal.text();
        let (_, errors) = try_out(&text, &contract);
        let Some((_, first)) = errors.first() else { return Ok(text) };
        let wrong = wrong_routes(&places, &errors);
        if wrong.is_empty() {
            return Err(Failure::new(format!("the proposed mapping is wrong: {}", first.message))
                .help("nothing was written; please report this with the contract"));
        }
        let mut taken = proposal.shapes();
        for (at, why) in wrong {
            if round == 0 {
                let why = format!("the path proposed first does not fit: {why}");
                proposal.fall_back(at, &why, &mut taken);
            } else {
                proposal.routes[at].left_out = Some(why);
            }
        }
    }
    Err(Failure::new("the proposed mapping does not come to rest")
        .help("nothing was written; please report this with the contract"))
}

fn wrong_routes(
    places: &[Range<usize>],
    errors: &[(usize, Diagnostic)],
) -> BTreeMap<usize, String> {
    let mut wrong = BTreeMap::new();
    for (byte, error) in errors {
        if let Some(at) = places.iter().position(|place| place.contains(byte)) {
            wrong.entry(at).or_insert_with(|| error.message.clone());
        }
    }
    wrong
}
