//! Translation alone, in MB of XML a second, beside quick-xml's bare event loop over the
//! same bytes: rounds are interleaved and ratios compare neighbours in time, because the
//! machine is shared.
//!
//! `cargo bench --bench translate` prints the table; `-- --publish` also writes it into
//! `docs/performance.md`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use figleaf::cli::FileSource;
use figleaf::codec::{Builder, Encoder, Graph, JsonLimits, NodeId, Options, parse_json};
use figleaf::soap::{EnvelopeReader, OperationNodes, OperationShape, Received, write_envelope};
use figleaf::wsdl::{self, SoapVersion};
use figleaf::xml::XmlLimits;
use quick_xml::events::Event;

/// Rounds of each pair.
const ROUNDS: usize = 15;
/// How long one measurement lasts at least.
const WINDOW: Duration = Duration::from_millis(60);
/// Bytes of one chunk, as they come from a socket.
const CHUNK_BYTES: usize = 16 << 10;

struct Operation {
    graph: Arc<Graph>,
    nodes: OperationNodes,
}

fn operation(name: &str) -> Operation {
    let loaded =
        wsdl::load("wsdl/shop/OrderService.wsdl", &FileSource).expect("the shop's contract");
    let contract = loaded.contract;
    let operation = contract.services[0].ports[0]
        .operations
        .iter()
        .find(|o| &*o.name == name)
        .expect("the operation");
    let mut builder = Builder::new(&contract.schema, &contract.prefixes, Options::default());
    let shape = OperationShape::lower(&mut builder, operation);
    let mut graph = builder.finish();
    let nodes = shape.settle(&mut graph);
    Operation { graph: Arc::new(graph), nodes }
}

fn decode(operation: &Operation, xml: &[u8]) -> u64 {
    let mut reader = EnvelopeReader::new(
        Arc::clone(&operation.graph),
        operation.nodes.response,
        operation.nodes.faults.iter().map(|f| f.child.clone()).collect(),
        Some("utf-8"),
        XmlLimits::default(),
        false,
    );
    let mut written = 0;
    for chunk in xml.chunks(CHUNK_BYTES) {
        reader.feed(chunk).expect("well-formed");
        if reader.output().len() > 64 << 10 {
            written += reader.take().len() as u64;
        }
    }
    assert!(matches!(reader.finish(), Ok(Received::Answer)));
    written + reader.take().len() as u64
}

fn events(xml: &[u8]) -> u64 {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let mut count = 0;
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Eof => return count,
            event => {
                black_box(&event);
                count += 1;
            }
        }
    }
}

fn encode(graph: &Graph, node: NodeId, json: &str) -> usize {
    let limits = JsonLimits { depth: 64, nodes: u32::MAX };
    let value = parse_json(json, limits).expect("JSON");
    let mut encoder = Encoder::new(graph);
    encoder.content(node, &value);
    let (body, used, problems) = encoder.finish();
    assert!(problems.is_empty(), "{problems:?}");
    write_envelope(graph, SoapVersion::V11, &used, b"", &body).len()
}

/// MB/s of one measurement.
#[expect(clippy::cast_precision_loss, reason = "a size far below 2^52")]
fn speed(bytes: usize, mut run: impl FnMut()) -> f64 {
    let started = Instant::now();
    let mut rounds = 0_u32;
    while started.elapsed() < WINDOW {
        run();
        rounds += 1;
    }
    bytes as f64 * f64::from(rounds) / started.elapsed().as_secs_f64() / 1e6
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The recorded list with its first order repeated until it is long enough.
fn list(bytes: usize) -> Vec<u8> {
    let text =
        std::fs::read_to_string("fixtures/shop12/ListOrders/two.res.xml").expect("the fixture");
    let start = text.find("<Order ").or_else(|| text.find(":Order ")).expect("an order");
    let start = text[..=start].rfind('<').expect("its start tag");
    let name_end = start + 1 + text[start + 1..].find([' ', '>']).expect("its name");
    let close = format!("</{}>", &text[start + 1..name_end]);
    let end = text.find(&close).expect("its end tag") + close.len();
    let item = &text[start..end];
    let mut out = text[..start].to_owned();
    while out.len() < bytes {
        out.push_str(item);
    }
    out.push_str(&text[end..]);
    out.into_bytes()
}

fn main() {
    let list_orders = operation("ListOrders");
    let get_order = operation("GetOrder");
    let one = std::fs::read("fixtures/shop/GetOrder/everything.res.xml").expect("the fixture");
    let documents = [
        ("one order", one, &get_order),
        ("50 KB list", list(50_000), &list_orders),
        ("10 MB list", list(10_000_000), &list_orders),
    ];
    if std::env::args().any(|a| a == "--decode-only") {
        // For a profiler.
        for _ in 0..30 {
            black_box(decode(&list_orders, &documents[2].1));
        }
        return;
    }
    let mut rows = vec![
        "| document | bytes | quick-xml events, MB/s | decode to JSON, MB/s | ratio |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    for (name, xml, operation) in &documents {
        let (mut bare, mut ours, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let a = speed(xml.len(), || {
                black_box(events(black_box(xml)));
            });
            let b = speed(xml.len(), || {
                black_box(decode(operation, black_box(xml)));
            });
            bare.push(a);
            ours.push(b);
            ratios.push(b / a);
        }
        rows.push(format!(
            "| {name} | {} | {:.0} | {:.0} | {:.2} |",
            xml.len(),
            median(bare),
            median(ours),
            median(ratios)
        ));
    }
    encode_rows(&mut rows);
    let table = rows.join("\n");
    println!("{table}");
    if std::env::args().any(|a| a == "--publish") {
        publish(&table);
    }
}

/// A request of one line; longer ones repeat the line.
const ORDER: &str = r#"{"order":{"customerId":"00017","channel":"WEB","payment":{"invoice":{"dueDays":14}},"lines":[{"serialNumber":["0007"],"gift":true,"unitPrice":{"value":0.50,"currency":"EUR"},"unit":"KGM","quantity":12.340,"description":"Kabel <2 m> & Stecker","articleNumber":"00042","lineNo":1}],"shipTo":{"city":"Dresden","zipCode":"01099","street":["Kai 5 & 6"]}}}"#;

/// Encoding, measured against parsing the same JSON into `serde_json`'s tree.
fn encode_rows(rows: &mut Vec<String>) {
    let place_order = operation("PlaceOrder");
    let request = ORDER;
    let Some(line_at) = request.find("\"lines\":[").map(|at| at + "\"lines\":[".len()) else {
        return;
    };
    let line_end =
        line_at + request[line_at..].find('}').map_or(0, |_| line_length(&request[line_at..]));
    let line = &request[line_at..line_end];
    rows.push(String::new());
    rows.push(
        "| request | bytes of JSON | serde_json tree, MB/s | validate and encode, MB/s | ratio |"
            .to_owned(),
    );
    rows.push("|---|---|---|---|---|".to_owned());
    for (name, bytes) in [("one order", 0), ("50 KB order", 50_000), ("10 MB order", 10_000_000)] {
        let mut json = request[..line_end].to_owned();
        while json.len() < bytes {
            json.push(',');
            json.push_str(line);
        }
        json.push_str(&request[line_end..]);
        let (mut bare, mut ours, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS.min(7) {
            let a = speed(json.len(), || {
                let _ = black_box(serde_json::from_str::<serde_json::Value>(black_box(&json)));
            });
            let b = speed(json.len(), || {
                black_box(encode(&place_order.graph, place_order.nodes.request, black_box(&json)));
            });
            bare.push(a);
            ours.push(b);
            ratios.push(b / a);
        }
        rows.push(format!(
            "| {name} | {} | {:.0} | {:.0} | {:.2} |",
            json.len(),
            median(bare),
            median(ours),
            median(ratios)
        ));
    }
}

/// The length of the first object of a JSON text.
fn line_length(text: &str) -> usize {
    let mut depth = 0_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn publish(table: &str) {
    let path = "docs/performance.md";
    let (begin, end) = ("<!-- translate:begin -->", "<!-- translate:end -->");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let section = format!("{begin}\n{table}\n{end}");
    let new = match (text.find(begin), text.find(end)) {
        (Some(from), Some(to)) => format!("{}{section}{}", &text[..from], &text[to + end.len()..]),
        _ => format!("{text}\n## Translation alone\n\n{section}\n"),
    };
    std::fs::write(path, new).expect("docs/performance.md");
}
