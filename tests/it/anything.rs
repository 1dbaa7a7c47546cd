//! XML that no schema describes, as trees: whatever a caller sends is one element for each
//! that it names, and comes back as it was.

use std::sync::{Arc, LazyLock};

use figleaf::codec::{AnyForm, Builder, Naming, Options};
use figleaf::soap::OperationShape;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::{Served, contract, operation, options};

const CONTRACT: &str = r#"<d:definitions xmlns:d="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:o" targetNamespace="urn:o">
<d:types><x:schema targetNamespace="urn:o" elementFormDefault="qualified">
  <x:element name="Put"><x:complexType><x:sequence>
    <x:element name="Data" type="x:anyType"/>
    <x:any minOccurs="0" maxOccurs="unbounded"/>
  </x:sequence><x:attribute name="own" type="x:int"/><x:anyAttribute/></x:complexType></x:element>
</x:schema></d:types>
<d:message name="In"><d:part name="p" element="o:Put"/></d:message>
<d:portType name="P"><d:operation name="Put"><d:input message="o:In"/><d:output message="o:In"/></d:operation></d:portType>
<d:binding name="B" type="o:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<d:operation name="Put"><s:operation/><d:input><s:body use="literal"/></d:input><d:output><s:body use="literal"/></d:output></d:operation></d:binding>
<d:service name="S"><d:port name="P" binding="o:B"><s:address location="http://127.0.0.1:1/"/></d:port></d:service>
</d:definitions>"#;

static SERVED: LazyLock<Served> = LazyLock::new(|| {
    let contract = contract(CONTRACT);
    let (operation, version) = operation(&contract, "Put").unwrap();
    let options = Options { any: AnyForm::Tree, ..options(Naming::Camel) };
    let mut builder = Builder::new(&contract.schema, &contract.prefixes, options);
    let shape = OperationShape::lower(&mut builder, operation);
    let mut graph = builder.finish();
    let nodes = shape.settle(&mut graph);
    Served { graph: Arc::new(graph), nodes, version }
});

fn name() -> impl Strategy<Value = String> {
    let uri = prop_oneof![
        Just(String::new()),
        Just("{urn:o}".to_owned()),
        Just("{urn:x?a=1&b=\"2\"<>'}".to_owned()),
        Just("{urn:y}".to_owned()),
    ];
    (uri, "[a-z][a-z0-9_.-]{0,5}").prop_map(|(uri, local)| uri + &local)
}

/// Text with something in it; white space alone is not carried everywhere.
fn text() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        Just("]]>".to_owned()),
        Just("</o:Put>".to_owned()),
        Just("&amp;<!--".to_owned()),
        Just("\r\n\t\"'".to_owned()),
        "\\PC{0,4}",
    ];
    let xml = |c: &char| figleaf::xml::is_xml_char(*c);
    proptest::collection::vec(token, 0..4)
        .prop_map(move |tokens| tokens.concat().chars().filter(xml).collect::<String>() + "x")
}

fn attributes(names: impl Strategy<Value = String>) -> impl Strategy<Value = Map<String, Value>> {
    proptest::collection::hash_map(names, text(), 0..3)
        .prop_map(|map| map.into_iter().map(|(k, v)| (k, v.into())).collect())
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = (name(), attributes(name()), proptest::option::of(text())).prop_map(
        |(name, attributes, text)| {
            let content: Vec<String> = text.into_iter().collect();
            json!({ "name": name, "attributes": attributes, "content": content })
        },
    );
    leaf.prop_recursive(4, 16, 3, |inner| {
        let inside = (proptest::option::of(text()), inner).prop_map(|(text, element)| {
            text.map(Value::from).into_iter().chain([element]).collect::<Vec<Value>>()
        });
        (name(), attributes(name()), proptest::collection::vec(inside, 0..3)).prop_map(
            |(name, attributes, content)| {
                let content = content.concat();
                json!({ "name": name, "attributes": attributes, "content": content })
            },
        )
    })
}

fn count(tree: &Value) -> usize {
    1 + tree["content"]
        .as_array()
        .map_or(0, |content| content.iter().filter(|item| item.is_object()).map(count).sum())
}

/// What an independent parser sees.
fn seen(node: roxmltree::Node<'_, '_>) -> Value {
    let expanded = |uri: Option<&str>, local: &str| match uri {
        None | Some("") => local.to_owned(),
        Some(uri) => format!("{{{uri}}}{local}"),
    };
    let attributes: Map<String, Value> =
        node.attributes().map(|a| (expanded(a.namespace(), a.name()), a.value().into())).collect();
    let content: Vec<Value> = node
        .children()
        .map(|n| n.text().filter(|_| n.is_text()).map_or_else(|| seen(n), Value::from))
        .collect();
    let name = expanded(node.tag_name().namespace(), node.tag_name().name());
    json!({ "name": name, "attributes": attributes, "content": content })
}

fn put(tree: &Value, data: &Value, attributes: &Map<String, Value>) -> Value {
    let mut value = json!({ "data": data, "any": [tree] });
    if !attributes.is_empty() {
        value["anyAttribute"] = attributes.clone().into();
    }
    value
}

proptest! {
    #[test]
    fn a_tree_is_the_elements_it_names(
        tree in tree(), inside in tree(), wild in attributes(name()),
    ) {
        let mut data = inside;
        data.as_object_mut().unwrap().remove("name");
        let value = put(&tree, &data, &wild);
        let envelope = SERVED.encode(SERVED.nodes.request, &value.to_string()).unwrap();
        let parsed = roxmltree::Document::parse(&envelope).unwrap();
        let element = |name: &'static str| {
            move |n: &roxmltree::Node<'_, '_>| n.tag_name().name() == name && n.tag_name().namespace() == Some("urn:o")
        };
        let put = parsed.descendants().find(element("Put")).unwrap();
        let children: Vec<_> = put.children().filter(roxmltree::Node::is_element).collect();
        prop_assert_eq!(children.len(), 2);
        prop_assert_eq!(seen(children[1]), tree);
        let mut first = seen(children[0]);
        first.as_object_mut().unwrap().remove("name");
        prop_assert_eq!(first, data);
        prop_assert_eq!(&seen(put)["attributes"], &Value::from(wild));
        let (_, json, violations) =
            SERVED.decode(SERVED.nodes.response, envelope.as_bytes()).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), value);
        prop_assert!(violations.is_empty());
    }

    #[test]
    fn no_name_becomes_anything_but_a_name(
        bad in "\\PC{0,8}|[{}:<>\"'/ =a-z]{0,8}|xmlns|xml:x|\\{[<>\"' &]{0,3}\\}a", wild in any::<bool>(),
    ) {
        let attributes: Map<String, Value> =
            [(bad.clone(), Value::from("v"))].into_iter().collect();
        let tree = json!({ "name": bad, "attributes": attributes, "content": ["t"] });
        let data = json!({ "attributes": {}, "content": [] });
        let none = Map::new();
        let value = put(&tree, &data, if wild { &attributes } else { &none });
        let Ok(envelope) = SERVED.encode(SERVED.nodes.request, &value.to_string()) else {
            return Ok(());
        };
        let parsed = roxmltree::Document::parse(&envelope).unwrap();
        let elements = parsed.descendants().filter(roxmltree::Node::is_element).count();
        prop_assert_eq!(elements, 4 + count(&tree));
        let put = parsed.root_element().last_element_child().unwrap().first_element_child().unwrap();
        prop_assert_eq!(put.attributes().count(), usize::from(wild));
    }
}
