//! What cannot be imported gets a place and leaves nothing behind.

use std::fmt::Write;

use super::fixtures::{Project, element, get_crate, wsdl};
use crate::diagnostic::Code;
use crate::xml::ns;

/// The source must be refused with this code at this line, and nothing written.
fn refused(text: &str, code: Code, line: u32) {
    let project = Project::new();
    let source = project.contract("depot.wsdl", text);
    let stop = project.import(&source, &[]).unwrap_err();
    let problem = &stop.problems[0];
    let place = stop.sources.place(problem.span.unwrap());
    assert_eq!((problem.code, place.line), (code, line), "{}", problem.message);
    assert!(problem.help.is_some(), "{}", problem.message);
    assert!(project.files().is_empty());
}

#[test]
fn what_is_no_contract_is_refused_at_its_place() {
    refused("not xml", Code::ContractNotXml, 1);
    refused("<a>\n<b>\n</a>", Code::ContractNotXml, 3);
    refused("<html>\n<body><p>Log in</p></body></html>", Code::ContractNotWsdl, 1);
    refused(
        "<!DOCTYPE a [\n<!ENTITY b SYSTEM 'file:///etc/hostname'>]>\n<a>&b;</a>",
        Code::ContractDtd,
        1,
    );
    refused("<description xmlns='http://www.w3.org/ns/wsdl'/>", Code::ContractWsdl2, 1);
}

#[test]
fn a_fault_in_place_of_a_contract_is_told() {
    let check = |envelope: &str, fault: &str| {
        let project = Project::new();
        let text = format!(
            "<e:Envelope xmlns:e='{envelope}'><e:Body><e:Fault>{fault}</e:Fault></e:Body></e:Envelope>"
        );
        let source = project.contract("depot.wsdl", text);
        let stop = project.import(&source, &[]).unwrap_err();
        let help = stop.problems[0].help.as_deref().unwrap();
        assert_eq!(help, "the service answered with a fault instead: no such service");
    };
    check(ns::SOAP11, "<faultcode>e:Client</faultcode><faultstring>no such service</faultstring>");
    check(
        ns::SOAP12,
        "<e:Code/><e:Reason><e:Text xml:lang='en'>no such service</e:Text></e:Reason>",
    );
}

#[test]
fn a_file_that_is_not_there_is_said_to_be_missing() {
    let project = Project::new();
    let stop = project.import("nowhere/at/all.wsdl", &[]).unwrap_err();
    assert_eq!(stop.problems[0].code, Code::ContractUnreadable);
    let stop = project.import("ftp://h/a.wsdl", &[]).unwrap_err();
    assert!(stop.problems.is_empty() && stop.failure.message.contains("ftp"));
    for name in ["../up", "a/b", "", "1st"] {
        let source = project.contract(
            "a.wsdl",
            wsdl(&get_crate(), &[("GetCrate", "GetCrate", "GetCrateResponse")]),
        );
        assert!(project.import(&source, &["--name", name]).is_err(), "{name}");
    }
    assert!(project.files().is_empty());
}

#[test]
fn a_missing_import_refuses_only_what_needs_it() {
    let project = Project::new();
    let schema = "<x:import namespace='urn:m' schemaLocation='missing.xsd'/>".to_owned()
        + &get_crate()
        + &element("GetLid", "<x:element xmlns:m='urn:m' name='Lid' type='m:Lid'/>");
    let operations =
        [("GetCrate", "GetCrate", "GetCrateResponse"), ("GetLid", "GetLid", "GetCrateResponse")];
    let source = project.contract("depot.wsdl", wsdl(&schema, &operations));
    let done = project.import(&source, &[]).unwrap();
    assert_eq!(done.code, 0);
    assert!(done.text.contains("works    GetCrate"), "{}", done.text);
    assert!(done.text.contains("refused  GetLid"), "{}", done.text);
    assert!(done.text.contains("wsdl/depot/Depot.wsdl:5: `Lid` is used"), "{}", done.text);
    let mapping = project.read("mappings/depot.yaml");
    assert!(mapping.contains("# GetLid: wsdl/depot/Depot.wsdl:5"), "{mapping}");
}

#[test]
fn where_nothing_works_nothing_is_written() {
    let project = Project::new();
    let schema = element("GetLid", "<x:element name='Lid' type='t:Nothing'/>");
    let source = project.contract("depot.wsdl", wsdl(&schema, &[("GetLid", "GetLid", "GetLid")]));
    let done = project.import(&source, &[]).unwrap();
    assert_eq!(done.code, 1);
    assert!(project.files().is_empty());
}

#[test]
fn circular_includes_are_read_once() {
    let project = Project::new();
    let schema = |other: &str, more: &str| {
        format!(
            "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t' targetNamespace='urn:t'><x:include schemaLocation='{other}'/>{more}</x:schema>"
        )
    };
    project.contract("a.xsd", schema("b.xsd", "<x:complexType name='A'><x:sequence><x:element name='b' type='t:B'/></x:sequence></x:complexType>"));
    project.contract("b.xsd", schema("a.xsd", "<x:complexType name='B'><x:sequence><x:element name='a' type='t:A' minOccurs='0'/></x:sequence></x:complexType>"));
    let text = "<x:include schemaLocation='a.xsd'/>".to_owned()
        + &get_crate()
        + &element("Put", "<x:element name='A' type='t:A'/>");
    let operations = [("PutCrate", "Put", "GetCrateResponse")];
    let source = project.contract("depot.wsdl", wsdl(&text, &operations));
    assert_eq!(project.import(&source, &[]).unwrap().code, 0);
    assert_eq!(project.files().len(), 5);
}

#[test]
fn ten_thousand_nested_types_are_no_danger() {
    // Types that hold one another, by name.
    let mut chain = get_crate();
    for n in 0..10_000 {
        let _ = write!(
            chain,
            "<x:complexType name='T{n}'><x:sequence><x:element name='e' type='t:T{}' minOccurs='0'/></x:sequence></x:complexType>",
            n + 1
        );
    }
    chain.push_str("<x:complexType name='T10000'/>");
    chain.push_str(&element("Deep", "<x:element name='T' type='t:T0'/>"));
    let project = Project::new();
    let text = wsdl(&chain, &[("PutDeep", "Deep", "GetCrateResponse")]);
    let source = project.contract("depot.wsdl", text);
    assert_eq!(project.import(&source, &[]).unwrap().code, 0);
    // Types inside one another: deeper than any XML may be.
    let open = "<x:element name='e'><x:complexType><x:sequence>".repeat(10_000);
    let close = "</x:sequence></x:complexType></x:element>".repeat(10_000);
    refused(&wsdl(&format!("{open}{close}"), &[]), Code::ContractLimit, 3);
}
