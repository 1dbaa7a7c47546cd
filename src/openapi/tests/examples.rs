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
    let xml = xml.replace('<', "<o:").replace("<o:/", "</o:");
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

#[test]
fn what_a_wildcard_must_let_in_is_an_element_it_lets_in() {
    let wild = |any: &str| element(&format!("<x:sequence>{any}</x:sequence>"));
    let known = r#"<x:element name="k" type="x:int"/>"#;
    check(
        &(wild("<x:any namespace='##targetNamespace'/>") + known),
        r#"{"any":[{"k":1}]}"#,
        "<R><k>1</k></R>",
    );
    let (json, xml) = made(&(wild("<x:any namespace='##other' minOccurs='2'/>") + known));
    let one = r#"{"element":"<element xmlns=\"urn:example\">text</element>"}"#;
    assert_eq!(json, format!(r#"{{"any":[{one},{one}]}}"#));
    assert_eq!(xml.matches(r#"element xmlns="urn:example">text</"#).count(), 2, "{xml}");
    check(&wild(r#"<x:any minOccurs="0"/>"#), "{}", "<R></R>");
}

#[test]
fn what_cannot_be_sent_is_left_out_and_ids_differ() {
    let types = r#"<x:complexType name="A" abstract="true"/><x:complexType name="I"><x:attribute name="id" type="x:ID"/></x:complexType>"#;
    let inside = r#"<x:sequence><x:element name="a" type="o:A" minOccurs="0"/><x:element name="i" type="o:I" minOccurs="2" maxOccurs="9"/></x:sequence>"#;
    check(
        &(element(inside) + types),
        r#"{"i":[{"id":"id1"},{"id":"id2"}]}"#,
        r#"<R><i id="id1"></i><i id="id2"></i></R>"#,
    );
}

#[test]
fn a_group_that_must_come_does_so_at_any_depth() {
    let level = |n: u32| {
        let next = format!(r#"<x:sequence><x:element name="a" type="o:L{}"/></x:sequence>"#, n + 1);
        format!(r#"<x:complexType name="L{n}">{next}</x:complexType>"#)
    };
    let last = r#"<x:complexType name="L9"><x:choice maxOccurs="9"><x:element name="b" type="x:int"/><x:element name="c" type="x:int"/></x:choice></x:complexType>"#;
    let schema = (0..9).map(level).collect::<String>() + last;
    let (json, _) = made(&(r#"<x:element name="R" type="o:L0"/>"#.to_owned() + &schema));
    assert!(json.ends_with(r#"{"choice":[{"b":1}]}}}}}}}}}}"#), "{json}");
}
