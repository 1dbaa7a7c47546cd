//! Envelopes cut off, changed, cut into chunks and in other encodings.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use figleaf::cli::FileSource;
use figleaf::codec::Naming;
use figleaf::wsdl::{self, Contract};
use proptest::prelude::*;

use super::canonical;
use crate::support::{Served, operation, serve};

static SHOP: LazyLock<Contract> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("wsdl/shop/OrderService.wsdl");
    wsdl::load(path.to_str().unwrap(), &FileSource).map_err(|f| f.report).unwrap().contract
});

struct Exchange {
    name: String,
    served: Served,
    answer: Vec<u8>,
}

/// Every recorded answer of the shop with its operation.
static EXCHANGES: LazyLock<Vec<Exchange>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let entries = |path: &Path| -> Vec<PathBuf> {
        let mut all: Vec<_> =
            std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all
    };
    let mut all = Vec::new();
    let backends = entries(&folder).into_iter().filter(|path| path.is_dir());
    for folder in backends.flat_map(|backend| entries(&backend)) {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let (operation, version) = operation(&SHOP, &name).unwrap();
        let served = serve(&SHOP, operation, version, Naming::Camel);
        for path in entries(&folder).iter().filter(|p| p.to_str().unwrap().ends_with(".res.xml")) {
            let answer = std::fs::read(path).unwrap();
            all.push(Exchange { name: path.display().to_string(), served: served.clone(), answer });
        }
    }
    assert!(all.len() > 20, "the fixtures are there");
    all
});

#[test]
fn an_answer_cut_off_at_any_byte_is_an_error() {
    for exchange in EXCHANGES.iter() {
        let whole = exchange.answer.trim_ascii_end();
        for end in 0..whole.len() {
            let result = exchange.served.decode(exchange.served.nodes.response, &whole[..end]);
            assert!(result.is_err(), "{} cut at {end}: {result:?}", exchange.name);
        }
        if let Some(response) = exchange.served.nodes.response {
            let result = exchange.served.decode(Some(response), whole);
            assert!(result.is_ok(), "{}: {result:?}", exchange.name);
        }
    }
}

#[test]
fn recorded_answers_are_the_golden_json() {
    let mut compared = 0;
    for exchange in EXCHANGES.iter() {
        let golden = exchange.name.replace(".res.xml", ".res.json");
        let Ok(golden) = std::fs::read_to_string(golden) else { continue };
        let decoded = exchange.served.decode(exchange.served.nodes.response, &exchange.answer);
        // Faults become problems, and a second version renames: that is the mapping's work.
        let Ok((figleaf::soap::Received::Answer, json, _)) = decoded else { continue };
        if exchange.name.contains("/v2-") {
            continue;
        }
        compared += 1;
        let (golden, ours) = (canonical(&golden), canonical(&json));
        // A route may return a part of the answer.
        assert!(ours.contains(&golden), "{}\n{golden}\n{ours}", exchange.name);
    }
    assert!(compared > 10, "{compared}");
}

/// What a reader makes of chunks.
fn read(exchange: &Exchange, bytes: &[u8], chunks: &[usize]) -> Result<String, String> {
    let mut reader = exchange.served.reader(exchange.served.nodes.response);
    let mut rest = bytes;
    let mut sizes = chunks.iter().cycle();
    let mut out = Vec::new();
    while !rest.is_empty() {
        let size = sizes.next().map_or(rest.len(), |size| (*size).clamp(1, rest.len()));
        let (chunk, more) = rest.split_at(size);
        reader.feed(chunk).map_err(|e| e.to_string())?;
        if size.is_multiple_of(3) {
            out.extend(reader.take());
        }
        rest = more;
    }
    let received = reader.finish().map_err(|e| e.to_string())?;
    out.extend(reader.take());
    let violations = reader.violations().clone();
    let json = String::from_utf8(out).unwrap();
    let json = match received {
        figleaf::soap::Received::Answer => canonical(&json),
        figleaf::soap::Received::Fault(fault) => format!("{fault:?}"),
    };
    Ok(format!("{json} {violations:?}"))
}

/// The same document in another encoding; `None` where it has no such characters.
fn encoded(text: &str, which: usize) -> Option<Vec<u8>> {
    let body = text.split_once("?>").filter(|_| text.starts_with("<?xml")).map_or(text, |t| t.1);
    let utf16 = |little: bool, mark: &str| -> Vec<u8> {
        let text = format!("{mark}<?xml version=\"1.0\" encoding=\"UTF-16\"?>{body}");
        let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    };
    Some(match which {
        0 => text.as_bytes().to_vec(),
        1 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        2 => utf16(true, "\u{FEFF}"),
        3 => utf16(false, "\u{FEFF}"),
        4 => utf16(true, ""),
        5 => utf16(false, ""),
        _ => {
            let text = format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{body}");
            text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<_>>()?
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chunks_and_encodings_never_matter(
        at in any::<prop::sample::Index>(),
        which in 0_usize..7,
        chunks in prop::collection::vec(1_usize..300, 1..8),
    ) {
        let exchange = at.get(&EXCHANGES);
        let text = std::str::from_utf8(&exchange.answer).unwrap();
        if let Some(bytes) = encoded(text, which) {
            let whole = read(exchange, text.as_bytes(), &[]);
            prop_assert_eq!(whole, read(exchange, &bytes, &chunks), "{} {}", exchange.name, which);
        }
    }

    #[test]
    fn a_changed_envelope_never_panics_and_is_xml_if_it_is_read(
        at in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..6), 1..5),
        chunk in 1_usize..200,
    ) {
        let exchange = at.get(&EXCHANGES);
        let mut bytes = exchange.answer.clone();
        for (place, value, kind) in edits {
            let at = place.index(bytes.len());
            match kind {
                0 => bytes[at] = value,
                1 => bytes.insert(at, value),
                2 => { bytes.remove(at); }
                3 => bytes.insert(at, b"<>&\"'/:!? ]"[usize::from(value) % 11]),
                4 => {
                    let end = (at + usize::from(value)).min(bytes.len());
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                _ => {
                    let end = (at + usize::from(value)).min(bytes.len());
                    bytes.drain(at..end);
                }
            }
            if bytes.is_empty() { bytes.push(b' '); }
        }
        let whole = read(exchange, &bytes, &[]);
        let chunked = read(exchange, &bytes, &[chunk]);
        prop_assert_eq!(whole.is_ok(), chunked.is_ok(), "{:?} {:?}", whole, chunked);
        if let Ok(whole) = whole {
            prop_assert_eq!(Ok(whole), chunked);
            let text = figleaf::xml::encoding::decode(&bytes, None);
            let text = text.map_err(|e| TestCaseError::fail(format!("{e:?}")))?;
            let theirs = roxmltree::Document::parse(text.trim_start_matches('\u{FEFF}'));
            prop_assert!(theirs.is_ok(), "{:?}\n{}", theirs.err(), text);
        }
    }
}
