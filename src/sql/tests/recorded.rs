//! Values that were recorded, given as if they had just come.

use super::golden::{Case, cases};
use super::types::named;
use super::written;
use crate::sql::{Cell, Form, Type};

#[test]
fn every_form_of_a_value_can_be_made_of_its_recording() {
    for Case { name, ty, json, bytes, .. } in cases() {
        let recorded = written(&ty, Form::Recorded, Cell::Binary(&bytes)).unwrap();
        for form in [Form::Plain, Form::String, Form::Base64Url, Form::Hex, Form::Recorded] {
            let expected = written(&ty, form, Cell::Binary(&bytes));
            let got = written(&ty, form, Cell::Written(&recorded));
            assert_eq!(got, expected, "{name} {json} from {recorded} as {form:?}");
        }
    }
}

#[test]
fn the_driver_knows_a_padded_text_without_its_length() {
    let char = Type::Char { length: 6 };
    let recorded = written(&named("bpchar(9)"), Form::Recorded, Cell::Binary(b"AB  ")).unwrap();
    assert_eq!(written(&char, Form::Plain, Cell::Written(&recorded)).unwrap(), r#""AB""#);
    assert_eq!(written(&char, Form::Plain, Cell::Written(r#""AB  ""#)).unwrap(), r#""AB""#);
}

#[test]
fn what_a_person_wrote_is_of_its_type_or_an_error() {
    let check = |ty: &str, text: &str, expected: Result<&str, &str>| {
        let got = written(&named(ty), Form::Plain, Cell::Written(text));
        match expected {
            Ok(json) => assert_eq!(got.as_deref(), Ok(json), "{ty} {text}"),
            Err(part) => assert!(got.as_ref().is_err_and(|e| e.contains(part)), "{text}: {got:?}"),
        }
    };
    check("text", "12.50", Ok(r#""12.50""#));
    check("int8", "\"12\"", Ok("12"));
    check("numeric", "12.50", Ok("12.50"));
    check("numeric", "\"NaN\"", Ok("null"));
    check("numeric", "\"many\"", Err("no number"));
    check("numeric", "1 ", Ok("1"));
    check("numeric", "1,2", Err("no JSON"));
    check("int4", "{}", Err("no number"));
    check("bool", "1", Err("no boolean"));
    check("date", "\"infinity\"", Ok("null"));
    check("text", "[1]", Err("no text"));
    check("bytea", "\"?\"", Err("no base64"));
    check("jsonb", r#"{"a": 1.50}"#, Ok(r#"{"a": 1.50}"#));
    check("jsonb", r#""{\"a\":  1.50}""#, Ok(r#"{"a":  1.50}"#));
    check("jsonb", r#""{\"a\"""#, Err("no JSON"));
    check("jsonb[]", r#"[[{"a": 1}, "2"], [null, "null"]]"#, Ok(r#"[[{"a": 1},2],[null,null]]"#));
}
