//! A contract as figleaf offers it: the proposed mapping, compiled, and its document.

use std::collections::HashSet;
use std::sync::Arc;

use figleaf::cli::propose;
use figleaf::diagnostic::{Report, Severity, Sources};
use figleaf::mapping::{
    BackendKind, Contracts, Descriptions, Environment, Known, Schemas, Statements, compile,
    read_set,
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

/// One import of a contract.
pub struct Offer {
    pub contract: Arc<Contract>,
    pub plan: Plan,
    /// The OpenAPI document, as a caller gets it.
    pub document: Value,
}

/// A contract as it is imported, and once more for each port that this leaves out because
/// another offers the same.
pub struct Offered {
    pub offers: Vec<Offer>,
}

/// One operation that a caller may want.
pub struct Row<'o> {
    pub service: &'o Service,
    pub port: &'o Port,
    pub operation: &'o Operation,
    pub verdict: Verdict,
    /// The route that serves it.
    pub served: Option<Served<'o>>,
}

/// A route in its plan and its document.
#[derive(Clone, Copy)]
pub struct Served<'o> {
    pub offer: &'o Offer,
    pub route: &'o RoutePlan,
    pub call: &'o SoapCall,
}

impl Offer {
    fn of(
        root: &Root,
        documents: &dyn DocumentSource,
        port: Option<(&str, &str)>,
    ) -> Result<Self, String> {
        let proposed = propose(&root.path.display().to_string(), documents, port)?;
        let plan = match &proposed.mapping {
            Some(mapping) => compiled(mapping, &proposed.contract)?,
            None => Plan::default(),
        };
        let document = openapi::to_json(&openapi::document(&plan, "v1"));
        let document = serde_json::from_str(&document).map_err(|why| why.to_string())?;
        Ok(Self { contract: proposed.contract, plan, document })
    }

    fn serves(&self, service: &Service, port: &Port, operation: &Operation) -> Option<Served<'_>> {
        self.plan.routes.iter().find_map(|route| match &route.translator {
            Translator::Soap(call)
                if *call.operation == *operation.name
                    && *call.port == *port.name
                    && *call.service == *service.name.local =>
            {
                Some(Served { offer: self, route, call })
            }
            _ => None,
        })
    }
}

impl Served<'_> {
    /// What the document says of the route.
    pub fn described(&self) -> &Value {
        &self.offer.document["paths"][&self.route.path][self.route.method.to_ascii_lowercase()]
    }
}

impl Offered {
    /// Imports a contract and compiles what is proposed.
    pub fn of(root: &Root, documents: &dyn DocumentSource) -> Result<Self, String> {
        let mut offered = Self { offers: vec![Offer::of(root, documents, None)?] };
        let mut others: Vec<(String, String)> = Vec::new();
        for row in offered.rows().iter().filter(|r| r.verdict.is_served() && r.served.is_none()) {
            let port = (row.service.name.local.to_string(), row.port.name.to_string());
            if !others.contains(&port) {
                others.push(port);
            }
        }
        for (service, port) in others {
            offered.offers.extend(Offer::of(root, documents, Some((&service, &port))));
        }
        Ok(offered)
    }

    /// Every operation of every port. Of ports that share their service's name and their own,
    /// and so cannot be named, only what no other offers.
    pub fn rows(&self) -> Vec<Row<'_>> {
        let Some(first) = self.offers.first() else { return Vec::new() };
        let mut judge = Judge::new(&first.contract);
        let mut rows: Vec<Row<'_>> = Vec::new();
        for service in &first.contract.services {
            for port in &service.ports {
                for operation in &port.operations {
                    let verdict = judge.verdict(operation);
                    let mut offers = self.offers.iter();
                    let served = offers.find_map(|offer| offer.serves(service, port, operation));
                    rows.push(Row { service, port, operation, verdict, served });
                }
            }
        }
        let mut seen = HashSet::new();
        rows.retain(|row| seen.insert(Value::from(row.named()).to_string()));
        rows
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
    let known = Known {
        contracts: &contracts,
        schemas: &Schemas::default(),
        statements: &Statements::default(),
        descriptions: &Descriptions::default(),
    };
    let compiled = compile(&set, known, &sources, &mut report);
    compiled.map(|compiled| compiled.plan).ok_or_else(|| {
        let sorted = report.sorted();
        let first = sorted.iter().find(|d| d.severity == Severity::Error);
        first.map_or_else(|| "no plan".to_owned(), |d| format!("{}: {}", d.code, d.message))
    })
}
