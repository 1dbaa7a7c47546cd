//! Bytes that PostgreSQL sent, and what becomes of them.

use super::types::named;
use super::{json, written};
use crate::sql::{Cell, Dialect, Form, Type, Value, encode};

/// One line of `values.tsv`.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) ty: Type,
    pub(crate) json: &'static str,
    pub(crate) string: &'static str,
    pub(crate) is_taken_back: bool,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn cases() -> Vec<Case> {
    let lines = include_str!("values.tsv").lines().filter(|line| !line.starts_with(['#', '!']));
    let case = |line: &'static str| {
        let [name, _, json, string, back, hex] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        Case {
            name,
            ty: named(name),
            json,
            string: if string == "=" { json } else { string },
            is_taken_back: back == "<>",
            bytes: (0..hex.len()).step_by(2).map(byte).collect(),
        }
    };
    let cases: Vec<Case> = lines.map(case).collect();
    assert!(cases.len() > 150, "{}", cases.len());
    cases
}

#[test]
fn what_postgresql_sends_becomes_json() {
    for Case { name, ty, json, string, bytes, .. } in cases() {
        let cell = Cell::Binary(&bytes);
        assert_eq!(written(&ty, Form::Plain, cell).as_deref(), Ok(json), "{name}");
        assert_eq!(written(&ty, Form::String, cell).as_deref(), Ok(string), "{name} as string");
        assert!(serde_json::from_str::<&serde_json::value::RawValue>(json).is_ok(), "{json}");
    }
}

#[test]
fn what_was_given_is_taken_back() {
    for Case { name, ty, json: text, is_taken_back, .. } in cases() {
        if is_taken_back {
            let value = encode(Dialect::Postgres, &ty, &json(text));
            assert!(matches!(value, Ok(Value::Text(_))), "{name} {text}: {value:?}");
        }
    }
}

#[test]
fn bytes_are_written_in_the_form_asked_for() {
    let check = |form, expected: &str| {
        let cell = Cell::Binary(&[0xfb, 0xff, 0x00, 0x01]);
        assert_eq!(written(&Type::Bytea, form, cell).as_deref(), Ok(expected), "{form:?}");
    };
    check(Form::Plain, r#""+/8AAQ==""#);
    check(Form::Base64Url, r#""-_8AAQ""#);
    check(Form::Hex, r#""fbff0001""#);
}

#[test]
fn a_json_value_stays_on_its_line() {
    let cell = Cell::Binary(b"{\n  \"a\": \"x\\ny\"\r\n}");
    assert_eq!(written(&Type::Json, Form::Plain, cell).unwrap(), r#"{   "a": "x\ny"  }"#);
    assert!(written(&Type::Json, Form::Plain, Cell::Binary(b" ")).is_err());
}
