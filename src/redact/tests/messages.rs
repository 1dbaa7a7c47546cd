//! What becomes of one message.

use crate::canonical::{self, Element, Item, NodePath};
use crate::redact::{RedactRules, Redaction, Redactor, Token};
use crate::xml::XmlLimits;

pub(super) fn read(text: &str) -> Element {
    canonical::read(text.as_bytes(), XmlLimits::default()).unwrap()
}

/// Elements and attributes with what stands in them, in one line.
pub(super) fn show(element: &Element) -> String {
    let attribute = |a: &canonical::Attribute| format!(" {}={:?}", a.name.local, a.value);
    let attributes: String = element.attributes.iter().map(attribute).collect();
    let item = |item: &Item| match item {
        Item::Text(text) => text.clone(),
        Item::Element(element) => show(element),
    };
    let content: String = element.content.iter().map(item).collect();
    format!("<{0}{attributes}>{content}</{0}>", element.name.local)
}

fn element(xml: &str, rules: RedactRules) -> String {
    let redactor = Redactor::new(rules);
    let mut redaction = Redaction::new(&redactor);
    let mut tree = read(xml);
    if let Err(unsure) = redaction.element(&mut tree) {
        return format!("unsure: {unsure}");
    }
    let once = show(&tree);
    let mut again = Redaction::new(&redactor);
    again.element(&mut tree).unwrap();
    assert_eq!(show(&tree), once, "redacted twice");
    assert!(again.findings().is_empty(), "{:?}", again.findings());
    once
}

fn check(xml: &str, expected: &str) {
    assert_eq!(element(xml, RedactRules::default()), expected, "{xml}");
}

#[test]
fn names_say_what_is_a_secret() {
    check("<a><password>hunter22</password></a>", "<a><password>R0000001</password></a>");
    check("<a><pwd>Tr0ub4dor&amp;3 x</pwd></a>", "<a><pwd>REDACTED-1</pwd></a>");
    check("<a apiKey='k-1234567890'/>", "<a apiKey=\"REDACTED-1\"></a>");
    check("<a><pin>4711</pin><cvv>123</cvv></a>", "<a><pin>1001</pin><cvv>102</cvv></a>");
    check("<a><pin> 0815 </pin></a>", "<a><pin> 0001 </pin></a>");
    check("<a><secret>hunter</secret></a>", "<a><secret>xxxxaa</secret></a>");
    check(
        "<a><Token>6f9619ff-8b86-d011-b42d-00c04fc964ff</Token></a>",
        "<a><Token>00000000-0000-4000-8000-000000000001</Token></a>",
    );
    check(
        "<a><Nonce>qUy2Fh3nRqSoU5m9hE8e/w==</Nonce></a>",
        "<a><Nonce>UkVEQUNURUQtMQ==</Nonce></a>",
    );
    check("<a><token>deadbeef01020304</token></a>", "<a><token>0000000000000001</token></a>");
    check("<a><hasPassword>true</hasPassword></a>", "<a><hasPassword>true</hasPassword></a>");
    check(
        "<a><password/><token>true</token></a>",
        "<a><password></password><token>true</token></a>",
    );
    check(
        "<a><password><value>hunter22</value></password></a>",
        "<a><password><value>R0000001</value></password></a>",
    );
    check(
        "<r><ChangePassword><userId>17</userId></ChangePassword></r>",
        "<r><ChangePassword><userId>17</userId></ChangePassword></r>",
    );
    check("<r><ssn>536228726</ssn></r>", "<r><ssn>000000001</ssn></r>");
    check(
        "<r><cardNumber>6759649826438453</cardNumber></r>",
        "<r><cardNumber>4000000000000010</cardNumber></r>",
    );
}

#[test]
fn forms_say_it_whatever_the_name() {
    check("<a>pay with 4929-4205-7359-5709 now</a>", "<a>pay with 4000-0000-0000-0010 now</a>");
    check(
        "<a>ada@lovelace.org, ADA@lovelace.org</a>",
        "<a>redacted-1@redacted.invalid, redacted-1@redacted.invalid</a>",
    );
    check(
        "<a>ada@shop.example 4111 1111 1111 1111</a>",
        "<a>ada@shop.example 4111 1111 1111 1111</a>",
    );
    check("<a>536-22-8726</a>", "<a>000-00-0001</a>");
    check("<a>AKIAIOSFODNN7EXAMPLE</a>", "<a>REDACTED-1</a>");
    check("<a>RSSMRA85T10A562S</a>", &format!("<a>{}</a>", "RDCTDX00A01Z001P"));
    check(
        "<a>order 1234567890123456 of 2026-11-21</a>",
        "<a>order 1234567890123456 of 2026-11-21</a>",
    );
    check("<a>DE02 1203 0000 0000 2020 51</a>", "<a>DE09 0000 0000 0000 0000 01</a>");
    check("<a>cid:part1@apache.org</a>", "<a>cid:part1@apache.org</a>");
}

#[test]
fn forms_inside_of_one_another_are_taken_apart() {
    let check = |inner: &str, expected: &str| {
        check(&format!("<a><![CDATA[{inner}]]></a>"), &format!("<a>{expected}</a>"));
    };
    check("<u><Password>hunter22</Password></u>", "<u><Password>R0000001</Password></u>");
    check("<u pwd='a&amp;b1234567'/>", "<u pwd='REDACTED-1'/>");
    check("<u>4929<!-- -->420573595709 &lt;3</u>", "<u>4000000000000010 &lt;3</u>");
    check(
        "{\"token\": \"a\\u0062cdef12345\", \"n\": 1.50}",
        "{\"token\": \"REDACTED-1\", \"n\": 1.50}",
    );
    check("{\"a\":[{\"pin\":4711}],\"b\":\"x\"}", "{\"a\":[{\"pin\":1001}],\"b\":\"x\"}");
    check(
        "https://bob:s3cr3t99@erp.corp/x?token=a%20b1234&y=1",
        "https://xxa:R0000002@erp.corp/x?token=R000003&y=1",
    );
    check("Authorization: Basic Ym9iOmh1bnRlcjIy\nok", "Authorization: Basic eHhhOlIwMDAwMDAy\nok");
    check(
        "login failed: password='S3cret! x9' for bob",
        "login failed: password='REDACTED-1' for bob",
    );
    check(
        "Bearer 0123456789abcdef, bearer certificate",
        "Bearer REDACTED-1, bearer certificate".replace("REDACTED-1", "0000000000000001").as_str(),
    );
    check(
        "the password must be changed: token expired",
        "the password must be changed: token expired",
    );
    check("cGFzc3dvcmQ9aHVudGVyMjIyMjIyMjI=", "cGFzc3dvcmQ9UkVEQUNURUQtMQ==");
}

#[test]
fn the_mapping_adds_places_and_takes_some_away() {
    let paths = |texts: &[&str]| texts.iter().map(|t| NodePath::parse(t).unwrap()).collect();
    let check = |rules: RedactRules, expected: &str| {
        let xml = "<E><Body><get><no>4711</no><born at='Rome'>1980-05-17</born></get><no>4711</no>\
            <token>hunter22</token></Body></E>";
        let got = element(xml, rules);
        assert_eq!(got.replace("<E><Body>", "").replace("</Body></E>", ""), expected);
    };
    check(
        RedactRules { paths: paths(&["Body/get/no", "//born"]), ..RedactRules::default() },
        "<get><no>1001</no><born at=\"Xxxb\">1800-01-03</born></get><no>1001</no><token>R0000001</token>",
    );
    check(
        RedactRules {
            paths: paths(&["//born/@at"]),
            names: vec!["NO".to_owned()],
            keep: paths(&["Body/token"]),
            ..RedactRules::default()
        },
        "<get><no>1001</no><born at=\"Xxxb\">1980-05-17</born></get><no>1001</no><token>hunter22</token>",
    );
}

#[test]
fn what_may_be_a_secret_is_named_and_not_written() {
    check(
        "<E><Body><x>h8Kd03mXqPz91LsTtY7bVw2Q</x></Body></E>",
        "unsure: Body/x may hold a key: a long text that looks random",
    );
    check(
        "<E><Body><requestSignature>h8Kd03mXqPz91LsTtY7bVw2Q</requestSignature></Body></E>",
        "unsure: Body/requestSignature may hold a signature or a digest, which no redacted message fits",
    );
    for harmless in [
        "<x>6f9619ff-8b86-d011-b42d-00c04fc964ff</x>",
        "<x>d41d8cd98f00b204e9800998ecf8427e</x>",
        "<orderId>h8Kd03mXqPz91LsTtY7bVw2Q</orderId>",
        "<x>getCustomerOrderHistoryV2Response</x>",
        "<x>urn:shop:orders:2026:11:21</x>",
        "<image>iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk</image>",
    ] {
        check(harmless, &show(&read(harmless)));
    }
}

#[test]
fn a_live_message_and_its_recording_have_one_form_for_keys() {
    let redactor = Redactor::new(RedactRules {
        names: vec!["customerNo".to_owned()],
        ..RedactRules::default()
    });
    let key = |xml: &str| {
        let mut redaction = Redaction::for_key(&redactor);
        let mut tree = read(xml);
        redaction.element(&mut tree).unwrap();
        let originals = redaction.originals().to_vec();
        (show(&tree), redaction.tokens().map(|t| t.to_string()).collect::<Vec<_>>(), originals)
    };
    let token = |text: &str| Some(text.parse::<Token>().unwrap());
    let (live, tokens, originals) = key(
        "<a><password>hunter22</password><customerNo>4711</customerNo><n>4711</n>to a@b.de</a>",
    );
    assert_eq!(
        live,
        "<a><password>⟦secret-1⟧</password><customerNo>⟦secret-2⟧</customerNo><n>⟦secret-2⟧</n>to ⟦email-1⟧</a>"
    );
    assert_eq!(
        (tokens.join(" "), originals),
        ("secret-1 secret-2 email-1".to_owned(), vec![None, None, None])
    );
    let (recorded, _, originals) = key(
        "<a><password>REDACTED-7</password><customerNo>1009</customerNo><n>1009</n>to redacted-3@redacted.invalid</a>",
    );
    assert_eq!(recorded, live);
    assert_eq!(originals, [token("secret-7"), token("named-9"), token("email-3")]);
}
