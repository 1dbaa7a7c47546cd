//! Header parts of an answer, through the whole facade: members first, HTTP headers, and what
//! `check` says of those that cannot be.

use tempfile::TempDir;

use crate::rig::{Answer, Facade, Script, Scripted, Variables, compile, figleaf, mapping_folder};

const WSDL: &str = r#"<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
  <wsdl:types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
    <xs:element name="List"><xs:complexType><xs:sequence/></xs:complexType></xs:element>
    <xs:element name="ListResponse"><xs:complexType><xs:sequence>
      <xs:element name="Total" type="xs:int"/><xs:element name="Item" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="Session"><xs:complexType><xs:sequence>
      <xs:element name="Id" type="xs:string"/><xs:element name="Hop" type="xs:int" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:schema></wsdl:types>
  <wsdl:message name="In"><wsdl:part name="p" element="t:List"/></wsdl:message>
  <wsdl:message name="Out"><wsdl:part name="p" element="t:ListResponse"/><wsdl:part name="session" element="t:Session"/></wsdl:message>
  <wsdl:portType name="P">
    <wsdl:operation name="List"><wsdl:input message="t:In"/><wsdl:output message="t:Out"/></wsdl:operation>
    <wsdl:operation name="Tell"><wsdl:input message="t:In"/></wsdl:operation>
  </wsdl:portType>
  <wsdl:binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="List"><soap:operation soapAction=""/><wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal" parts="p"/><soap:header message="t:Out" part="session" use="literal"/></wsdl:output></wsdl:operation>
    <wsdl:operation name="Tell"><soap:operation soapAction=""/><wsdl:input><soap:body use="literal"/></wsdl:input></wsdl:operation>
  </wsdl:binding>
  <wsdl:service name="S"><wsdl:port name="Q" binding="t:B"><soap:address location="http://127.0.0.1:1/"/></wsdl:port></wsdl:service>
</wsdl:definitions>"#;

fn mapping(route: &str) -> String {
    format!(
        "figleaf: 1\napi: t\nversion: v1\nbackends:\n  t: {{ soap: t.wsdl, url: \"${{SHOP_URL}}\" }}\nroutes:\n{route}"
    )
}

fn folder(route: &str) -> TempDir {
    mapping_folder(&[("t.yaml", &mapping(route)), ("t.wsdl", WSDL)])
}

fn envelope(header: &str, body: &str) -> String {
    format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' xmlns='urn:t'><e:Header>{header}</e:Header><e:Body>{body}</e:Body></e:Envelope>"
    )
}

const ROUTE: &str = "  GET /list:
    soap: t.List
    out: { session: { header: Session } }
    response_headers: { X-Session: Session.id }
";

async fn ask(route: &str, answer: &str) -> Answer {
    let backend = Scripted::new(Script::xml(answer));
    let facade = Facade::start(compile(folder(route).path(), &Variables::shop(&backend.url())));
    facade.get("/api/v1/list").await
}

#[actix_web::test]
async fn a_header_part_is_a_member_and_an_http_header() {
    let header = "<Session><Id>a-1</Id><Hop>1</Hop></Session>";
    let body = "<ListResponse><Total>1</Total><Item>x</Item></ListResponse>";
    let answer = ask(ROUTE, &envelope(header, body)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.text, r#"{"session":{"id":"a-1","hop":[1]},"total":1,"item":["x"]}"#);
    assert_eq!(answer.header("x-session"), "a-1");

    // What could end a header early, or is no text of one, is left out.
    for id in ["a&#13;&#10;Set-Cookie: b=1", "a&#9;b", "Grüße", ""] {
        let header = format!("<Session><Id>{id}</Id></Session>");
        let answer = ask(ROUTE, &envelope(&header, body)).await;
        assert_eq!((answer.status, answer.header("x-session")), (200, ""), "{id}");
        assert!(!answer.headers.contains_key("set-cookie"), "{id}");
        let strict = format!("{ROUTE}    strict: true\n");
        let answer = ask(&strict, &envelope(&header, body)).await;
        assert_eq!((answer.status, answer.problem().as_str()), (502, "backend-invalid"), "{id}");
    }
}

#[actix_web::test]
async fn a_block_of_another_namespace_gives_way_to_the_right_one() {
    let own = "<Session><Id>a-1</Id></Session>";
    let other = "<Session xmlns='urn:other'><Id>b-2</Id></Session>";
    let body = "<ListResponse><Total>1</Total></ListResponse>";
    let strict = format!("{ROUTE}    strict: true\n");
    for header in [format!("{other}{own}"), format!("{own}{other}")] {
        for route in [ROUTE, &strict] {
            let answer = ask(route, &envelope(&header, body)).await;
            let said = (answer.status, answer.header("x-session"));
            assert_eq!(said, (200, "a-1"), "{header}");
            let json = r#"{"session":{"id":"a-1","hop":[]},"total":1,"item":[]}"#;
            assert_eq!(answer.text, json, "{header}");
        }
    }
    // Alone it is taken for the right one, which is a deviation.
    assert_eq!(ask(ROUTE, &envelope(other, body)).await.status, 200);
    assert_eq!(ask(&strict, &envelope(other, body)).await.problem(), "backend-invalid");
    // Twice is once too often.
    assert_eq!(ask(&strict, &envelope(&[own, own].concat(), body)).await.status, 502);
}

#[actix_web::test]
async fn a_long_answer_begins_with_its_header_parts() {
    let items: String = (0..200_000).map(|n| format!("<Item>item {n}</Item>")).collect();
    let body = format!("<ListResponse><Total>1</Total>{items}</ListResponse>");
    let answer = ask(ROUTE, &envelope("<Session><Id>a-1</Id></Session>", &body)).await;
    assert_eq!(answer.header("x-session"), "a-1");
    assert_eq!(answer.header("transfer-encoding"), "chunked");
    assert!(answer.text.starts_with(r#"{"session":{"id":"a-1","hop":[]},"total":1"#));
    assert_eq!(answer.json()["item"].as_array().unwrap().len(), 200_000);
}

#[actix_web::test]
async fn a_block_nobody_understands_is_counted_and_strictly_an_error() {
    let header = "<x:Lock xmlns:x='urn:x' e:mustUnderstand='1'/>";
    let answer = envelope(header, "<ListResponse><Total>1</Total></ListResponse>");
    assert_eq!(ask(ROUTE, &answer).await.status, 200);
    let strict = format!("{ROUTE}    strict: true\n");
    let refused = ask(&strict, &answer).await;
    assert_eq!((refused.status, refused.problem().as_str()), (502, "backend-invalid"));
    // A fault is a fault, whatever stands in its Header.
    let fault = "<e:Fault><faultcode>e:Client</faultcode><faultstring>no</faultstring></e:Fault>";
    let refused = ask(&strict, &envelope(header, fault)).await;
    assert_eq!((refused.status, refused.problem().as_str()), (400, "fault-client"));
}

#[test]
fn check_names_what_cannot_be_taken_from_a_header() {
    let check = |route: &str, expected: &str| {
        let folder = folder(route);
        let variables = [("SHOP_URL", "http://127.0.0.1:1/")];
        let said = figleaf(folder.path(), &["check", "--mappings", "."], &variables);
        let told = said.stdout + &said.stderr;
        assert_eq!((said.code, told.contains(expected)), (1, true), "{route}\n{told}");
    };
    let out = |line: &str| format!("  GET /list:\n    soap: t.List\n    out: {{ {line} }}\n");
    check(&out("s: { header: Sesion }"), "did you mean `session`?");
    check(&out("s: { header: Session.idd }"), "did you mean `id`?");
    check(&out("total: { header: Session }"), "the answer has another member `total`");
    check(&out("a.b: { header: Session }"), "write a single name, without dots");
    check(&out("s: { header: Session, from: x }"), "`from`");
    let list =
        "  GET /list:\n    soap: t.List\n    returns: item\n    out: { s: { header: Session } }\n";
    check(list, "out: { items: { body: true } }");
    let fields = |line: &str| {
        format!("  GET /list:\n    soap: t.List\n    response_headers: {{ {line} }}\n")
    };
    check(&fields("Content-Length: Session.id"), "a header that figleaf writes itself");
    check(&fields("\"X Y\": Session.id"), "no name of an HTTP header");
    check(&fields("X-S: Session"), "not a single value");
    check(&fields("X-S: Session.hop"), "not a single value");
    check(&fields("X-S: Session.id, x-s: Session.id"), "stands here twice");
    check(&fields("X-S: Other.id"), "Other");
    let tell = "  POST /tell:\n    soap: t.Tell\n    response_headers: { X-S: Session.id }\n";
    check(tell, "a one-way operation returns nothing");
}
