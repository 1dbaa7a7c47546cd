//! Both ways over small contracts: what went wrong once.

mod labels;

use std::sync::Arc;

use super::{Builder, Child, Decoder, Encoder, Graph, JsonLimits, Options, parse_json};
use crate::wsdl::{DocumentSource, SourceDocument, SourceError, load};
use crate::xml::{QName, Scope, StartTag, StreamHandler, StreamReader, XmlLimits};

struct One(String);

impl DocumentSource for One {
    fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
        let bytes = self.0.clone().into_bytes();
        Ok(SourceDocument { location: location.to_owned(), bytes, charset: None })
    }
}

/// A graph with the element `R` of a schema.
fn graph(schema: &str) -> (Arc<Graph>, Child) {
    let text = format!(
        r#"<d:definitions xmlns:d="http://schemas.xmlsoap.org/wsdl/" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:o" targetNamespace="urn:o"><d:types><x:schema targetNamespace="urn:o" elementFormDefault="qualified">{schema}</x:schema></d:types></d:definitions>"#
    );
    let loaded = load("a.wsdl", &One(text)).map_err(|f| f.report).unwrap();
    let contract = &loaded.contract;
    let mut builder = Builder::new(&contract.schema, &contract.prefixes, Options::default());
    let root = contract.schema.element_by_name[&QName::new(Arc::from("urn:o"), "R")];
    let (child, _) = builder.element(root);
    (Arc::new(builder.finish()), child)
}

/// JSON → XML, or the first problem.
fn encode(schema: &str, json: &str) -> Result<String, String> {
    let (graph, root) = graph(schema);
    let value = parse_json(json, JsonLimits::default()).unwrap();
    let mut encoder = Encoder::new(&graph);
    encoder.block(&root, &value);
    let (xml, _, problems) = encoder.finish();
    match problems.first() {
        None => Ok(String::from_utf8(xml).unwrap()),
        Some(problem) => Err(format!("{} {}", problem.pointer, problem.detail)),
    }
}

/// Hands what stands inside the outermost element to a decoder.
struct Inside(Decoder, Child);

impl StreamHandler for Inside {
    type Error = super::DecodeError;

    fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), Self::Error> {
        match tag.depth {
            1 => Ok(()),
            2 => self.0.start_root(&self.1, tag, scope),
            _ => self.0.start(tag, scope),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Self::Error> {
        self.0.text(text);
        Ok(())
    }

    fn end(&mut self, scope: &Scope) -> Result<(), Self::Error> {
        self.0.end(scope)
    }
}

/// XML → JSON, and how many violations.
fn decode(schema: &str, xml: &str) -> (String, u64) {
    let (graph, root) = graph(schema);
    let mut reader = StreamReader::new(Arc::clone(&graph.namespaces), XmlLimits::default());
    let mut into = Inside(Decoder::new(graph, false), root);
    let xml = format!(
        "<body xmlns:o='urn:o' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>{xml}</body>"
    );
    reader.feed(xml.as_bytes(), &mut into).unwrap();
    reader.finish(&mut into).unwrap();
    (String::from_utf8(into.0.take()).unwrap(), into.0.violations().count)
}

const LIST: &str = r#"<x:element name="R"><x:complexType><x:sequence><x:element name="items"><x:complexType><x:sequence><x:element name="i" type="x:int" maxOccurs="unbounded"/></x:sequence></x:complexType></x:element></x:sequence></x:complexType></x:element>"#;

#[test]
fn an_array_behind_a_collapsed_wrapper_may_have_several_items() {
    let xml = "<o:R><o:items><o:i>1</o:i><o:i>2</o:i></o:items></o:R>";
    assert_eq!(encode(LIST, r#"{"items":[1,2]}"#).as_deref(), Ok(xml));
    assert_eq!(decode(LIST, xml), (r#"{"items":[1,2]}"#.to_owned(), 0));
}

const ANY: &str = r#"<x:element name="R"><x:complexType><x:sequence><x:element name="t" type="x:anyType"/><x:any minOccurs="0" processContents="lax"/></x:sequence></x:complexType></x:element>"#;

#[test]
fn an_empty_any_type_is_an_empty_element() {
    for json in [r#"{"t":""}"#, r#"{"t":{}}"#] {
        assert_eq!(encode(ANY, json).as_deref(), Ok("<o:R><o:t></o:t></o:R>"), "{json}");
    }
    assert!(encode(ANY, r#"{"t":null}"#).unwrap_err().contains("must not be null"));
}

#[test]
fn a_wildcard_takes_one_element_of_the_name_it_is_given_under() {
    let check = |xml: &str, good: bool| {
        let value = serde_json::Value::String(xml.to_owned());
        let result = encode(ANY, &format!(r#"{{"t":"","any":[{{"w":{value}}}]}}"#));
        assert_eq!(result.is_ok(), good, "{xml}: {result:?}");
    };
    check("<w xmlns='urn:w'>1</w>", true);
    check(" <p:w xmlns:p='urn:w' xmlns:q='urn:q' a='q:T'/>\n", true);
    check("text", false);
    check("<v/>", false);
    check("<w/><w/>", false);
    check("<w/>text", false);
    check("</o:R><o:R>", false);
}

const DERIVED: &str = r#"<x:complexType name="A"><x:sequence><x:element name="a" type="x:int"/></x:sequence></x:complexType><x:complexType name="B"><x:complexContent><x:extension base="o:A"><x:sequence><x:element name="b" type="x:int"/></x:sequence></x:extension></x:complexContent></x:complexType><x:element name="R"><x:complexType><x:choice maxOccurs="unbounded"><x:element name="p" type="o:A"/><x:element name="q" type="x:int"/></x:choice></x:complexType></x:element>"#;

#[test]
fn a_type_inside_a_repeating_group_is_written_as_xsi_type() {
    let json = r#"{"choice":[{"q":1},{"p":{"type":"B","a":1,"b":2}}]}"#;
    let xml = r#"<o:R><o:q>1</o:q><o:p xsi:type="o:B"><o:a>1</o:a><o:b>2</o:b></o:p></o:R>"#;
    assert_eq!(encode(DERIVED, json).as_deref(), Ok(xml));
    assert_eq!(decode(DERIVED, xml), (json.to_owned(), 0));
}

#[test]
fn xsi_type_in_a_wrong_namespace_is_a_violation_and_still_read() {
    let xml = "<o:R><o:p xmlns:w='urn:wrong' xsi:type='w:B'><o:a>1</o:a><o:b>2</o:b></o:p></o:R>";
    let json = r#"{"choice":[{"p":{"type":"B","a":1,"b":2}}]}"#;
    assert_eq!(decode(DERIVED, xml), (json.to_owned(), 1));
}

#[test]
fn a_name_a_sequence_has_twice_is_one_array_and_no_violation() {
    let schema = r#"<x:element name="R"><x:complexType><x:sequence><x:element name="v" type="x:int"/><x:element name="m" type="x:int"/><x:element name="v" type="x:int"/></x:sequence></x:complexType></x:element>"#;
    let xml = "<o:R><o:v>1</o:v><o:m>2</o:m><o:v>3</o:v></o:R>";
    assert_eq!(decode(schema, xml), (r#"{"v":[1,3],"m":2}"#.to_owned(), 0));
    assert_eq!(encode(schema, r#"{"v":[1,3],"m":2}"#).as_deref(), Ok(xml));
}

#[test]
fn a_fixed_value_is_the_only_one() {
    let schema = r#"<x:element name="R"><x:complexType><x:sequence><x:element name="v" type="x:decimal" fixed="1.0" minOccurs="0"/></x:sequence><x:attribute name="k" type="x:string" fixed="x"/></x:complexType></x:element>"#;
    assert_eq!(encode(schema, r#"{"v":1}"#).as_deref(), Ok(r#"<o:R k="x"><o:v>1</o:v></o:R>"#));
    assert_eq!(encode(schema, r#"{"v":2}"#), Err("/v must be `1.0`".to_owned()));
    assert_eq!(encode(schema, r#"{"k":"y"}"#), Err("/k must be `x`".to_owned()));
}
