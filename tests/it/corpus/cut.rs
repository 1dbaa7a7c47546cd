//! Answers cut off at every byte: never an answer.

use std::path::Path;

use figleaf::codec::Naming;
use figleaf::soap::Received;
use figleaf::wsdl;

use super::place::{Row, each, rows, source};
use super::property::{hash, noise};
use super::subject::{Subjects, complete, load};
use crate::roundtrip::generate::Generator;
use crate::support::{Served, operation, serve};

/// Longer messages are cut at some places, and at each of their last bytes.
const WHOLE_BYTES_MAX: usize = 1_500;
/// Places in what comes before those last bytes.
const PLACES: usize = 200;
/// One of so many contracts answers with a made-up value.
const SAMPLE_STEP: u64 = 40;
/// Answers of one such contract.
const ANSWERS_MAX: usize = 2;
/// Objects inside each other in a made-up answer.
const DEPTH: u32 = 12;

#[derive(Debug, Default)]
pub struct Cuts {
    pub messages: usize,
    /// Messages whose bytes are UTF-16.
    pub wide: usize,
    /// Messages with SOAP encoding.
    pub encoded: usize,
    pub cuts: usize,
    pub wrong: Vec<String>,
}

impl Cuts {
    fn add(&mut self, other: Self) {
        self.messages += other.messages;
        self.wide += other.wide;
        self.encoded += other.encoded;
        self.cuts += other.cuts;
        self.wrong.extend(other.wrong);
    }
}

pub fn measure(corpus: &Path) -> Cuts {
    let folder = corpus.join("messages");
    let cases: Vec<Row> = rows(&folder.join("INDEX.tsv"))
        .into_iter()
        .filter(|row| !row["wsdl"].is_empty() && !row["operation"].is_empty())
        .collect();
    let mut sum = Cuts::default();
    for found in each(&cases, |row| recorded(&folder.join(&row["case"]), row, corpus)) {
        sum.add(found);
    }
    let of_sample = |row: &Row| {
        let is_encoded = row["style_use"].contains("encoded");
        hash(&row["id"]).is_multiple_of(if is_encoded { SAMPLE_STEP / 4 } else { SAMPLE_STEP })
    };
    let chosen: Vec<Row> = complete(corpus).into_iter().filter(of_sample).collect();
    for found in each(&chosen, |row| made_up(row, corpus)) {
        sum.add(found);
    }
    sum
}

/// A recorded answer of another project.
fn recorded(case: &Path, row: &Row, corpus: &Path) -> Cuts {
    let mut found = Cuts::default();
    let root = case.join("soap.wsdl");
    let root = if root.is_file() { root } else { case.join(&row["wsdl"]) };
    let (Ok(loaded), Ok(answer)) = (
        wsdl::load(root.to_str().unwrap(), &source(corpus)),
        std::fs::read(case.join("response.xml")),
    ) else {
        return found;
    };
    let Some((operation, version)) = operation(&loaded.contract, &row["operation"]) else {
        return found;
    };
    if operation.refusals.is_empty() {
        let served = serve(&loaded.contract, operation, version, Naming::Preserve);
        cut(&row["case"], &served, &answer, &mut found);
        in_utf16(&row["case"], &served, &answer, &mut found);
    }
    found
}

/// Answers of our own.
fn made_up(row: &Row, corpus: &Path) -> Cuts {
    let mut found = Cuts::default();
    let Some(contract) = load(corpus, row) else { return found };
    let subjects = Subjects::of(&contract);
    let mut answers: Vec<_> = subjects.all.iter().filter(|s| s.is_response).collect();
    answers.sort_by_key(|subject| hash(&subject.name));
    for subject in answers.into_iter().take(ANSWERS_MAX) {
        let bytes = noise(&subject.name);
        let mut generator = Generator::new(&subjects.graph, &bytes[..100], DEPTH);
        let json = generator.value(subject.node);
        let served = subjects.served(subject);
        let name = format!("{} {}", row["id"], subject.name);
        if let Ok(envelope) = served.encode(subject.node, &json) {
            cut(&name, &served, envelope.as_bytes(), &mut found);
            in_utf16(&name, &served, envelope.as_bytes(), &mut found);
        }
    }
    found
}

/// The same answer in UTF-16, one in four of them.
fn in_utf16(name: &str, served: &Served, answer: &[u8], found: &mut Cuts) {
    let (Ok(text), true) = (std::str::from_utf8(answer), hash(name).is_multiple_of(4)) else {
        return;
    };
    let text = text.trim_start_matches('\u{FEFF}');
    let text = text.split_once("?>").filter(|_| text.starts_with("<?xml")).map_or(text, |t| t.1);
    let units = std::iter::once(0xFEFF).chain(text.trim().encode_utf16());
    let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    let before = found.messages;
    cut(name, served, &bytes, found);
    found.wide += found.messages - before;
}

/// Cuts an answer that is one, behind every byte but the last of its root.
fn cut(name: &str, served: &Served, answer: &[u8], found: &mut Cuts) {
    let node = served.nodes.response;
    let is_read = |bytes: &[u8]| match served.decode(node, bytes) {
        Ok((Received::Answer | Received::Fault(_), ..)) => true,
        Err(_) => false,
    };
    if node.is_none() || !is_read(answer) {
        return;
    }
    found.messages += 1;
    found.encoded += usize::from(node.is_some_and(|n| served.graph.rules(n).encoding().is_some()));
    // What is behind the root may be missing.
    let end = end_of_root(answer);
    let head = end.saturating_sub(WHOLE_BYTES_MAX);
    let stride = (head / PLACES).max(1);
    for at in (0..head).step_by(stride).chain(head..end) {
        found.cuts += 1;
        if is_read(&answer[..at]) {
            found.wrong.push(format!("{name} is read when cut at {at} of {end}"));
            return;
        }
    }
}

/// Where the `>` of the last end tag is.
fn end_of_root(answer: &[u8]) -> usize {
    let is_wide = answer.starts_with(&[0xFF, 0xFE]);
    let mark: &[u8] = if is_wide { b"<\0/\0" } else { b"</" };
    let start = answer.windows(mark.len()).rposition(|bytes| bytes == mark).unwrap_or(0);
    start + answer[start..].iter().position(|b| *b == b'>').unwrap_or(0)
}
