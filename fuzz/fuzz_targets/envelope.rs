//! Any bytes as an answer, of document, rpc and encoded operations, whole and in chunks: the
//! same, JSON if anything, and XML for another parser as well.
#![no_main]

use figleaf::codec::{JsonLimits, parse_json};
use figleaf_fuzz::{operation, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let [number, chunk, envelope @ ..] = bytes else { return };
    let operation = operation(*number);
    let whole = read(operation, None, envelope, envelope.len());
    assert_eq!(whole, read(operation, None, envelope, usize::from(*chunk)));
    let Some(json) = whole else { return };
    if !json.is_empty() {
        let text = std::str::from_utf8(&json).expect("JSON is UTF-8");
        let limits = JsonLimits { depth: 1000, nodes: u32::MAX };
        parse_json(text, limits).expect("what is answered is JSON");
    }
    // Names beyond ASCII are judged generously; in ASCII there is nothing to argue about.
    if envelope.is_ascii() && envelope.get(1) != Some(&0) && envelope.first() != Some(&0) {
        let text = std::str::from_utf8(envelope).expect("ASCII is UTF-8");
        roxmltree::Document::parse(text).expect("what is answered is XML");
    }
});
