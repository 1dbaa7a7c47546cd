//! XML by what it says: names expanded, prefixes and layout forgotten.

use std::fmt::Write as _;

use figleaf::xml::ns;
use roxmltree::{Document, Node, ParsingOptions};

/// Namespaces of the two SOAP encodings.
const ENCODINGS: &[&str] = &[ns::SOAPENC11, "http://www.w3.org/2003/05/soap-encoding"];

/// Reads a text with a parser that is not ours.
pub fn parse(text: &str) -> Result<Document<'_>, roxmltree::Error> {
    let text = text.trim_start_matches('\u{FEFF}');
    Document::parse_with_options(text, ParsingOptions { allow_dtd: false, ..Default::default() })
}

/// The elements inside the body of an envelope.
pub fn body<'a, 'input>(document: &'a Document<'input>) -> Option<Node<'a, 'input>> {
    let is = |node: &Node<'_, '_>| {
        let namespace = node.tag_name().namespace().unwrap_or("");
        node.tag_name().name() == "Body" && [ns::SOAP11, ns::SOAP12].contains(&namespace)
    };
    document.root_element().children().find(is)
}

/// The first place where two elements say different things; `None` where they agree.
pub fn difference(ours: Node<'_, '_>, theirs: Node<'_, '_>) -> Option<String> {
    if name(ours) != name(theirs) {
        return Some(format!("<{}> for <{}>", name(ours), name(theirs)));
    }
    let at = |what: String| Some(format!("{}{what}", ours.tag_name().name()));
    let (a, b) = (attributes(ours), attributes(theirs));
    if a != b {
        return at(format!(" has attributes {a:?}, theirs {b:?}"));
    }
    let inside = |node: Node<'_, '_>| -> Vec<_> {
        node.children().filter(Node::is_element).map(|n| n.id()).collect()
    };
    let (a, b) = (inside(ours), inside(theirs));
    if a.is_empty() && b.is_empty() {
        let (a, b) = (text(ours), text(theirs));
        if a == b || (a.trim().is_empty() && b.trim().is_empty()) {
            return None;
        }
        return at(format!(" says `{a}`, theirs `{b}`"));
    }
    for (a, b) in a.iter().zip(&b) {
        let (a, b) = (ours.document().get_node(*a)?, theirs.document().get_node(*b)?);
        if let Some(inner) = difference(a, b) {
            return at(format!("/{inner}"));
        }
    }
    let list = |node: Node<'_, '_>, ids: &[roxmltree::NodeId]| {
        let mut list = String::new();
        for id in ids {
            let _ = write!(list, " {}", node.document().get_node(*id).map_or(String::new(), name));
        }
        list
    };
    (a.len() != b.len())
        .then(|| at(format!(" holds{}, theirs{}", list(ours, &a), list(theirs, &b))))
        .flatten()
}

fn name(node: Node<'_, '_>) -> String {
    format!("{{{}}}{}", node.tag_name().namespace().unwrap_or(""), node.tag_name().name())
}

fn text(node: Node<'_, '_>) -> String {
    node.children().filter_map(|n| n.is_text().then(|| n.text()).flatten()).collect()
}

/// Attributes sorted; `xsi:type` and what SOAP encoding says of arrays with prefixes resolved;
/// the encoding's own name left out, which stands here or there.
fn attributes(node: Node<'_, '_>) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = node
        .attributes()
        .filter(|a| a.name() != "encodingStyle")
        .filter(|a| !(a.namespace() == Some(ns::XSI) && a.name() == "nil" && is_false(a.value())))
        .map(|a| {
            let in_encoding = a.namespace().is_some_and(|ns| ENCODINGS.contains(&ns));
            let of_array = in_encoding && matches!(a.name(), "arrayType" | "itemType");
            let value = if of_array || a.namespace() == Some(ns::XSI) && a.name() == "type" {
                expanded(node, a.value())
            } else {
                a.value().to_owned()
            };
            (format!("{{{}}}{}", a.namespace().unwrap_or(""), a.name()), value)
        })
        .collect();
    all.sort();
    all
}

fn is_false(value: &str) -> bool {
    matches!(value.trim(), "false" | "0")
}

fn expanded(node: Node<'_, '_>, qname: &str) -> String {
    let (prefix, local) = qname.split_once(':').unwrap_or(("", qname));
    let prefix = (!prefix.is_empty()).then_some(prefix);
    format!("{{{}}}{local}", node.lookup_namespace_uri(prefix).unwrap_or(""))
}
