//! Examples of requests are requests: what they hold, and that they can be written.

use crate::codec::{Builder, Encoder, JsonLimits, Options, parse_json};
use crate::openapi::example::example;
use crate::openapi::names::Side;
use crate::wsdl::{DocumentSource, SourceDocument, SourceError, load};
use crate::xml::QName;

struct One(String);

impl DocumentSource for One {
    fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
        let bytes = self.0.clone().into_bytes();
        Ok(SourceDocument { location: location.to_owned(), bytes, charset: None })
    }
}

/// The example of the element `R` of a schema, and the XML it becomes.
fn made(schema: &str) -> (String, String) {
    let text = format!(
        r#"<d:definitions xmlns:d="http://schemas.xmlsoap.org/wsdl/" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:o" targetNamespace="urn:o"><d:types><x:schema targetNamespace="urn:o" elementFormDefault="qualified">{schema}</x:schema></d:types></d:definitions>"#
    );
    let contract = load("a.wsdl", &One(text)).map_err(|f| f.report).unwrap().contract;
    let mut builder = Builder::new(&contract.schema, &contract.prefixes, Options::default());
    let root = contract.schema.element_by_name[&QName::new("urn:o", "R")];
    let (child, _) = builder.element(root);
    let graph = builder.finish();
    let Some(example) = example(&graph, child.node, Side::Input) else {
        return (String::new(), String::new());
    };
    let json = example.to_string();
    let value = parse_json(&json, JsonLimits::default()).unwrap();
    let mut encoder = Encoder::new(&graph);
    encoder.block(&child, &value);
    let (xml, _, problems) = encoder.finish();
    assert!(problems.is_empty(), "{json}: {problems:?}");
    (json, String::from_utf8(xml).unwrap())
}

fn check(schema: &str, json: &str, xml: &str) {
    let xml = xml.replace("<", "<o:").replace("<o:/", "</o:");
    assert_eq!(made(schema), (json.to_owned(), xml), "{schema}");
}

fn element(inside: &str) -> String {
    format!(r#"<x:element name="R"><x:complexType>{inside}</x:complexType></x:element>"#)
}

#[test]
fn of_a_choice_one_is_there_as_often_as_it_must_be() {
    let choice = |inside: &str| element(&format!("<x:choice>{inside}</x:choice>"));
    let item = r#"<x:element name="a" type="x:int" minOccurs="2" maxOccurs="9"/>"#;
    check(
        &choice(&format!(r#"{item}<x:element name="b" type="x:int"/>"#)),
        r#"{"a":[1,1]}"#,
        "<R><a>1</a><a>1</a></R>",
    );
}

#[test]
fn what_stands_in_says_what_it_is() {
    let group =
        r#"<x:element name="h" abstract="true"/><x:element name="s" substitutionGroup="o:h"/>"#;
    check(
        &(element(r#"<x:sequence><x:element ref="o:h"/></x:sequence>"#) + group),
        r#"{"h":{"type":"s","value":"text"}}"#,
        r#"<R><s xsi:type="xs:string">text</s></R>"#,
    );
    let base = r#"<x:complexType name="B" abstract="true"/>"#;
    let list = r#"<x:complexType name="L"><x:complexContent><x:extension base="o:B"><x:sequence><x:element name="i" type="x:int" maxOccurs="9"/></x:sequence></x:extension></x:complexContent></x:complexType>"#;
    check(
        &(element(r#"<x:sequence><x:element name="a" type="o:B"/></x:sequence>"#) + base + list),
        r#"{"a":{"type":"L","i":[1]}}"#,
        r#"<R><a xsi:type="o:L"><i>1</i></a></R>"#,
    );
    let named = r#"<x:element name="h" abstract="true"/><x:element name="s" substitutionGroup="o:h"><x:complexType><x:attribute name="type" fixed="simple"/></x:complexType></x:element>"#;
    check(
        &(element(r#"<x:sequence><x:element ref="o:h"/></x:sequence>"#) + named),
        r#"{"h":{"@type":"s","type":"simple"}}"#,
        r#"<R><s type="simple"></s></R>"#,
    );
}
