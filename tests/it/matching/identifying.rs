//! The operation of a request: by its body against the contract, never by a guess.

use figleaf::canonical::{Found, NotIdentified, action};

use super::{DEPOT, envelope, parsed};

/// The operation that is found, and by what; or why none is.
fn found(action: Option<&str>, body: &str) -> Result<(String, Found), NotIdentified> {
    let found = DEPOT.identify(&parsed(&envelope(body)), action)?;
    Ok((DEPOT.operations[found.operation].name.to_string(), found.found))
}

fn check(action: Option<&str>, body: &str, operation: &str, by: Found) {
    assert_eq!(found(action, body), Ok((operation.to_owned(), by)), "{action:?} {body}");
}

fn check_error(action: Option<&str>, body: &str, expected: &str) {
    let error = found(action, body).unwrap_err();
    assert_eq!(error.to_string(), expected, "{action:?} {body}");
}

#[test]
fn the_body_decides() {
    check(None, "<d:Place/>", "Place", Found::Body);
    check(Some(""), "<d:Place/>", "Place", Found::Body);
    check(Some("\"\""), "<d:Place/>", "Place", Found::Body);
    check(Some("\"urn:depot/Place\""), "<x:Place xmlns:x='urn:depot'/>", "Place", Found::Body);
    check(Some("urn:of-a-proxy"), "<d:Place/>", "Place", Found::Body);
    check(None, "", "Ping", Found::Body);
    check(None, " \n<!-- nothing -->", "Ping", Found::Body);
    check(None, "<r:Sum/>", "Sum", Found::Body);
}

#[test]
fn several_parts_and_overloaded_wrappers_are_told_apart_by_what_is_in_them() {
    check(None, "<d:Session>a</d:Session><d:Placed>b</d:Placed>", "Pair", Found::Body);
    check(None, "<r:Find><id>1</id></r:Find>", "Find", Found::Body);
    let second = &*DEPOT.operations.last().unwrap().name;
    check(None, "<r:Find><name>1</name></r:Find>", second, Found::Body);
}

#[test]
fn what_others_refer_to_is_no_request() {
    let refer =
        "<multiRef id='a' xmlns:enc='http://schemas.xmlsoap.org/soap/encoding/' enc:root='0'/>";
    check(None, &format!("{refer}<r:Sum><best href='#a'/></r:Sum>"), "Sum", Found::Body);
    check(None, "<m id='a'/><r:Sum><best href='#a'/></r:Sum>", "Sum", Found::Body);
}

#[test]
fn the_action_decides_where_the_body_does_not() {
    check(Some("urn:depot/Draft"), "<d:Draft/>", "Draft", Found::Action);
    check(Some("'urn:depot/Confirm'"), "<d:Draft/>", "Confirm", Found::Action);
    check_error(
        None,
        "<d:Draft/>",
        "Draft, Confirm all have this body, and the action does not say which is meant",
    );
    let addressed = envelope("<d:Draft/>").replace(
        "<e:Body>",
        "<e:Header><a:Action xmlns:a='http://www.w3.org/2005/08/addressing'>urn:depot/Confirm</a:Action></e:Header><e:Body>",
    );
    let found = DEPOT.identify(&parsed(&addressed), None).unwrap();
    assert_eq!(&*DEPOT.operations[found.operation].name, "Confirm");
}

#[test]
fn a_conflict_is_an_error_and_not_a_guess() {
    check_error(
        Some("urn:depot/Quote"),
        "<d:Place/>",
        "the action is that of Quote, the body that of Place",
    );
    check_error(Some("urn:depot/Place"), "", "the action is that of Place, the body that of Ping");
    check_error(
        Some("urn:depot/Place"),
        "<d:Plaze/>",
        "no operation of the port has {urn:depot}Plaze in its body",
    );
    check_error(None, "<Place/>", "no operation of the port has Place in its body");
}

#[test]
fn what_is_no_envelope_is_refused() {
    let check = |xml: &str, root: &str| {
        let error = DEPOT.identify(&parsed(xml), None).unwrap_err();
        assert_eq!(error, NotIdentified::NotSoap(root.to_owned()), "{xml}");
    };
    check("<Envelope><Body/></Envelope>", "Envelope");
    check("<e:Envelope xmlns:e='urn:e'><e:Body/></e:Envelope>", "{urn:e}Envelope");
    let soap = "http://schemas.xmlsoap.org/soap/envelope/";
    check(&format!("<e:Envelope xmlns:e='{soap}'/>"), &format!("{{{soap}}}Envelope"));
}

#[test]
fn the_action_is_read_from_either_header() {
    let check = |header, content_type, expected: Option<&str>| {
        assert_eq!(
            action(header, content_type).as_deref(),
            expected,
            "{header:?} {content_type:?}"
        );
    };
    check(Some("\"urn:a\""), Some("text/xml"), Some("urn:a"));
    check(Some(" urn:a "), None, Some("urn:a"));
    check(Some("\"\""), Some("application/soap+xml; action=\"urn:b;c\""), Some("urn:b;c"));
    check(None, Some("application/soap+xml;charset=utf-8;action=urn:b"), Some("urn:b"));
    check(None, Some("text/xml"), None);
}
