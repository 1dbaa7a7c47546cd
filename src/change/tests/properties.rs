//! What holds for any two documents.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{document, lines};

/// Schemas with references to four components, which may lead in a circle.
fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        prop_oneof!["string", "integer", "boolean"].prop_map(|name| json!({ "type": name })),
        (1_u32..9).prop_map(|n| json!({ "type": "string", "maxLength": n })),
        prop::sample::subsequence(vec!["A", "B", "C"], 1..3).prop_map(|v| json!({ "enum": v })),
        (0_usize..4).prop_map(|n| json!({ "$ref": format!("#/components/schemas/C{n}") })),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            prop::collection::btree_map("[a-d]", inner.clone(), 0..3).prop_map(|members| {
                let required: Vec<String> = members.keys().take(1).cloned().collect();
                json!({ "type": "object", "properties": members, "required": required })
            }),
            inner.clone().prop_map(|item| json!({ "type": "array", "items": item })),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({ "allOf": [a, b] })),
            inner.clone().prop_map(|kind| json!({ "anyOf": [kind, { "type": "null" }] })),
            (inner.clone(), inner).prop_map(|(a, b)| json!({ "oneOf": [a, b] })),
        ]
    })
}

/// Without references that lead back to where they are before any member: no value has such
/// a schema.
fn grounded(schema: Value, at: usize) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let is_ahead = reference.as_bytes().last().is_some_and(|n| usize::from(n - b'0') > at);
        return if is_ahead { schema } else { json!({ "type": "string" }) };
    }
    let Value::Object(mut keywords) = schema else { return schema };
    for word in ["allOf", "anyOf", "oneOf"] {
        if let Some(Value::Array(items)) = keywords.get_mut(word) {
            let each = std::mem::take(items).into_iter();
            *items = each.map(|item| grounded(item, at)).collect();
        }
    }
    Value::Object(keywords)
}

fn any_document() -> impl Strategy<Value = Value> {
    (prop::collection::vec(schema(), 6)).prop_map(|mut schemas| {
        let content =
            |schema: Value| json!({ "content": { "application/json": { "schema": schema } } });
        let answer = content(schemas.pop().unwrap_or_default());
        let operation = json!({
            "requestBody": content(schemas.pop().unwrap_or_default()),
            "responses": { "200": answer },
        });
        let named = schemas.into_iter().enumerate();
        let named = named.map(|(n, schema)| (format!("C{n}"), grounded(schema, n)));
        document(&operation, &json!({ "schemas": Value::Object(named.collect()) }))
    })
}

/// The same with every component under another name, and every object's members backwards.
fn rewritten(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let rename = |name: &str| {
                if name.starts_with('C') { format!("Renamed{name}") } else { name.to_owned() }
            };
            let members =
                members.iter().rev().map(|(name, value)| (rename(name), rewritten(value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(rewritten).collect(),
        Value::String(text) => text.replace("schemas/C", "schemas/RenamedC").into(),
        scalar => scalar.clone(),
    }
}

/// The same with every reference that leads in no circle replaced by what it means.
fn inlined(value: &Value, root: &Value, depth: u32) -> Value {
    if let Some(reference) = value["$ref"].as_str().filter(|_| depth < 3) {
        let target = root.pointer(&reference[1..]).unwrap_or(&Value::Null);
        return inlined(target, root, depth + 1);
    }
    match value {
        Value::Object(members) => {
            let members =
                members.iter().map(|(name, value)| (name.clone(), inlined(value, root, depth)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(|item| inlined(item, root, depth)).collect(),
        scalar => scalar.clone(),
    }
}

proptest! {
    #[test]
    fn a_document_does_not_differ_from_itself(document in any_document()) {
        prop_assert_eq!(lines(&document, &document.clone()), Vec::<String>::new());
    }

    #[test]
    fn names_of_components_and_the_order_of_members_do_not_matter(document in any_document()) {
        prop_assert_eq!(lines(&document, &rewritten(&document)), Vec::<String>::new());
    }

    #[test]
    fn what_is_inlined_does_not_differ(document in any_document()) {
        let inlined = inlined(&document, &document, 0);
        prop_assert_eq!(lines(&document, &inlined), Vec::<String>::new());
        prop_assert_eq!(lines(&inlined, &document), Vec::<String>::new());
    }

    #[test]
    fn a_change_is_seen_both_ways_round(before in any_document(), after in any_document()) {
        let there = lines(&before, &after);
        let back = lines(&after, &before);
        prop_assert_eq!(there.is_empty(), back.is_empty(), "{:?} {:?}", there, back);
    }
}
