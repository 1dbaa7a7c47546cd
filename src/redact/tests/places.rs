//! The places of an exchange besides trees, and what one says about another.

use super::messages::{read, show};
use crate::redact::{Kind, RedactRules, Redaction, Redactor, Token, TokenBook};

#[test]
fn headers_keep_their_form() {
    let check = |name: &str, value: &str, expected: Option<&str>| {
        let redactor = Redactor::new(RedactRules {
            headers: vec!["X-Tenant".to_owned()],
            ..RedactRules::default()
        });
        let mut redaction = Redaction::new(&redactor);
        let once = redaction.header(name, value).unwrap();
        assert_eq!(once.as_deref(), expected, "{name}");
        if let Some(once) = once {
            let again = Redaction::new(&redactor).header(name, &once).unwrap();
            assert_eq!(again.as_ref(), Some(&once), "redacted twice");
        }
    };
    check("Authorization", "Bearer abcdefghijk", Some("Bearer REDACTED-1"));
    check("Authorization", "Basic Ym9iOmh1bnRlcjIy", Some("Basic eHhhOlIwMDAwMDAy"));
    check(
        "Proxy-Authorization",
        "Digest username=\"bob\", response=\"6629fae49393a05397450978507c4ef1\"",
        Some("Digest username=\"xxa\", response=\"00000000000000000000000000000002\""),
    );
    check(
        "Cookie",
        "JSESSIONID=0123456789AB; theme=dark",
        Some("JSESSIONID=000000000001; theme=xxxb"),
    );
    check(
        "Set-Cookie",
        "sid=\"abcdefghijk\"; Path=/; HttpOnly",
        Some("sid=\"REDACTED-1\"; Path=/; HttpOnly"),
    );
    check("X-Tenant", "north", Some("xxxaa"));
    check("X-Session-Token", "abcdefghijk", Some("REDACTED-1"));
    check("Content-Length", "417", None);
    check("Content-MD5", "Q2hlY2sgSW50ZWdyaXR5IQ==", None);
    check("ETag", "\"h8Kd03mXqPz91LsTtY7bVw2Q\"", Some("\"h8Kd03mXqPz91LsTtY7bVw2Q\""));
    check("Content-Type", "text/xml; charset=utf-8", Some("text/xml; charset=utf-8"));
    check("figleaf-session", "checkout", Some("checkout"));
}

#[test]
fn addresses_keep_their_form() {
    let check = |target: &str, expected: &str| {
        let redactor = Redactor::default();
        let once = Redaction::new(&redactor).target(target).unwrap();
        assert_eq!(once, expected);
        assert_eq!(Redaction::new(&redactor).target(&once).unwrap(), once, "redacted twice");
    };
    check("/api/v1/orders/42?expand=lines", "/api/v1/orders/42?expand=lines");
    check("/people/ada%40lovelace.org", "/people/redacted-1@redacted.invalid");
    check("/a?api_key=abc%2Fdefghijk&q=a+b", "/a?api_key=REDACTED-1&q=a+b");
    check(
        "/cards/4929420573595709;jsessionid=abcdefghijk",
        "/cards/4000000000000010;jsessionid=REDACTED-1",
    );
    check("http://u:pw12345@h:80/p", "http://x:R000002@h:80/p");
}

#[test]
fn one_value_has_one_token_in_all_places() {
    let redactor = Redactor::new(RedactRules {
        paths: vec![crate::canonical::NodePath::parse("Body/get/no").unwrap()],
        ..RedactRules::default()
    });
    let mut book = TokenBook::new([1; 32]);
    book.seed(Token { kind: Kind::Email, number: 4 });
    let mut redaction = Redaction::with(&redactor, &mut book);
    let mut request = read("<E><Body><get><no>A-77</no><mail>a@b.de</mail></get></Body></E>");
    redaction.request(&mut request).unwrap();
    assert_eq!(
        show(&request),
        "<E><Body><get><no>R001</no><mail>redacted-5@redacted.invalid</mail></get></Body></E>"
    );
    let json = redaction.json(r#"{"no": "A-77", "other": "A-77", "mail": "a@b.de"}"#).unwrap();
    assert_eq!(json, r#"{"no": "R001", "other": "A-77", "mail": "redacted-5@redacted.invalid"}"#);
    assert_eq!(redaction.named("mail", "\"a@b.de\"").unwrap(), "\"redacted-5@redacted.invalid\"");
    assert_eq!(
        redaction.findings().iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "named-1 Body/get/no",
            "email-5 Body/get/mail",
            "named-1 /no",
            "email-5 /mail",
            "email-5 mail"
        ]
    );
    let mut next = Redaction::with(&redactor, &mut book);
    assert_eq!(
        next.text("", "a@b.de c@d.de").unwrap(),
        "redacted-5@redacted.invalid redacted-6@redacted.invalid"
    );
}

#[test]
fn a_secret_of_another_place_is_not_written_under_a_harmless_name() {
    let redactor = Redactor::default();
    let mut redaction = Redaction::new(&redactor);
    assert_eq!(
        redaction.json(r#"{"password": "hunter-2222"}"#).unwrap(),
        r#"{"password": "REDACTED-1"}"#
    );
    let mut request = read("<E><Body><kw>hunter-2222</kw></Body></E>");
    let unsure = redaction.request(&mut request).unwrap_err();
    assert_eq!(
        unsure.to_string(),
        "Body/kw may hold a password, a key or a session the caller sent, under a name that does not say so: name it in `redact:`"
    );
    let mut answer = read("<E><Body><m>no hunter-2222 here</m><kw>hunter-2222</kw></Body></E>");
    redaction.element(&mut answer).unwrap();
    assert_eq!(show(&answer), "<E><Body><m>no REDACTED-1 here</m><kw>REDACTED-1</kw></Body></E>");
    let mut redaction = Redaction::new(&redactor);
    redaction.text("a page", "hunter-2222").unwrap();
    let unsure = redaction.json(r#"{"password": "hunter-2222"}"#).unwrap_err();
    assert!(unsure.to_string().contains("stands elsewhere"), "{unsure}");
}

#[test]
fn json_keeps_its_digits_and_its_order() {
    let check = |json: &str, expected: &str| {
        let redactor = Redactor::default();
        let once = Redaction::new(&redactor).json(json).unwrap();
        assert_eq!(once, expected);
        assert_eq!(Redaction::new(&redactor).json(&once).unwrap(), once, "redacted twice");
    };
    let plain = "{\"b\": 1.500, \"a\" :[1E5, null,true],\n \"c\": \"\\u00e4\\/\"}";
    check(plain, plain);
    check(r#"{"pin": 4711, "ssn": 536228726}"#, r#"{"pin": 1001, "ssn": 100000001}"#);
    check(
        r#"{"tokens": ["abcdefghijk"], "card": 4929420573595709}"#,
        r#"{"tokens": ["REDACTED-1"], "card": 4000000000000010}"#,
    );
    check(
        r#"{"a@b.de": "x", "password": {"new": "abcdefghijk"}}"#,
        r#"{"redacted-1@redacted.invalid": "x", "password": {"new": "REDACTED-1"}}"#,
    );
    check("password=abcdefghijk", "password=REDACTED-1");
    check(
        "[\"\\\"password\\\": \\\"abcdefghijk\\\"\"]",
        "[\"\\\"password\\\": \\\"REDACTED-1\\\"\"]",
    );
}
