//! `figleaf translate`: JSON ⇄ envelope by a WSDL alone.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde_json::value::RawValue;

use super::output::{self, Failure, Format};
use super::{Catalog, CatalogSource, FileSource};
use crate::codec::{
    Builder, Encoder, Graph, JsonLimits, Naming, Numbers, Options, json_key, parse_json,
};
use crate::diagnostic::did_you_mean;
use crate::soap::{
    EnvelopeReader, HeaderElement, HeaderOutput, HeaderPlace, HeaderPlan, OperationNodes,
    OperationShape, Received, write_envelope,
};
use crate::wsdl::{self, Contract, DocumentSource, Operation, Port};
use crate::xml::XmlLimits;

/// Translate one message by a WSDL, without a mapping.
///
/// JSON arguments become a SOAP envelope, or a SOAP envelope becomes JSON. Reads stdin, writes
/// stdout; no backend is called.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  echo '{\"orderId\": \"42\"}' |\n    figleaf translate request --wsdl wsdl/shop/OrderService.wsdl --operation GetOrder\n  figleaf translate response --wsdl erp.wsdl --operation GetOrder < answer.xml\n\nExit codes: 0 translated; 1 the message does not fit the contract, or is a fault; 2 unusable\narguments or an unreadable contract."
)]
pub struct Arguments {
    /// Which way.
    #[arg(value_enum)]
    direction: Direction,
    /// The WSDL.
    #[arg(long, value_name = "FILE")]
    wsdl: String,
    /// The service, where the WSDL has several.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// The port, where the service has several; the first that has the operation otherwise.
    #[arg(long, value_name = "NAME")]
    port: Option<String>,
    /// The operation.
    #[arg(long, value_name = "NAME")]
    operation: String,
    /// How JSON members are named.
    #[arg(long, value_enum, default_value_t = NamingArgument::Camel)]
    naming: NamingArgument,
    /// How numbers beyond a double's digits are written.
    #[arg(long, value_enum, default_value_t = NumbersArgument::Exact)]
    numbers: NumbersArgument,
    /// SOAP header parts, as a JSON object by part name.
    #[arg(long, value_name = "JSON")]
    header: Option<String>,
    /// Deviations from the contract are errors.
    #[arg(long)]
    strict: bool,
    /// A catalogue of local copies: an OASIS catalog.xml, or a folder with a catalog.tsv.
    #[arg(long, value_name = "PATH")]
    catalog: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Direction {
    /// JSON arguments → SOAP envelope.
    Request,
    /// SOAP envelope → JSON.
    Response,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum NamingArgument {
    /// lowerCamelCase with an acronym rule.
    Camel,
    /// As in the schema.
    Preserve,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum NumbersArgument {
    /// The digits of the backend, as JSON numbers.
    Exact,
    /// As strings.
    String,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let contract = read_contract(arguments)?;
    let (port, operation) = find(arguments, &contract)?;
    if let Some(refusal) = operation.refusals.first() {
        return Err(Failure::new(format!(
            "`{}` cannot be translated: {}",
            operation.name, refusal.message
        ))
        .help(refusal.help.clone().unwrap_or_else(|| refusal.code.fix().to_owned())));
    }
    let options = Options {
        naming: match arguments.naming {
            NamingArgument::Camel => Naming::Camel,
            NamingArgument::Preserve => Naming::Preserve,
        },
        numbers: match arguments.numbers {
            NumbersArgument::Exact => Numbers::Exact,
            NumbersArgument::String => Numbers::String,
        },
        ..Options::default()
    };
    let mut builder = Builder::new(&contract.schema, &contract.prefixes, options);
    let shape = OperationShape::lower(&mut builder, operation);
    let mut graph = builder.finish();
    let nodes = shape.settle(&mut graph);
    let mut input = Vec::new();
    std::io::stdin()
        .read_to_end(&mut input)
        .map_err(|error| Failure::new(format!("stdin cannot be read: {error}")))?;
    match arguments.direction {
        Direction::Request => request(arguments, &graph, &nodes, port, &input),
        Direction::Response => response(arguments, graph, &nodes, operation, &input),
    }
}

fn read_contract(arguments: &Arguments) -> Result<Contract, Failure> {
    let files = FileSource;
    let catalog;
    let source: &dyn DocumentSource = match &arguments.catalog {
        None => &files,
        Some(path) => {
            let opened = Catalog::open(path).map_err(|error| Failure::new(error.message))?;
            catalog = CatalogSource { catalog: opened, otherwise: files };
            &catalog
        }
    };
    match wsdl::load(&arguments.wsdl, source) {
        Ok(loaded) => Ok(loaded.contract),
        Err(failure) => {
            output::report(&failure.report.sorted(), &failure.sources, Format::Human);
            Err(Failure::new(format!("`{}` cannot be used", arguments.wsdl)))
        }
    }
}

fn find<'c>(
    arguments: &Arguments,
    contract: &'c Contract,
) -> Result<(&'c Port, &'c Operation), Failure> {
    let wanted = |filter: &Option<String>, name: &str| filter.as_deref().is_none_or(|f| f == name);
    let ports: Vec<&Port> = contract
        .services
        .iter()
        .filter(|s| wanted(&arguments.service, &s.name.local))
        .flat_map(|s| &s.ports)
        .filter(|p| wanted(&arguments.port, &p.name))
        .collect();
    if ports.is_empty() {
        let all: Vec<String> = contract
            .services
            .iter()
            .flat_map(|s| s.ports.iter().map(|p| format!("{}/{}", s.name.local, p.name)))
            .collect();
        return Err(Failure::usage("the contract has no such service and port")
            .help(format!("it has {}", all.join(", "))));
    }
    let all = || ports.iter().flat_map(|p| p.operations.iter().map(move |o| (*p, o)));
    let mut found: Vec<_> = all().filter(|(_, o)| *o.name == *arguments.operation).collect();
    found.sort_by_key(|(_, o)| !o.refusals.is_empty());
    found.first().copied().ok_or_else(|| {
        let failure = Failure::usage(format!("there is no operation `{}`", arguments.operation));
        match did_you_mean(&arguments.operation, all().map(|(_, o)| &*o.name)) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help(format!(
                "the operations are: {}",
                all().map(|(_, o)| &*o.name).collect::<Vec<_>>().join(", ")
            )),
        }
    })
}

fn request(
    arguments: &Arguments,
    graph: &Graph,
    nodes: &OperationNodes,
    port: &Port,
    input: &[u8],
) -> Result<ExitCode, Failure> {
    let limits = JsonLimits { depth: 256, nodes: 10_000_000 };
    let text =
        std::str::from_utf8(input).map_err(|e| Failure::new(format!("stdin is not UTF-8: {e}")))?;
    let text = if text.trim().is_empty() { "{}" } else { text };
    let value = parse_json(text, limits)
        .map_err(|error| Failure::new(format!("stdin is not JSON: {error}")))?;
    let mut encoder = Encoder::new(graph);
    encoder.content(nodes.request, &value);
    let (body, mut used, mut problems) = encoder.finish();
    let mut header = Vec::new();
    if let Some(given) = &arguments.header {
        let given = parse_json(given, limits)
            .map_err(|error| Failure::usage(format!("--header is not JSON: {error}")))?;
        let crate::codec::Json::Object(entries) = given else {
            return Err(Failure::usage("--header must be a JSON object by part name"));
        };
        for (name, value) in &entries {
            let Some(block) = nodes
                .headers
                .iter()
                .find(|h| [&*h.name, &*h.part, &*h.child.local].contains(&&**name))
            else {
                let known: Vec<&str> = nodes.headers.iter().map(|h| &*h.name).collect();
                return Err(Failure::usage(format!("the operation has no header part `{name}`"))
                    .help(match &known[..] {
                        [] => "it has no header parts".to_owned(),
                        known => format!("it has: {}", known.join(", ")),
                    }));
            };
            let mut encoder = Encoder::new(graph);
            encoder.block(&block.child, value);
            let (xml, more, wrong) = encoder.finish();
            header.extend_from_slice(&xml);
            for id in more {
                if !used.contains(&id) {
                    used.push(id);
                }
            }
            problems.extend(wrong);
        }
    }
    if !problems.is_empty() {
        for problem in &problems {
            let place = if problem.pointer.is_empty() { "/" } else { &problem.pointer };
            output::note(&format!("error[request-invalid]: {place} {}", problem.detail));
        }
        return Ok(ExitCode::from(1));
    }
    let envelope = write_envelope(graph, port.version, &used, &header, &body);
    output::print(&String::from_utf8_lossy(&envelope));
    output::print("\n");
    Ok(ExitCode::SUCCESS)
}

fn response(
    arguments: &Arguments,
    graph: Graph,
    nodes: &OperationNodes,
    operation: &Operation,
    input: &[u8],
) -> Result<ExitCode, Failure> {
    let Some(_) = nodes.response else {
        return Err(Failure::new(format!(
            "`{}` is a one-way operation: nothing comes back",
            operation.name
        )));
    };
    let mut reader = EnvelopeReader::new(
        Arc::new(graph),
        nodes.response,
        nodes.faults.iter().map(|f| f.child.clone()).collect(),
        None,
        XmlLimits { depth: 512, ..XmlLimits::default() },
        arguments.strict,
    )
    .with_headers(&Arc::new(every_header(nodes)));
    let received = reader.feed(input).and_then(|()| reader.finish());
    for violation in &reader.violations().first {
        output::note(&format!(
            "warning[{}]: {} {}",
            violation.code, violation.path, violation.what
        ));
    }
    match received {
        Err(error) => {
            let problem = crate::engine::judge_soap_error(&error);
            output::note(&format!("error[{}]: {error}", problem.code));
            Ok(ExitCode::from(1))
        }
        Ok(Received::Answer) => {
            let json = String::from_utf8_lossy(&reader.take()).into_owned();
            output::print(&without_headers(nodes, json)?);
            output::print("\n");
            Ok(ExitCode::SUCCESS)
        }
        Ok(Received::Fault(fault)) => {
            let detail = fault.declared.as_ref().and_then(|(_, json)| {
                RawValue::from_string(String::from_utf8_lossy(json).into_owned()).ok()
            });
            let name = fault
                .declared
                .as_ref()
                .and_then(|(at, _)| operation.faults.get(*at))
                .map(|f| f.name.to_string());
            let shown = serde_json::json!({
                "fault": {
                    "code": fault.code,
                    "subcodes": fault.subcodes,
                    "reason": fault.reason,
                    "name": name,
                    "detail": detail,
                }
            });
            output::print(&format!("{shown}\n"));
            Ok(ExitCode::from(1))
        }
    }
}

/// What the body is called beside header parts.
const BODY: &str = "body";

/// Every header part of the answer, by its name, beside the body.
fn every_header(nodes: &OperationNodes) -> HeaderPlan {
    if nodes.answer_headers.is_empty() {
        return HeaderPlan::default();
    }
    let output = |(block, header): (usize, &HeaderElement)| {
        let place = HeaderPlace::Member(json_key(&format!("header {}", header.name)));
        HeaderOutput { block, node: header.child.node, place }
    };
    HeaderPlan {
        declared: nodes.answer_headers.iter().map(|header| header.child.clone()).collect(),
        outputs: nodes.answer_headers.iter().enumerate().map(output).collect(),
        body_key: Some(json_key(BODY)),
        ..HeaderPlan::default()
    }
}

/// The body alone; header parts are named on stderr.
fn without_headers(nodes: &OperationNodes, json: String) -> Result<String, Failure> {
    if nodes.answer_headers.is_empty() {
        return Ok(json);
    }
    let mut members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(&json)
        .map_err(|error| Failure::new(format!("the answer became no JSON: {error}")))?;
    let body = members.remove(BODY).map_or_else(String::new, |body| body.get().to_owned());
    for (name, value) in members {
        output::note(&format!("{name}: {value}"));
    }
    Ok(body)
}
