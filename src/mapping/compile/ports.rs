//! SOAP backends: the port each means, and one type graph for all its routes.

use std::collections::HashMap;
use std::sync::Arc;

use super::Compiler;
use crate::codec::{AnyForm, Builder, Graph, Naming, Numbers, OpenRule, Openings, Options};
use crate::diagnostic::{Code, Diagnostic};
use crate::mapping::{self, Backend, BackendKind, Target};
use crate::plan::{Plan, Translator};
use crate::soap::{Judge, OperationNodes, OperationShape, VerdictKind};
use crate::wsdl::{Contract, Operation, Port, Service};
use crate::xml::XmlLimits;

/// A SOAP backend ready for its routes.
pub(super) struct SoapPort {
    pub(super) contract: Arc<Contract>,
    pub(super) service: usize,
    pub(super) port: usize,
    /// The graph all routes of this backend share; views are added to it.
    pub(super) graph: Graph,
    pub(super) operations: HashMap<String, OperationNodes>,
    /// Operations that cannot be served, with the first reason.
    pub(super) refused: HashMap<String, Diagnostic>,
    pub(super) limits: XmlLimits,
}

impl SoapPort {
    pub(super) fn service(&self) -> &Service {
        &self.contract.services[self.service]
    }

    pub(super) fn port(&self) -> &Port {
        &self.service().ports[self.port]
    }

    pub(super) fn operation(&self, name: &str) -> Option<&Operation> {
        self.port().operations.iter().find(|o| &*o.name == name)
    }
}

pub(super) type Ports = HashMap<String, SoapPort>;

impl Compiler<'_> {
    /// Chooses the port of every SOAP backend and lowers the operations its routes use.
    pub(super) fn ports(&mut self) -> Ports {
        let mut used: HashMap<&str, Vec<&str>> = HashMap::new();
        let routes = self.set.versions.iter().flat_map(|v| &v.routes).map(|r| &r.route);
        for route in routes {
            let parts = match &route.target {
                Some(Target::Compose(parts)) => &parts[..],
                _ => &[],
            };
            let candidate = route.migration.as_deref().map(|migration| &*migration.candidate);
            for route in parts.iter().map(|part| &part.route).chain([route]).chain(candidate) {
                if let Some(Target::Soap { backend, operation }) = &route.target {
                    used.entry(&backend.value).or_default().push(&operation.value);
                }
            }
        }
        let mut ports = Ports::new();
        for backend in &self.set.backends {
            let Some(BackendKind::Soap(_)) = backend.kind else { continue };
            let Some(contract) = self.known.contracts.get(&backend.name.value) else { continue };
            let contract = Arc::clone(contract);
            let Some((service, port)) = self.choose(backend, &contract) else { continue };
            let names = used.get(backend.name.value.as_str()).cloned().unwrap_or_default();
            let (rules, lines): (Vec<_>, Vec<_>) =
                self.open_rules(backend, &contract).into_iter().unzip();
            let (lowered, openings) = lower(backend, contract, service, port, &names, rules);
            self.openings(&lines, &lowered.contract, &openings);
            self.any_forms(backend, &lowered.contract, &openings);
            self.name_collisions(backend, &lowered.graph);
            ports.insert(backend.name.value.clone(), lowered);
        }
        ports
    }

    fn choose(&mut self, backend: &Backend, contract: &Contract) -> Option<(usize, usize)> {
        let wanted_service = backend.service.as_ref();
        let wanted_port = backend.port.as_ref();
        let mut found = Vec::new();
        for (s, service) in contract.services.iter().enumerate() {
            for (p, port) in service.ports.iter().enumerate() {
                let service_fits = wanted_service.is_none_or(|w| *w.value == *service.name.local);
                if service_fits && wanted_port.is_none_or(|w| *w.value == *port.name) {
                    found.push((s, p));
                }
            }
        }
        if let [only] = found[..] {
            return Some(only);
        }
        let all: Vec<String> = contract
            .services
            .iter()
            .flat_map(|s| s.ports.iter().map(|p| format!("{}.{}", s.name.local, p.name)))
            .collect();
        let (span, message) = match (found.is_empty(), wanted_port.or(wanted_service)) {
            (true, Some(wanted)) => {
                (wanted.span, format!("the contract has no `{}`", wanted.value))
            }
            (true, None) => (backend.name.span, "the contract has no SOAP port".to_owned()),
            (false, _) => (
                backend.name.span,
                format!("`{}` has several ports to choose from", backend.name.value),
            ),
        };
        self.report.push(
            Diagnostic::error(Code::MappingPort, span, message)
                .help(format!("set `service:` and `port:` to one of {}", all.join(", "))),
        );
        None
    }
}

fn lower(
    backend: &Backend,
    contract: Arc<Contract>,
    service: usize,
    port: usize,
    names: &[&str],
    rules: Vec<OpenRule<'_>>,
) -> (SoapPort, Openings) {
    let options = Options {
        naming: match backend.naming.as_ref().map(|n| n.value) {
            Some(mapping::Naming::Preserve) => Naming::Preserve,
            _ => Naming::Camel,
        },
        numbers: match backend.numbers.as_ref().map(|n| n.value) {
            Some(mapping::Numbers::String) => Numbers::String,
            _ => Numbers::Exact,
        },
        any: backend.any.all.as_ref().map_or(AnyForm::Xml, |form| form.value),
        any_of: backend.any.members.iter().map(|(k, v)| (k.value.clone(), v.value)).collect(),
        names: backend.names.iter().map(|(k, v)| (k.value.clone(), v.value.clone())).collect(),
    };
    let mut builder = Builder::new(&contract.schema, &contract.prefixes, options);
    builder.open(rules);
    let mut judge = Judge::new(&contract);
    let mut refused = HashMap::new();
    let mut shapes: HashMap<String, OperationShape> = HashMap::new();
    let all = &contract.services[service].ports[port].operations;
    for operation in all.iter().filter(|o| names.contains(&&*o.name)) {
        let verdict = judge.verdict(operation);
        match verdict.reasons.into_iter().next() {
            Some(reason) if verdict.kind == VerdictKind::Refused => {
                refused.insert(operation.name.to_string(), reason);
            }
            _ => {
                let shape = OperationShape::lower(&mut builder, operation);
                shapes.entry(operation.name.to_string()).or_insert(shape);
            }
        }
    }
    drop(judge);
    let (mut graph, openings) = builder.finish_opened();
    let operations =
        shapes.into_iter().map(|(name, shape)| (name, shape.settle(&mut graph))).collect();
    let defaults = XmlLimits::default();
    let limits = &backend.limits;
    let bytes = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let limits = XmlLimits {
        depth: limits.depth.as_ref().map_or(defaults.depth, |l| l.value),
        elements: limits.elements.as_ref().map_or(defaults.elements, |l| l.value),
        attributes: limits.attributes.as_ref().map_or(defaults.attributes, |l| l.value),
        attribute_bytes: limits
            .attribute_bytes
            .as_ref()
            .map_or(defaults.attribute_bytes, |l| bytes(l.value)),
        token_bytes: limits.text_bytes.as_ref().map_or(defaults.token_bytes, |l| bytes(l.value)),
        ..defaults
    };
    (SoapPort { contract, service, port, graph, operations, refused, limits }, openings)
}

/// Views are done: every route of a backend gets the one graph.
pub(super) fn share_graphs(plan: &mut Plan, ports: Ports) {
    let shared: HashMap<String, Arc<Graph>> =
        ports.into_iter().map(|(name, port)| (name, Arc::new(port.graph))).collect();
    let backends = &plan.backends;
    let share = |translator: &mut Translator| {
        if let Translator::Soap(call) = translator
            && let Some(backend) = backends.get(call.backend.0 as usize)
            && let Some(graph) = shared.get(&backend.name)
        {
            call.graph = Arc::clone(graph);
        }
    };
    for route in &mut plan.routes {
        if let Translator::Compose(call) = &mut route.translator {
            call.parts.iter_mut().for_each(|part| share(&mut part.translator));
        }
        share(&mut route.translator);
    }
}
