//! Schemas and examples of a database's types.

use serde_json::Value;

use crate::codec::{Json, JsonLimits, parse_json};
use crate::openapi::sql::{Place, example, value};
use crate::sql::tests::golden::{Case, cases};
use crate::sql::tests::types::named;
use crate::sql::{Dialect, Form, Type, encode};

fn schema(ty: &Type, place: Place) -> Value {
    serde_json::to_value(value(ty, place)).unwrap()
}

fn is_valid(schema: &Value, json: &Value) -> bool {
    jsonschema::validator_for(schema).expect("a schema").is_valid(json)
}

#[test]
fn types_say_what_they_take_and_give() {
    let check = |name: &str, place, expected: &str| {
        let schema = serde_json::to_string(&value(&named(name), place)).unwrap();
        assert_eq!(schema, expected, "{name}");
    };
    let plain = Place::Answer(Form::Plain);
    let string = Place::Answer(Form::String);
    check("int2", plain, r#"{"type":"integer","format":"int32","maximum":32767,"minimum":-32768}"#);
    check("int8", plain, r#"{"type":"integer","format":"int64"}"#);
    check("int8", string, r#"{"type":"string","pattern":"^-?[0-9]+$"}"#);
    check(
        "numeric(12,3)",
        plain,
        r#"{"type":"number","description":"At most 12 digits, 3 of them behind the point."}"#,
    );
    check(
        "numeric",
        string,
        r#"{"type":"string","format":"decimal","pattern":"^(-?[0-9]+(\\.[0-9]+)?|NaN|-?Infinity)$"}"#,
    );
    check("varchar(5)", plain, r#"{"type":"string","maxLength":5}"#);
    check("mood", plain, r#"{"type":"string","enum":["sad","so-so","it\"s"]}"#);
    check("date", plain, r#"{"type":"string","format":"date"}"#);
    check("timestamptz", plain, r#"{"type":"string","format":"date-time"}"#);
    check("uuid", plain, r#"{"type":"string","format":"uuid"}"#);
    check("bytea", plain, r#"{"type":"string","contentEncoding":"base64"}"#);
    check(
        "int4[]",
        plain,
        r#"{"type":"array","items":{"type":["integer","null"],"format":"int32"}}"#,
    );
    check(
        "pair",
        Place::Body,
        r#"{"type":"object","properties":{"number":{"type":["integer","null"],"format":"int32"},"Some Name":{"type":["string","null"]}},"additionalProperties":false}"#,
    );
}

#[test]
fn what_is_written_is_what_the_schema_says() {
    for Case { name, ty, json, string, .. } in cases() {
        for (form, text) in [(Form::Plain, json), (Form::String, string)] {
            let schema = schema(&ty, Place::Answer(form));
            let value: Value = match serde_json::from_str(text) {
                Ok(value) => value,
                // A number beyond serde's doubles.
                Err(_) => continue,
            };
            let takes_null = schema["type"].as_array().is_some_and(|t| t.contains(&"null".into()));
            // Not a number, an infinite date: see the room's choices.
            if value.is_null() && !takes_null {
                assert!(matches!(name, "numeric" | "date" | "timestamp" | "timestamptz" | "json"));
                continue;
            }
            // One schema cannot say every number of dimensions.
            let nested = text.starts_with("[[") && name == "int4[]";
            assert!(nested || is_valid(&schema, &value), "{name}: {text} is not {schema}");
        }
    }
}

#[test]
fn what_is_taken_back_is_what_the_schema_says() {
    for Case { name, ty, json, is_taken_back, .. } in cases() {
        let Ok(value) = serde_json::from_str::<Value>(json) else { continue };
        let nested = json.starts_with("[[") && name == "int4[]";
        if is_taken_back && !nested {
            let schema = schema(&ty, Place::Body);
            assert!(is_valid(&schema, &value), "{name}: {json} is not {schema}");
        }
    }
}

#[test]
fn an_example_is_valid_and_is_taken() {
    let names = cases().into_iter().map(|case| case.name);
    let extra = ["numeric(1,1)", "numeric(2,1)", "numeric(2,2)", "varchar(1)", "varchar(3)"];
    for name in names.chain(extra) {
        let ty = named(name);
        let forms = [Form::Plain, Form::String, Form::Base64Url, Form::Hex];
        let places = forms.map(Place::Answer).into_iter().chain([Place::Body]);
        for place in places {
            let example = example(&ty, place).unwrap();
            let schema = schema(&ty, place);
            assert!(is_valid(&schema, &example), "{name} {place:?}: {example} is not {schema}");
        }
        let text = example(&ty, Place::Body).unwrap().to_string();
        let json: Json<'_> = parse_json(&text, JsonLimits::default()).unwrap();
        let taken = encode(Dialect::Postgres, &ty, &json);
        assert!(taken.is_ok(), "{name}: {text} {taken:?}");
    }
}
