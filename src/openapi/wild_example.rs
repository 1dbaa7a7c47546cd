//! Examples of what a wildcard lets in.

use serde_json::{Map, Value, json};

use super::example::Example;
use crate::codec::{Child, MemberSource, Node, Object};
use crate::xml::ns;
use crate::xsd::NamespaceConstraint;

/// Elements tried before one is made up.
const TRIES_MAX: usize = 10;
/// Elements that every contract has and none means.
const NOT_OF_THE_CONTRACT: &[&str] = &[ns::XSD, ns::SOAPENC11, ns::SOAPENC12];
/// The name of an element that is made up.
const ELEMENT: &str = "element";
/// The namespace of such an element.
const NAMESPACE: &str = "urn:example";

impl Example<'_> {
    /// So many elements that a wildcard lets in: one of the contract where it has any, because
    /// a wildcard may ask for a declared one.
    pub(super) fn wild(
        &mut self,
        object: &Object,
        member: u16,
        namespaces: &NamespaceConstraint,
        count: u32,
    ) -> Option<Value> {
        let graph = self.graph;
        let count = usize::try_from(count).ok()?;
        let member = object.members.get(usize::from(member))?;
        if matches!(graph.node(member.node), Node::Tree) {
            let tree = named_tree(namespaces);
            let item = match member.source {
                MemberSource::Group => json!({ ELEMENT: tree }),
                _ => tree,
            };
            return Some(Value::Array(vec![item; count]));
        }
        let label = |child: &Child| child.label.clone().unwrap_or_default();
        let is_clear = |child: &&Child| {
            let same = graph.globals.values().filter(|other| other.label == child.label);
            !child.is_abstract && same.count() == 1
        };
        let mut known: Vec<&Child> = graph
            .globals
            .values()
            .filter(|child| {
                let uri = graph.namespaces.uri(child.namespace);
                !NOT_OF_THE_CONTRACT.contains(&uri) && namespaces.lets_in(uri)
            })
            .collect();
        known.sort_by_key(|child| {
            (!matches!(graph.node(child.node), Node::Text(_)), label(child), child.namespace)
        });
        let mut known = known.into_iter().filter(is_clear).take(TRIES_MAX);
        let one = known.find_map(|child| Some((label(child).to_string(), self.value(child.node)?)));
        let (name, value) = one.unwrap_or_else(|| {
            let uri = namespace(namespaces);
            // What says its type needs no declaration (XML Schema part 1, section 3.10.4).
            let (xs, xsi) = (ns::XSD, ns::XSI);
            let xml = format!(
                "<{ELEMENT} xmlns=\"{uri}\" xmlns:xs=\"{xs}\" xmlns:xsi=\"{xsi}\" xsi:type=\"xs:string\">text</{ELEMENT}>"
            );
            (ELEMENT.to_owned(), xml.into())
        });
        let item = Value::Object(Map::from_iter([(name, value)]));
        Some(Value::Array(vec![item; count]))
    }
}

/// An example of a tree whose name the contract gives.
pub(super) fn tree() -> Value {
    json!({ "attributes": {}, "content": ["text"] })
}

fn named_tree(namespaces: &NamespaceConstraint) -> Value {
    let name = match namespace(namespaces) {
        "" => ELEMENT.to_owned(),
        uri => format!("{{{uri}}}{ELEMENT}"),
    };
    // What says its type needs no declaration, as in text.
    let ty = Map::from_iter([(
        format!("{{{}}}type", ns::XSI),
        Value::from(format!("{{{}}}string", ns::XSD)),
    )]);
    json!({ "name": name, "attributes": ty, "content": ["text"] })
}

/// A namespace from which a wildcard takes elements.
fn namespace(namespaces: &NamespaceConstraint) -> &str {
    match namespaces {
        NamespaceConstraint::List(all) => all.first().map_or(NAMESPACE, |uri| &**uri),
        _ => NAMESPACE,
    }
}
