//! One case, block by block.

use std::path::PathBuf;

use serde_json::Value;

use super::file::{Block, Case};
use super::world::{Answered, World};
use crate::corpus::infoset;
use crate::roundtrip::canonical;

/// References inside references, in a schema that is compared.
const RESOLVE_DEPTH_MAX: usize = 6;

pub fn path(folder: &str, name: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/cases");
    root.join(folder).join(format!("{name}.md"))
}

pub fn read(folder: &str, name: &str) -> Case {
    let path = path(folder, name);
    let text = std::fs::read_to_string(&path);
    Case::read(&text.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

pub fn check(folder: &str, name: &str) {
    let case = read(folder, name);
    let world = World::open(&case);
    let mut left = case.blocks.as_slice();
    let mut checked = 0;
    while let [block, rest @ ..] = left {
        let at = format!("{folder}/{name}.md:{}", block.line);
        let used = match (block.language.as_str(), block.words.as_str()) {
            ("xsd" | "wsdl" | "yaml", _) => 0,
            ("schema", component) => {
                schema(&world, component, &block.text, &at);
                1
            }
            ("json", "") => {
                let xml = second(rest, "xml", "", &at);
                sent(&world, &block.text, &xml.text, &at);
                answered(&world, &xml.text, &block.text, "", &at);
                2
            }
            ("json", "request") => {
                sent(&world, &block.text, &second(rest, "xml", "request", &at).text, &at);
                2
            }
            ("xml", "answer") => {
                let json = second(rest, "json", "answer", &at);
                let told = rest.get(1).filter(|block| block.language == "violations");
                answered(&world, &block.text, &json.text, told.map_or("", |b| &b.text), &at);
                2 + usize::from(told.is_some())
            }
            ("json", "refused") => {
                refused_request(&world, &block.text, &second(rest, "problems", "", &at).text, &at);
                2
            }
            ("xml", "refused") => {
                let problem = second(rest, "json", "problem", &at);
                refused_answer(&world, &block.text, &problem.text, &at);
                2
            }
            other => panic!("{at}: no such block: {other:?}"),
        };
        checked += used;
        left = &left[used.max(1)..];
    }
    assert!(checked > 0, "{folder}/{name}.md checks nothing");
}

fn second<'b>(rest: &'b [Block], language: &str, words: &str, at: &str) -> &'b Block {
    let next = rest.first().filter(|b| b.language == language && b.words == words);
    next.unwrap_or_else(|| panic!("{at}: a block `{language} {words}` has to follow"))
}

fn sent(world: &World, json: &str, xml: &str, at: &str) {
    let ours = world.encode(json).unwrap_or_else(|problem| panic!("{at}: refused: {problem:?}"));
    let theirs = envelope(xml);
    let (a, b) = (parsed(&ours, at), parsed(&theirs, at));
    let (a, b) = if is_envelope(xml) {
        (a.root_element(), b.root_element())
    } else {
        (infoset::body(&a).unwrap(), infoset::body(&b).unwrap())
    };
    if let Some(difference) = infoset::difference(a, b) {
        panic!("{at}: {difference}\nsent: {ours}");
    }
}

fn answered(world: &World, xml: &str, json: &str, violations: &str, at: &str) {
    let envelope = envelope(xml);
    match world.decode(envelope.as_bytes(), false) {
        Answered::Problem(problem) => panic!("{at}: {problem:?}"),
        Answered::Json(ours, told) => {
            assert_eq!(canonical(&ours), canonical(json), "{at}: read as\n{ours}");
            let expected: Vec<&str> = violations.lines().collect();
            assert_eq!(told, expected, "{at}: violations");
            described(world, &ours, at);
        }
    }
    let strictly = world.decode(envelope.as_bytes(), true);
    let refused = matches!(strictly, Answered::Problem(_));
    assert_eq!(refused, !violations.is_empty(), "{at}: with `strict`: {strictly:?}");
}

/// What is read is what the OpenAPI document promises.
fn described(world: &World, json: &str, at: &str) {
    let answer: Value = serde_json::from_str(json).unwrap();
    let validator = jsonschema::validator_for(&world.described()).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&answer).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{at}: {json}\nis not as described: {errors:#?}");
}

fn refused_request(world: &World, json: &str, problems: &str, at: &str) {
    let problem = world.encode(json).err().unwrap_or_else(|| panic!("{at}: it was sent"));
    let told: Vec<String> = problem
        .errors
        .iter()
        .map(|e| match e.pointer.as_deref() {
            Some("") | None => e.detail.clone(),
            Some(pointer) => format!("{pointer} {}", e.detail),
        })
        .collect();
    assert_eq!(told, problems.lines().collect::<Vec<_>>(), "{at}");
}

fn refused_answer(world: &World, xml: &str, expected: &str, at: &str) {
    let problem = match world.decode(envelope(xml).as_bytes(), false) {
        Answered::Problem(problem) => problem.body("", "case"),
        Answered::Json(json, _) => panic!("{at}: it was read: {json}"),
    };
    let expected: Value = serde_json::from_str(expected).unwrap();
    let problem: Value = serde_json::from_slice(&problem).unwrap();
    if let Some(place) = missing(&expected, &problem, "") {
        panic!("{at}: {place} is not as expected in {problem:#}");
    }
}

fn schema(world: &World, component: &str, expected: &str, at: &str) {
    let expected: Value = serde_json::from_str(expected).unwrap();
    let actual = world.resolved(world.schema(component), RESOLVE_DEPTH_MAX);
    if let Some(place) = missing(&expected, &actual, "") {
        let all = world.components();
        panic!("{at}: {place} is not as expected in {actual:#}\nthere are: {all}");
    }
}

/// Where a JSON says something that another does not.
fn missing(expected: &Value, actual: &Value, at: &str) -> Option<String> {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => expected.iter().find_map(|(k, v)| {
            missing(v, actual.get(k).unwrap_or(&Value::Null), &format!("{at}/{k}"))
        }),
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            let pairs = expected.iter().zip(actual).enumerate();
            pairs.into_iter().find_map(|(n, (e, a))| missing(e, a, &format!("{at}/{n}")))
        }
        _ => (expected != actual).then(|| format!("{at}/")),
    }
}

fn is_envelope(xml: &str) -> bool {
    xml.contains("Envelope")
}

/// What is no envelope goes into one.
fn envelope(xml: &str) -> String {
    if is_envelope(xml) {
        return xml.trim_start().to_owned();
    }
    format!(
        "<env:Envelope xmlns:env='http://schemas.xmlsoap.org/soap/envelope/' xmlns:c='urn:case' \
         xmlns:soapenc='http://schemas.xmlsoap.org/soap/encoding/' \
         xmlns:xs='http://www.w3.org/2001/XMLSchema' \
         xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><env:Body>{}</env:Body></env:Envelope>",
        xml.trim()
    )
}

fn parsed<'t>(text: &'t str, at: &str) -> roxmltree::Document<'t> {
    infoset::parse(text).unwrap_or_else(|error| panic!("{at}: {error}\n{text}"))
}
