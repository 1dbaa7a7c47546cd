//! What goes out comes back: values, chunks, broken envelopes, and callers who try.

mod broken;
pub mod generate;
mod scalar;
mod streaming;

use std::fmt::Write as _;
use std::sync::LazyLock;

use figleaf::codec::{Json, Naming, NodeId, parse_json};
use figleaf::soap::Received;
use figleaf::wsdl::Contract;
use generate::Generator;
use proptest::prelude::*;

use crate::support::{JSON_LIMITS, Served, contract, operation, serve};

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| contract(include_str!("contract.wsdl")));

pub fn served(name: &str) -> Served {
    let (operation, version) = operation(&CONTRACT, name).unwrap();
    assert!(operation.refusals.is_empty(), "{:?}", operation.refusals);
    serve(&CONTRACT, operation, version, Naming::Camel)
}

static ECHO: LazyLock<Served> = LazyLock::new(|| served("Echo"));

/// JSON with sorted keys and exact numbers.
pub fn canonical(text: &str) -> String {
    let value = parse_json(text, JSON_LIMITS).map_err(|e| format!("{e}: {text}")).unwrap();
    let mut out = String::new();
    write_canonical(&value, &mut out);
    out
}

fn write_canonical(value: &Json<'_>, out: &mut String) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(truth) => {
            let _ = write!(out, "{truth}");
        }
        Json::Number(text) => out.push_str(text),
        Json::String(text) | Json::Lexical(text) => {
            let _ = write!(out, "{text:?}");
        }
        Json::Array(items) => {
            out.push('[');
            for item in items {
                write_canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Json::Object(entries) => {
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            out.push('{');
            for (key, value) in sorted {
                let _ = write!(out, "{key:?}:");
                write_canonical(value, out);
                out.push(',');
            }
            out.push('}');
        }
    }
}

/// Encodes, reads with another parser, decodes and compares.
pub fn check_round_trip(served: &Served, node: NodeId, json: &str) -> Result<(), TestCaseError> {
    let envelope = served
        .encode(node, json)
        .map_err(|problems| TestCaseError::fail(format!("{problems:?}\n{json}")))?;
    if let Err(error) = roxmltree::Document::parse(&envelope) {
        return Err(TestCaseError::fail(format!("{error}\n{envelope}")));
    }
    let (received, back, violations) = served
        .decode(Some(node), envelope.as_bytes())
        .map_err(|error| TestCaseError::fail(format!("{error}\n{envelope}")))?;
    prop_assert!(matches!(received, Received::Answer));
    prop_assert!(violations.is_empty(), "{:?}\n{}", violations, envelope);
    prop_assert_eq!(canonical(json), canonical(&back), "\n{}\n{}", json, envelope);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_encoded_decodes_to_the_same_json(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for name in ["Echo", "Rpc", "Two"] {
            let served = if name == "Echo" { ECHO.clone() } else { served(name) };
            let node = served.nodes.request;
            let json = Generator::new(&served.graph, &bytes, 64).value(node);
            check_round_trip(&served, node, &json)?;
        }
    }

    #[test]
    fn a_callers_text_never_becomes_markup(text in "\\PC{0,20}|[<>&\"'/a-z:!\\[\\]\\-\u{0}-\u{20}]{0,30}") {
        let json = |text: &str| {
            let text = serde_json::Value::String(text.to_owned());
            format!(r#"{{"version":{text},"strings":[{text},"y"],"money":[{{"currency":{text},"value":1}}],"note":{text},"tree":{{"name":{text}}},"anys":{{"thing":{text}}}}}"#)
        };
        let names = |envelope: &str| -> Vec<String> {
            let document = roxmltree::Document::parse(envelope).unwrap();
            document.descendants().filter(roxmltree::Node::is_element).map(|n| {
                let attributes: Vec<_> = n.attributes().map(|a| a.name()).filter(|a| *a != "type").collect();
                format!("{} {attributes:?}", n.tag_name().name())
            }).collect()
        };
        let plain = names(&ECHO.encode(ECHO.nodes.request, &json("x")).unwrap());
        if let Ok(envelope) = ECHO.encode(ECHO.nodes.request, &json(&text)) {
            prop_assert_eq!(plain, names(&envelope));
        }
    }

    #[test]
    fn a_callers_key_is_a_member_or_a_problem(key in "\\PC{0,12}|[<>&\"'/a-zA-Z:@$]{0,12}") {
        let name = serde_json::Value::String(key.clone());
        for json in [format!("{{{name}:\"1\"}}"), format!("{{\"tree\":{{\"name\":\"n\",{name}:\"1\"}}}}"), format!("{{\"choices\":{{\"choice\":[{{{name}:\"1\"}}]}}}}"), format!("{{\"anys\":{{\"any\":[{{{name}:\"1\"}}]}}}}")] {
            let result = ECHO.encode(ECHO.nodes.request, &json);
            if let Ok(envelope) = result {
                prop_assert!(roxmltree::Document::parse(&envelope).is_ok(), "{}\n{}", json, envelope);
                let known = ["version", "note", "percent", "p", "tag", "any", "name", "strings", "mixed", "Note", "Tag", "LoudTag", "Cat", "Dog"];
                prop_assert!(known.iter().any(|k| k.eq_ignore_ascii_case(&key)), "{}\n{}", json, envelope);
            }
        }
    }
}

#[test]
fn rpc_parts_are_unqualified_in_a_wrapper_and_in_the_messages_order() {
    let served = served("Rpc");
    let json = r#"{"list":["a","b"],"first":7,"second":{"text":"t","yes":true,"nilInt":null}}"#;
    let envelope = served.encode(served.nodes.request, json).unwrap();
    let document = roxmltree::Document::parse(&envelope).unwrap();
    let wrapper = document.root_element().first_child().unwrap().first_child().unwrap();
    assert_eq!(wrapper.tag_name(), ("urn:rpc", "Rpc").into());
    let parts: Vec<_> =
        wrapper.children().map(|n| (n.tag_name().namespace(), n.tag_name().name())).collect();
    assert_eq!(parts.len(), 3);
    assert!(parts.iter().all(|(namespace, _)| namespace.is_none()), "{parts:?}");
    let inside = wrapper.children().find(|n| n.tag_name().name() == "second").unwrap();
    assert_eq!(inside.first_child().unwrap().tag_name().namespace(), Some("urn:t"));
}
