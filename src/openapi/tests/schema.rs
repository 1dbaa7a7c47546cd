//! Schemas of types.

use serde_json::Value;

use super::contract::*;
use crate::codec::Numbers;
use crate::openapi::component::{Components, Root};
use crate::openapi::example::example;
use crate::openapi::names::Side;
use crate::xsd::*;

/// Components and the schema of one element, as requests and as answers have it. Examples
/// of both are checked against them.
fn written(schema: &Schema, id: ElementId, numbers: Numbers, side: Side) -> String {
    let (graph, children) = schema.graph(&[id], numbers);
    let graph = std::sync::Arc::new(graph);
    let root = |side| Root { graph: &graph, node: children[0].node, side, version: 0 };
    let components = Components::survey(&[root(Side::Input), root(Side::Output)], &[]);
    let schemas: serde_json::Map<String, Value> = components
        .schemas()
        .into_iter()
        .map(|(name, schema)| (name, serde_json::to_value(schema).unwrap()))
        .collect();
    for side in [Side::Input, Side::Output] {
        let value = components.of(&graph, side).value(children[0].node);
        let mut whole = serde_json::json!({ "allOf": [value] });
        whole["components"] = serde_json::json!({ "schemas": schemas });
        let example = example(&graph, children[0].node, side).expect("an example");
        let validator = jsonschema::validator_for(&whole).unwrap();
        let errors: Vec<String> = validator.iter_errors(&example).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{side:?} {example}: {errors:?}");
    }
    let value = serde_json::to_value(components.of(&graph, side).value(children[0].node)).unwrap();
    let mut all = schemas;
    if value.get("$ref").is_none() {
        all.insert("(value)".to_owned(), value);
    }
    let lines: Vec<String> = all.iter().map(|(name, schema)| format!("{name}: {schema}")).collect();
    lines.join("\n")
}

fn output(schema: &Schema, id: ElementId) -> String {
    written(schema, id, Numbers::Exact, Side::Output)
}

/// The schema of one simple type.
fn simple(builtin: Builtin, given: Facets, numbers: Numbers) -> String {
    let mut schema = Schema::default();
    let is_plain = format!("{given:?}") == format!("{:?}", Facets::default());
    let ty = if is_plain {
        schema.builtin(builtin)
    } else {
        schema.simple("", Variety::Atomic(builtin), given)
    };
    let id = schema.element("x", ty);
    let text = written(&schema, id, numbers, Side::Output);
    text.trim_start_matches("(value): ").trim_end().to_owned()
}

#[test]
fn simple_types_say_no_more_than_is_true() {
    let check = |builtin, given: Facets, expected: &str| {
        assert_eq!(simple(builtin, given, Numbers::Exact), expected);
    };
    let none = Facets::default;
    check(Builtin::Int, none(), r#"{"type":"integer","format":"int32"}"#);
    check(
        Builtin::UnsignedByte,
        none(),
        r#"{"type":"integer","format":"int32","maximum":255,"minimum":0}"#,
    );
    check(Builtin::UnsignedLong, none(), r#"{"type":"integer","minimum":0}"#);
    check(
        Builtin::Double,
        none(),
        r#"{"type":["number","null"],"format":"double","description":"`null` stands for what is no finite number."}"#,
    );
    check(Builtin::AnyUri, none(), r#"{"type":"string","format":"uri-reference"}"#);
    check(
        Builtin::Decimal,
        facets(|f| {
            f.min_exclusive = Some("0".into());
            f.max_inclusive = Some("99999999999999999999.99".into());
            f.fraction_digits = Some(2);
        }),
        r#"{"type":"number","description":"At most 99999999999999999999.99. At most 2 digits after the point.","exclusiveMinimum":0}"#,
    );
    check(
        Builtin::Date,
        none(),
        r#"{"type":"string","examples":["2026-11-21"],"pattern":"^-?\\d{4,}-\\d{2}-\\d{2}(Z|[+\\-]\\d{2}:\\d{2})?$"}"#,
    );
    check(
        Builtin::Base64Binary,
        facets(|f| f.max_length = Some(16)),
        r#"{"type":"string","description":"At most 16 bytes.","contentEncoding":"base64"}"#,
    );
    check(
        Builtin::String,
        facets(|f| {
            f.patterns = vec![vec!["[A-Z]{2}".into()]];
            f.length = Some(2);
        }),
        r#"{"type":"string","maxLength":2,"minLength":2,"pattern":"^(?:[A-Z]{2})$"}"#,
    );
    check(
        Builtin::Int,
        facets(|f| f.enumeration = vec!["1".into(), "02".into(), "2".into()]),
        r#"{"type":"integer","format":"int32","enum":[1,2]}"#,
    );
}

#[test]
fn large_numbers_are_strings_where_the_policy_says_so() {
    let check = |builtin, expected: &str| {
        assert_eq!(simple(builtin, Facets::default(), Numbers::String), expected);
    };
    check(Builtin::Int, r#"{"type":"integer","format":"int32"}"#);
    check(Builtin::Long, r#"{"type":"string","pattern":"^-?[0-9]+$"}"#);
    check(
        Builtin::Decimal,
        r#"{"type":"string","format":"decimal","pattern":"^-?[0-9]+(\\.[0-9]+)?$"}"#,
    );
}

#[test]
fn only_what_differs_between_request_and_answer_is_written_twice() {
    let mut s = Schema::default();
    let city = s.string("City");
    let address = s.sequence("Address", vec![one(city)]);
    let tag = s.string("Tag");
    let address = s.element("ShipTo", address);
    let order = s.sequence("Order", vec![one(address), occurs(tag, 0, None)]);
    let root = s.element("Order", order);
    insta::assert_snapshot!(output(&s, root), @r##"
    Address: {"type":"object","required":["city"],"properties":{"city":{"type":"string"}},"additionalProperties":false}
    Order: {"type":"object","required":["shipTo","tag"],"properties":{"shipTo":{"$ref":"#/components/schemas/Address"},"tag":{"type":"array","items":{"type":"string"}}}}
    OrderInput: {"type":"object","required":["shipTo"],"properties":{"shipTo":{"$ref":"#/components/schemas/Address"},"tag":{"type":"array","items":{"type":"string"}}},"additionalProperties":false}
    "##);
}

#[test]
fn recursion_goes_through_references() {
    let mut s = Schema::default();
    let named = s.complex("Category");
    let parent = s.element("Parent", named);
    s.fill(named, |c| {
        c.content = Content::Particles(group(Term::Sequence(vec![occurs(parent, 0, Some(1))])));
    });
    let anonymous = s.complex("");
    let node = s.element("treeNode", anonymous);
    let category = s.element("Category", named);
    s.fill(anonymous, |c| {
        let inner = vec![occurs(node, 0, Some(2)), one(category)];
        c.content = Content::Particles(group(Term::Sequence(inner)));
    });
    insta::assert_snapshot!(output(&s, node), @r##"
    Category: {"type":"object","properties":{"parent":{"$ref":"#/components/schemas/Category"}},"additionalProperties":false}
    TreeNode: {"type":"object","required":["treeNode","category"],"properties":{"treeNode":{"type":"array","items":{"$ref":"#/components/schemas/TreeNode"},"maxItems":2},"category":{"$ref":"#/components/schemas/Category"}}}
    TreeNodeInput: {"type":"object","required":["category"],"properties":{"treeNode":{"type":"array","items":{"$ref":"#/components/schemas/TreeNodeInput"},"maxItems":2},"category":{"$ref":"#/components/schemas/Category"}},"additionalProperties":false}
    "##);
}

#[test]
fn a_choice_of_elements_is_one_of_what_is_required() {
    let mut s = Schema::default();
    let [email, phone, id] = ["Email", "Phone", "Id"].map(|name| s.string(name));
    let [x, y, z] = ["X", "Y", "Z"].map(|name| s.string(name));
    let pair = group(Term::Sequence(vec![one(x), one(y)]));
    let mut second = group(Term::Choice(vec![pair, one(z)]));
    second.occurs.min = 0;
    let first = group(Term::Choice(vec![one(email), one(phone)]));
    let contact = s.sequence("Contact", vec![one(id), first, second]);
    let root = s.element("Contact", contact);
    insta::assert_snapshot!(output(&s, root), @r##"Contact: {"type":"object","required":["id"],"properties":{"id":{"type":"string"},"email":{"type":"string"},"phone":{"type":"string"},"x":{"type":"string"},"y":{"type":"string"},"z":{"type":"string"}},"additionalProperties":false,"allOf":[{"oneOf":[{"required":["email"]},{"required":["phone"]}]},{"oneOf":[{"required":["x","y"],"not":{"anyOf":[{"required":["z"]}]}},{"required":["z"],"not":{"anyOf":[{"required":["x"]},{"required":["y"]}]}},{"not":{"anyOf":[{"required":["x"]},{"required":["y"]},{"required":["z"]}]}}]}]}"##);
}

#[test]
fn alternatives_are_told_apart_by_a_discriminator() {
    let mut s = Schema::default();
    let [amount, pan] = ["Amount", "Pan"].map(|name| s.string(name));
    let base = s.sequence("Payment", vec![one(amount)]);
    let card = s.sequence("CardPayment", vec![one(amount), one(pan)]);
    s.set.derived.insert(base, vec![card]);
    let root = s.element("Payment", base);
    insta::assert_snapshot!(written(&s, root, Numbers::Exact, Side::Input), @r##"
    CardPayment: {"type":"object","required":["type","amount","pan"],"properties":{"type":{"type":"string","const":"CardPayment"},"amount":{"type":"string"},"pan":{"type":"string"}},"additionalProperties":false}
    Payment: {"oneOf":[{"$ref":"#/components/schemas/PaymentVariant"},{"$ref":"#/components/schemas/CardPayment"}],"discriminator":{"propertyName":"type","mapping":{"CardPayment":"#/components/schemas/CardPayment","Payment":"#/components/schemas/PaymentVariant"}}}
    PaymentInput: {"oneOf":[{"$ref":"#/components/schemas/PaymentVariantInput"},{"$ref":"#/components/schemas/CardPayment"}],"discriminator":{"propertyName":"type","mapping":{"CardPayment":"#/components/schemas/CardPayment","Payment":"#/components/schemas/PaymentVariantInput"}}}
    PaymentVariant: {"type":"object","required":["type","amount"],"properties":{"type":{"type":"string","const":"Payment"},"amount":{"type":"string"}}}
    PaymentVariantInput: {"type":"object","required":["amount"],"properties":{"type":{"type":"string","const":"Payment"},"amount":{"type":"string"}},"additionalProperties":false}
    "##);
}

#[test]
fn substitutes_are_told_apart_by_their_element() {
    let mut s = Schema::default();
    let text = s.string("Note");
    let number = s.builtin(Builtin::Int);
    let code = s.element("CodeNote", number);
    s.set.substitutes.insert(text, vec![code]);
    let order = s.sequence("Order", vec![occurs(text, 1, None)]);
    let root = s.element("Order", order);
    insta::assert_snapshot!(written(&s, root, Numbers::Exact, Side::Input), @r##"
    CodeNote: {"type":"object","required":["type","value"],"properties":{"type":{"type":"string","const":"codeNote"},"value":{"type":"integer","format":"int32"}},"additionalProperties":false}
    Note: {"type":"object","required":["type","value"],"properties":{"type":{"type":"string","const":"note"},"value":{"type":"string"}}}
    NoteInput: {"type":"object","required":["value"],"properties":{"type":{"type":"string","const":"note"},"value":{"type":"string"}},"additionalProperties":false}
    (value): {"type":"array","items":{"oneOf":[{"$ref":"#/components/schemas/NoteInput"},{"$ref":"#/components/schemas/CodeNote"}],"discriminator":{"propertyName":"type","mapping":{"codeNote":"#/components/schemas/CodeNote","note":"#/components/schemas/NoteInput"}}},"minItems":1}
    "##);
}

#[test]
fn a_group_whose_order_matters_is_an_array_of_objects_with_one_member() {
    let mut s = Schema::default();
    let [a, b] = ["Debit", "Credit"].map(|name| s.string(name));
    let mut choice = group(Term::Choice(vec![one(a), one(b)]));
    choice.occurs = Occurs { min: 0, max: None };
    let journal = s.complex("Journal");
    s.fill(journal, |c| c.content = Content::Particles(choice));
    let root = s.element("Journal", journal);
    insta::assert_snapshot!(output(&s, root), @r##"
    Journal: {"type":"object","required":["choice"],"properties":{"choice":{"type":"array","items":{"type":"object","properties":{"debit":{"type":"string"},"credit":{"type":"string"}},"maxProperties":1,"minProperties":1}}}}
    JournalInput: {"type":"object","properties":{"choice":{"type":"array","items":{"type":"object","properties":{"debit":{"type":"string"},"credit":{"type":"string"}},"additionalProperties":false,"maxProperties":1,"minProperties":1}}},"additionalProperties":false}
    "##);
}

#[test]
fn attributes_text_nil_fixed_and_default_are_said() {
    let mut s = Schema::default();
    let decimal = s.builtin(Builtin::Decimal);
    let string = s.builtin(Builtin::String);
    let amount = s.complex("Amount");
    let currency = AttributeUse { default: Some("EUR".into()), ..attribute("currency", string) };
    let unit = AttributeUse { fixed: Some("cent".into()), ..attribute("unit", string) };
    s.fill(amount, |c| {
        c.content = Content::Simple(decimal);
        c.attributes = vec![currency, unit];
        c.documentation = Some("What it costs.".into());
    });
    let price = s.element("Price", amount);
    let note = s.string("Note");
    s.set.elements[note.0 as usize].default = Some("none".into());
    for id in [price, note] {
        s.set.elements[id.0 as usize].nillable = true;
    }
    let item = s.sequence("Item", vec![one(price), one(note)]);
    let root = s.element("Item", item);
    insta::assert_snapshot!(output(&s, root), @r##"
    Amount: {"type":"object","description":"What it costs.","required":["value"],"properties":{"currency":{"type":"string","default":"EUR"},"unit":{"type":"string","const":"cent"},"value":{"type":["number","null"]}},"additionalProperties":false}
    Item: {"type":"object","required":["price","note"],"properties":{"price":{"anyOf":[{"$ref":"#/components/schemas/Amount"},{"type":"null"}]},"note":{"type":["string","null"],"description":"Empty, it means `none`."}},"additionalProperties":false}
    "##);
}
