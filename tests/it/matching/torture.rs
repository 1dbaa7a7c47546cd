//! The matching torture set.

use figleaf::canonical::{Cause, read_message};
use figleaf::exchange::Why;
use figleaf::xml::XmlLimits;

use super::{Headers, PLACE, SUM, ask, collection, entry, envelope, hit_name, parsed};

fn all() -> figleaf::exchange::Collection {
    collection(vec![
        entry("place", "Place", PLACE),
        entry("sum", "Sum", SUM),
        entry("ping", "Ping", &envelope("")),
        entry("quote", "Quote", &quote("Quote")),
    ])
}

fn quote(name: &str) -> String {
    envelope(&format!("<d:{name}><d:article>a1</d:article><d:count>2</d:count></d:{name}>"))
}

/// A request with these headers hits the fixture.
fn hits(what: &str, fixture: &str, headers: Headers<'_>, request: &str) {
    let collection = all();
    let found = hit_name(&collection, ask(&collection, headers, &parsed(request), false));
    assert_eq!(found.as_deref(), Ok(fixture), "{what}");
}

/// The request with everything in it replaced.
fn place(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(PLACE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

fn says(action: &str) -> Headers<'_> {
    Headers { action: Some(action), ..Headers::default() }
}

#[test]
fn spellings_of_one_request_hit_one_fixture() {
    let own = says("urn:depot/Place");
    let none = Headers::default();
    hits("as recorded", "place", own, PLACE);
    let swapped = place(&[("soap:", "S:"), (":soap", ":S"), ("d:", "soap:"), (":d=", ":soap=")]);
    hits("prefixes swapped", "place", own, &swapped);
    let default = place(&[
        ("<d:Place>", "<Place xmlns=\"urn:depot\">"),
        ("<d:", "<"),
        ("</d:", "</"),
        (">d:rush<", ">rush<"),
    ]);
    hits("default namespace", "place", own, &default);
    let attributed = place(&[(
        "<soap:Body>",
        "<soap:Body xmlns:wsu=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd\" wsu:Id=\"body-7\" soap:encodingStyle=\"\">",
    )]);
    hits("attributes on Body", "place", own, &attributed);
    hits("self-closed Body", "ping", none, &envelope("").replace("<e:Body></e:Body>", "<e:Body/>"));
    hits("no SOAPAction", "place", none, PLACE);
    hits("quoted action", "place", says("\"urn:depot/Place\""), PLACE);
    let soap12 = place(&[(
        "http://schemas.xmlsoap.org/soap/envelope/",
        "http://www.w3.org/2003/05/soap-envelope",
    )]);
    let parameter = Headers {
        content_type: Some("application/soap+xml; charset=utf-8; action=\"urn:depot/Place\""),
        ..none
    };
    hits("1.2 action parameter", "place", parameter, &soap12);
    let typed = place(&[(
        "<d:goods xsi:type=\"d:Fragile\">",
        "<d:goods xmlns:q=\"urn:depot\" xsi:type=\"q:Fragile\">",
    )]);
    hits("prefix change in an xsi:type value", "place", own, &typed);
    let cdata = place(&[("Fig &amp; Leaf", "Fig<![CDATA[ & ]]>L<!-- no leaf -->eaf")]);
    hits("CDATA", "place", own, &cdata);
    hits("multiRef", "sum", none, &multi_ref());
    let reordered = place(&[(
        "<d:street>Main St 1</d:street><d:city>Delft</d:city>",
        "<d:city>Delft</d:city>\n<d:street>Main St 1</d:street>",
    )]);
    hits("xs:all reordered", "place", own, &reordered);
    for (id, time) in [("a", "2026-11-21T10:00:00Z"), ("b", "2026-11-22T11:00:00Z")] {
        let secured = place(&[("<soap:Body>", &format!("{}<soap:Body>", header(id, time)))]);
        hits("wsse and MessageID and timestamp changed", "place", own, &secured);
    }
}

#[test]
fn other_spellings_hit_it_too() {
    let check = |what: &str, changes: &[(&str, &str)]| {
        hits(what, "place", Headers::default(), &place(changes));
    };
    check("zone of a dateTime", &[("2026-11-21T12:00:00+02:00", " 2026-11-21T10:00:00.00Z ")]);
    check("zeros of a decimal", &[("12.50", "+012.5")]);
    check("a number as truth", &[("<d:urgent>true", "<d:urgent>1")]);
    check("the default attribute", &[("<d:Place>", "<d:Place channel=' web '>")]);
    check(
        "xsi:type that repeats the declared type",
        &[("<d:goods>", "<d:goods xsi:type='d:Goods'>")],
    );
    check("xsi:nil that is false", &[("<d:article>a1", "<d:article xsi:nil='0'>a1")]);
    check(
        "where the schema is",
        &[("<d:Place>", "<d:Place xsi:schemaLocation='urn:depot depot.xsd'>")],
    );
    check("white space of a token", &[("<d:article>a1", "<d:article>\n  a1\n")]);
    check(
        "a header block of nobody's",
        &[(
            "<soap:Body>",
            "<soap:Header><t:Trace xmlns:t='urn:t'>7</t:Trace></soap:Header><soap:Body>",
        )],
    );
    let spaced = PLACE.replace("><d:", ">\n  <d:").replace("></d:", ">\n</d:");
    let spaced = spaced.replace("</d:customer>\n", "</d:customer><!-- who --><?now?>\n");
    hits(
        "white space, comments and instructions between elements",
        "place",
        Headers::default(),
        &spaced,
    );
    let wide: Vec<u8> =
        std::iter::once(0xFEFF).chain(PLACE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let collection = all();
    for (content_type, bytes) in
        [(None, &wide[..]), (Some("text/xml; charset=iso-8859-1"), PLACE.as_bytes())]
    {
        let read = read_message(content_type, bytes, XmlLimits::default()).unwrap();
        let found = hit_name(&collection, ask(&collection, Headers::default(), &read, false));
        assert_eq!(found.as_deref(), Ok("place"), "{content_type:?}");
    }
}

/// What frameworks make of SOAP encoding: Axis and its like.
fn multi_ref() -> String {
    let start = SUM.find("<r:Sum").unwrap();
    let end = SUM.find("</soap:Body>").unwrap();
    let body = "<x:Sum xmlns:x='urn:depot:rpc'><best href='#id1'/>\
        <lines enc:arrayType='d:Line[]'><l href='#id1'/><l href='#id0'/></lines></x:Sum>\
        <multiRef id='id0' enc:root='0' xsi:type='t:Line' xmlns:t='urn:depot'><count href='#n'/><article>b2</article></multiRef>\
        <multiRef id='id1' enc:root='0'><article xsi:type='enc:string'>a1</article><count>02</count></multiRef>\
        <multiRef id='n' enc:root='0' xsi:type='enc:int'>1</multiRef>";
    format!("{}{body}{}", &SUM[..start], &SUM[end..])
}

fn header(id: &str, time: &str) -> String {
    format!(
        "<soap:Header><wsse:Security soap:mustUnderstand='1' xmlns:wsse='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd' \
         xmlns:wsu='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'>\
         <wsu:Timestamp><wsu:Created>{time}</wsu:Created></wsu:Timestamp>\
         <wsse:UsernameToken><wsse:Username>{id}</wsse:Username><wsse:Nonce>{id}</wsse:Nonce></wsse:UsernameToken></wsse:Security>\
         <a:MessageID xmlns:a='http://www.w3.org/2005/08/addressing'>urn:uuid:{id}</a:MessageID></soap:Header>"
    )
}

/// A request misses, and why.
fn misses(what: &str, request: &str, why: Why, cause: Option<(Cause, &str)>) {
    let collection = all();
    let miss = *ask(&collection, Headers::default(), &parsed(request), false).unwrap_err();
    assert_eq!(miss.why, why, "{what}: {miss:#?}");
    let Some((cause, path)) = cause else { return };
    let found: Vec<(Cause, String)> =
        miss.nearest[0].differences.iter().map(|d| (d.cause, d.path.to_string())).collect();
    assert_eq!(found, [(cause, path.to_owned())], "{what}");
}

#[test]
fn what_only_looks_like_it_misses() {
    let gone = place(&[("</d:Place>", "<d:note>x</d:note></d:Place>")]);
    misses(
        "one more optional element",
        &gone,
        Why::Structure,
        Some((Cause::Extra, "Body/{urn:depot}Place/{urn:depot}note")),
    );
    let other =
        place(&[("<d:city>", "<x:city xmlns:x='urn:depot:2'>"), ("</d:city>", "</x:city>")]);
    misses(
        "other namespace",
        &other,
        Why::Namespace,
        Some((Cause::Namespace, "Body/{urn:depot}Place/{urn:depot}address/{urn:depot}city")),
    );
    misses(
        "other namespace of all",
        &PLACE.replace("urn:depot", "urn:depot:2"),
        Why::Namespace,
        None,
    );
    let reordered = place(&[(
        "<d:article>a1</d:article><d:count>2</d:count>",
        "<d:count>2</d:count><d:article>a1</d:article>",
    )]);
    misses(
        "a reordered sequence",
        &reordered,
        Why::Order,
        Some((Cause::Order, "Body/{urn:depot}Place/{urn:depot}goods[1]/{urn:depot}article")),
    );
    let collection = all();
    let draft = ask(&collection, says("urn:depot/Draft"), &parsed(&quote("Draft")), false);
    assert_eq!(draft.unwrap_err().why, Why::OtherOperation, "another operation");
    let changed = place(&[("12.50", "12.51")]);
    misses(
        "a changed value",
        &changed,
        Why::Value,
        Some((Cause::Value, "Body/{urn:depot}Place/{urn:depot}total")),
    );
    let nil = place(&[("</d:Place>", "<d:note xsi:nil='true'/></d:Place>")]);
    misses(
        "nil instead of absent",
        &nil,
        Why::Nil,
        Some((Cause::Nil, "Body/{urn:depot}Place/{urn:depot}note")),
    );
}

#[test]
fn small_changes_are_changes() {
    let check = |changes: &[(&str, &str)], why| misses(changes[0].1, &place(changes), why, None);
    check(&[(">d:rush<", ">soap:rush<")], Why::Value);
    check(&[("xsi:type=\"d:Fragile\"", "xsi:type=\"d:Goods\"")], Why::Structure);
    check(&[("Main St 1", "Main  St 1")], Why::Value);
    check(&[("<d:urgent>true</d:urgent>", "<d:urgent/>")], Why::Value);
    check(&[("2026-11-21T12:00:00+02:00", "2026-11-21T10:00:00")], Why::Value);
    check(&[("</d:Place>", "<d:note/></d:Place>")], Why::Structure);
    check(&[("<d:Place>", "<d:Place channel='shop'>")], Why::Value);
}

#[test]
fn another_operation_of_the_same_content_is_told() {
    let collection = all();
    let request = parsed(&quote("Draft"));
    let headers = Headers { action: Some("urn:depot/Draft"), ..Headers::default() };
    let miss = *ask(&collection, headers, &request, false).unwrap_err();
    assert_eq!(miss.why, Why::OtherOperation);
    assert_eq!(miss.operation.as_deref(), Some("Draft, by the action"));
    assert_eq!(miss.nearest[0].name, "quote");
    let headers = Headers { action: Some("urn:depot/Place"), ..Headers::default() };
    let miss = *ask(&collection, headers, &parsed(&quote("Quote")), false).unwrap_err();
    assert_eq!(miss.why, Why::OtherOperation);
    assert_eq!(
        miss.operation.as_deref(),
        Some("the action is that of Place, the body that of Quote")
    );
}
