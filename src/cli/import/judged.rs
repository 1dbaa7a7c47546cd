//! A contract that was read, with the verdict on each of its operations.

use std::sync::Arc;

use crate::cli::output::Failure;
use crate::diagnostic::did_you_mean;
use crate::soap::{Judge, Verdict, VerdictKind};
use crate::wsdl::{Contract, Loaded, LoadedFile, LoadedLink, Operation, Port, Service};

/// One operation of one port and what becomes of it.
#[derive(Debug)]
pub struct Row {
    /// Index of the service in the contract.
    pub service: usize,
    /// Index of the port in the service.
    pub port: usize,
    /// Index of the operation in the port.
    pub operation: usize,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// A contract with verdicts, in the order of the contract.
#[derive(Debug)]
pub struct Judged {
    /// What was read, resolved.
    pub contract: Arc<Contract>,
    /// The documents it was read from, the root first.
    pub files: Vec<LoadedFile>,
    /// Where one document names another.
    pub links: Vec<LoadedLink>,
    /// Every operation of every port looked at.
    pub rows: Vec<Row>,
}

impl Judged {
    /// Judges every operation of the ports that the filters let through.
    pub fn new(loaded: Loaded, service: Option<&str>, port: Option<&str>) -> Result<Self, Failure> {
        let mut judge = Judge::new(&loaded.contract);
        let (mut rows, mut ports) = (Vec::new(), 0);
        for (s, service_of) in loaded.contract.services.iter().enumerate() {
            for (p, port_of) in service_of.ports.iter().enumerate() {
                let wanted = service.is_none_or(|name| name == &*service_of.name.local)
                    && port.is_none_or(|name| name == &*port_of.name);
                if !wanted {
                    continue;
                }
                ports += 1;
                for (o, operation) in port_of.operations.iter().enumerate() {
                    let verdict = judge.verdict(operation);
                    rows.push(Row { service: s, port: p, operation: o, verdict });
                }
            }
        }
        drop(judge);
        let Loaded { files, links, contract } = loaded;
        if ports == 0 && (service.is_some() || port.is_some()) {
            return Err(no_such_port(&contract, service, port));
        }
        Ok(Self { contract: Arc::new(contract), files, links, rows })
    }

    pub fn service(&self, row: &Row) -> &Service {
        &self.contract.services[row.service]
    }

    pub fn port(&self, row: &Row) -> &Port {
        &self.service(row).ports[row.port]
    }

    pub fn operation(&self, row: &Row) -> &Operation {
        &self.port(row).operations[row.operation]
    }

    /// How many operations have this verdict.
    pub fn count(&self, kind: VerdictKind) -> usize {
        self.rows.iter().filter(|row| row.verdict.kind == kind).count()
    }

    /// Whether a route can be made of anything.
    pub fn serves_anything(&self) -> bool {
        self.rows.iter().any(|row| row.verdict.is_served())
    }
}

fn no_such_port(contract: &Contract, service: Option<&str>, port: Option<&str>) -> Failure {
    let all: Vec<(&str, &str)> = contract
        .services
        .iter()
        .flat_map(|s| s.ports.iter().map(|p| (&*s.name.local, &*p.name)))
        .collect();
    let failure = Failure::new("the contract has no such service and port");
    let near = port
        .and_then(|port| did_you_mean(port, all.iter().map(|(_, port)| *port)))
        .or_else(|| did_you_mean(service?, all.iter().map(|(service, _)| *service)));
    if let Some(near) = near {
        return failure.help(format!("did you mean `{near}`?"));
    }
    let names: Vec<String> = all.iter().map(|(s, p)| format!("{s}/{p}")).collect();
    failure.help(format!("it has {}", names.join(", ")))
}
