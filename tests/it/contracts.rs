//! Contracts that cannot be used: told by `check` with a place and a way out, never a panic.

use std::fmt::Write;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::rig::{Output, figleaf};

const MAPPING: &str = "figleaf: 1\napi: a\nversion: v1\nbackends:\n  a: { soap: a.wsdl }\n\
                       routes:\n  'GET /a': { soap: a.Get }\n";

fn check(contract: &[u8]) -> Output {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("mappings")).unwrap();
    std::fs::write(folder.path().join("mappings/a.yaml"), MAPPING).unwrap();
    std::fs::write(folder.path().join("mappings/a.wsdl"), contract).unwrap();
    figleaf(folder.path(), &["check"], &[])
}

/// A contract with one operation, its types and its imports as given.
fn wsdl(imports: &str, types: &str, element: &str) -> String {
    format!(
        "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' xmlns:s='http://schemas.xmlsoap.org/wsdl/soap/'
  xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t' targetNamespace='urn:t'>{imports}
  <types><x:schema targetNamespace='urn:t' elementFormDefault='qualified'>{types}</x:schema></types>
  <message name='I'><part name='p' element='{element}'/></message>
  <message name='O'><part name='p' element='{element}'/></message>
  <portType name='P'><operation name='Get'><input message='t:I'/><output message='t:O'/></operation></portType>
  <binding name='B' type='t:P'><s:binding transport='http://schemas.xmlsoap.org/soap/http'/>
    <operation name='Get'><s:operation soapAction='a'/><input><s:body use='literal'/></input>
    <output><s:body use='literal'/></output></operation></binding>
  <service name='S'><port name='p' binding='t:B'><s:address location='http://127.0.0.1:1/'/></port></service>
</definitions>"
    )
}

fn good() -> String {
    wsdl("", "<x:element name='E'><x:complexType/></x:element>", "t:E")
}

#[test]
fn the_contract_that_is_spoilt_below_is_good() {
    let output = check(good().as_bytes());
    assert_eq!(output.code, 0, "{}", output.stderr);
}

#[test]
fn contracts_that_cannot_be_used_are_told_with_their_place() {
    let element = "<x:element name='E'><x:complexType/></x:element>";
    let deep = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n));
    let nested = format!(
        "<x:element name='E'>{}<x:complexType/>{}</x:element>",
        "<x:complexType><x:sequence><x:element name='e'>".repeat(10_000),
        "</x:element></x:sequence></x:complexType>".repeat(10_000)
    );
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("nothing", Vec::new(), "contract-not-xml"),
        ("text", b"hello".to_vec(), "contract-not-xml"),
        ("bytes", (0..=255).collect(), "contract-not-xml"),
        ("a page", b"<!doctype html><html><br>Sign in</html>".to_vec(), "contract-"),
        ("a page in XML", b"<html><body/></html>".to_vec(), "contract-not-wsdl"),
        ("half", good().as_bytes()[..700].to_vec(), "contract-not-xml"),
        ("two roots", (good() + "<x/>").into_bytes(), "contract-not-xml"),
        (
            "WSDL 2.0",
            b"<description xmlns='http://www.w3.org/ns/wsdl'/>".to_vec(),
            "contract-wsdl-2",
        ),
        (
            "a schema",
            b"<schema xmlns='http://www.w3.org/2001/XMLSchema'/>".to_vec(),
            "contract-not-wsdl",
        ),
        ("no service", b"<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'/>".to_vec(), ""),
        (
            "an entity from outside",
            format!(
                "<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>{}",
                good().replace("urn:t", "&e;")
            )
            .into_bytes(),
            "contract-dtd",
        ),
        (
            "a billion laughs",
            format!(
                "<!DOCTYPE d [<!ENTITY a 'xxxxxxxxxx'>{}]>{}",
                (0..40).fold(String::new(), |all, n| all + &format!("<!ENTITY a{n} '&a;&a;'>")),
                good().replace("'a'", "'&a39;'")
            )
            .into_bytes(),
            "",
        ),
        ("a missing element", wsdl("", element, "t:F").into_bytes(), "contract-reference-missing"),
        ("a missing prefix", wsdl("", element, "q:E").into_bytes(), "contract-"),
        ("10,000 elements inside each other", deep(10_000).into_bytes(), "contract-"),
        ("10,000 types inside each other", wsdl("", &nested, "t:E").into_bytes(), "contract-limit"),
    ];
    for (what, contract, code) in cases {
        let start = Instant::now();
        let output = check(&contract);
        let told = &output.stderr;
        assert!(!told.contains("panicked") && output.code >= 0, "{what}: {told:.3000}");
        assert!(start.elapsed() < Duration::from_secs(20), "{what}: {:?}", start.elapsed());
        if code.is_empty() {
            continue;
        }
        assert_eq!(output.code, 1, "{what}: {told:.3000}");
        let named = [format!("[{code}"), format!("({code}")];
        assert!(named.iter().any(|n| told.contains(n)), "{what}: {told:.3000}");
        assert!(told.contains("help:"), "{what}: {told:.3000}");
        assert!(!told.contains("/etc/hostname") || code == "contract-dtd", "{told}");
    }
}

#[test]
fn what_is_missing_and_can_be_done_without_is_a_warning() {
    let import = "<import namespace='urn:u' location='missing.wsdl'/>";
    let element = "<x:element name='E'><x:complexType/></x:element>";
    let circle = "<x:complexType name='T'><x:complexContent><x:extension base='t:T'/>\
                  </x:complexContent></x:complexType><x:element name='E' type='t:T'/>";
    for (contract, code, line) in [
        (wsdl(import, element, "t:E"), "contract-import-missing", 2),
        (wsdl("", circle, "t:E"), "contract-schema-invalid", 3),
    ] {
        let output = check(contract.as_bytes());
        let told = &output.stderr;
        assert_eq!(output.code, 0, "{told}");
        assert!(told.contains(&format!("warning[{code}]")) && told.contains("help:"), "{told}");
        assert!(told.contains(&format!("--> mappings/a.wsdl:{line}:")), "{told}");
    }
}

#[test]
fn an_operation_whose_types_are_missing_is_refused() {
    let output = check(wsdl("", "<x:element name='E' type='t:T'/>", "t:E").as_bytes());
    assert_eq!(output.code, 1, "{}", output.stderr);
    assert!(output.stderr.contains("error[mapping-operation-refused]"), "{}", output.stderr);
    assert!(output.stderr.contains("(contract-reference-missing, mappings/a.wsdl:3)"));
}

#[test]
fn a_long_chain_of_types_is_walked_without_a_stack() {
    let mut types = String::from("<x:complexType name='T0'/><x:element name='E' type='t:T5000'/>");
    for n in 1..=5_000 {
        let _ = write!(
            types,
            "<x:complexType name='T{n}'><x:complexContent><x:extension base='t:T{}'><x:sequence>\
             <x:element name='e{n}' type='x:string' minOccurs='0'/></x:sequence></x:extension>\
             </x:complexContent></x:complexType>",
            n - 1,
        );
    }
    let output = check(wsdl("", &types, "t:E").as_bytes());
    assert!(matches!(output.code, 0 | 1), "{}: {:.3000}", output.code, output.stderr);
}

#[test]
fn types_that_contain_each_other_are_fine() {
    let types = "<x:complexType name='T'><x:sequence><x:element name='t' type='t:T' minOccurs='0'/>\
                 <x:element name='u' type='t:U' minOccurs='0'/></x:sequence></x:complexType>\
                 <x:complexType name='U'><x:sequence><x:element name='t' type='t:T' minOccurs='0'/>\
                 </x:sequence></x:complexType><x:element name='E' type='t:T'/>";
    let output = check(wsdl("", types, "t:E").as_bytes());
    assert_eq!(output.code, 0, "{}", output.stderr);
}

#[test]
fn a_contract_that_is_not_there_is_told_at_the_line_that_names_it() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("a.yaml"), MAPPING).unwrap();
    let output = figleaf(folder.path(), &["check", "--mappings", "a.yaml"], &[]);
    assert_eq!(output.code, 1);
    assert!(output.stderr.contains("--> a.yaml:5:14"), "{}", output.stderr);
    assert!(output.stderr.contains("error[contract-unreadable]"), "{}", output.stderr);
}
