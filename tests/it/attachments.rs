//! Answers of several parts, and requests with attachments: the same JSON however the bytes
//! come, an error wherever they end too early.

use std::sync::{Arc, LazyLock};

use figleaf::codec::Naming;
use figleaf::soap::Received;

use crate::rig::{Facade, Script, Scripted, Variables, compile, mapping_folder};
use crate::support::{Served, contract, operation, serve};

const WSDL: &str = r#"<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:mime="http://schemas.xmlsoap.org/wsdl/mime/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
  <wsdl:types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
    <xs:complexType name="Photo"><xs:simpleContent><xs:extension base="xs:base64Binary"><xs:attribute name="kind" type="xs:string"/><xs:attribute name="href" type="xs:anyURI"/></xs:extension></xs:simpleContent></xs:complexType>
    <xs:element name="Get"><xs:complexType><xs:sequence><xs:element name="Id" type="xs:int"/></xs:sequence></xs:complexType></xs:element>
    <xs:element name="GetResponse"><xs:complexType><xs:sequence>
      <xs:element name="Name" type="xs:string" minOccurs="0"/><xs:element name="Data" type="xs:base64Binary" minOccurs="0"/>
      <xs:element name="Photo" type="t:Photo" minOccurs="0" maxOccurs="unbounded"/><xs:element name="Link" type="xs:anyURI" minOccurs="0"/>
      <xs:any processContents="lax" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:schema></wsdl:types>
  <wsdl:message name="In"><wsdl:part name="p" element="t:Get"/></wsdl:message>
  <wsdl:message name="Out"><wsdl:part name="p" element="t:GetResponse"/></wsdl:message>
  <wsdl:message name="ClaimIn"><wsdl:part name="p" element="t:Get"/><wsdl:part name="claimPhoto" type="xs:base64Binary"/></wsdl:message>
  <wsdl:message name="ClaimOut"><wsdl:part name="p" element="t:GetResponse"/><wsdl:part name="receipt" type="xs:base64Binary"/></wsdl:message>
  <wsdl:portType name="P">
    <wsdl:operation name="Get"><wsdl:input message="t:In"/><wsdl:output message="t:Out"/></wsdl:operation>
    <wsdl:operation name="Claim"><wsdl:input message="t:ClaimIn"/><wsdl:output message="t:ClaimOut"/></wsdl:operation>
  </wsdl:portType>
  <wsdl:binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="Get"><soap:operation soapAction=""/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>
    <wsdl:operation name="Claim"><soap:operation soapAction=""/>
      <wsdl:input><mime:multipartRelated><mime:part><soap:body parts="p" use="literal"/></mime:part>
        <mime:part><mime:content part="claimPhoto" type="image/jpeg"/><mime:content part="claimPhoto" type="image/png"/></mime:part></mime:multipartRelated></wsdl:input>
      <wsdl:output><mime:multipartRelated><mime:part><soap:body parts="p" use="literal"/></mime:part>
        <mime:part><mime:content part="receipt" type="application/pdf"/></mime:part></mime:multipartRelated></wsdl:output></wsdl:operation>
  </wsdl:binding>
  <wsdl:service name="S"><wsdl:port name="Q" binding="t:B"><soap:address location="http://127.0.0.1:1/"/></wsdl:port></wsdl:service>
</wsdl:definitions>"#;

static GET: LazyLock<Served> = LazyLock::new(|| {
    let contract = contract(WSDL);
    let (operation, version) = operation(&contract, "Get").unwrap();
    serve(&contract, operation, version, Naming::Camel)
});

const TYPE: &str =
    r#"multipart/related; type="application/xop+xml"; boundary="b=1"; start="<root>""#;

fn envelope(inside: &str) -> String {
    format!(
        r#"<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:x="http://www.w3.org/2004/08/xop/include"><e:Body><GetResponse xmlns="urn:t">{inside}</GetResponse></e:Body></e:Envelope>"#
    )
}

/// A part: its headers, one a line, and its data.
fn part(headers: &str, data: &str) -> String {
    format!("--b=1\r\n{}\r\n\r\n{data}\r\n", headers.replace('\n', "\r\n"))
}

const ROOT: &str =
    "Content-Type: application/xop+xml; charset=UTF-8; type=\"text/xml\"\nContent-ID: <root>";

/// The answer, fed in these chunks; with its violations.
fn read(content_type: &str, chunks: &[&[u8]]) -> Result<(String, Vec<String>), String> {
    let mut reader = GET.reader(GET.nodes.response).of_type(Some(content_type), &Arc::default());
    for chunk in chunks {
        reader.feed(chunk).map_err(|error| error.to_string())?;
    }
    match reader.finish().map_err(|error| error.to_string())? {
        Received::Answer => {
            let told = reader.violations().first.iter().map(|v| v.code.to_string()).collect();
            Ok((String::from_utf8(reader.take()).unwrap(), told))
        }
        Received::Fault(fault) => Err(format!("fault: {}", fault.reason)),
    }
}

/// However the answer is cut, it is this JSON; ended early, it is an error.
fn check(content_type: &str, body: &str, json: &str, violations: &[&str]) {
    let bytes = body.as_bytes();
    let expected = Ok((json.to_owned(), violations.iter().map(|v| (*v).to_owned()).collect()));
    assert_eq!(read(content_type, &[bytes]), expected, "{body}");
    for cut in 0..=bytes.len() {
        let told = read(content_type, &[&bytes[..cut], &bytes[cut..]]);
        assert_eq!(told, expected, "{body}\ncut at {cut}");
    }
    assert_eq!(read(content_type, &bytes.chunks(1).collect::<Vec<_>>()), expected, "{body}");
    let last = body.rfind("--b=1--").unwrap() + "--b=1--".len();
    for end in 0..last {
        let told = read(content_type, &[&bytes[..end]]);
        assert!(told.is_err(), "{body}\nended at {end}: {told:?}");
    }
}

#[test]
fn what_an_include_refers_to_is_its_base64() {
    let data = r#"<Name>n</Name><Data><x:Include href="cid:d%401"/></Data>"#;
    let root = part(ROOT, &envelope(data));
    let attached = part("Content-ID: <d@1>\nContent-Type: image/png", "\r\n--figleaf");
    let json = r#"{"name":"n","data":"DQotLWZpZ2xlYWY=","photo":[]}"#;
    check(TYPE, &format!("{root}{attached}--b=1--"), json, &[]);
    // The root may come last, and lines may end in LF alone.
    check(TYPE, &format!("{attached}{root}--b=1--"), json, &[]);
    let lines = format!("{root}{}--b=1--\n", part("Content-ID: <d@1>", "x")).replace("\r\n", "\n");
    check(TYPE, &lines, r#"{"name":"n","data":"eA==","photo":[]}"#, &[]);
    // Without `start`, or with one that nobody sent, the first part is the root.
    for other in ["multipart/related; boundary=b=1", "multipart/related; boundary=b=1; start=no"] {
        check(other, &format!("{root}{attached}--b=1--"), json, &[]);
    }
    // No boundary in the media type: the first line is one.
    check("multipart/related", &format!("\r\n{root}{attached}--b=1--"), json, &[]);
}

#[test]
fn transfer_encodings_are_undone() {
    let root = |encoding: &str, text: &str| {
        part(&format!("{ROOT}\nContent-Transfer-Encoding: {encoding}"), text)
    };
    let data = part("Content-ID: <d>\nContent-Transfer-Encoding: base64", "Zmln\r\nbGVh\r\nZg==");
    let inside = r#"<Data> <x:Include href="cid:d"></x:Include> </Data>"#;
    let plain = format!("{}{data}--b=1--", root("8bit", &envelope(inside)));
    check(TYPE, &plain, r#"{"data":"ZmlnbGVhZg==","photo":[]}"#, &[]);
    let quoted = envelope("<Name>é</Name>").replace('=', "=3D").replace('é', "=C3=\r\n=A9");
    let quoted = format!("{}--b=1--", root("quoted-printable", &quoted));
    check(TYPE, &quoted, r#"{"name":"é","photo":[]}"#, &[]);
    for wrong in [
        format!("{}--b=1--", root("x-uuencode", &envelope(""))),
        format!("{}{}--b=1--", root("binary", &envelope("")), data.replace("Zmln", "****")),
        "--b=1--".to_owned(),
    ] {
        assert!(read(TYPE, &[wrong.as_bytes()]).is_err(), "{wrong}");
    }
}

#[test]
fn attachments_are_referred_to_in_every_way_there_is() {
    let one = part("Content-ID: <a>", "A");
    let two = part("Content-ID: <b>", "B");
    let check = |inside: &str, attached: &str, json: &str, violations: &[&str]| {
        let body = format!("{}{attached}--b=1--", part(ROOT, &envelope(inside)));
        check(TYPE, &body, json, violations);
    };
    // An attribute beside the reference stays; several elements may refer to one attachment.
    let include = r#"<x:Include href="cid:b"/>"#;
    let photos = format!(r#"<Photo kind="k">{include}</Photo><Photo>{include}</Photo>"#);
    let json = r#"{"photo":[{"kind":"k","value":"Qg=="},{"value":"Qg=="}]}"#;
    check(&photos, &two, json, &[]);
    // In literal use an `href` is what the contract says it is.
    let json = r#"{"photo":[{"href":"Qg==","value":"Qw=="}]}"#;
    check(r#"<Photo href="cid:b">Qw==</Photo>"#, &two, json, &[]);
    // swaRef: the value is the reference.
    check("<Link>cid:a</Link>", &one, r#"{"link":"QQ==","photo":[]}"#, &[]);
    // Inside of XML that is carried as text.
    let any = r#"<o:Any xmlns:o="urn:o"><o:d><x:Include href="cid:a"/></o:d></o:Any>"#;
    let json = r#"{"any":[{"Any":"<o:Any xmlns:o=\"urn:o\"><o:d>QQ==</o:d></o:Any>"}],"photo":[]}"#;
    check(any, &one, json, &[]);
    // What leads nowhere is null, or what it was; what nobody wants is named.
    let missing = "violation-attachment-missing";
    let nowhere = r#"<Data><x:Include href="cid:z"/></Data>"#;
    check(nowhere, "", r#"{"data":null,"photo":[]}"#, &[missing]);
    check("<Link>cid:z</Link>", "", r#"{"link":"cid:z","photo":[]}"#, &[]);
    check("", &one, r#"{"photo":[]}"#, &["violation-attachment-unused"]);
    // Of two of one id the first is meant.
    let twice = format!("{one}{}", part("Content-ID: <a>", "B"));
    let unused = &["violation-attachment-unused"];
    check("<Link>cid:a</Link>", &twice, r#"{"link":"QQ==","photo":[]}"#, unused);
    // A text that looks like a mark of ours is a text.
    let text = "\u{fdd0}\u{fdd0}7\u{fdd0}";
    let json = format!("{{\"name\":\"{text}\",\"photo\":[]}}");
    check(&format!("<Name>{text}</Name>"), "", &json, &[]);
}

#[test]
fn a_few_bytes_do_not_become_many() {
    let photos = r#"<Photo><x:Include href="cid:a"/></Photo>"#.repeat(50);
    let attached = part("Content-ID: <a>", &"A".repeat(1 << 20));
    let body = format!("{}{attached}--b=1--", part(ROOT, &envelope(&photos)));
    let error = read(TYPE, &[body.as_bytes()]).unwrap_err();
    assert!(error.contains("times the bytes of its attachments"), "{error}");
}

const MAPPING: &str = "figleaf: 1
api: t
version: v1
backends:
  t: { soap: t.wsdl, url: \"${SHOP_URL}\" }
routes:
  GET /photos/{id}: { soap: t.Get }
  POST /claims: { soap: t.Claim }
  POST /receipts:
    soap: t.Claim
    out: { getResponse: { drop: true }, receipt: pdf }
";

fn facade(backend: &Scripted) -> Facade {
    let folder = mapping_folder(&[("t.yaml", MAPPING), ("t.wsdl", WSDL)]);
    Facade::start(compile(folder.path(), &Variables::shop(&backend.url())))
}

fn answer(status: &str, body: &str) -> Script {
    Script::answer(status, &format!("Content-Type: {TYPE}\r\n"), body)
}

#[actix_web::test]
async fn a_multipart_answer_is_a_json_answer() {
    let backend = Scripted::new(Script::Hang);
    let facade = facade(&backend);
    let root = part(ROOT, &envelope(r#"<Data><x:Include href="cid:d"/></Data>"#));
    let whole = format!("{root}{}--b=1--\r\n", part("Content-ID: <d>", "figleaf"));
    backend.play(answer("200 OK", &whole));
    let said = facade.get("/api/v1/photos/1").await;
    assert_eq!((said.status, said.text.as_str()), (200, r#"{"data":"ZmlnbGVhZg==","photo":[]}"#));
    // Without its last boundary it may lack anything.
    backend.play(answer("200 OK", &whole.replace("--b=1--", "")));
    let said = facade.get("/api/v1/photos/1").await;
    assert_eq!((said.status, said.problem().as_str()), (502, "backend-truncated"));
    backend.play(answer("200 OK", &whole.replace("ID: <d>", "Transfer-Encoding: x")));
    let said = facade.get("/api/v1/photos/1").await;
    assert_eq!((said.status, said.problem().as_str()), (502, "backend-multipart"));
    // A fault may come in several parts as well.
    let fault = envelope("").replace("GetResponse xmlns=\"urn:t\"", "e:Fault").replace(
        "</GetResponse",
        "<faultcode>e:Client</faultcode><faultstring>no</faultstring></e:Fault",
    );
    backend.play(answer("500 Oops", &format!("{}--b=1--", part(ROOT, &fault))));
    let said = facade.get("/api/v1/photos/1").await;
    assert_eq!((said.status, said.problem().as_str()), (400, "fault-client"));
}

#[actix_web::test]
async fn parts_bound_to_attachments_are_members_both_ways() {
    let backend = Scripted::new(Script::Hang);
    let facade = facade(&backend);
    let root = part(ROOT, &envelope("<Name>n</Name>"));
    let receipt = part("Content-ID: <receipt=17@legacy>", "%PDF");
    let answered = answer("200 OK", &format!("{root}{receipt}--b=1--"));
    backend.play(answered.clone());
    let request = r#"{"get":{"id":1},"claimPhoto":"/9j/ DQo="}"#;
    let said = facade.post("/api/v1/claims", request).await;
    let json = r#"{"receipt":"JVBERg==","getResponse":{"name":"n","photo":[]}}"#;
    assert_eq!((said.status, said.text.as_str()), (200, json));

    let sent = backend.requests().remove(0);
    let (head, body) = sent.split_once("\r\n\r\n").unwrap();
    let line = head.lines().find(|line| line.starts_with("content-type: ")).unwrap();
    assert!(line.starts_with("content-type: multipart/related; type=\"text/xml\"; start=\"<root@figleaf>\"; boundary="), "{line}");
    let boundary = line.rsplit('"').nth(1).unwrap();
    let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
    assert_eq!(parts.len(), 4, "{body}");
    assert!(parts[1].contains("Content-ID: <root@figleaf>\r\n\r\n<?xml"), "{}", parts[1]);
    assert!(parts[1].contains("Id>1</") && !parts[1].contains("claimPhoto"), "{}", parts[1]);
    let head = "\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <claimPhoto=1@figleaf>\r\n\r\n";
    // The recorder reads what is not UTF-8 as U+FFFD.
    assert_eq!(parts[2], format!("{head}\u{fffd}\u{fffd}\u{fffd}\r\n\r\n"));
    assert_eq!(parts[3], "--\r\n");

    // Without `part=` it is the first that nothing refers to, wherever it stands.
    let refers = part(ROOT, &envelope(r#"<Data><x:Include href="cid:doc1"/></Data>"#));
    let document = part("Content-ID: <doc1>", "A");
    let photo = part("Content-ID: <photo1>", "B");
    for attached in [format!("{document}{photo}"), format!("{photo}{document}")] {
        backend.play(answer("200 OK", &format!("{refers}{attached}--b=1--")));
        let said = facade.post("/api/v1/claims", request).await;
        let json = r#"{"receipt":"Qg==","getResponse":{"data":"QQ==","photo":[]}}"#;
        assert_eq!((said.status, said.text.as_str()), (200, json));
    }
    backend.requests();

    backend.play(answered.clone());
    let said = facade.post("/api/v1/receipts", request).await;
    assert_eq!((said.status, said.text.as_str()), (200, r#"{"pdf":"JVBERg=="}"#));

    for (request, detail) in [
        (r#"{"get":{"id":1}}"#, "is required"),
        (r#"{"get":{"id":1},"claimPhoto":"*"}"#, "must be base64"),
        (r#"{"get":{"id":1},"claimPhoto":1}"#, "must be a string, is a number"),
    ] {
        backend.play(answered.clone());
        let said = facade.post("/api/v1/claims", request).await;
        assert_eq!((said.status, said.problem().as_str()), (400, "request-invalid"), "{request}");
        assert_eq!(said.json()["errors"][0]["detail"], detail, "{request}");
        assert!(backend.requests().is_empty());
    }
}
