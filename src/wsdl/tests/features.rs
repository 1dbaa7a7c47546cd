//! One contract a feature, written as its body inside common definitions.

use proptest::prelude::*;

use super::contracts::memory;
use crate::diagnostic::{Code, Diagnostic};
use crate::wsdl::*;
use crate::xml::QName;

const HEAD: &str = r#"<d:definitions name="C" targetNamespace="urn:o" xmlns:o="urn:o"
  xmlns:d="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:s12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:m="http://schemas.xmlsoap.org/wsdl/mime/"
  xmlns:a="http://www.w3.org/2006/05/addressing/wsdl" xmlns:x="http://www.w3.org/2001/XMLSchema">
<d:types><x:schema targetNamespace="urn:o"><x:element name="E" type="x:string"/><x:element name="F" type="x:int"/></x:schema></d:types>
<d:message name="one"><d:part name="p" element="o:E"/></d:message>
<d:message name="two"><d:part name="p" element="o:E"/><d:part name="q" element="o:F"/></d:message>
<d:message name="typed"><d:part name="b" type="x:int"/><d:part name="a" type="x:string"/></d:message>
<d:message name="none"/>"#;

fn wrap(body: &str) -> String {
    format!("{HEAD}{body}</d:definitions>")
}

fn read(body: &str) -> Contract {
    let text = wrap(body);
    load("c.wsdl", &memory(&[("c.wsdl", &text)])).map_err(|f| f.report).unwrap().contract
}

/// A port type, a binding and a service around one operation.
fn one(abstract_: &str, bound: &str) -> Contract {
    read(&format!(
        "<d:portType name='P'><d:operation name='Op'>{abstract_}</d:operation></d:portType>
         <d:binding name='B' type='o:P'><s:binding transport='http://schemas.xmlsoap.org/soap/http'/>
         <d:operation name='Op'><s:operation soapAction=''/>{bound}</d:operation></d:binding>
         <d:service name='S'><d:port name='Q' binding='o:B'><s:address location='http://h/'/></d:port></d:service>"
    ))
}

fn operation(contract: &Contract) -> &Operation {
    &contract.services[0].ports[0].operations[0]
}

fn names(parts: &[Part]) -> Vec<&str> {
    parts.iter().map(|part| &*part.name).collect()
}

const BOTH: &str =
    "<d:input><s:body use='literal'/></d:input><d:output><s:body use='literal'/></d:output>";

#[test]
fn header_parts_are_kept_out_of_the_body() {
    let check = |input: &str, body: &[&str], headers: &[&str], losses: usize| {
        let contract = one(
            "<d:input message='o:two' a:Action='urn:act'/><d:output message='o:one'/>",
            &format!("<d:input>{input}</d:input><d:output><s:body use='literal'/></d:output>"),
        );
        let operation = operation(&contract);
        assert_eq!(names(&operation.input.parts), body, "{input}");
        assert_eq!(names(&operation.input.headers), headers, "{input}");
        assert_eq!((operation.refusals.len(), operation.losses.len()), (0, losses), "{input}");
        assert_eq!(operation.input.addressing_action.as_deref(), Some("urn:act"));
        assert_eq!(operation.soap_action.as_deref(), Some(""));
    };
    check("<s:body use='literal'/>", &["p", "q"], &[], 0);
    check("<s:body use='literal' parts='p'/>", &["p"], &[], 0);
    check("<s:body use='literal' parts=''/>", &[], &[], 0);
    check(
        "<s:header message='o:two' part='q' use='literal'/><s:body use='literal'/>",
        &["p"],
        &["q"],
        0,
    );
    check(
        "<s:body use='literal' parts='q'/><s:header message='o:one' part='p' use='literal'/>",
        &["q"],
        &["p"],
        0,
    );
    check(
        "<s:body use='literal' parts='q'/><s:header message='o:gone' part='p' use='literal'/>",
        &["q"],
        &[],
        1,
    );
    check(
        "<m:multipartRelated><m:part><s:body use='literal'/></m:part><m:part><m:content part='q' type='image/png'/></m:part></m:multipartRelated>",
        &["p"],
        &[],
        0,
    );
}

#[test]
fn rpc_keeps_the_order_of_the_message_and_the_namespace_of_the_body() {
    let contract = read(
        "<d:portType name='P'><d:operation name='Op' parameterOrder='a b'><d:input message='o:typed'/></d:operation></d:portType>
         <d:binding name='B' type='o:P'><s12:binding style='rpc'/>
         <d:operation name='Op'><d:input><s12:body use='literal' namespace='urn:w'/></d:input></d:operation></d:binding>",
    );
    let service = &contract.services[0];
    assert_eq!((service.name.clone(), &*service.ports[0].name), (QName::new("urn:o", "C"), "B"));
    assert_eq!((service.ports[0].version, &service.ports[0].address), (SoapVersion::V12, &None));
    let operation = operation(&contract);
    assert_eq!(names(&operation.input.parts), ["b", "a"]);
    assert_eq!(operation.style, BindingStyle::Rpc);
    assert_eq!(operation.input.namespace.as_deref(), Some("urn:w"));
    assert!(operation.output.is_none() && operation.refusals.is_empty());
}

#[test]
fn what_cannot_be_served_says_why() {
    let check = |abstract_: &str, bound: &str, code: Code| {
        let contract = one(abstract_, bound);
        let codes: Vec<Code> = operation(&contract).refusals.iter().map(|d| d.code).collect();
        assert_eq!(codes, [code], "{abstract_} {bound}");
    };
    let both = "<d:input message='o:one'/><d:output message='o:one'/>";
    check("<d:output message='o:one'/>", BOTH, Code::ContractPattern);
    check("<d:output message='o:one'/><d:input message='o:one'/>", BOTH, Code::ContractPattern);
    check("<d:input message='o:gone'/>", BOTH, Code::ContractReferenceMissing);
    let other = "<d:input><s:body use='encoded' encodingStyle='urn:other'/></d:input>";
    check(both, other, Code::ContractEncoded);
    let contract = read(
        "<d:portType name='P'><d:operation name='Op'><d:input message='o:one'/></d:operation></d:portType>
         <d:binding name='B' type='o:P'><s:binding transport='http://www.w3.org/2010/soapjms/'/><d:operation name='Op'/></d:binding>",
    );
    assert_eq!(operation(&contract).refusals[0].code, Code::ContractTransport);
}

#[test]
fn a_transport_is_judged_by_the_address_as_well() {
    let check = |address: &str, refusals: &[Code], losses: &[Code]| {
        let contract = read(&format!(
            "<d:portType name='P'><d:operation name='Op'><d:input message='o:one'/></d:operation></d:portType>
             <d:binding name='B' type='o:P'><s:binding transport='http://schemas.xmlsoap.org/soap/jms'/><d:operation name='Op'/></d:binding>
             <d:service name='S'><d:port name='P' binding='o:B'><s:address location='{address}'/></d:port></d:service>"
        ));
        let codes = |all: &[Diagnostic]| all.iter().map(|d| d.code).collect::<Vec<_>>();
        assert_eq!(codes(&operation(&contract).refusals), refusals, "{address}");
        assert_eq!(codes(&operation(&contract).losses), losses, "{address}");
    };
    check("jms:queue:q", &[Code::ContractTransport], &[]);
    check("net.tcp://h/", &[Code::ContractTransport], &[]);
    check("HTTP://h/", &[], &[Code::ContractTransport]);
}

#[test]
fn encodings_are_those_of_soap_by_name_or_by_the_binding() {
    let check = |style: &str, expected: Use| {
        let body = format!("<d:input><s:body use='encoded' {style}/></d:input>");
        let contract = one("<d:input message='o:one'/>", &body);
        assert_eq!(operation(&contract).input.use_, expected, "{style}");
        assert!(operation(&contract).refusals.is_empty(), "{style}");
    };
    check("", Use::Encoded(SoapVersion::V11));
    let v12 = "encodingStyle='urn:x http://www.w3.org/2003/05/soap-encoding'";
    check(v12, Use::Encoded(SoapVersion::V12));
    let v11 = "encodingStyle='http://schemas.xmlsoap.org/soap/encoding'";
    check(v11, Use::Encoded(SoapVersion::V11));
}

#[test]
fn what_is_bound_and_no_operation_is_passed_over() {
    let contract = read(
        "<d:portType name='P'><d:operation name='Op'><d:input message='o:one'/></d:operation></d:portType>
         <d:binding name='B' type='o:P'><s:binding/><d:operation name='Opp'/><d:operation name='Op'/></d:binding>",
    );
    assert_eq!(contract.services[0].ports[0].operations.len(), 1);
    let told = contract.report.sorted()[0].clone();
    assert_eq!(
        (told.code, told.help.as_deref()),
        (Code::ContractReferenceMissing, Some("did you mean `Op`?"))
    );
}

#[test]
fn a_typed_part_in_document_style_is_a_loss() {
    let contract = one("<d:input message='o:typed'/>", BOTH);
    let codes: Vec<Code> = operation(&contract).losses.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::ContractPartType, Code::ContractPartType]);
}

#[test]
fn overloads_are_matched_by_the_names_of_their_messages() {
    let contract = read(
        "<d:portType name='P'>
           <d:operation name='Op'><d:input name='I1' message='o:one'/></d:operation>
           <d:operation name='Op'><d:input name='I2' message='o:two'/></d:operation></d:portType>
         <d:binding name='B' type='o:P'><s:binding/>
           <d:operation name='Op'><d:input name='I2'><s:body use='literal'/></d:input></d:operation>
           <d:operation name='Op'><d:input name='I1'><s:body use='literal'/></d:input></d:operation></d:binding>",
    );
    let operations = &contract.services[0].ports[0].operations;
    assert_eq!(&*operations[0].input.name.local, "two");
    assert_eq!(&*operations[1].input.name.local, "one");
    let names: Vec<_> = operations.iter().map(|o| (&*o.name, &*o.wire_name)).collect();
    assert_eq!(names, [("Op", "Op"), ("I1", "Op")]);
    assert_eq!(contract.report.sorted()[0].code, Code::ContractOverload);
}

#[test]
fn contracts_without_a_soap_binding_say_so() {
    let contract = read("<d:portType name='P'/>");
    assert!(contract.services.is_empty());
    assert!(contract.report.has_errors());
}

#[test]
fn documents_are_found_through_circles_and_chameleons() {
    let xsd = |attributes: &str, inside: &str| {
        format!(
            "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t' {attributes}>{inside}</x:schema>"
        )
    };
    let root = wrap("<d:import namespace='urn:p' location='sub/ports.wsdl'/>");
    let ports = "<d:definitions xmlns:d='http://schemas.xmlsoap.org/wsdl/' targetNamespace='urn:p'><d:import namespace='urn:o' location='../c.wsdl'/><d:import namespace='urn:t' location='t%20a.xsd'/></d:definitions>";
    let t = xsd(
        "targetNamespace='urn:t'",
        "<x:include schemaLocation='../chameleon.xsd'/><x:include schemaLocation='t%20a.xsd'/><x:element name='T' type='t:Inner'/>",
    );
    let chameleon = xsd(
        "",
        "<x:include schemaLocation='./chameleon.xsd'/><x:complexType name='Inner'><x:sequence><x:element ref='R'/></x:sequence></x:complexType><x:element name='R' type='Inner'/>",
    );
    let files = [
        ("c.wsdl", root.as_str()),
        ("sub/ports.wsdl", ports),
        ("sub/t%20a.xsd", &t),
        ("chameleon.xsd", &chameleon),
    ];
    let loaded = load("c.wsdl", &memory(&files)).map_err(|f| f.report).unwrap();
    let told: Vec<_> = loaded.contract.report.sorted();
    assert!(told.iter().all(|d| d.code == Code::ContractNoSoap), "{told:?}");
    assert_eq!(loaded.files.len(), 4);
    assert_eq!(loaded.files[3].requested_by.as_deref(), Some("sub/t%20a.xsd"));
    assert!(loaded.links.iter().all(|link| link.target.is_some()));
    let names = &loaded.contract.schema.element_by_name;
    assert!(
        names.contains_key(&QName::new("urn:t", "R")) && !names.contains_key(&QName::new("", "R"))
    );
}

#[test]
fn a_remote_contract_reads_no_local_file() {
    let text = wrap("<d:import namespace='urn:z' location='file:///etc/hostname'/>");
    let source = memory(&[("http://h/c.wsdl", &text), ("file:///etc/hostname", "<a/>")]);
    let loaded = load("http://h/c.wsdl", &source).map_err(|f| f.report).unwrap();
    assert_eq!(loaded.files.len(), 1);
    assert_eq!(loaded.contract.report.sorted()[1].code, Code::ContractImportMissing);
}

#[test]
fn a_wide_contract_in_utf_16_is_read() {
    let text = wrap("");
    let mut source = memory(&[]);
    let bytes = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes);
    source.0.insert("c.wsdl".to_owned(), bytes.collect());
    assert!(load("c.wsdl", &source).is_ok());
}

#[test]
fn import_chains_end_at_the_limit() {
    let definitions = |next: usize| {
        format!(
            "<d:definitions xmlns:d='http://schemas.xmlsoap.org/wsdl/'><d:import location='{next}.wsdl'/></d:definitions>"
        )
    };
    let files: Vec<(String, String)> =
        (0..100).map(|at| (format!("{at}.wsdl"), definitions(at + 1))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let loaded = load("0.wsdl", &memory(&files)).map_err(|f| f.report).unwrap();
    let told = loaded.contract.report.sorted();
    assert!(told.iter().any(|d| d.code == Code::ContractLimit), "{told:?}");
}

proptest! {
    #[test]
    fn no_mutated_contract_panics(
        at in any::<prop::sample::Index>(),
        cut in 0usize..60,
        with in prop::sample::select(vec!["", "o:", "x:", "z:", "name=''", "<d:part/>", "<x:any/>", "ref='o:E'", "base='o:E'", "<x:complexType>", "\"", ">", "maxOccurs='-1'", "type='o:E'"]),
    ) {
        let text = wrap(&format!(
            "<d:types><x:schema targetNamespace='urn:o'><x:group name='G'><x:sequence><x:element ref='o:E'/></x:sequence></x:group>
             <x:complexType name='T'><x:complexContent><x:extension base='o:U'><x:group ref='o:G' minOccurs='0'/></x:extension></x:complexContent></x:complexType>
             <x:complexType name='U'><x:simpleContent><x:restriction base='o:V'><x:length value='1'/></x:restriction></x:simpleContent></x:complexType></x:schema></d:types>
             <d:portType name='P'><d:operation name='Op'><d:input message='o:two'/><d:fault name='f' message='o:none'/></d:operation></d:portType>
             <d:binding name='B' type='o:P'><s:binding/><d:operation name='Op'>{BOTH}</d:operation></d:binding>"
        ));
        let start = at.index(text.len());
        let end = (start + cut).min(text.len());
        let mutated = format!("{}{with}{}", &text[..start], &text[end..]);
        let _ = load("c.wsdl", &memory(&[("c.wsdl", &mutated)]));
    }
}
