//! Messages of others as files: white space added, nothing else changed.

use std::path::Path;

use figleaf::canonical::{Side, Vocabulary};
use figleaf::codec::Naming;
use figleaf::wsdl::{self, Contract};

use super::place::{Row, each, rows, source};
use crate::matching::printing::is_kept;
use crate::support::serve;

/// What came of printing the messages that fit a contract.
#[derive(Debug, Default)]
pub struct Printed {
    /// Messages printed.
    pub messages: usize,
    /// Requests of which the operation was found, by the body or with the action.
    pub identified: usize,
    /// Requests of which another operation was found than their index says.
    pub mistaken: Vec<String>,
    /// What was changed.
    pub wrong: Vec<String>,
}

pub fn measure(corpus: &Path) -> Printed {
    let folder = corpus.join("messages");
    let cases: Vec<Row> = rows(&folder.join("INDEX.tsv"))
        .into_iter()
        .filter(|row| !row["wsdl"].is_empty() && !row["operation"].is_empty())
        .collect();
    let source = source(corpus);
    let all = each(&cases, |row| {
        let path = folder.join(&row["case"]);
        let root = if path.join("soap.wsdl").is_file() { "soap.wsdl" } else { &row["wsdl"] };
        let loaded = wsdl::load(path.join(root).to_str().unwrap(), &source);
        loaded.map_or_else(|_| Printed::default(), |l| case(&path, &row["operation"], &l.contract))
    });
    let mut total = Printed::default();
    for printed in all {
        total.messages += printed.messages;
        total.identified += printed.identified;
        total.mistaken.extend(printed.mistaken);
        total.wrong.extend(printed.wrong);
    }
    total
}

fn case(folder: &Path, name: &str, contract: &Contract) -> Printed {
    let mut printed = Printed::default();
    for (at, service) in contract.services.iter().enumerate() {
        for (port_at, port) in service.ports.iter().enumerate() {
            let Some(vocabulary) = Vocabulary::of(contract, at, port_at) else { continue };
            let Some(operation) = vocabulary.operation(name) else { continue };
            let of_name = port.operations.iter().find(|o| *o.name == *name);
            let Some(found) = of_name else { continue };
            let served = serve(contract, found, port.version, Naming::Preserve);
            for (file, side) in [("request.xml", Side::Request), ("response.xml", Side::Response)] {
                let Ok(message) = std::fs::read(folder.join(file)) else { continue };
                printed.messages += 1;
                if let Err(what) = is_kept(&vocabulary, &served, (Some(operation), side), &message)
                {
                    printed.wrong.push(format!("{} {file}: {what}", folder.display()));
                }
                if side == Side::Request {
                    identify(&mut printed, &vocabulary, operation, folder, &message);
                }
            }
            return printed;
        }
    }
    printed
}

fn identify(
    printed: &mut Printed,
    vocabulary: &Vocabulary,
    operation: usize,
    folder: &Path,
    message: &[u8],
) {
    let limits = figleaf::xml::XmlLimits::default();
    let Ok(element) = figleaf::canonical::read_message(None, message, limits) else { return };
    let action = &vocabulary.operations[operation].action;
    match vocabulary.identify(&element, Some(action)) {
        Ok(found) if found.operation == operation => printed.identified += 1,
        other => printed.mistaken.push(format!("{}: {other:?}", folder.display())),
    }
}
