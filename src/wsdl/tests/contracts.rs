use std::collections::HashMap;

use crate::diagnostic::Code;
use crate::wsdl::*;
use crate::xsd::{Content, Term, TypeDefinition};

/// Documents by location.
#[derive(Default)]
pub(super) struct Memory(pub HashMap<String, Vec<u8>>);

impl DocumentSource for Memory {
    fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
        let bytes = self.0.get(location).cloned().ok_or_else(|| SourceError {
            message: "there is no such file".to_owned(),
            help: None,
        })?;
        Ok(SourceDocument { location: location.to_owned(), bytes, charset: None })
    }
}

pub(super) fn memory(files: &[(&str, &str)]) -> Memory {
    Memory(
        files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect(),
    )
}

const HEAD: &str = r#"<d:definitions name="Orders" targetNamespace="urn:o" xmlns:o="urn:o"
  xmlns:d="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:x="http://www.w3.org/2001/XMLSchema">"#;

const TAIL: &str = r#"
<d:message name="in"><d:part name="p" element="o:Get"/></d:message>
<d:message name="out"><d:part name="p" element="o:GetResponse"/></d:message>
<d:message name="gone"><d:part name="detail" element="o:Gone"/></d:message>
<d:portType name="P"><d:operation name="Get"><d:documentation>Gets one.</d:documentation>
  <d:input message="o:in"/><d:output message="o:out"/><d:fault name="gone" message="o:gone"/></d:operation></d:portType>
<d:binding name="B" type="o:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
  <d:operation name="Get"><s:operation soapAction="urn:get"/>
    <d:input><s:body use="literal"/></d:input><d:output><s:body use="literal"/></d:output></d:operation></d:binding>
<d:service name="S"><d:port name="Q" binding="o:B"><s:address location="http://h/x"/></d:port></d:service>
</d:definitions>"#;

const SCHEMA: &str = r#"<d:types><x:schema targetNamespace="urn:o" elementFormDefault="qualified">
<x:element name="Get"><x:complexType><x:sequence><x:element name="id" type="x:int"/></x:sequence></x:complexType></x:element>
<x:element name="GetResponse" type="o:Big"/>
<x:element name="Gone" type="x:string"/>
<x:complexType name="Small"><x:sequence><x:element name="a" type="x:string"/></x:sequence><x:attribute name="k"/></x:complexType>
<x:complexType name="Big"><x:complexContent><x:extension base="o:Small"><x:sequence><x:element name="b" maxOccurs="unbounded" type="o:Small"/></x:sequence></x:extension></x:complexContent></x:complexType>
</x:schema></d:types>"#;

fn contract(files: &[(&str, &str)]) -> Contract {
    load(files[0].0, &memory(files)).map_err(|f| f.report).unwrap().contract
}

#[test]
fn a_plain_contract_is_resolved_whole() {
    let text = format!("{HEAD}{SCHEMA}{TAIL}");
    let contract = contract(&[("a.wsdl", &text)]);
    assert!(contract.report.is_empty(), "{:?}", contract.report);
    let port = &contract.services[0].ports[0];
    assert_eq!(port.address.as_deref(), Some("http://h/x"));
    let get = &port.operations[0];
    assert_eq!(get.soap_action.as_deref(), Some("urn:get"));
    assert_eq!(get.documentation.as_deref(), Some("Gets one."));
    assert_eq!((get.refusals.len(), get.losses.len(), get.faults.len()), (0, 0, 1));
    let PartContent::Element(id) = get.output.as_ref().unwrap().parts[0].content else { panic!() };
    let TypeDefinition::Complex(big) = contract.schema.ty(contract.schema.element(id).ty) else {
        panic!()
    };
    let Content::Particles(particle) = &big.content else { panic!() };
    let Term::Sequence(items) = &particle.term else { panic!() };
    assert_eq!(items.len(), 2);
    assert_eq!(big.attributes.len(), 1);
}

#[test]
fn what_is_missing_is_said_at_its_place_and_refuses_what_needs_it() {
    let text = format!("{HEAD}{SCHEMA}{TAIL}").replace("element=\"o:Get\"", "element=\"o:Gett\"");
    let contract = contract(&[("a.wsdl", &text)]);
    let refusals = &contract.services[0].ports[0].operations[0].refusals;
    assert_eq!(refusals[0].code, Code::ContractReferenceMissing);
    assert_eq!(refusals[0].help.as_deref(), Some("did you mean `Get`?"));
}

#[test]
fn a_missing_import_is_a_warning_at_its_place() {
    let import = r#"<d:types><x:schema><x:import namespace="urn:z" schemaLocation="z.xsd"/></x:schema></d:types>"#;
    let text = format!("{HEAD}{import}{SCHEMA}{TAIL}");
    let contract = contract(&[("a.wsdl", &text)]);
    let problems = contract.report.sorted();
    assert_eq!(problems[0].code, Code::ContractImportMissing);
    let span = problems[0].span.unwrap();
    assert_eq!(&text[span.start as usize..span.end as usize], "z.xsd");
}

#[test]
fn roots_that_are_no_wsdl_are_told_apart() {
    let check = |text: &str, code| {
        let failure = load("a.wsdl", &memory(&[("a.wsdl", text)])).err().unwrap();
        assert_eq!(failure.report.sorted()[0].code, code, "{text}");
    };
    check("", Code::ContractNotXml);
    check("<!DOCTYPE html><html>", Code::ContractNotXml);
    check("<html/>", Code::ContractNotWsdl);
    check("<x/>", Code::ContractNotWsdl);
    check("<w:description xmlns:w='http://www.w3.org/ns/wsdl'/>", Code::ContractWsdl2);
    let failure = load("gone.wsdl", &Memory::default()).err().unwrap();
    assert_eq!(failure.report.sorted()[0].code, Code::ContractUnreadable);
}
