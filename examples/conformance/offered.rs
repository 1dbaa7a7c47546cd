//! A contract as figleaf offers it: the proposed mapping, compiled, and its document.

use std::collections::HashSet;
use std::sync::Arc;

use figleaf::cli::propose;
use figleaf::diagnostic::{Report, Severity, Sources};
use figleaf::mapping::{
    BackendKind, Contracts, Descriptions, Environment, Known, Statements, compile, read_set,
};
use figleaf::openapi;
use figleaf::plan::{Plan, RoutePlan, SoapCall, Translator};
use figleaf::soap::{Judge, Verdict};
use figleaf::wsdl::{BindingStyle, Contract, DocumentSource, Operation, Port, Service};
use figleaf::wsdl::{SoapVersion, Use};
use serde_json::{Map, Value, json};

use super::corpus::Root;

/// Every variable of a proposed mapping is an address.
struct Addresses;

impl Environment for Addresses {
    fn var(&self, _: &str) -> Option<String> {
        Some("http://localhost/".to_owned())
    }

    fn file(&self, path: &str) -> Result<String, String> {
        Err(format!("`{path}` is not there"))
    }
}

/// A contract and what is served of it.
pub struct Offered {
    pub contract: Arc<Contract>,
    pub plan: Plan,
    /// The OpenAPI document, as a caller gets it.
    pub document: Value,
}

/// One operation that a caller may want.
pub struct Row<'o> {
    pub service: &'o Service,
    pub port: &'o Port,
    pub operation: &'o Operation,
    pub verdict: Verdict,
    /// The route that serves it.
    pub route: Option<(&'o RoutePlan, &'o SoapCall)>,
}

impl Offered {
    /// Imports a contract and compiles what is proposed.
    pub fn of(root: &Root, documents: &dyn DocumentSource) -> Result<Self, String> {
        let proposed = propose(&root.path.display().to_string(), documents)?;
        let plan = match &proposed.mapping {
            Some(mapping) => compiled(mapping, &proposed.contract)?,
            None => Plan::default(),
        };
        let document = openapi::to_json(&openapi::document(&plan, "v1"));
        let document = serde_json::from_str(&document).map_err(|why| why.to_string())?;
        Ok(Self { contract: proposed.contract, plan, document })
    }

    /// Every operation once: by its route where it has one, else where it stands first.
    pub fn rows(&self) -> Vec<Row<'_>> {
        let mut judge = Judge::new(&self.contract);
        let mut rows: Vec<Row<'_>> = Vec::new();
        for service in &self.contract.services {
            for port in &service.ports {
                for operation in &port.operations {
                    let verdict = judge.verdict(operation);
                    let route = self.route(service, port, operation);
                    rows.push(Row { service, port, operation, verdict, route });
                }
            }
        }
        let key = |row: &Row<'_>| (row.operation.name.clone(), row.operation.input.name.clone());
        let mut seen: HashSet<_> = rows.iter().filter(|r| r.route.is_some()).map(key).collect();
        rows.retain(|row| row.route.is_some() || seen.insert(key(row)));
        rows
    }

    fn route(
        &self,
        service: &Service,
        port: &Port,
        operation: &Operation,
    ) -> Option<(&RoutePlan, &SoapCall)> {
        self.plan.routes.iter().find_map(|route| match &route.translator {
            Translator::Soap(call)
                if *call.operation == *operation.name
                    && *call.port == *port.name
                    && *call.service == *service.name.local =>
            {
                Some((route, &**call))
            }
            _ => None,
        })
    }

    /// What the document says of a route.
    pub fn described(&self, route: &RoutePlan) -> &Value {
        &self.document["paths"][&route.path][route.method.to_ascii_lowercase()]
    }
}

impl Row<'_> {
    /// What names the operation in every file of a run.
    pub fn named(&self) -> Map<String, Value> {
        let named = json!({
            "service": self.service.name.local,
            "port": self.port.name,
            "operation": self.operation.wire_name,
            "input_name": self.operation.input_name,
        });
        match named {
            Value::Object(named) => named,
            _ => Map::new(),
        }
    }

    pub fn soap(&self) -> &'static str {
        match self.port.version {
            SoapVersion::V11 => "1.1",
            SoapVersion::V12 => "1.2",
        }
    }

    pub fn style(&self) -> &'static str {
        match self.operation.style {
            BindingStyle::Document => "document",
            BindingStyle::Rpc => "rpc",
        }
    }

    pub fn uses(&self) -> &'static str {
        match self.operation.input.use_ {
            Use::Literal => "literal",
            Use::Encoded(_) => "encoded",
        }
    }
}

fn compiled(mapping: &str, contract: &Arc<Contract>) -> Result<Plan, String> {
    let (mut sources, mut report) = (Sources::default(), Report::default());
    let files = [("mapping.yaml".to_owned(), mapping.to_owned())];
    let set = read_set(&files, &Addresses, &mut sources, &mut report);
    let soap = set.backends.iter().filter(|b| matches!(b.kind, Some(BackendKind::Soap(_))));
    let contracts: Contracts =
        soap.map(|backend| (backend.name.value.clone(), Arc::clone(contract))).collect();
    let (statements, descriptions) = (Statements::default(), Descriptions::default());
    let known =
        Known { contracts: &contracts, statements: &statements, descriptions: &descriptions };
    let compiled = compile(&set, known, &sources, &mut report);
    compiled.map(|compiled| compiled.plan).ok_or_else(|| {
        let sorted = report.sorted();
        let first = sorted.iter().find(|d| d.severity == Severity::Error);
        first.map_or_else(|| "no plan".to_owned(), |d| format!("{}: {}", d.code, d.message))
    })
}
