//! Documents of real contracts, where the folder with them exists: every operation a route.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::check_examples;
use super::contract::{call, plan, route};
use crate::cli::{Catalog, CatalogSource, FileSource};
use crate::codec::{Builder, Numbers, Options};
use crate::openapi::{combined, to_json};
use crate::plan::{BindPlan, BodyPlan, Plan, SoapCall, Translator};
use crate::soap::OperationShape;
use crate::wsdl::{Contract, Port, load};

/// The share of messages that have an example, in per mille. The rest want
/// more than is worth making.
const EXAMPLES_MIN: u32 = 999;

/// A plan that serves every operation of a contract.
fn plan_of(contract: &Contract, numbers: Numbers) -> Plan {
    let mut routes = Vec::new();
    for port in contract.services.iter().flat_map(|s| &s.ports) {
        for (name, call) in calls(contract, port, numbers) {
            let id = format!("POST /{}/{name}", port.name);
            routes.push(route(&id, "v1", Translator::Soap(Box::new(call))));
        }
    }
    plan(routes)
}

fn calls(contract: &Contract, port: &Port, numbers: Numbers) -> Vec<(String, SoapCall)> {
    let options = Options { numbers, ..Options::default() };
    let mut builder = Builder::new(&contract.schema, &contract.prefixes, options);
    let served = || port.operations.iter().filter(|o| o.refusals.is_empty());
    let shapes: Vec<OperationShape> =
        served().map(|operation| OperationShape::lower(&mut builder, operation)).collect();
    let mut graph = builder.finish();
    let nodes: Vec<_> = shapes.into_iter().map(|shape| shape.settle(&mut graph)).collect();
    let graph = Arc::new(graph);
    served()
        .zip(nodes)
        .map(|(operation, nodes)| {
            let body = BodyPlan { target: Vec::new(), node: nodes.request, required: true };
            let call = SoapCall {
                graph: Arc::clone(&graph),
                operation: operation.name.to_string(),
                request: nodes.request,
                response: nodes.response,
                shown: nodes.response,
                faults: nodes.faults.iter().map(|fault| fault.child.clone()).collect(),
                fault_elements: nodes.faults,
                bind: BindPlan { body: Some(body), ..BindPlan::default() },
                ..call((*graph).clone())
            };
            (operation.name.to_string(), call)
        })
        .collect()
}

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: ../shared/corpus is not here, so no real contract was documented");
    None
}

fn rows(corpus: &Path) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(corpus.join("INDEX.tsv")).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let row = |line: &str| {
        names.iter().map(|n| (*n).to_owned()).zip(line.split('\t').map(str::to_owned)).collect()
    };
    lines.map(row).collect()
}

#[test]
fn every_operation_of_real_contracts_has_valid_examples() {
    let Some(corpus) = corpus() else { return };
    let catalog = Catalog::open(&corpus.join("catalog")).unwrap();
    let source = CatalogSource { catalog, otherwise: FileSource };
    let out = std::env::var_os("OPENAPI_OUT").map(PathBuf::from);
    let every: usize = std::env::var("CORPUS_EVERY").map_or(25, |n| n.parse().unwrap());
    let (mut messages, mut with_example) = (0, 0);
    for (at, row) in rows(&corpus).iter().enumerate() {
        if row["complete"] != "y" || row["wsdl"] != "1.1" || at % every != 0 {
            continue;
        }
        let path = corpus.join("wsdl").join(&row["slug"]).join(&row["root"]);
        let Ok(loaded) = load(path.to_str().unwrap(), &source) else { continue };
        let numbers = if at % 2 == 0 { Numbers::Exact } else { Numbers::String };
        let start = std::time::Instant::now();
        let text = to_json(&combined(&plan_of(&loaded.contract, numbers)));
        let took = start.elapsed();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        println!("{} {} bytes {took:?}", row["id"], text.len());
        check_examples(&document, &document["paths"], &mut with_example);
        for operation in document["paths"].as_object().unwrap().values() {
            let answer = &operation["post"]["responses"]["200"];
            messages += 1 + u32::from(answer.get("content").is_some());
            let request = &operation["post"]["requestBody"];
            for side in [request, answer].into_iter().filter(|s| s.get("content").is_some()) {
                let media = &side["content"]["application/json"];
                if media.get("example").is_none() {
                    println!("NO EXAMPLE {}: {}", row["id"], media["schema"]);
                }
            }
        }
        if let Some(out) = &out {
            std::fs::write(out.join(format!("{}.json", row["id"])), text).unwrap();
        }
    }
    println!("{with_example} of {messages} messages have an example");
    assert!(with_example * 1000 >= messages * EXAMPLES_MIN);
}
