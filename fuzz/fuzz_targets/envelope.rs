//! Any bytes as an answer of the shop, whole and in chunks: the same, and JSON if anything.
#![no_main]

use std::sync::Arc;

use figleaf::codec::JsonLimits;
use figleaf::soap::{EnvelopeReader, OperationNodes, Received};
use figleaf::xml::XmlLimits;
use figleaf_fuzz::SHOP;
use libfuzzer_sys::fuzz_target;

fn read(nodes: &OperationNodes, bytes: &[u8], chunk: usize) -> Option<Vec<u8>> {
    let faults = nodes.faults.iter().map(|f| f.child.clone()).collect();
    let graph = Arc::clone(&SHOP.0);
    let mut reader =
        EnvelopeReader::new(graph, nodes.response, faults, None, XmlLimits::default(), false);
    for piece in bytes.chunks(chunk.max(1)) {
        reader.feed(piece).ok()?;
    }
    match reader.finish().ok()? {
        Received::Answer => Some(reader.take()),
        Received::Fault(fault) => Some(format!("\"{:?}\"", fault.kind()).into_bytes()),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let [operation, chunk, envelope @ ..] = bytes else { return };
    let nodes = &SHOP.1[usize::from(*operation) % SHOP.1.len()];
    let whole = read(nodes, envelope, envelope.len());
    assert_eq!(whole, read(nodes, envelope, usize::from(*chunk)));
    if let Some(json) = whole.filter(|json| !json.is_empty()) {
        let text = std::str::from_utf8(&json).expect("JSON is UTF-8");
        let limits = JsonLimits { depth: 1000, nodes: u32::MAX };
        figleaf::codec::parse_json(text, limits).expect("what is answered is JSON");
    }
});
