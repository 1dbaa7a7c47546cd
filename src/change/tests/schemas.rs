//! Schemas, each change in both directions.

use serde_json::{Value, json};

use super::{Case, requests, responses};

/// Two schemas and what a request and an answer make of them.
fn both(before: &Value, after: &Value, request: &'static str, response: &'static str) -> [Case; 2] {
    [requests(before, after, request), responses(before, after, response)]
}

pub(super) fn cases() -> Vec<Case> {
    let all = [types(), values(), forms(), members(), others()];
    all.into_iter().flatten().flatten().collect()
}

fn types() -> Vec<[Case; 2]> {
    let one = |name: &str| json!({ "type": name });
    let (text, number, integer) = (one("string"), one("number"), one("integer"));
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let nullable = json!({ "type": ["string", "null"] });
    vec![
        both(
            &text,
            &one("boolean"),
            "breaking request-type-changed request: it was string, and is boolean",
            "breaking response-type-changed response 200: it was string, and is boolean",
        ),
        both(
            &number,
            &integer,
            "breaking request-type-narrowed request: it was number, and is integer",
            "safe response-type-narrowed response 200: it was number, and is integer",
        ),
        both(
            &integer,
            &number,
            "safe request-type-widened request: it was integer, and is number",
            "breaking response-type-widened response 200: it was integer, and is number",
        ),
        both(
            &text,
            &list,
            "breaking request-became-array request: it was string, and is array",
            "breaking response-became-array response 200: it was string, and is array",
        ),
        both(
            &list,
            &text,
            "breaking request-became-single request: it was array, and is string",
            "breaking response-became-single response 200: it was array, and is string",
        ),
        both(
            &text,
            &nullable,
            "safe request-null-taken request: `null` is a value now",
            "breaking response-null-added response 200: `null` is a value now",
        ),
        both(
            &nullable,
            &text,
            "breaking request-null-refused request: `null` is no longer a value",
            "safe response-null-removed response 200: `null` is no longer a value",
        ),
        // Two ways to say one thing.
        both(&nullable, &json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] }), "", ""),
    ]
}

fn values() -> Vec<[Case; 2]> {
    let of = |values: &[&str]| json!({ "type": "string", "enum": values });
    let any = json!({ "type": "string" });
    let constant = |value: &str| json!({ "type": "string", "const": value });
    vec![
        both(
            &of(&["A", "B"]),
            &of(&["A", "C"]),
            "breaking request-value-removed request: `\"B\"` is no longer a value
             safe request-value-added request: `\"C\"` is a new value",
            "safe response-value-removed response 200: `\"B\"` is no longer a value
             risky response-value-added response 200: `\"C\"` is a new value",
        ),
        both(
            &any,
            &of(&["A"]),
            "breaking request-values-closed request: only `\"A\"` is a value now, where any was",
            "safe response-values-closed response 200: only `\"A\"` is a value now, where any was",
        ),
        both(
            &of(&["A"]),
            &any,
            "safe request-values-opened request: any value is possible, where only `\"A\"` was",
            "risky response-values-opened response 200: any value is possible, where only `\"A\"` was",
        ),
        both(
            &constant("A"),
            &constant("B"),
            "breaking request-type-changed request: it was `\"A\"`, and is `\"B\"`",
            "breaking response-type-changed response 200: it was `\"A\"`, and is `\"B\"`",
        ),
        both(&constant("A"), &of(&["A"]), "", ""),
    ]
}

fn forms() -> Vec<[Case; 2]> {
    let whole = |format: &str| json!({ "type": "integer", "format": format });
    let text = |keyword: &str, value: Value| json!({ "type": "string", keyword: value });
    let plain = json!({ "type": "string" });
    vec![
        both(
            &whole("int64"),
            &whole("int32"),
            "breaking request-format-tightened request: its format was `int64`, and is `int32`",
            "safe response-format-tightened response 200: its format was `int64`, and is `int32`",
        ),
        both(
            &text("format", json!("date")),
            &plain,
            "safe request-format-loosened request: its format is no longer `date`",
            "risky response-format-loosened response 200: its format is no longer `date`",
        ),
        both(
            &text("format", json!("date")),
            &text("format", json!("date-time")),
            "breaking request-format-changed request: its format was `date`, and is `date-time`",
            "breaking response-format-changed response 200: its format was `date`, and is `date-time`",
        ),
        both(
            &plain,
            &text("pattern", json!("^a")),
            "breaking request-pattern-added request: it matches the pattern `^a` now",
            "safe response-pattern-added response 200: it matches the pattern `^a` now",
        ),
        both(
            &text("pattern", json!("^a")),
            &plain,
            "safe request-pattern-removed request: it no longer has to match the pattern `^a`",
            "risky response-pattern-removed response 200: it no longer has to match the pattern `^a`",
        ),
        both(
            &text("pattern", json!("^a")),
            &text("pattern", json!("^b")),
            "risky request-pattern-changed request: its pattern was `^a`, and is `^b`",
            "risky response-pattern-changed response 200: its pattern was `^a`, and is `^b`",
        ),
        both(
            &text("maxLength", json!(20)),
            &text("maxLength", json!(10)),
            "breaking request-limit-tightened request: its `maxLength` was 20, and is 10",
            "safe response-limit-tightened response 200: its `maxLength` was 20, and is 10",
        ),
        both(
            &json!({ "type": "integer", "minimum": 1 }),
            &json!({ "type": "integer", "exclusiveMinimum": 0 }),
            "safe request-limit-loosened request: its `minimum` was 1, and is 0 (exclusive)",
            "risky response-limit-loosened response 200: its `minimum` was 1, and is 0 (exclusive)",
        ),
        both(&text("minLength", json!(0)), &plain, "", ""),
    ]
}

fn object(members: &Value, required: &[&str], more: bool) -> Value {
    json!({ "type": "object", "properties": members, "required": required, "additionalProperties": more })
}

fn members() -> Vec<[Case; 2]> {
    let none = object(&json!({}), &[], false);
    let optional = object(&json!({ "a": {} }), &[], false);
    let required = object(&json!({ "a": {} }), &["a"], false);
    let deep =
        |ty: &str| json!({ "type": "array", "items": { "properties": { "a/b": { "type": ty } } } });
    vec![
        both(
            &none,
            &required,
            "breaking request-member-added-required request /a: the member `a` is new, and required",
            "safe response-member-added response 200 /a: the member `a` is new, and required",
        ),
        both(
            &none,
            &optional,
            "safe request-member-added request /a: the member `a` is new",
            "safe response-member-added response 200 /a: the member `a` is new",
        ),
        both(
            &optional,
            &none,
            "breaking request-member-removed request /a: the member `a` is gone",
            "breaking response-member-removed response 200 /a: the member `a` is gone",
        ),
        both(
            &object(&json!({ "a": {} }), &[], true),
            &object(&json!({}), &[], true),
            "risky request-member-ignored request /a: the member `a` is gone",
            "breaking response-member-removed response 200 /a: the member `a` is gone",
        ),
        both(
            &optional,
            &required,
            "breaking request-member-became-required request /a: the member `a` was optional, and is required",
            "safe response-member-became-required response 200 /a: the member `a` was optional, and is required",
        ),
        both(
            &required,
            &optional,
            "safe request-member-became-optional request /a: the member `a` was required, and is optional",
            "breaking response-member-became-optional response 200 /a: the member `a` was required, and is optional",
        ),
        both(
            &deep("string"),
            &deep("boolean"),
            "breaking request-type-changed request /*/a~1b: it was string, and is boolean",
            "breaking response-type-changed response 200 /*/a~1b: it was string, and is boolean",
        ),
    ]
}

fn others() -> Vec<[Case; 2]> {
    let (open, closed) = (object(&json!({}), &[], true), object(&json!({}), &[], false));
    let typed = |name: &str| json!({ "type": "object", "additionalProperties": { "type": name } });
    let one_of = |names: &[&str]| {
        let each: Vec<Value> = names.iter().map(|name| json!({ "required": [name] })).collect();
        json!({ "type": "object", "oneOf": each })
    };
    let free = json!({ "type": "object" });
    let step = |of: u32| json!({ "type": "integer", "multipleOf": of });
    vec![
        both(
            &open,
            &closed,
            "breaking request-others-refused request: members it does not name are no longer possible",
            "safe response-others-removed response 200: members it does not name are no longer possible",
        ),
        both(
            &closed,
            &open,
            "safe request-others-taken request: members it does not name are possible now",
            "risky response-others-added response 200: members it does not name are possible now",
        ),
        both(
            &typed("string"),
            &typed("boolean"),
            "breaking request-type-changed request /*: it was string, and is boolean",
            "breaking response-type-changed response 200 /*: it was string, and is boolean",
        ),
        both(
            &free,
            &one_of(&["a", "b"]),
            "breaking request-choice-tightened request: members now exclude or demand one another: `oneOf {\"required\":[\"a\"]} {\"required\":[\"b\"]}`",
            "safe response-choice-tightened response 200: members now exclude or demand one another: `oneOf {\"required\":[\"a\"]} {\"required\":[\"b\"]}`",
        ),
        both(
            &one_of(&["a", "b"]),
            &free,
            "safe request-choice-loosened request: members no longer exclude or demand one another: `oneOf {\"required\":[\"a\"]} {\"required\":[\"b\"]}`",
            "risky response-choice-loosened response 200: members no longer exclude or demand one another: `oneOf {\"required\":[\"a\"]} {\"required\":[\"b\"]}`",
        ),
        both(
            &one_of(&["a", "b"]),
            &one_of(&["a", "b", "c"]),
            "safe request-choice-loosened request: members may be combined in more ways",
            "risky response-choice-loosened response 200: members may be combined in more ways",
        ),
        both(
            &one_of(&["a", "b"]),
            &one_of(&["a"]),
            "breaking request-choice-tightened request: members may be combined in fewer ways",
            "safe response-choice-tightened response 200: members may be combined in fewer ways",
        ),
        both(
            &one_of(&["a", "b"]),
            &one_of(&["a", "c"]),
            "risky choice-changed request: members exclude or demand one another in another way",
            "risky choice-changed response 200: members exclude or demand one another in another way",
        ),
        both(
            &step(2),
            &step(3),
            "risky keyword-changed request: the keyword `multipleOf` was `2`, and is `3`",
            "risky keyword-changed response 200: the keyword `multipleOf` was `2`, and is `3`",
        ),
    ]
}
