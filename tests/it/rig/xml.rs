//! Whether two messages mean the same: prefixes, white space between elements, comments and
//! the order of attributes do not count. By a parser that the product does not use.

use roxmltree::{Document, Node};

/// Panics where they differ.
#[track_caller]
pub fn same_meaning(actual: &str, expected: &str, what: &str) {
    let (a, b) = (meaning(actual), meaning(expected));
    assert_eq!(a, b, "{what}\n--- sent\n{actual}\n--- recorded\n{expected}");
}

fn meaning(xml: &str) -> Vec<String> {
    let document = Document::parse(xml).unwrap_or_else(|e| panic!("{e}: {xml}"));
    let mut lines = Vec::new();
    walk(document.root_element(), 0, &mut lines);
    lines
}

fn walk(node: Node<'_, '_>, depth: usize, lines: &mut Vec<String>) {
    let pad = "  ".repeat(depth);
    let name = node.tag_name();
    let mut attributes: Vec<String> = node
        .attributes()
        .map(|a| format!("{{{}}}{}={:?}", a.namespace().unwrap_or(""), a.name(), value(node, &a)))
        .collect();
    attributes.sort();
    lines.push(format!(
        "{pad}{{{}}}{} {}",
        name.namespace().unwrap_or(""),
        name.name(),
        attributes.join(" ")
    ));
    let elements = node.children().any(|child| child.is_element());
    let text: String = node.children().filter_map(|c| c.text().filter(|_| c.is_text())).collect();
    if !elements && !text.is_empty() {
        lines.push(format!("{pad}  {text:?}"));
    } else if !text.trim().is_empty() {
        lines.push(format!("{pad}  mixed {:?}", text.trim()));
    }
    for child in node.children().filter(Node::is_element) {
        walk(child, depth + 1, lines);
    }
}

/// `xsi:type` holds a `QName`, whose prefix does not count either.
fn value(node: Node<'_, '_>, attribute: &roxmltree::Attribute<'_, '_>) -> String {
    let is_type = attribute.namespace() == Some("http://www.w3.org/2001/XMLSchema-instance")
        && attribute.name() == "type";
    if !is_type {
        return attribute.value().to_owned();
    }
    let (prefix, local) = attribute.value().split_once(':').unwrap_or(("", attribute.value()));
    let prefix = (!prefix.is_empty()).then_some(prefix);
    format!("{{{}}}{local}", node.lookup_namespace_uri(prefix).unwrap_or(""))
}
