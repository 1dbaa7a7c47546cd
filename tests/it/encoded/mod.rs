//! SOAP encoding: golden envelopes, and answers as servers of all sorts write them.

mod references;

use std::sync::LazyLock;

use figleaf::codec::{Encoder, Naming};
use figleaf::wsdl::{Contract, Operation, SoapVersion};
use proptest::prelude::*;

use crate::roundtrip::check_round_trip;
use crate::roundtrip::generate::Generator;
use crate::support::{JSON_LIMITS, Served, contract, operation, serve};

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| contract(include_str!("contract.wsdl")));

fn served(name: &str) -> Served {
    let (operation, version) = operation(&CONTRACT, name).unwrap();
    assert!(operation.refusals.is_empty(), "{:?}", operation.refusals);
    serve(&CONTRACT, operation, version, Naming::Camel)
}

/// What stands in the body of a request.
fn written(served: &Served, json: &str) -> String {
    let envelope = served.encode(served.nodes.request, json).unwrap();
    roxmltree::Document::parse(&envelope).unwrap();
    let body = envelope.split_once("Body>").unwrap().1;
    body.rsplit_once("</soap").unwrap().0.rsplit_once("</soap").unwrap().0.to_owned()
}

/// The JSON of an answer whose body holds this, and its violations.
fn read(served: &Served, body: &str) -> Result<(String, Vec<String>), String> {
    let uri = match served.version {
        SoapVersion::V11 => "http://schemas.xmlsoap.org/soap/envelope/",
        SoapVersion::V12 => "http://www.w3.org/2003/05/soap-envelope",
    };
    let envelope = format!(
        "<e:Envelope xmlns:e='{uri}' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' \
         xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:d='urn:depot:types' \
         xmlns:c='http://schemas.xmlsoap.org/soap/encoding/' \
         xmlns:c12='http://www.w3.org/2003/05/soap-encoding'><e:Body>{body}</e:Body></e:Envelope>"
    );
    let whole = served.decode(served.nodes.response, envelope.as_bytes());
    let (_, json, violations) = whole.map_err(|error| error.to_string())?;
    // However it is cut into pieces, it says the same.
    let mut reader = served.reader(served.nodes.response);
    for byte in envelope.as_bytes() {
        reader.feed(std::slice::from_ref(byte)).unwrap();
    }
    reader.finish().unwrap();
    assert_eq!(String::from_utf8(reader.take()).unwrap(), json);
    Ok((json, violations))
}

#[track_caller]
fn check(served: &Served, body: &str, expected: &str) {
    assert_eq!(read(served, body), Ok((expected.to_owned(), Vec::new())), "{body}");
}

#[track_caller]
fn check_violation(served: &Served, body: &str, expected: &str, violation: &str) {
    let (json, violations) = read(served, body).unwrap();
    assert_eq!(json, expected, "{body}");
    assert_eq!(violations, [violation], "{body}");
}

const PUT: &str = r#"{
  "part": {"id": 1, "name": "hinge <1>", "parent": null},
  "parts": [{"id": 2, "name": "bolt"}, {"type": "Screw", "id": 3, "name": null, "length": 2.5}, null],
  "names": ["a", ""],
  "grid": [[1, 2, 3], [4, 5, 6]],
  "lists": [["x"], [], ["y", "z"]]
}"#;

#[test]
fn a_request_says_the_type_of_everything_and_the_size_of_arrays() {
    let written = written(&served("Put"), PUT).replace("><", ">\n<");
    let expected = r#"<t:Put soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">
<part xsi:type="d:Part">
<id xsi:type="xs:int">1</id>
<name xsi:type="soapenc:string">hinge &lt;1&gt;</name>
<parent xsi:type="d:Part" xsi:nil="true"/>
</part>
<parts xsi:type="d:ArrayOfPart" soapenc:arrayType="d:Part[3]">
<item xsi:type="d:Part">
<id xsi:type="xs:int">2</id>
<name xsi:type="soapenc:string">bolt</name>
</item>
<item xsi:type="d:Screw">
<id xsi:type="xs:int">3</id>
<name xsi:type="soapenc:string" xsi:nil="true"/>
<length xsi:type="xs:float">2.5</length>
</item>
<item xsi:type="d:Part" xsi:nil="true"/>
</parts>
<names xsi:type="d:Names" soapenc:arrayType="xs:string[2]">
<name xsi:type="xs:string">a</name>
<name xsi:type="xs:string">
</name>
</names>
<grid xsi:type="d:Grid" soapenc:arrayType="xs:int[2,3]">
<item xsi:type="xs:int">1</item>
<item xsi:type="xs:int">2</item>
<item xsi:type="xs:int">3</item>
<item xsi:type="xs:int">4</item>
<item xsi:type="xs:int">5</item>
<item xsi:type="xs:int">6</item>
</grid>
<lists xsi:type="d:Lists" soapenc:arrayType="xs:string[][3]">
<item xsi:type="soapenc:Array" soapenc:arrayType="xs:string[1]">
<item xsi:type="xs:string">x</item>
</item>
<item xsi:type="soapenc:Array" soapenc:arrayType="xs:string[0]">
</item>
<item xsi:type="soapenc:Array" soapenc:arrayType="xs:string[2]">
<item xsi:type="xs:string">y</item>
<item xsi:type="xs:string">z</item>
</item>
</lists>
</t:Put>"#;
    assert_eq!(written, expected);
}

#[test]
fn soap_12_names_the_item_type_and_the_size_apart() {
    let port = &CONTRACT.services[0].ports[1];
    let served = serve(&CONTRACT, &port.operations[0], port.version, Naming::Camel);
    let written = written(&served, PUT);
    for part in [
        r#"<t:Put soap12:encodingStyle="http://www.w3.org/2003/05/soap-encoding">"#,
        r#"itemType="d:Part" "#,
        r#"arraySize="2 3">"#,
        r#"arraySize="3"><item xsi:type="#,
    ] {
        assert!(written.contains(part), "{part} in {written}");
    }
    check(
        &served,
        "<PutResponse><return c12:itemType='d:Part' c12:arraySize='2'>\
         <x c12:ref='a'/><y c12:id='a'><id>1</id><name>n</name></y></return></PutResponse>",
        r#"{"return":[{"type":"Part","id":1,"name":"n"},{"type":"Part","id":1,"name":"n"}]}"#,
    );
}

#[test]
fn rows_of_one_array_are_of_one_length() {
    let check = |grid: &str, expected: &str| {
        let json = format!(r#"{{"part":null,"parts":[],"names":[],"lists":[],"grid":{grid}}}"#);
        let served = served("Put");
        let problems = served.encode(served.nodes.request, &json).unwrap_err();
        let said = format!("{} {}", problems[0].pointer, problems[0].detail);
        assert_eq!(said, expected);
    };
    check("[[1],[2,3]]", "/grid/1 must have 1 items like the rows before it, has 2");
    check("[[1],2]", "/grid/1 must be an array, is a number");
    check("[[1],[true]]", "/grid/1/0 must be a whole number, is a boolean");
}

#[test]
fn header_blocks_and_overloads_are_encoded_like_bodies() {
    let get = served("Get");
    let header = &get.nodes.headers[0];
    let mut encoder = Encoder::new(&get.graph);
    encoder.block(&header.child, &figleaf::codec::parse_json("\"s1\"", JSON_LIMITS).unwrap());
    let (xml, ..) = encoder.finish();
    let xml = String::from_utf8(xml).unwrap();
    let prefix = xml[1..].split(':').next().unwrap();
    assert_eq!(
        xml,
        format!(
            "<{prefix}:session soap:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\" \
             xsi:type=\"xs:string\">s1</{prefix}:session>"
        )
    );
    let grid = served("GetGrid");
    assert!(written(&grid, r#"{"id":7}"#).starts_with("<t:Get "));
    check(
        &grid,
        "<GetResponse><grid c:arrayType='xs:int[1,1]'><i>9</i></grid><names/></GetResponse>",
        // What is left out has no value.
        r#"{"grid":[[9]],"names":[],"any":null}"#,
    );
}

#[test]
fn arrays_are_read_by_place_whatever_is_left_out() {
    let served = served("GetGrid");
    let grid =
        |attributes: &str, items: &str| format!("<r><grid {attributes}>{items}</grid><names/></r>");
    let json = |grid: &str| format!(r#"{{"grid":{grid},"names":[],"any":null}}"#);
    let items = "<i>1</i><i>2</i><i>3</i><i>4</i>";
    let mut cases = vec![
        (grid("c:arrayType='xs:int[2,2]'", items), "[[1,2],[3,4]]"),
        (grid("c:arrayType='xs:int[4,1]'", items), "[[1],[2],[3],[4]]"),
        (grid("c:arrayType='xs:int[2,0]'", ""), "[[],[]]"),
        (grid("c:arrayType='xs:int[0,0]'", ""), "[]"),
        (grid("xsi:type='c:Array'", items), "[[1,2,3,4]]"),
        (grid("c:arrayType='xs:int[2,2]' c:offset='[1,0]'", "<i>3</i>"), "[[null,null],[3,null]]"),
        (
            grid(
                "c:arrayType='xs:int[2,3]'",
                "<i c:position='[0,2]'>3</i><i c:position='[1,1]'>5</i>",
            ),
            "[[null,null,3],[null,5,null]]",
        ),
    ];
    cases.push((grid("xsi:nil='true'", ""), "null"));
    for (body, expected) in &cases {
        check(&served, body, &json(expected));
    }
    let names = |attributes: &str, items: &str| {
        format!("<r><grid/><names {attributes}>{items}</names></r>")
    };
    let json = |names: &str| format!(r#"{{"grid":[],"names":{names},"any":null}}"#);
    check(&served, &names("c:offset='[2]'", "<n>a</n><n>b</n>"), &json(r#"[null,null,"a","b"]"#));
    let sparse = "<n c:position='[1]'>a</n><n>b</n><n c:position='[4]'>c</n>";
    check(&served, &names("", sparse), &json(r#"[null,"a","b",null,"c"]"#));
    check(&served, &names("c:arrayType='xs:string[9]'", "<n>a</n>"), &json(r#"["a"]"#));
}

#[test]
fn what_is_left_out_of_arrays_has_a_limit() {
    let served = served("GetGrid");
    let far = "<r><grid/><names><n c:position='[4000000000]'>a</n></names></r>";
    let wide = "<r><grid c:arrayType='xs:int[65536,65536]'><i>1</i></grid></r>";
    let empty = "<r><grid c:arrayType='xs:int[4000000000,0]'/></r>";
    let huge = "<r><grid c:arrayType='xs:int[18446744073709551615,18446744073709551615]'><i c:position='[9,9]'>1</i></grid></r>";
    for body in [far, wide, empty, huge] {
        let error = read(&served, body).unwrap_err();
        assert!(error.contains("items left out of arrays"), "{error}");
    }
}

#[test]
fn places_that_cannot_be_are_deviations() {
    let served = served("GetGrid");
    let names = |items: &str| format!("<r><grid/><names>{items}</names></r>");
    let json = |names: &str| format!(r#"{{"grid":[],"names":{names},"any":null}}"#);
    let back = names("<n c:position='[1]'>a</n><n c:position='[0]'>b</n>");
    check_violation(&served, &back, &json(r#"[null,"a","b"]"#), "violation-order /names [0]");
    let wrong = names("<n c:position='x'>a</n>");
    check_violation(&served, &wrong, &json(r#"["a"]"#), "violation-value /names x");
    let grid = "<r><grid c:arrayType='xs:int[1,1]'><i>1</i><i>2</i></grid><names/></r>";
    let json = r#"{"grid":[[1]],"names":[],"any":null}"#;
    check_violation(&served, grid, json, "violation-occurs /grid i");
}

#[test]
fn the_answer_and_its_result_may_have_any_name() {
    let served = served("Get");
    let part = "<id>1</id><name>n</name>";
    let json = r#"{"result":{"type":"Part","id":1,"name":"n"},"rest":"r"}"#;
    for body in [
        format!(
            "<t:GetResponse xmlns:t='urn:depot'><result>{part}</result><rest>r</rest></t:GetResponse>"
        ),
        format!("<any><ret>{part}</ret><rest>r</rest></any>"),
        // A struct's accessors are told apart by name, and qualified by some.
        "<any><d:result><d:name>n</d:name><d:id>1</d:id></d:result><rest>r</rest></any>".to_owned(),
    ] {
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        let (found, violations) = read(&served, &body).unwrap();
        assert_eq!((value(&found), violations), (value(json), Vec::new()), "{body}");
    }
}

#[test]
fn a_type_said_is_checked_and_one_left_out_is_known() {
    let served = served("Get");
    let answer = |rest: &str| format!("<r><result xsi:nil='1'/><rest {rest}</rest></r>");
    let json = |rest: &str| format!(r#"{{"result":null,"rest":{rest}}}"#);
    check(&served, &answer(">a"), &json("\"a\""));
    check(&served, &answer("xsi:type='c:string'>a"), &json("\"a\""));
    check(&served, &answer("xsi:type='xs:token'>a"), &json("\"a\""));
    let wrong = answer("xsi:type='xs:int'>1");
    check_violation(&served, &wrong, &json("\"1\""), "violation-type /rest xs:int");
    let unknown = answer("xsi:type='d:None'>1");
    check_violation(&served, &unknown, &json("\"1\""), "violation-type /rest d:None");
    let screw = "<r><result xsi:type='d:Screw'><id>1</id><name>n</name><length>2</length></result><rest/></r>";
    let json = r#"{"result":{"type":"Screw","id":1,"name":"n","length":2},"rest":""}"#;
    check(&served, screw, json);
}

#[test]
fn anything_is_read_by_what_it_says_it_is() {
    let served = served("GetGrid");
    let check = |any: &str, expected: &str| {
        let body = format!("<r><grid/><names/>{any}</r>");
        check(&served, &body, &format!(r#"{{"grid":[],"names":[],"any":{expected}}}"#));
    };
    check("<any xsi:type='xs:int'>5</any>", "5");
    check("<any>text</any>", "\"text\"");
    check("<any xsi:type='c:Array' c:arrayType='xs:int[2]'><i>1</i><i>2</i></any>", "[1,2]");
    check(
        "<any c:arrayType='xs:anyType[2]'><i xsi:type='xs:boolean'>1</i><i c:arrayType='xs:string[1]'><s>7</s></i></any>",
        "[true,[\"7\"]]",
    );
    check(
        "<any xsi:type='c:Array' c:arrayType='xs:int[][1]'><i c:arrayType='xs:int[1]'><i>7</i></i></any>",
        "[[7]]",
    );
    let map = "<any xsi:type='m:Map' xmlns:m='http://xml.apache.org/xml-soap'><item><key xsi:type='xs:string'>a</key><value xsi:type='xs:int'>1</value></item></any>";
    check(map, r#"[{"key":"a","value":1}]"#);
}

#[test]
fn servers_of_the_drafts_days_are_understood() {
    let body = "<r xmlns:i='http://www.w3.org/1999/XMLSchema-instance' xmlns:o='http://www.w3.org/1999/XMLSchema'>\
                <result i:null='1'/><rest i:type='o:string'>a</rest></r>";
    check(&served("Get"), body, r#"{"result":null,"rest":"a"}"#);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_encoded_decodes_to_the_same_json(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for name in ["Put", "Get"] {
            let served = served(name);
            for node in std::iter::once(served.nodes.request).chain(served.nodes.response) {
                let json = Generator::new(&served.graph, &bytes, 16).value(node);
                // Rows of different lengths are refused.
                if served.encode(node, &json).is_ok() {
                    check_round_trip(&served, node, &json)?;
                }
            }
        }
    }
}

#[test]
fn every_operation_of_the_contract_is_served() {
    let ports = CONTRACT.services.iter().flat_map(|service| &service.ports);
    let all: Vec<&Operation> = ports.flat_map(|port| &port.operations).collect();
    let names: Vec<&str> = all.iter().map(|operation| &*operation.name).collect();
    assert_eq!(names, ["Put", "Get", "GetGrid", "Put"]);
    assert!(all.iter().all(|operation| operation.refusals.is_empty()));
}
