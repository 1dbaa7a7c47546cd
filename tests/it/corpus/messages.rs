//! Other projects' own pairs: their JSON and their envelopes against ours.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use figleaf::codec::{Naming, Node, NodeId};
use figleaf::soap::Received;
use figleaf::wsdl;
use serde_json::{Map, Value};

use super::adapter::{Adapter, exact};
use super::compare::{Difference, differences};
use super::infoset;
use super::known;
use super::place::{Row, each, rows, source};
use crate::support::{Served, operation, serve};

/// What came of one comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The same.
    Pass,
    /// Different by a rule of ours that is written down.
    Rule(String),
    /// The peer is wrong.
    Peer(String),
    /// Nothing of ours handles it yet.
    NotYet(String),
    /// Ours is wrong, or nobody has looked yet.
    Fail(String),
}

/// What was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Their JSON → our envelope against theirs.
    Request,
    /// Their envelope → our JSON against theirs.
    Response,
    /// Their envelope → our JSON → our envelope against theirs.
    RoundTrip,
}

#[derive(Debug, Clone)]
pub struct Measured {
    pub case: String,
    pub suite: String,
    pub kind: Kind,
    pub verdict: Verdict,
}

struct Case {
    name: String,
    suite: String,
    folder: PathBuf,
    row: Row,
}

impl Case {
    fn text(&self, file: &str) -> Option<String> {
        std::fs::read(self.folder.join(file))
            .ok()
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    fn json(&self, file: &str) -> Option<Value> {
        serde_json::from_str(&self.text(file)?).ok()
    }

    fn is_php(&self) -> bool {
        self.suite.starts_with("php")
    }
}

pub fn measure(corpus: &Path) -> Vec<Measured> {
    let folder = corpus.join("messages");
    let cases: Vec<Case> = rows(&folder.join("INDEX.tsv"))
        .into_iter()
        .filter(|row| !row["wsdl"].is_empty())
        .map(|row| Case {
            name: row["case"].clone(),
            suite: row["suite"].clone(),
            folder: folder.join(&row["case"]),
            row,
        })
        .collect();
    let source = source(corpus);
    let all = each(&cases, |case| {
        let run = || one(case, &source);
        let results = catch_unwind(AssertUnwindSafe(run))
            .unwrap_or_else(|_| vec![(Kind::Request, Verdict::Fail("a panic".to_owned()))]);
        results
            .into_iter()
            .map(|(kind, verdict)| {
                let verdict = known::judge(&case.name, kind, verdict);
                Measured { case: case.name.clone(), suite: case.suite.clone(), kind, verdict }
            })
            .collect::<Vec<_>>()
    });
    all.into_iter().flatten().collect()
}

fn one(case: &Case, source: &dyn wsdl::DocumentSource) -> Vec<(Kind, Verdict)> {
    let has = |file: &str| case.folder.join(file).is_file();
    let mut kinds = Vec::new();
    if has("request.json") && has("request.xml") {
        kinds.push(Kind::Request);
    }
    if has("response.xml") && has("response.json") {
        kinds.push(Kind::Response);
    }
    if has("response.xml") || has("request.xml") {
        kinds.push(Kind::RoundTrip);
    }
    let all = |verdict: Verdict| kinds.iter().map(|kind| (*kind, verdict.clone())).collect();
    // The index names one of several documents, not always the root.
    let root = if has("soap.wsdl") { "soap.wsdl" } else { &case.row["wsdl"] };
    let path = case.folder.join(root);
    let contract = match wsdl::load(path.to_str().unwrap(), source) {
        Ok(loaded) => loaded.contract,
        Err(failure) => {
            let first = failure.report.sorted()[0].message.clone();
            return all(Verdict::Fail(format!("the contract does not load: {first}")));
        }
    };
    if case.row["operation"].is_empty() {
        return Vec::new();
    }
    let Some((operation, version)) = operation(&contract, &case.row["operation"]) else {
        return all(Verdict::Fail("the contract has no such operation".to_owned()));
    };
    if let Some(refusal) = operation.refusals.first() {
        let code = refusal.code.as_str();
        let what = format!("{code}: {}", refusal.message);
        let encoded = matches!(code, "contract-encoded" | "contract-transport");
        return all(if encoded { Verdict::NotYet(code.to_owned()) } else { Verdict::Fail(what) });
    }
    let served = serve(&contract, operation, version, Naming::Preserve);
    kinds
        .iter()
        .map(|kind| {
            let verdict = match kind {
                Kind::Request => request(case, &served),
                Kind::Response => response(case, &served),
                Kind::RoundTrip => round_trips(case, &served),
            };
            (*kind, verdict)
        })
        .collect()
}

/// The arguments as the content of the body, whatever the peer wraps them in.
fn arguments(case: &Case, served: &Served, given: &Value) -> Value {
    let Node::Object(outer) = served.graph.node(served.nodes.request) else {
        return given.clone();
    };
    let wrapper = outer.unwrap.map(|only| &outer.members[usize::from(only)]);
    let Some(Node::Object(inner)) = wrapper.map(|w| served.graph.node(w.node)) else {
        return match given {
            Value::Array(items) if case.is_php() && items.len() == 1 => items[0].clone(),
            other => other.clone(),
        };
    };
    let is_rpc = case.text(&case.row["wsdl"]).is_some_and(|t| t.contains("style=\"rpc\""));
    match given {
        Value::Null if inner.members.is_empty() => Value::Object(Map::new()),
        Value::Array(items) if case.is_php() && items.is_empty() => Value::Object(Map::new()),
        Value::Array(items) if case.is_php() && is_rpc && case.suite != "php-schema" => {
            let names = inner.members.iter().map(|m| m.name.to_string());
            Value::Object(names.zip(items.iter().cloned()).collect())
        }
        Value::Array(items) if case.is_php() && items.len() == 1 => items[0].clone(),
        other if case.suite == "php-schema" && is_rpc && inner.members.len() == 1 => Value::Object(
            [(inner.members[0].name.to_string(), other.clone())].into_iter().collect(),
        ),
        other => other.clone(),
    }
}

fn request(case: &Case, served: &Served) -> Verdict {
    let Some(given) = case.json("request.json") else {
        return Verdict::Peer("request.json is not JSON".to_owned());
    };
    let given = arguments(case, served, &given);
    let theirs = case.text("request.xml").unwrap_or_default();
    let encode = |cuts| {
        let adapter = Adapter { graph: &served.graph, fill: false, cuts };
        let value = adapter.value(served.nodes.request, &given);
        served.encode(served.nodes.request, &exact(&value))
    };
    match encode(false) {
        Ok(ours) => against(&ours, &theirs),
        Err(problems) => {
            let first = &problems[0];
            // PHP makes 123 of 123.5; with that done, the rest of the envelope has to agree.
            if case.is_php()
                && problems.iter().all(|p| p.detail == "must be a whole number")
                && encode(true).is_ok_and(|ours| against(&ours, &theirs) == Verdict::Pass)
            {
                let rule = "a value that is not of its type is refused, not cut to it (PHP makes 123 of 123.5)";
                return Verdict::Rule(rule.to_owned());
            }
            Verdict::Fail(format!("{}: {}", first.pointer, first.detail))
        }
    }
}

/// Our envelope's body against theirs.
fn against(ours: &str, theirs: &str) -> Verdict {
    let ours = match infoset::parse(ours) {
        Ok(document) => document,
        Err(error) => return Verdict::Fail(format!("ours is not XML: {error}")),
    };
    let theirs = match infoset::parse(theirs) {
        Ok(document) => document,
        Err(error) => return Verdict::Peer(format!("the envelope is not XML: {error}")),
    };
    let (Some(ours), Some(theirs)) = (infoset::body(&ours), infoset::body(&theirs)) else {
        return Verdict::Peer("the envelope has no body".to_owned());
    };
    let elements =
        |node: roxmltree::Node<'_, '_>| node.children().filter(roxmltree::Node::is_element).count();
    if elements(ours) != elements(theirs) {
        return Verdict::Fail(format!("{} body elements for {}", elements(ours), elements(theirs)));
    }
    let pairs = ours
        .children()
        .filter(roxmltree::Node::is_element)
        .zip(theirs.children().filter(roxmltree::Node::is_element));
    pairs
        .into_iter()
        .find_map(|(a, b)| infoset::difference(a, b))
        .map_or(Verdict::Pass, Verdict::Fail)
}

fn response(case: &Case, served: &Served) -> Verdict {
    let envelope = case.text("response.xml").unwrap_or_default();
    // The peer's own test names the media type elsewhere; the first line is the boundary.
    let is_multipart = envelope.trim_start().starts_with("--");
    let content_type = if is_multipart { "multipart/related" } else { "text/xml" };
    let (received, json, violations) =
        match served.decode_as(content_type, served.nodes.response, envelope.as_bytes()) {
            Ok(decoded) => decoded,
            Err(error) => return Verdict::Fail(format!("not decoded: {error}")),
        };
    let Some(theirs) = case.json("response.json") else {
        return Verdict::Peer("response.json is not JSON".to_owned());
    };
    if let Received::Fault(fault) = received {
        let told = theirs.to_string();
        return if told.contains(fault.reason.trim()) {
            Verdict::Pass
        } else {
            Verdict::Fail(format!("the fault `{}` for {told}", fault.reason))
        };
    }
    let ours: Value = match serde_json::from_str(&json) {
        Ok(value) => value,
        Err(error) => return Verdict::Fail(format!("ours is not JSON: {error}: {json}")),
    };
    let node = served.nodes.response.unwrap_or(NodeId(0));
    let adapter = Adapter { graph: &served.graph, fill: true, cuts: false };
    let found = differences(&ours, &adapter.value(node, &theirs));
    let mut rules: Vec<&str> = Vec::new();
    for difference in &found {
        match difference {
            Difference::Other(what) => {
                let said = violations.first().map_or(String::new(), |v| format!(" ({v})"));
                return Verdict::Fail(format!("{what}{said}"));
            }
            Difference::Rule(rule) if !rules.contains(rule) => rules.push(rule),
            Difference::Rule(_) => {}
        }
    }
    if rules.is_empty() { Verdict::Pass } else { Verdict::Rule(rules.join("; ")) }
}

fn round_trips(case: &Case, served: &Served) -> Verdict {
    let sides =
        [("request.xml", Some(served.nodes.request)), ("response.xml", served.nodes.response)];
    let mut worst = Verdict::Pass;
    for (file, node) in sides {
        let (Some(envelope), Some(node)) = (case.text(file), node) else { continue };
        match round_trip(served, node, &envelope) {
            Verdict::Pass => {}
            Verdict::Fail(what) => return Verdict::Fail(format!("{file}: {what}")),
            other => worst = other,
        }
    }
    worst
}

fn round_trip(served: &Served, node: NodeId, envelope: &str) -> Verdict {
    if let Err(error) = infoset::parse(envelope) {
        return match served.decode(Some(node), envelope.as_bytes()) {
            Ok(_) => Verdict::Fail(format!("read, though it is not XML: {error}")),
            Err(_) => Verdict::Peer(format!("the envelope is not XML: {error}")),
        };
    }
    match served.decode(Some(node), envelope.as_bytes()) {
        Ok((Received::Fault(_), ..)) => Verdict::Pass,
        Ok((Received::Answer, json, violations)) => {
            let verdict = match served.encode(node, &json) {
                Ok(ours) => against(&ours, envelope),
                Err(problems) => {
                    let first = &problems[0];
                    Verdict::Fail(format!("{}: {}: {json}", first.pointer, first.detail))
                }
            };
            match (verdict, violations.first()) {
                // Read all the same and told of; written back it follows the contract again.
                (Verdict::Fail(_), Some(said)) => {
                    let code = said.split(' ').next().unwrap_or(said);
                    Verdict::Peer(format!("the envelope deviates from its contract: {code}"))
                }
                (verdict, _) => verdict,
            }
        }
        Err(error) => Verdict::Fail(format!("not decoded: {error}")),
    }
}

/// Suite and kind → how many of each verdict.
pub fn table(all: &[Measured]) -> BTreeMap<(Kind, String), [usize; 5]> {
    let mut table: BTreeMap<(Kind, String), [usize; 5]> = BTreeMap::new();
    for measured in all {
        let row = table.entry((measured.kind, measured.suite.clone())).or_default();
        row[match measured.verdict {
            Verdict::Pass => 0,
            Verdict::Rule(_) => 1,
            Verdict::Peer(_) => 2,
            Verdict::NotYet(_) => 3,
            Verdict::Fail(_) => 4,
        }] += 1;
    }
    table
}
