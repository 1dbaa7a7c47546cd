//! Any text as a caller's JSON: read, and written as every request of the shop; what is
//! written without a problem has to be XML.
#![no_main]

use std::sync::Arc;

use figleaf::codec::{Encoder, JsonLimits, parse_json};
use figleaf::soap::{EnvelopeReader, write_envelope};
use figleaf::wsdl::SoapVersion;
use figleaf::xml::XmlLimits;
use figleaf_fuzz::SHOP;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(value) = parse_json(text, JsonLimits::default()) else { return };
    let graph = &SHOP.graph;
    for nodes in &SHOP.operations {
        let mut encoder = Encoder::new(graph);
        encoder.content(nodes.request, &value);
        let (body, used, problems) = encoder.finish();
        if !problems.is_empty() {
            continue;
        }
        let envelope = write_envelope(graph, SoapVersion::V11, &used, b"", &body);
        let limits = XmlLimits { depth: 1000, ..XmlLimits::default() };
        let request = Some(nodes.request);
        let mut reader =
            EnvelopeReader::new(Arc::clone(graph), request, Arc::from([]), None, limits, false);
        reader.feed(&envelope).and_then(|()| reader.finish()).expect("what is written is read");
    }
});
