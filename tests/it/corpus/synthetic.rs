//! Values nobody sent, of contracts nobody here wrote: out and back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use figleaf::codec::{Builder, Naming};
use figleaf::soap::OperationShape;
use figleaf::wsdl;

use super::place::{Row, each, rows, source};
use crate::roundtrip::check_round_trip;
use crate::roundtrip::generate::{Entropy, Generator};
use crate::support::{Served, options};

/// Operations of one contract that are tried.
const OPERATIONS_MAX: usize = 40;
/// Every how manieth contract is tried; `FIGLEAF_CORPUS_ALL=1` tries them all.
const SAMPLE_STEP: usize = 4;
/// Bytes that decide about one value.
const ENTROPY_BYTES: usize = 600;

#[derive(Debug, Default)]
pub struct Synthetic {
    pub values: usize,
    /// Refused by the encoder: a pattern or a length the generator does not know.
    pub unwritten: usize,
    pub wrong: Vec<String>,
}

pub fn measure(corpus: &Path) -> Synthetic {
    let source = source(corpus);
    let complete: Vec<Row> = rows(&corpus.join("INDEX.tsv"))
        .into_iter()
        .filter(|row| row["complete"] == "y" && row["wsdl"] == "1.1")
        .step_by(if std::env::var_os("FIGLEAF_CORPUS_ALL").is_some() { 1 } else { SAMPLE_STEP })
        .collect();
    // Other values than last time, for whoever wants to look longer.
    let seed = std::env::var("FIGLEAF_SEED").unwrap_or_default();
    let all = each(&complete, |row| {
        let path = corpus.join("wsdl").join(&row["slug"]).join(&row["root"]);
        match wsdl::load(path.to_str().unwrap(), &source) {
            Ok(loaded) => one(&row["id"], &seed, &loaded.contract),
            Err(_) => Synthetic::default(),
        }
    });
    let mut sum = Synthetic::default();
    for found in all {
        sum.values += found.values;
        sum.unwritten += found.unwritten;
        sum.wrong.extend(found.wrong);
    }
    sum
}

fn one(id: &str, seed: &str, contract: &wsdl::Contract) -> Synthetic {
    let ports = contract.services.iter().flat_map(|s| &s.ports);
    let operations: Vec<_> = ports
        .flat_map(|p| p.operations.iter().map(|o| (o, p.version)))
        .filter(|(o, _)| o.refusals.is_empty())
        .take(OPERATIONS_MAX)
        .collect();
    let mut builder = Builder::new(&contract.schema, &contract.prefixes, options(Naming::Camel));
    let shapes: Vec<_> = operations
        .iter()
        .map(|(operation, version)| {
            (&operation.name, OperationShape::lower(&mut builder, operation), *version)
        })
        .collect();
    let mut graph = builder.finish();
    let nodes: Vec<_> =
        shapes.into_iter().map(|(n, shape, v)| (n, shape.settle(&mut graph), v)).collect();
    let graph = Arc::new(graph);
    let mut found = Synthetic::default();
    for (name, nodes, version) in nodes {
        let served = Served { graph: Arc::clone(&graph), nodes, version };
        for node in std::iter::once(served.nodes.request).chain(served.nodes.response) {
            found.values += 1;
            let bytes = noise(&format!("{seed}{id}{name}{}", node.0));
            let entropy = Entropy::new(&bytes);
            let json = Generator { graph: &served.graph, entropy, depth: 24 }.value(node);
            if served.encode(node, &json).is_err() {
                found.unwritten += 1;
                continue;
            }
            let run = || check_round_trip(&served, node, &json);
            match catch_unwind(AssertUnwindSafe(run)) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => found.wrong.push(format!("{id} {name}: {error}")),
                Err(_) => found.wrong.push(format!("{id} {name}: a panic")),
            }
        }
    }
    found
}

/// Bytes that are the same on every run (FNV-1a, then a linear congruence).
fn noise(seed: &str) -> Vec<u8> {
    let mut state = seed.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (0..ENTROPY_BYTES)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        })
        .collect()
}
