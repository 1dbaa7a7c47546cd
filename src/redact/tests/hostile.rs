//! Input that is out to break the search, and input that has nothing to hide.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::messages::show;
use crate::canonical::{Attribute, Element, Item};
use crate::redact::{Redaction, Redactor};
use crate::xml::QName;

/// What a message of a mebibyte may take in a debug build on a busy machine; the work of all
/// these is linear, which is some hundredths of it.
const TAKES_MAX: Duration = Duration::from_secs(50);

#[test]
fn work_is_bounded_by_the_length_of_a_text() {
    let redactor = Redactor::default();
    let pieces = [
        "password=",
        "password='",
        "<a b=\"",
        "<a '",
        "<!--",
        "<![CDATA[",
        "-----BEGIN RSA PRIVATE KEY-----",
        "4",
        "49 ",
        "4929 ",
        "a@",
        "a@b.",
        "eyJhbGciOi.",
        "x://",
        "://u:",
        "{\"a\":",
        "[",
        "\\\"",
        "Bearer ",
        "DE02",
        "AAAA",
        "ff",
        "&#",
        "token: ",
        "password is ",
        "756.",
        "X1234567",
        "-",
        "R",
        "%41",
        "&a=%3d",
    ];
    for piece in pieces {
        let text = piece.repeat(256 * 1024 / piece.len());
        let begun = Instant::now();
        let mut redaction = Redaction::new(&redactor);
        let _ = redaction.text("", &text);
        let _ = redaction.json(&text);
        let _ = redaction.target(&text);
        let _ = redaction.header("cookie", &text);
        assert!(begun.elapsed() < TAKES_MAX, "{piece:?} takes {:?}", begun.elapsed());
    }
}

#[test]
fn what_is_nested_without_end_is_left() {
    let redactor = Redactor::default();
    let mut json = "{\"password\": \"hunter-2222\"}".to_owned();
    for _ in 0..8 {
        json = serde_json::Value::from(json).to_string();
    }
    let _ = Redaction::new(&redactor).json(&json);
    let deep = "<a>".repeat(100_000);
    let _ = Redaction::new(&redactor).text("", &deep);
}

/// A tree of whatever strings.
fn tree() -> impl Strategy<Value = Element> {
    let name = prop_oneof![
        "[a-z]{1,6}",
        Just("password".to_owned()),
        Just("cardNumber".to_owned()),
        Just("token".to_owned())
    ];
    let leaf =
        (name.clone(), value()).prop_map(|(name, text)| element(&name, vec![Item::Text(text)]));
    leaf.prop_recursive(3, 12, 4, move |inner| {
        (name.clone(), prop::collection::vec(inner, 0..4)).prop_map(|(name, children)| {
            element(&name, children.into_iter().map(Item::Element).collect())
        })
    })
}

fn element(name: &str, content: Vec<Item>) -> Element {
    let attribute =
        Attribute { name: QName::new("", "id"), prefix: "".into(), value: name.len().to_string() };
    Element {
        name: QName::new("", name),
        prefix: "".into(),
        bindings: vec![],
        attributes: vec![attribute],
        content,
    }
}

/// Values with and without secrets, and anything.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,40}",
        "[a-zA-Z0-9+/]{8,40}={0,2}",
        "-?[0-9]{1,20}(\\.[0-9]{1,4})?",
        "(password|token|pin)[=:] ?['\"]?[ -~]{1,20}['\"]?",
        "[12][0-9]{3}-[01][0-9]-[0-3][0-9](T00:00:00)?Z?",
        "<(a|pwd)>[ -~]{0,20}</(a|pwd)>",
        "\\{\"(a|pwd)\": ?(\"[a-z ]{0,12}\"|[0-9]{1,9})\\}",
        "https?://([a-z]{1,5}(:[ -~]{1,8})?@)?[a-z.]{1,9}/[ -~]{0,20}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn redacting_twice_changes_nothing(mut tree in tree()) {
        let redactor = Redactor::default();
        let _ = Redaction::new(&redactor).element(&mut tree);
        let once = show(&tree);
        let mut again = Redaction::new(&redactor);
        let _ = again.element(&mut tree);
        prop_assert_eq!(&show(&tree), &once, "{:?}", again.findings());
    }

    #[test]
    fn texts_are_redacted_once_everywhere(text in value()) {
        let redactor = Redactor::default();
        let mut redaction = Redaction::new(&redactor);
        if let Ok(once) = redaction.text("", &text) {
            let again = Redaction::new(&redactor).text("", &once);
            prop_assert_eq!(again.as_ref(), Ok(&once));
        }
        for name in ["password", "note", "authorization", "cookie", "ssn", "iban"] {
            if let Ok(Some(once)) = Redaction::new(&redactor).header(name, &text) {
                prop_assert_eq!(Redaction::new(&redactor).header(name, &once), Ok(Some(once)), "{}", name);
            }
            if let Ok(once) = Redaction::new(&redactor).named(name, &text) {
                prop_assert_eq!(Redaction::new(&redactor).named(name, &once), Ok(once), "{}", name);
            }
        }
        if let Ok(once) = Redaction::new(&redactor).target(&text) {
            prop_assert_eq!(Redaction::new(&redactor).target(&once), Ok(once));
        }
    }

    #[test]
    fn a_named_value_leaves_nothing_behind(value in "[!-~]{6,40}", around in "[a-z ]{0,20}") {
        let redactor = Redactor::default();
        let mut redaction = Redaction::new(&redactor);
        let json = serde_json::json!({ "password": value, "note": around }).to_string();
        let redacted = redaction.json(&json).unwrap();
        let is_token = redaction.findings().is_empty();
        prop_assert!(is_token || !redacted.contains(&value), "{redacted}");
    }

    #[test]
    fn text_without_secrets_stays_byte_for_byte(
        words in prop::collection::vec("[a-zäöü]{1,9}|[0-9]{1,7}|[0-9]{1,3}\\.[0-9]{2}|<b>|</b>|&amp;|\\{\\}", 0..30),
        space in "[ \r\n\t]{1,3}",
    ) {
        let text = words.join(&space);
        let redactor = Redactor::default();
        prop_assert_eq!(Redaction::new(&redactor).text("", &text).unwrap(), text);
    }
}
