//! Any bytes as a contract: it loads or it is refused, and every shape of it is lowered.
#![no_main]

use figleaf::codec::{Builder, Options};
use figleaf::soap::OperationShape;
use figleaf::wsdl;
use figleaf_fuzz::Memory;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // It may import itself, cycles are part of it, and the shop's documents.
    let mut memory = Memory::shop();
    memory.0.insert("fuzz.wsdl".to_owned(), bytes.to_vec());
    let Ok(loaded) = wsdl::load("fuzz.wsdl", &memory) else { return };
    let contract = &loaded.contract;
    let mut builder = Builder::new(&contract.schema, &contract.prefixes, Options::default());
    let operations = contract.services.iter().flat_map(|s| &s.ports).flat_map(|p| &p.operations);
    let shapes: Vec<_> = operations
        .filter(|operation| operation.refusals.is_empty())
        .map(|operation| OperationShape::lower(&mut builder, operation))
        .collect();
    let mut graph = builder.finish();
    for shape in shapes {
        let _ = shape.settle(&mut graph);
    }
});
