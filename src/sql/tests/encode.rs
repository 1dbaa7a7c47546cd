//! What callers send, as PostgreSQL reads it.

use super::json;
use super::types::named;
use crate::codec::Json;
use crate::sql::{Dialect, Type, Value, encode};

fn check_value(name: &str, json: &Json<'_>, expected: Result<&str, &str>) {
    let got = encode(Dialect::Postgres, &named(name), json);
    match expected {
        Ok(text) => assert_eq!(got, Ok(Value::Text(text.to_owned())), "{name} {json:?}"),
        Err(part) => {
            let error = got.unwrap_err();
            assert!(error.contains(part), "{name} {json:?}: {error}");
        }
    }
}

fn check(name: &str, text: &str, expected: Result<&str, &str>) {
    check_value(name, &json(text), expected);
}

fn lexical(name: &str, text: &str, expected: Result<&str, &str>) {
    check_value(name, &Json::Lexical(text.into()), expected);
}

#[test]
fn numbers_are_checked_by_their_digits() {
    check("int2", "32768", Err("between -32768 and 32767"));
    check("int4", "1e3", Ok("1000"));
    check("int4", "5.00", Ok("5"));
    check("int4", "5.5", Err("a whole number"));
    check("int4", "\"5\"", Err("must be a whole number, is a string"));
    check("int4", "true", Err("is a boolean"));
    check("int8", "9223372036854775808", Err("between"));
    check("int8", "-9223372036854775808", Ok("-9223372036854775808"));
    check("oid", "-1", Err("between 0 and 4294967295"));
    lexical("int4", "+7", Ok("7"));
    lexical("int4", " 7", Err("must be a whole number"));
    lexical("int4", "1 or 1=1", Err("must be a whole number"));
    check(
        "numeric",
        "0.1234567890123456789012345678901234567890",
        Ok("0.1234567890123456789012345678901234567890"),
    );
    check("numeric", "\"12.50\"", Ok("12.50"));
    check("numeric", "\"NaN\"", Ok("NaN"));
    check("numeric", "\"1,5\"", Err("a number"));
    check("numeric", "1e9999", Err("a number"));
    check("numeric(12,3)", "123456789.123", Ok("123456789.123"));
    check("numeric(12,3)", "1.1230", Ok("1.1230"));
    check("numeric(12,3)", "1.1234", Err("at most 3 digits behind its point"));
    check("numeric(12,3)", "1234567890", Err("at most 9 digits before its point"));
    check("numeric(3,5)", "0.01", Err("2 zeros behind its point"));
    check("numeric(3,-2)", "12345", Err("end in 2 zeros"));
    check("numeric(2,2)", "1", Err("at most 0 digits before"));
    check("float8", "1e400", Err("too large or too small"));
    check("float8", "1e-400", Err("too large or too small"));
    check("float4", "1e39", Err("too large or too small"));
    check("float8", "0e-400", Ok("0e-400"));
    check("float8", "\"-Infinity\"", Ok("-Infinity"));
    check("float8", "\"1.5\"", Err("a number, is a string"));
    lexical("float8", "0x10", Err("must be a number"));
}

#[test]
fn texts_are_checked_by_their_form() {
    check("bool", "1", Err("must be a boolean, is a number"));
    lexical("bool", "1", Ok("t"));
    lexical("bool", "yes", Err("true or false"));
    check("text", "5", Err("must be a string, is a number"));
    check("text", "\"a\\u0000b\"", Err("U+0000"));
    check("text", "\"'; drop table x; --\"", Ok("'; drop table x; --"));
    check("varchar(5)", "\"größe\"", Ok("größe"));
    check("varchar(5)", "\"größer\"", Err("at most 5 characters, has 6"));
    check("bpchar(2)", "\"ab    \"", Ok("ab"));
    check("mood", "\"So so\"", Err("did you mean `so-so`?"));
    check("mood", "\"glad\"", Err("must be one of `sad`, `so-so`, `it\"s`"));
    check(
        "uuid",
        "\"0197F0C4-3D5E-7C1A-9F57-2B8E61D0A4C3\"",
        Ok("0197f0c4-3d5e-7c1a-9f57-2b8e61d0a4c3"),
    );
    check("uuid", "\"0197f0c43d5e7c1a9f572b8e61d0a4c3\"", Err("a UUID such as"));
    check("bytea", "\"AP8Q\"", Ok("\\x00ff10"));
    check("bytea", "\"-_8\"", Ok("\\xfbff"));
    check("bytea", "\"AP8\\n\"", Err("base64"));
    check("inet", "\"10.0.0.7/8\"", Ok("10.0.0.7/8"));
    check("inet", "\"10.0.0.256\"", Err("an address"));
    check("inet", "\"10.0.0.1/33\"", Err("an address"));
    check("cidr", "\"10.0.0.7/8\"", Err("no bits set beyond the first 8"));
    check("macaddr", "\"08-00-2B-01-02-03\"", Ok("08:00:2b:01:02:03"));
    check("macaddr", "\"08:00:2b:01:02\"", Err("08:00:2b"));
    check("varbit", "\"012\"", Err("bits such as"));
    check("jsonb", "{\"a\":[1.50,null]}", Ok("{\"a\":[1.50,null]}"));
    check("jsonb", "\"a\\u0000\"", Err("U+0000"));
    check("jsonb", "1e999999", Err("beyond those of the database"));
    check("json", "\"a\\u0000\"", Ok("\"a\\u0000\""));
    lexical("json", "{\"a\":1.0}", Ok("{\"a\":1.0}"));
    lexical("json", "{a:1}", Err("must be JSON"));
}

#[test]
fn dates_and_times_have_a_zone_where_their_type_has() {
    check("date", "\"2024-02-29\"", Ok("2024-02-29"));
    check("date", "\"2023-02-29\"", Err("day of the calendar"));
    check("date", "\"29.02.2024\"", Err("such as `2026-11-21`"));
    check("date", "20240229", Err("is a number"));
    check("date", "\"-0043-03-15\"", Ok("0044-03-15 BC"));
    check("date", "\"infinity\"", Ok("infinity"));
    check("timestamp", "\"2026-11-21T09:30:00\"", Ok("2026-11-21 09:30:00"));
    check("timestamp", "\"2026-11-21T09:30:00Z\"", Err("must have no zone"));
    check("timestamptz", "\"2026-11-21T09:30:00.5+02:00\"", Ok("2026-11-21 07:30:00.5+00"));
    check("timestamptz", "\"2026-11-21T09:30:00\"", Err("must have a zone"));
    lexical("timestamptz", "2026-11-21T09:30:00 02:00", Err("%2B02:00"));
    check("time", "\"24:00:00\"", Ok("24:00:00"));
    check("time", "\"09:30:00Z\"", Err("must have no zone"));
    check("timetz", "\"09:30:00\"", Err("must have a zone"));
    check("timetz", "\"09:30:00-05:30\"", Ok("09:30:00-05:30"));
    check("interval", "\"P1Y2M3DT4H5M6.789S\"", Ok("+14 mons +3 days +04:05:06.789000"));
    check("interval", "\"1 day\"", Err("a duration such as"));
}

#[test]
fn arrays_ranges_and_rows_become_literals() {
    check(
        "text[]",
        r#"["a","b c","q\"","\\","",null,"NULL"]"#,
        Ok(r#"{a,"b c","q\"","\\","",NULL,"NULL"}"#),
    );
    check("int4[]", "[[1,2],[3,4]]", Ok("{{1,2},{3,4}}"));
    check("int4[]", "[]", Ok("{}"));
    check("int4[]", "[[1],[2,3]]", Err("one length and one depth"));
    check("int4[]", "[1,[2]]", Err("one length and one depth"));
    check("int4[]", "[[1],2]", Err("one length and one depth"));
    check("int4[]", "[[],[]]", Err("empty array inside"));
    check("int4[]", "[1,\"x\"]", Err("number 2, that must be a whole number, is a string"));
    check("int4[]", "[[[[[[[1]]]]]]]", Err("at most 6"));
    check("int4[]", "5", Err("must be an array, is a number"));
    check("json[]", "[[1,2],{\"a\":3}]", Ok(r#"{"[1,2]","{\"a\":3}"}"#));
    lexical("int4[]", "1,2", Ok("{1,2}"));
    lexical("text[]", "", Ok("{}"));
    check("int4range", r#"{"lower":1,"upper":5}"#, Ok(r#"["1","5")"#));
    check("int4range", r#"{"lower":null,"upper":5,"upperInclusive":true}"#, Ok(r#"[,"5"]"#));
    check("int4range", r#"{"empty":true}"#, Ok("empty"));
    check("int4range", r#"{"lower":5,"upper":1}"#, Err("`lower` above `upper`"));
    check("int4range", r#"{"lower":"a"}"#, Err("member `lower` that must be a whole number"));
    check("int4range", r#"{"lowwer":1}"#, Err("did you mean `lower`?"));
    check("int4range", "{}", Err("must have `lower`"));
    check("int4range", "[1,5]", Err("is an array"));
    lexical("daterange", "[2026-01-01,)", Ok(r#"["2026-01-01",)"#));
    lexical("int4range", "1..5", Err("such as `[1,5)`"));
    lexical("int4range", "ü", Err("such as `[1,5)`"));
    check("int4multirange", r#"[{"lower":1,"upper":2}]"#, Ok(r#"{["1","2")}"#));
    check("pair", r#"{"Some Name":"a\"\\","number":1}"#, Ok(r#"("1","a""\\")"#));
    check("pair", r#"{"number":null}"#, Ok("(,)"));
    check("pair", r#"{"some_name":"a"}"#, Err("did you mean `Some Name`?"));
    check("pair", r#"{"number":"1"}"#, Err("member `number` that must be a whole number"));
    lexical("pair", r#"{"number":1}"#, Ok(r#"("1",)"#));
}

#[test]
fn null_is_null_and_some_types_are_never_sent() {
    assert_eq!(encode(Dialect::Postgres, &Type::Int4, &Json::Null), Ok(Value::Null));
    assert_eq!(encode(Dialect::Postgres, &Type::Jsonb, &Json::Null), Ok(Value::Null));
    for ty in [Type::Void, Type::Dynamic, Type::Unsupported("point".to_owned())] {
        assert!(encode(Dialect::Postgres, &ty, &Json::Bool(true)).is_err(), "{ty:?}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_panics(
        at in 0..NAMES.len(),
        text in "\\PC{0,30}|[-+0-9TZ:.PYMWDHS,\\[\\]() /a-f]{0,40}",
    ) {
        for dialect in [Dialect::Postgres, Dialect::Sqlite] {
            let _ = encode(dialect, &named(NAMES[at]), &Json::Lexical(text.as_str().into()));
            let _ = encode(dialect, &named(NAMES[at]), &Json::String(text.as_str().into()));
        }
    }
}

const NAMES: &[&str] = &[
    "bool",
    "int4",
    "numeric",
    "numeric(5,2)",
    "float4",
    "float8",
    "varchar(3)",
    "bytea",
    "date",
    "time",
    "timetz",
    "timestamp",
    "timestamptz",
    "interval",
    "uuid",
    "jsonb",
    "inet",
    "cidr",
    "macaddr",
    "varbit",
    "mood",
    "int4[]",
    "tsrange",
    "int4range",
    "pair",
];
