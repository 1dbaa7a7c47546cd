//! Cells that no honest database sends.

use proptest::prelude::*;

use super::types::named;
use super::written;
use crate::sql::{Cell, Form, Type};

fn check(name: &str, bytes: &[u8], expected: Result<&str, &str>) {
    let got = written(&named(name), Form::Plain, Cell::Binary(bytes));
    match expected {
        Ok(json) => assert_eq!(got.as_deref(), Ok(json), "{name}"),
        Err(part) => {
            let error = got.unwrap_err();
            assert!(error.contains(part), "{name}: {error}");
        }
    }
}

#[test]
fn a_cell_that_is_not_of_its_type_is_an_error() {
    check("int4", &[0, 0, 1], Err("3 bytes, its type 4"));
    check("bool", &[2], Err("neither 0 nor 1"));
    check("text", &[b'a', 0xff], Err("not UTF-8 at byte 1"));
    check("time", &(-1_i64).to_be_bytes(), Err("not within a day"));
    check("jsonb", &[2, b'1'], Err("version 1"));
    check("inet", &[2, 33, 0, 4, 1, 2, 3, 4], Err("more bits"));
    check("inet", &[2, 32, 0, 4, 1, 2, 3], Err("too early"));
    check("varbit", &[0x7f, 0xff, 0xff, 0xff, 1], Err("too early"));
    check("varbit", &[0xff, 0xff, 0xff, 0xff], Err("negative"));
    let unsupported = Type::Unsupported("point".to_owned());
    assert!(written(&unsupported, Form::Plain, Cell::Binary(&[])).is_err());
    assert!(written(&Type::Dynamic, Form::Plain, Cell::Binary(&[])).is_err());
}

#[test]
fn a_numeric_is_a_json_number_whatever_its_groups_are() {
    // Groups that are zero in front, which PostgreSQL never sends.
    check("numeric", &[0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7], Ok("7"));
    check("numeric", &[0, 0, 0, 2, 0, 0, 0, 0], Ok("0"));
    check("numeric", &[0, 1, 0, 0, 0, 0, 0, 0, 0x27, 0x10], Err("above 9999"));
    check("numeric", &[0, 2, 0, 0, 0, 0, 0, 0, 0, 1], Err("as many digits"));
    check("numeric", &[0, 1, 0, 0, 0, 1, 0, 0, 0, 1], Err("sign"));
    check("numeric", &[0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 9], Err("half a group"));
}

#[test]
fn counts_are_not_believed() {
    let array = |dimensions: &[i32]| {
        let mut bytes = Vec::new();
        bytes.extend(i32::try_from(dimensions.len()).unwrap().to_be_bytes());
        bytes.extend([0; 8]);
        for size in dimensions {
            bytes.extend(size.to_be_bytes());
            bytes.extend([0, 0, 0, 1]);
        }
        bytes
    };
    check("int4[]", &array(&[i32::MAX]), Err("fewer items"));
    check("int4[]", &array(&[i32::MAX; 6]), Err("no such size"));
    check("int4[]", &array(&[1; 7]), Err("more than 6"));
    check("int4[]", &array(&[-1]), Err("negative"));
    check("int4[]", &array(&[0, 5]), Ok("[]"));
    check("int4multirange", &[0x7f, 0xff, 0xff, 0xff], Err("too early"));
    check("pair", &[0, 0, 0, 1], Err("as many fields"));
}

#[test]
fn types_without_end_are_an_error() {
    let mut ty = Type::Int4;
    let mut bytes = vec![0, 0, 0, 1];
    for _ in 0..40 {
        ty = Type::Range(Box::new(ty));
        let length = i32::try_from(bytes.len()).unwrap().to_be_bytes();
        bytes = [&[0x10][..], &length, &bytes].concat();
    }
    let error = written(&ty, Form::Plain, Cell::Binary(&bytes)).unwrap_err();
    assert!(error.contains("nested too deeply"), "{error}");
}

const NAMES: &[&str] = &[
    "bool",
    "int2",
    "int4",
    "int8",
    "oid",
    "numeric",
    "float4",
    "float8",
    "text",
    "bpchar(4)",
    "bytea",
    "date",
    "time",
    "timetz",
    "timestamp",
    "timestamptz",
    "interval",
    "uuid",
    "json",
    "jsonb",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "varbit",
    "mood",
    "int4[]",
    "text[]",
    "numeric[]",
    "int4range",
    "tstzrange",
    "int4multirange",
    "pair",
    "outer_row",
];

proptest! {
    #[test]
    fn no_bytes_panic_and_what_is_written_is_json(
        at in 0..NAMES.len(),
        bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..40),
            proptest::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(2), Just(4), Just(255)], 0..60),
        ],
        form in prop_oneof![Just(Form::Plain), Just(Form::String), Just(Form::Hex)],
    ) {
        let ty = named(NAMES[at]);
        // Whether text of `json` is JSON, PostgreSQL has made sure of.
        let is_raw = matches!(ty, Type::Json | Type::Jsonb);
        if let Ok(text) = written(&ty, form, Cell::Binary(&bytes)) {
            let parsed = serde_json::from_str::<&serde_json::value::RawValue>(&text);
            prop_assert!(is_raw || parsed.is_ok(), "{} {}", NAMES[at], text);
        }
    }
}
