//! Messages that mean harm: deep, wide, cyclic, huge. Each is answered within a bound.

use figleaf::canonical::{
    DEPTH_MAX, Element, Side, action, differences, distance, print, read, read_message,
};
use figleaf::xml::XmlLimits;

use super::{DEPOT, Headers, PLACE, SUM, ask, collection, entry, envelope, parsed};

#[test]
fn depth_is_bounded_whatever_is_allowed() {
    let limits = XmlLimits { depth: u32::MAX, ..XmlLimits::default() };
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(read(nested(DEPTH_MAX as usize + 1).as_bytes(), limits).is_err());
    let deep = envelope(&nested(DEPTH_MAX as usize - 2));
    let element = read(deep.as_bytes(), limits).unwrap();
    let meaning = |operation| DEPOT.meaning(operation, Side::Request, &element, &[]);
    assert_eq!(meaning(None), meaning(DEPOT.operation("Place")));
    assert_eq!(read(print(&element, Some(&DEPOT)).as_bytes(), limits).unwrap().text().trim(), "");
    assert!(distance(&meaning(None), &DEPOT.meaning(None, Side::Request, &parsed(PLACE), &[])) > 0);
}

#[test]
fn documents_types_and_entities_are_refused() {
    for text in ["<!DOCTYPE a><a/>", "<a>&b;</a>", "<a b='&c;'/>", "<a", "<a></b>", "", "\u{0}"] {
        assert!(read(text.as_bytes(), XmlLimits::default()).is_err(), "{text}");
    }
    let check = |content_type, body: &[u8]| {
        assert!(
            read_message(Some(content_type), body, XmlLimits::default()).is_err(),
            "{content_type}"
        );
    };
    check("text/xml; charset=utf-7", b"<a/>");
    check("text/xml", b"<a>\xE9</a>");
    check("multipart/related", b"<a/>");
    check("multipart/related; boundary=b", b"--b\r\n\r\n<a/>");
    check("multipart/related; boundary=b", b"--b--");
    assert_eq!(
        action(Some(&"\"".repeat(9999)), Some(&";=".repeat(9999))).map(|a| a.len()),
        Some(9997)
    );
}

/// Elements that refer to each other in a body of SOAP encoding.
fn referring(body: &str) -> String {
    let start = SUM.find("<r:Sum").unwrap();
    let end = SUM.find("</soap:Body>").unwrap();
    format!("{}{body}{}", &SUM[..start], &SUM[end..])
}

#[test]
fn references_that_lead_back_have_an_end_and_no_names() {
    let cycle = |a: &str, b: &str| {
        let text = referring(&format!(
            "<r:Sum><best href='#{a}'/></r:Sum><m id='{a}'><article href='#{b}'/></m><m id='{b}'><x href='#{a}'/></m>"
        ));
        DEPOT.meaning(DEPOT.operation("Sum"), Side::Request, &parsed(&text), &[])
    };
    assert_eq!(cycle("one", "two"), cycle("x", "y"));
    let own = referring("<r:Sum><best href='#a'/></r:Sum><m id='a' href='#a'/>");
    let nowhere = referring("<r:Sum><best href='#gone'/></r:Sum>");
    let meaning =
        |text: &str| DEPOT.meaning(DEPOT.operation("Sum"), Side::Request, &parsed(text), &[]);
    assert_ne!(meaning(&own), meaning(&nowhere));
}

#[test]
fn references_cannot_make_much_of_little() {
    // Each level doubles what the next one is.
    let levels: String = (0..60)
        .map(|at| format!("<m id='i{at}'><x href='#i{0}'/><x href='#i{0}'/></m>", at + 1))
        .collect();
    let text = referring(&format!("<r:Sum><best href='#i0'/></r:Sum>{levels}<m id='i60'>1</m>"));
    let meaning = DEPOT.meaning(DEPOT.operation("Sum"), Side::Request, &parsed(&text), &[]);
    assert!(meaning.nodes() < 2_100_000, "{}", meaning.nodes());
}

#[test]
fn wide_messages_are_compared_in_a_bound() {
    let wide = |from: usize, count: usize| {
        let goods: String = (from..from + count)
            .map(|n| {
                format!("<d:goods><d:article>a{n}</d:article><d:count>{n}</d:count></d:goods>")
            })
            .collect();
        parsed(&PLACE.replace("<d:goods>", &format!("{goods}<d:goods>")))
    };
    let meaning =
        |element: Element| DEPOT.meaning(DEPOT.operation("Place"), Side::Request, &element, &[]);
    let (left, right) = (meaning(wide(0, 20_000)), meaning(wide(10, 20_000)));
    let found = differences(&left, &right);
    assert_eq!(found.len(), 20, "{:?}", &found[..3]);
    // Nothing in common but the names.
    let other = meaning(wide(50_000, 20_000));
    assert_eq!(distance(&left, &other), 40_000);
    assert_eq!(differences(&left, &other).len(), figleaf::canonical::DIFFERENCES_MAX);
}

#[test]
fn huge_texts_and_hostile_paths_are_only_long() {
    let huge = |end: &str| PLACE.replace("Main St 1", &("x".repeat(4 << 20) + end));
    let recorded = entry("huge", "Place", &huge("a"));
    let all = collection(vec![recorded]);
    assert!(ask(&all, Headers::default(), &parsed(&huge("a")), false).is_ok());
    let miss = ask(&all, Headers::default(), &parsed(&huge("b")), false).unwrap_err();
    assert_eq!(miss.nearest[0].differences.len(), 1);
    let mut with_paths = entry("paths", "Place", PLACE);
    with_paths.fixture.ignore = (0..200).map(|n| format!("//*/*/*[{}]", n + 1)).collect();
    let all = collection(vec![with_paths]);
    assert!(ask(&all, Headers::default(), &parsed(PLACE), false).is_ok());
}
