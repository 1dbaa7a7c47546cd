//! Contracts with more than one SOAP binding: other bindings beside it, several services, and
//! exchanges that are not served.

use super::fixtures::Project;

const WSDL: &str = r#"<definitions name="Mixed" targetNamespace="urn:t" xmlns:t="urn:t" xmlns="http://schemas.xmlsoap.org/wsdl/"
  xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:s12="http://schemas.xmlsoap.org/wsdl/soap12/"
  xmlns:h="http://schemas.xmlsoap.org/wsdl/http/" xmlns:m="http://schemas.xmlsoap.org/wsdl/mime/" xmlns:x="http://www.w3.org/2001/XMLSchema">
<types><x:schema targetNamespace="urn:t"><x:element name="A" type="x:string"/><x:element name="B" type="x:string"/></x:schema></types>
<message name="In"><part name="p" element="t:A"/></message><message name="Out"><part name="p" element="t:B"/></message>
<message name="Photo"><part name="p" element="t:A"/><part name="photo" type="x:base64Binary"/></message>
<portType name="P">
  <operation name="GetA"><input message="t:In"/><output message="t:Out"/></operation>
  <operation name="Notify"><input message="t:In"/></operation>
  <operation name="Told"><output message="t:Out"/></operation>
  <operation name="Asked"><output message="t:Out"/><input message="t:In"/></operation>
  <operation name="AddPhoto"><input message="t:Photo"/><output message="t:Photo"/></operation>
</portType>
<portType name="HttpP"><operation name="GetA"><input message="t:In"/><output message="t:Out"/></operation></portType>
<binding name="Soap11" type="t:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>OPERATIONS</binding>
<binding name="Soap12" type="t:P"><s12:binding transport="http://schemas.xmlsoap.org/soap/http"/>OPERATIONS</binding>
<binding name="Get" type="t:HttpP"><h:binding verb="GET"/><operation name="GetA"><h:operation location="/GetA"/>
  <input><h:urlEncoded/></input><output><m:mimeXml part="p"/></output></operation></binding>
<binding name="Post" type="t:HttpP"><h:binding verb="POST"/><operation name="GetA"><h:operation location="/GetA"/>
  <input><m:content type="application/x-www-form-urlencoded"/></input><output><m:content part="p" type="text/xml"/></output></operation></binding>
<service name="One"><port name="HttpGet" binding="t:Get"><h:address location="http://h/"/></port>
  <port name="Soap" binding="t:Soap11"><s:address location="http://h/one"/></port>
  <port name="HttpPost" binding="t:Post"><h:address location="http://h/"/></port></service>
<service name="Two"><port name="Soap" binding="t:Soap12"><s12:address location="http://h/two"/></port></service>
</definitions>"#;

fn wsdl() -> String {
    let bound = |name: &str, prefix: &str, input: &str| {
        format!(
            "<operation name='{name}'><{prefix}:operation soapAction='{name}'/><input>{input}</input><output>{input}</output></operation>"
        )
    };
    let all = |prefix: &str| {
        let body = format!("<{prefix}:body use='literal'/>");
        let photo = format!(
            "<m:multipartRelated><m:part><{prefix}:body parts='p' use='literal'/></m:part><m:part><m:content part='photo' type='image/png'/></m:part></m:multipartRelated>"
        );
        let plain = ["GetA", "Notify", "Told", "Asked"].map(|name| bound(name, prefix, &body));
        plain.concat() + &bound("AddPhoto", prefix, &photo)
    };
    WSDL.replacen("OPERATIONS", &all("s"), 1).replacen("OPERATIONS", &all("s12"), 1)
}

#[test]
fn soap_is_served_whatever_stands_beside_it() {
    let project = Project::new();
    let source = project.contract("mixed.wsdl", wsdl());
    let done = project.import(&source, &["--name", "mixed"]).unwrap();
    let table = done.text.split("Wrote").next().unwrap();
    insta::assert_snapshot!(table, @"
    One / Soap  SOAP 1.1, http://h/one
      works    GetA
      works    Notify
      refused  Told
                 wsdl/mixed/Mixed.wsdl:10: operation `Told` is notification [contract-exchange-pattern]
      refused  Asked
                 wsdl/mixed/Mixed.wsdl:11: operation `Asked` is solicit-response [contract-exchange-pattern]
      works    AddPhoto

    Two / Soap  SOAP 1.2, http://h/two
      works    GetA
      works    Notify
      refused  Told
                 wsdl/mixed/Mixed.wsdl:10: operation `Told` is notification [contract-exchange-pattern]
      refused  Asked
                 wsdl/mixed/Mixed.wsdl:11: operation `Asked` is solicit-response [contract-exchange-pattern]
      works    AddPhoto

    10 operations: 6 without loss, 0 with a named loss, 4 refused
    ");
    let mapping = project.read("mappings/mixed.yaml");
    for line in ["GetA\n", "Notify\n", "AddPhoto\n", "# Told: ", "# Asked: "] {
        assert!(mapping.contains(line), "{line} is not in\n{mapping}");
    }
}

#[test]
fn a_contract_with_other_bindings_only_says_so() {
    let project = Project::new();
    let text = wsdl();
    let cut = |text: &str, from: &str, to: &str| {
        let (head, rest) = text.split_once(from).unwrap();
        format!("{head}{}", rest.split_once(to).unwrap().1)
    };
    let text = cut(&text, "<binding name=\"Soap11\"", "<binding name=\"Get\"");
    let text = text.replacen(" type=\"t:HttpP\"", "<binding name=\"Get\" type=\"t:HttpP\"", 1);
    let text = cut(&text, "<port name=\"Soap\"", "</port>");
    let source = project.contract("http.wsdl", cut(&text, "<service name=\"Two\">", "</service>"));
    let done = project.import(&source, &[]).unwrap();
    assert_eq!(done.code, 1);
    assert!(done.text.contains("no operation can be served"), "{}", done.text);
    assert!(project.files().is_empty());
}
