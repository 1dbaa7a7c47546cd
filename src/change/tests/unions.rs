//! Several kinds of value.

use serde_json::{Value, json};

use super::{Case, document};

/// Kinds told apart by `kind`, each with a member of its own.
fn union(discriminator: &str, kinds: &[(&str, &str)]) -> (Value, Value) {
    let (mut items, mut mapping, mut schemas) = (Vec::new(), json!({}), json!({}));
    for (label, member) in kinds {
        let reference = format!("#/components/schemas/{label}Type");
        items.push(json!({ "$ref": reference }));
        mapping[label] = Value::from(reference);
        schemas[format!("{label}Type")] = json!({
            "type": "object",
            "properties": { discriminator: { "const": label }, (*member): { "type": "string" } },
            "required": [discriminator],
        });
    }
    let discriminator = json!({ "propertyName": discriminator, "mapping": mapping });
    (json!({ "oneOf": items, "discriminator": discriminator }), json!({ "schemas": schemas }))
}

fn body((schema, components): (Value, Value)) -> Value {
    let content = json!({ "content": { "application/json": { "schema": schema } } });
    document(&json!({ "requestBody": content }), &components)
}

fn answer((schema, components): (Value, Value)) -> Value {
    let content = json!({ "content": { "application/json": { "schema": schema } } });
    document(&json!({ "responses": { "200": content } }), &components)
}

pub(super) fn cases() -> Vec<Case> {
    let one = || union("kind", &[("Cash", "sum")]);
    let two = || union("kind", &[("Cash", "sum"), ("Card", "pan")]);
    let case = |before, after, expected| Case { before, after, expected };
    let plain = || {
        let (_, components) = one();
        (json!({ "$ref": "#/components/schemas/CashType" }), components)
    };
    let loose = |names: &[&str]| {
        let each: Vec<Value> = names
            .iter()
            .map(
                |name| json!({ "type": "object", "properties": { *name: {} }, "required": [name] }),
            )
            .collect();
        (json!({ "anyOf": each }), json!({}))
    };
    vec![
        case(
            body(one()),
            body(two()),
            "safe request-alternative-added request: `Card` is a new kind of value",
        ),
        case(
            body(two()),
            body(one()),
            "breaking request-alternative-removed request: `Card` is no longer a kind of value",
        ),
        case(
            answer(one()),
            answer(two()),
            "breaking response-alternative-added response 200: `Card` is a new kind of value",
        ),
        case(
            answer(two()),
            answer(one()),
            "safe response-alternative-removed response 200: `Card` is no longer a kind of value",
        ),
        // A type that was the only one is one of several now.
        case(
            answer(plain()),
            answer(two()),
            "breaking response-alternative-added response 200: `Card` is a new kind of value",
        ),
        case(
            answer(two()),
            answer(plain()),
            "safe response-alternative-removed response 200: `Card` is no longer a kind of value",
        ),
        case(
            answer(two()),
            answer(union("kind", &[("Cash", "sum"), ("Card", "number")])),
            "breaking response-member-removed response 200 (Card)/pan: the member `pan` is gone
             safe response-member-added response 200 (Card)/number: the member `number` is new",
        ),
        case(
            answer(one()),
            answer(union("type", &[("Cash", "sum")])),
            "breaking discriminator-changed response 200: `kind` told the kinds of value apart, and `type` does
             breaking response-member-removed response 200 (Cash)/kind: the member `kind` is gone
             safe response-member-added response 200 (Cash)/type: the member `type` is new, and required",
        ),
        // Without labels, kinds are paired by what they are.
        case(answer(loose(&["a", "b"])), answer(loose(&["b", "a"])), ""),
        case(
            answer(loose(&["a", "b"])),
            answer(loose(&["a", "c"])),
            "safe response-alternative-removed response 200: `object` is no longer a kind of value
             breaking response-alternative-added response 200: `object` is a new kind of value",
        ),
    ]
}
