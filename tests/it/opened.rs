//! Documents inside messages: whatever a caller sends stays in its document, whatever is cut
//! off is no value, and `check` says at once what cannot be opened.

use std::sync::Arc;

use figleaf::codec::{Builder, Markup, Naming, OpenRule};
use figleaf::engine::explain;
use figleaf::plan::Translator;
use figleaf::reload::{Loaded, ProcessEnvironment, Types, load};
use figleaf::soap::OperationShape;
use figleaf::wsdl::{DocumentSource, SourceDocument, SourceError};
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Served, contract, operation, options};

const CONTRACT: &str = r#"<d:definitions xmlns:d="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:o" targetNamespace="urn:o">
<d:types><x:schema targetNamespace="urn:o" elementFormDefault="qualified">
  <x:element name="note"><x:complexType><x:sequence>
    <x:element name="Text" type="x:string"/>
    <x:element name="Inner" type="x:string" minOccurs="0"/>
    <x:element name="Item" type="x:string" minOccurs="0" maxOccurs="unbounded"/>
  </x:sequence><x:attribute name="By" type="x:string"/></x:complexType></x:element>
  <x:element name="Put"><x:complexType><x:sequence>
    <x:element name="Plain" type="x:string" minOccurs="0"/>
    <x:element name="Xml" type="x:string"/>
    <x:element name="Count" type="x:int" minOccurs="0"/>
    <x:element name="Address"><x:complexType><x:sequence><x:element name="Street" type="x:string"/></x:sequence></x:complexType></x:element>
  </x:sequence></x:complexType></x:element>
</x:schema></d:types>
<d:message name="In"><d:part name="p" element="o:Put"/></d:message>
<d:portType name="P"><d:operation name="Put"><d:input message="o:In"/><d:output message="o:In"/></d:operation></d:portType>
<d:binding name="B" type="o:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<d:operation name="Put"><s:operation/><d:input><s:body use="literal"/></d:input><d:output><s:body use="literal"/></d:output></d:operation></d:binding>
<d:service name="S"><d:port name="P" binding="o:B"><s:address location="http://127.0.0.1:1/"/></d:port></d:service>
</d:definitions>"#;

/// The operation, with `Xml` and `Inner` opened.
fn served(markup: Markup) -> Served {
    let contract = contract(CONTRACT);
    let (operation, version) = operation(&contract, "Put").unwrap();
    let roots = &contract.schema.element_by_name;
    let root = roots.iter().find(|(name, _)| &*name.local == "note").unwrap().1;
    let rule = |key: &str| OpenRule {
        key: key.to_owned(),
        schema: None,
        prefixes: &[],
        root: *root,
        is_data_set: false,
        schema_text: None,
        markup: Some(markup),
        declaration: false,
    };
    let mut builder = Builder::new(&contract.schema, &contract.prefixes, options(Naming::Camel));
    builder.open(vec![rule("Xml"), rule("Inner")]);
    let shape = OperationShape::lower(&mut builder, operation);
    let (mut graph, openings) = builder.finish_opened();
    assert_eq!(openings.members, [1, 1]);
    let nodes = shape.settle(&mut graph);
    Served { graph: Arc::new(graph), nodes, version }
}

fn put(xml: &Value) -> String {
    json!({ "xml": xml, "address": { "street": "s" } }).to_string()
}

/// Texts that try to end what they are in.
fn text() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        Just("]]>".to_owned()),
        Just("<![CDATA[".to_owned()),
        Just("</o:Text></o:note>".to_owned()),
        Just("&lt;/o:Xml&gt;&amp;".to_owned()),
        Just("\r\n\t \"'".to_owned()),
        Just("<!DOCTYPE x><?xml version='1.0'?>".to_owned()),
        "[ -~]{0,6}",
        "\\PC{0,4}",
    ];
    let xml = |c: &char| figleaf::xml::is_xml_char(*c);
    proptest::collection::vec(token, 0..5)
        .prop_map(move |tokens| tokens.concat().chars().filter(xml).collect())
}

fn note() -> impl Strategy<Value = Value> {
    let items = proptest::collection::vec(text(), 0..3);
    (text(), text(), items)
        .prop_map(|(text, by, item)| json!({ "by": by, "text": text, "item": item }))
}

proptest! {
    #[test]
    fn whatever_a_document_holds_comes_back_and_nothing_else(
        outer in note(), inner in note(), is_cdata in any::<bool>(),
    ) {
        let served = served(if is_cdata { Markup::Cdata } else { Markup::Text });
        let mut value = outer;
        value["inner"] = inner.clone();
        let envelope = served.encode(served.nodes.request, &put(&value)).unwrap();
        // An independent parser sees one element with text, and in that text one document.
        let parsed = roxmltree::Document::parse(&envelope).unwrap();
        let local = |name: &'static str| {
            move |n: &roxmltree::Node<'_, '_>| n.tag_name().name() == name
        };
        let elements = parsed.descendants().filter(roxmltree::Node::is_element).count();
        prop_assert_eq!(elements, 6);
        let xml = parsed.descendants().find(local("Xml")).unwrap();
        let text: String = xml.children().filter_map(|n| n.text()).collect();
        let nested = roxmltree::Document::parse(&text).unwrap();
        let found = nested.descendants().find(local("Text")).unwrap();
        let found: String = found.children().filter_map(|n| n.text()).collect();
        prop_assert_eq!(Some(&*found), value["text"].as_str());
        let by = nested.root_element().attribute("By").unwrap();
        prop_assert_eq!(Some(by), value["by"].as_str());
        let whole = served.decode(served.nodes.response, envelope.as_bytes()).unwrap();
        let back: Value = serde_json::from_str(&whole.1).unwrap();
        value["inner"]["inner"].take();
        if let Some(inner) = value["inner"].as_object_mut() { inner.remove("inner"); }
        prop_assert_eq!(&back["xml"], &value);
        prop_assert!(whole.2.is_empty());
    }
}

#[test]
fn a_document_cut_off_at_any_byte_is_no_value() {
    let served = served(Markup::Text);
    let document = "<?xml version=\"1.0\"?><o:note xmlns:o=\"urn:o\" By=\"ü\"><o:Text>a &amp; b</o:Text></o:note>";
    let whole = |text: &str| {
        let mut escaped = Vec::new();
        figleaf::xml::write_text(&mut escaped, text).unwrap();
        let text = String::from_utf8(escaped).unwrap();
        let envelope = format!(
            "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><Put xmlns='urn:o'>\
             <Xml>{text}</Xml><Address><Street/></Address></Put></e:Body></e:Envelope>"
        );
        served.decode(served.nodes.response, envelope.as_bytes()).unwrap()
    };
    let (_, json, violations) = whole(document);
    assert_eq!(json, r#"{"xml":{"by":"ü","text":"a & b","item":[]},"address":{"street":""}}"#);
    assert!(violations.is_empty());
    for (at, _) in document.char_indices().skip(1) {
        let (_, json, violations) = whole(&document[..at]);
        assert_eq!(json, r#"{"xml":null,"address":{"street":""}}"#, "{at}");
        assert_eq!(violations.len(), 1, "{at}: {violations:?}");
    }
}

#[test]
fn a_long_document_is_read_as_it_comes() {
    let served = served(Markup::Text);
    let items: String = (0..20_000).map(|n| format!("&lt;Item&gt;{n}&lt;/Item&gt;")).collect();
    let envelope = format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><Put xmlns='urn:o'>\
         <Xml>&lt;note xmlns='urn:o'&gt;&lt;Text/&gt;{items}&lt;/note&gt;</Xml></Put></e:Body></e:Envelope>"
    );
    let (_, json, violations) = served.decode(served.nodes.response, envelope.as_bytes()).unwrap();
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["xml"]["item"].as_array().unwrap().len(), 20_000);
    assert_eq!(json["xml"]["item"][19_999], "19999");
    assert_eq!(violations, ["violation-missing /address address"]);
}

struct Files;

impl DocumentSource for Files {
    fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
        let bytes = std::fs::read(location)
            .map_err(|error| SourceError { message: error.kind().to_string(), help: None })?;
        Ok(SourceDocument { location: location.to_owned(), bytes, charset: None })
    }
}

/// A mapping with a line of the backend.
fn loaded(line: &str) -> Loaded {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("case.wsdl", CONTRACT);
    write("page.xsd", "<html/>");
    let mapping = format!(
        "figleaf: 1\napi: a\nversion: v1\nbackends:\n  erp:\n    soap: case.wsdl\n    {line}\n\
         routes:\n  POST /put:\n    soap: erp.Put\n"
    );
    write("m.yaml", &mapping);
    let file = folder.path().join("m.yaml");
    load(&file, &ProcessEnvironment, &Files, &|_| Vec::new(), Types::Lock)
}

/// What `check` says of a line of the backend, with what is underlined.
fn check(line: &str) -> String {
    let loaded = loaded(line);
    let (report, sources) = &loaded.findings[0];
    let line = |d: &&figleaf::diagnostic::Diagnostic| {
        let span = d.span.unwrap();
        let under = &sources.text(span.file)[span.start as usize..span.end as usize];
        let help = d.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
        format!("{} <{under}> {}{help}\n", d.code, d.message)
    };
    report.sorted().iter().map(line).collect()
}

#[test]
fn a_check_says_what_cannot_be_opened() {
    assert_eq!(check("open: { Put.Xml: { element: note } }"), "");
    assert_eq!(check("open: { Inner: { element: note } }"), "");
    let all = [
        "open: { Xml: { element: nota } }",
        "open: { Xml: { element: \"{urn:x}nothing\" } }",
        "open: { Xlm: { element: note } }",
        "open: { Nothing.Xml: { element: note } }",
        "open: { Count: { element: note } }",
        "open: { Address: { element: note } }",
        "open: { Xml: { element: note, schema: none.xsd } }",
        "open: { Xml: { element: note, schema: page.xsd } }",
        "open: { Xml: { element: note, dataset: note } }",
        "open: { Xml: { schema: page.xsd } }",
        "open: { Xml: { element: \"{urn:o\", write: raw } }",
        "any: forest",
        "any: { Nothing: tree }",
        "any: { Xml: tree }",
    ];
    let told: String = all.iter().map(|line| check(line)).collect();
    insta::assert_snapshot!(told, @r#"
    mapping-open <nota> the schema declares no element `nota` at its top; did you mean `note`?
    mapping-open <"{urn:x}nothing"> the schema declares no element `{urn:x}nothing` at its top; it declares {urn:o}Put, {urn:o}note
    mapping-member-unknown <Xlm> the contract has no member `Xlm`; did you mean `Xml`?
    mapping-member-unknown <Nothing.Xml> the contract has no member `Nothing.Xml`; write `Type.name` with a type of the contract, or `name` alone
    mapping-open <Count> `Count` holds values of `int`; a document can be in a string, in anyType, or in an element that holds nothing but what a wildcard lets in
    mapping-open <Address> `Address` holds elements of its own; a document can be in a string, in anyType, or in an element that holds nothing but what a wildcard lets in
    mapping-schema <none.xsd> the schema `none.xsd` cannot be used; Check the path, and that the file is an XML Schema.
    mapping-schema <page.xsd> the schema `page.xsd` cannot be used; Check the path, and that the file is an XML Schema.
    mapping-value <dataset> `dataset` beside `element`; an opened document has exactly one of them
    mapping-missing <Xml> an opened document needs one of `element`, `dataset`
    mapping-value <"{urn:o"> `{urn:o` is not the name of an element; write `name`, or `{namespace}name`
    mapping-value <raw> `raw` is no choice for `write`; the choices are `text`, `cdata`
    mapping-value <forest> `forest` is no choice for `any`; the choices are `xml`, `tree`
    mapping-member-unknown <Nothing> the contract has no member `Nothing`; write it as in the schema, `Type.name` or `name`
    mapping-value <Xml> `Xml` is not one that anything may stand in; name an element of anyType, or the `any` of a type with a wildcard; SOAP encoding says itself what a value is
    "#);
}

#[test]
fn an_explanation_names_the_members_that_hold_documents() {
    let loaded =
        loaded("open: { Put.Xml: { element: note }, Inner: { element: note, write: cdata } }");
    let plan = loaded.plan.unwrap();
    let route = &plan.routes[0];
    let Translator::Soap(call) = &route.translator else { panic!() };
    let documents = explain(route, call).documents;
    let told: Vec<String> =
        documents.iter().map(|d| format!("{} {}", d.member, d.source)).collect();
    assert_eq!(
        told,
        [
            "xml a document `note`, as text",
            "xml.inner a document `note`, in CDATA",
            "answer.xml a document `note`, as text",
            "answer.xml.inner a document `note`, in CDATA",
        ]
    );
}
