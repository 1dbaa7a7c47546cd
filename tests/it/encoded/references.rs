//! References inside an answer: followed, bounded, and refused where they have no end.

use std::sync::Arc;

use figleaf::soap::Received;

use super::{check, check_violation, read, served};

const N: &str = r#"{"type":"Part","id":1,"name":"n"}"#;

#[test]
fn a_reference_stands_for_what_it_refers_to() {
    let served = served("Put");
    let part = "<id>1</id><name>n</name>";
    // Axis: everything behind the wrapper, `root="0"`, in any order.
    check(
        &served,
        "<p:PutResponse xmlns:p='urn:depot'><return c:arrayType='d:Part[2]' xsi:type='c:Array'>\
         <return href='#id0'/><return href='#id1'/></return></p:PutResponse>\
         <multiRef id='id1' c:root='0' xsi:type='n:Screw' xmlns:n='urn:depot:types'><id href='#id2'/><name>s</name><length>1</length></multiRef>\
         <multiRef id='id0' c:root='0' xsi:type='n:Part' xmlns:n='urn:depot:types'><id>1</id><name xsi:type='c:string'>n</name></multiRef>\
         <multiRef id='id2' c:root='0' xsi:type='xs:int'>2</multiRef>",
        &format!(r#"{{"return":[{N},{{"type":"Screw","id":2,"name":"s","length":1}}]}}"#),
    );
    // .NET: the array itself is behind a reference.
    check(
        &served,
        &format!(
            "<PutResponse><return href='#a'/></PutResponse>\
             <c:Array id='a' c:arrayType='d:Part[2]'><Item href='#b'/><Item href='#b'/></c:Array>\
             <d:Part id='b' xsi:type='d:Part'>{part}</d:Part>"
        ),
        &format!(r#"{{"return":[{N},{N}]}}"#),
    );
    // gSOAP: the first time in place, after that by reference.
    check(
        &served,
        &format!("<r><return><i id='_1'>{part}</i><i href='#_1'/><i>{part}</i></return></r>"),
        &format!(r#"{{"return":[{N},{N},{N}]}}"#),
    );
    // The wrapper need not come first.
    check(
        &served,
        &format!("<m id='x'>{part}</m><r><return><i href='#x'/></return></r>"),
        &format!(r#"{{"return":[{N}]}}"#),
    );
    // The place in the array is that of the reference.
    check(
        &served,
        &format!("<r><return><i c:position='[1]' href='#x'/></return></r><m id='x'>{part}</m>"),
        &format!(r#"{{"return":[null,{N}]}}"#),
    );
    // A reference to a reference.
    check(
        &served,
        &format!("<r><return><i href='#x'/></return></r><m id='x' href='#y'/><m id='y'>{part}</m>"),
        &format!(r#"{{"return":[{N}]}}"#),
    );
    // Ids that nothing refers to.
    check(
        &served,
        &format!("<r id='r'><return id='a'><i id='i'>{part}</i></return></r><m id='unused'/>"),
        &format!(r#"{{"return":[{N}]}}"#),
    );
}

#[test]
fn an_answer_with_references_cut_off_at_any_byte_is_an_error() {
    let served = served("Put");
    let envelope = "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>\
                    <r><return><i href='#x'/><i href='#x'/></return></r>\
                    <m id='x'><id href='#y'/><name>n</name></m><m id='y'>1</m></e:Body></e:Envelope>";
    let utf16 = std::iter::once(0xFEFF).chain(envelope.encode_utf16());
    let utf16: Vec<u8> = utf16.flat_map(u16::to_le_bytes).collect();
    for (bytes, behind) in [(envelope.as_bytes(), 0), (&utf16[..], 1)] {
        for end in 0..bytes.len() - behind {
            let read = served.decode(served.nodes.response, &bytes[..end]);
            assert!(read.is_err(), "cut at {end}: {read:?}");
        }
        let (_, json, _) = served.decode(served.nodes.response, bytes).unwrap();
        assert_eq!(json, format!(r#"{{"return":[{N},{N}]}}"#));
    }
}

#[test]
fn prefixes_mean_what_they_mean_where_they_stand() {
    check(
        &served("Put"),
        "<r xmlns:p='urn:wrong'><return><i href='#x' xmlns:d='urn:wrong'/></return></r>\
         <m xmlns:p='urn:depot:types' id='x' xsi:type='p:Screw'><id>1</id><name>n</name><length>2</length></m>",
        r#"{"return":[{"type":"Screw","id":1,"name":"n","length":2}]}"#,
    );
}

#[test]
fn a_reference_that_leads_nowhere_is_null_and_told_of() {
    let body = "<r><return><i href='#gone'/><i href='http://elsewhere.invalid/'/></return></r>";
    let (json, violations) = read(&served("Put"), body).unwrap();
    assert_eq!(json, r#"{"return":[null,null]}"#);
    assert_eq!(violations.len(), 2);
    let one = "<r><return><i href='#gone'/></return></r>";
    let json = r#"{"return":[null]}"#;
    check_violation(&served("Put"), one, json, "violation-reference /return[0] gone");
}

#[test]
fn circles_are_refused_by_name() {
    let check = |body: &str, expected: &str| {
        let error = read(&served("Put"), body).unwrap_err();
        assert_eq!(error, expected, "{body}");
    };
    let itself = "the reference `a` cannot be followed: it leads back to itself";
    check(
        "<r><return><i href='#a'/></return></r><m id='a'><id>1</id><name>n</name><parent href='#a'/></m>",
        itself,
    );
    check(
        "<r><return><i href='#a'/></return></r><m id='a'><id>1</id><parent href='#b'/></m><m id='b'><id>2</id><parent href='#a'/></m>",
        itself,
    );
    check("<r><return><i id='a'><id>1</id><parent href='#a'/></i></return></r>", itself);
    check(
        "<r><return><i href='#a'/></return></r><m id='a' href='#b'/><m id='b' href='#a'/>",
        "the reference `a` cannot be followed: it leads to nothing but references",
    );
}

#[test]
fn a_few_references_do_not_become_many_elements() {
    use std::fmt::Write as _;
    let mut bomb = "<r><grid/><names/><any href='#a0'/></r>".to_owned();
    for level in 0..40 {
        let items = format!("<i href='#a{}'/>", level + 1).repeat(10);
        let _ = write!(bomb, "<m id='a{level}' c:arrayType='xs:anyType[10]'>{items}</m>");
    }
    bomb.push_str("<m id='a40' xsi:type='xs:int'>1</m>");
    let error = read(&served("GetGrid"), &bomb).unwrap_err();
    assert!(error.contains("behind references"), "{error}");
    let mut deep = "<r><grid/><names/><any href='#a0'/></r>".to_owned();
    for level in 0..200 {
        let next = level + 1;
        let _ =
            write!(deep, "<m id='a{level}' c:arrayType='xs:anyType[1]'><i href='#a{next}'/></m>");
    }
    let error = read(&served("GetGrid"), &deep).unwrap_err();
    assert!(error.contains("too many inside each other"), "{error}");
}

#[test]
fn the_detail_of_a_fault_may_be_behind_a_reference() {
    let served = served("Get");
    // Axis goes by the class, not by the name of the fault or its part.
    for detail in [
        "<missing href='#id0'/></detail></e:Fault><multiRef id='id0' xsi:type='d:Part'><id>1</id><name>n</name></multiRef>",
        "<d:PartException xsi:type='d:Part'><id>1</id><name>n</name></d:PartException></detail></e:Fault>",
    ] {
        a_declared_fault(&served, detail);
    }
}

fn a_declared_fault(served: &crate::support::Served, detail: &str) {
    let envelope = format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' \
         xmlns:d='urn:depot:types'><e:Body><e:Fault><faultcode>e:Server</faultcode><faultstring>gone</faultstring>\
         <detail>{detail}</e:Body></e:Envelope>"
    );
    let (received, ..) = served.decode(served.nodes.response, envelope.as_bytes()).unwrap();
    let Received::Fault(fault) = received else { panic!("{received:?}") };
    assert_eq!(fault.reason, "gone");
    let (at, json) = fault.declared.unwrap();
    assert_eq!((at, String::from_utf8(json).unwrap()), (0, N.to_owned()));
}

#[test]
fn an_attachment_stands_once_for_what_refers_to_it() {
    let served = served("Put");
    let check = |name: &str| {
        let body = format!(
            "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>\
             <r><return><i><id>1</id><name {name}/></i></return></r></e:Body></e:Envelope>"
        );
        let parts = format!("--b\n\n{body}\n--b\nContent-ID: <p>\n\nA\n--b--");
        let reader = served.reader(served.nodes.response);
        let mut reader = reader.of_type(Some("multipart/related; boundary=b"), &Arc::default());
        reader.feed(parts.as_bytes()).unwrap();
        assert!(matches!(reader.finish(), Ok(Received::Answer)), "{name}");
        let json = String::from_utf8(reader.take()).unwrap();
        assert_eq!(json, r#"{"return":[{"type":"Part","id":1,"name":"QQ=="}]}"#, "{name}");
        assert_eq!(reader.violations().count, 0, "{name}");
    };
    check("href='cid:p'");
    // What can be referred to is kept, and read again.
    check("id='n' href='cid:p'");
}
