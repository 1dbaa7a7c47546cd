//! Cells and values of SQLite.

use super::types::named;
use super::{json, written};
use crate::codec::Json;
use crate::sql::{Cell, Dialect, Form, Type, Value, encode};

fn of(name: &str) -> Type {
    if name == "dynamic" { Type::Dynamic } else { named(name) }
}

#[test]
fn cells_become_json_by_their_type() {
    let check = |name: &str, cell: Cell<'_>, expected: Result<&str, &str>| {
        let got = written(&of(name), Form::Plain, cell);
        match expected {
            Ok(json) => assert_eq!(got.as_deref(), Ok(json), "{name} {cell:?}"),
            Err(part) => {
                let error = got.unwrap_err();
                assert!(error.contains(part), "{name} {cell:?}: {error}");
            }
        }
    };
    check("bool", Cell::Integer(1), Ok("true"));
    check("bool", Cell::Integer(2), Err("a boolean"));
    check("int4", Cell::Integer(1 << 40), Err("beyond its type"));
    check("int8", Cell::Real(3.0), Ok("3"));
    check("int8", Cell::Real(3.5), Err("is a REAL"));
    check("int8", Cell::Text(b"x"), Err("is a TEXT"));
    check("numeric", Cell::Integer(12), Ok("12"));
    check("numeric", Cell::Real(12.5), Ok("12.5"));
    check("numeric", Cell::Text(b"0012.50"), Ok("12.50"));
    check("numeric", Cell::Text(b"n/a"), Err("a number"));
    check("float8", Cell::Real(f64::INFINITY), Ok("null"));
    check("text", Cell::Text("ü\"".as_bytes()), Ok(r#""ü\"""#));
    check("text", Cell::Text(&[0xff]), Err("UTF-8"));
    check("text", Cell::Integer(7), Ok(r#""7""#));
    check("bpchar(4)", Cell::Text(b"ab  "), Ok(r#""ab""#));
    check("bytea", Cell::Blob(&[0, 1]), Ok(r#""AAE=""#));
    check("date", Cell::Text(b"2026-11-21"), Ok(r#""2026-11-21""#));
    check("date", Cell::Integer(0), Err("a date or time as text"));
    check("timestamp", Cell::Text(b"2026-11-21 09:30:00"), Ok(r#""2026-11-21T09:30:00""#));
    check("timestamp", Cell::Text(b"2026-11-21"), Ok(r#""2026-11-21T00:00:00""#));
    check("timestamptz", Cell::Text(b"2026-11-21 09:30+02:00"), Ok(r#""2026-11-21T07:30:00Z""#));
    check("timestamptz", Cell::Text(b"2026-11-21 09:30:00"), Err("no offset"));
    check("json", Cell::Text(b"{\"a\":1.50}"), Ok("{\"a\":1.50}"));
    check("json", Cell::Text(b"{\"a\":}"), Err("no JSON"));
    check("dynamic", Cell::Integer(i64::MIN), Ok("-9223372036854775808"));
    check("dynamic", Cell::Real(0.1), Ok("0.1"));
    check("dynamic", Cell::Text(b"007"), Ok(r#""007""#));
    check("dynamic", Cell::Blob(b"fig"), Ok(r#""Zmln""#));
    check("dynamic", Cell::Null, Ok("null"));
}

#[test]
fn values_become_what_sqlite_stores() {
    let check = |name: &str, text: &str, expected: Value| {
        let got = encode(Dialect::Sqlite, &of(name), &json(text));
        assert_eq!(got, Ok(expected), "{name} {text}");
    };
    let text = |text: &str| Value::Text(text.to_owned());
    check("bool", "true", Value::Integer(1));
    check("int8", "5.0", Value::Integer(5));
    check("numeric", "12.50", Value::Real(12.5));
    check("numeric", "100.00", Value::Integer(100));
    check("numeric", "0.30000000000000004", Value::Real(0.300_000_000_000_000_04));
    check("numeric", "0.300000000000000040", Value::Real(0.300_000_000_000_000_04));
    check("numeric", "1234567890123456.789", text("1234567890123456.789"));
    check("float8", "1e3", Value::Real(1000.0));
    check("bytea", "\"AAE=\"", Value::Blob(vec![0, 1]));
    check("timestamp", "\"2026-11-21T09:30:00\"", text("2026-11-21 09:30:00"));
    check("timestamptz", "\"2026-11-21T09:30:00+02:00\"", text("2026-11-21 07:30:00Z"));
    check("interval", "\"P1DT90M\"", text("P1DT1H30M"));
    check("jsonb", "{\"a\":1.50}", text("{\"a\":1.50}"));
    check("int8[]", "[1,null,2]", text("[1,null,2]"));
    check("text[]", "[\"a\\\"b\"]", text(r#"["a\"b"]"#));
    check("dynamic", "12", Value::Integer(12));
    check("dynamic", "1.5", Value::Real(1.5));
    check("dynamic", "1e2", Value::Real(100.0));
    check("dynamic", "\"12\"", text("12"));
    check("dynamic", "true", Value::Integer(1));
    check("dynamic", "null", Value::Null);
    check("dynamic", "[1,\"a\"]", text("[1,\"a\"]"));
    let lexical =
        |name, text: &'static str| encode(Dialect::Sqlite, &of(name), &Json::Lexical(text.into()));
    assert_eq!(lexical("dynamic", "01234"), Ok(text("01234")));
    assert_eq!(lexical("int8", "01234"), Ok(Value::Integer(1234)));
    assert_eq!(lexical("int8[]", "1,2"), Ok(text("[1,2]")));
    let far = lexical("date", "+12026-01-01");
    assert!(far.unwrap_err().contains("between 0000 and 9999"));
}
