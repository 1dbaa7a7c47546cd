//! What holds of every two answers under every rule.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value};

use super::tests::{ok, rule};
use super::*;

fn value() -> impl Strategy<Value = Value> {
    let texts = select(vec!["", "a", "1", "1.0", "2026-01-01", "2026-01-01Z", "ä\u{1f600}"]);
    let numbers = select(vec!["0.10", "1e2", "100", "9007199254740993", "9007199254740992.0"]);
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i64..3).prop_map(Value::from),
        texts.prop_map(Value::from),
        // Spelled by the test itself: serde_json would make doubles of them.
        numbers.prop_map(|digits| Value::from(format!("\u{0}{digits}"))),
    ];
    scalar.prop_recursive(4, 24, 4, |inner| {
        let names = select(vec!["a", "b", "id", "c.d"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names, inner, 0..4).prop_map(|members| {
                let members = members.into_iter().map(|(name, value)| (name.to_owned(), value));
                Value::Object(members.collect::<Map<_, _>>())
            }),
        ]
    })
}

/// As JSON, numbers with all their digits.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => {
            text.strip_prefix('\0').map_or_else(|| value.to_string(), str::to_owned)
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(","))
        }
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| format!("{name:?}:{}", text(value));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

const RULES: &[&str] = &[
    "ignore",
    "critical",
    "unordered",
    "by id",
    "within 0.01",
    "within 1",
    "decimal across types",
    "time",
    "time without zone",
    "text",
    "nullish",
    "nullish, empty too",
    "one or many",
    "map O=OPEN",
    "bijection",
    "shape [0-9]+",
];

fn rules() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let paths = vec!["$", "a", "b", "*", "**", "a.id", "a[*]", "[*]", "[*].id", "*.b", "**.id"];
    prop::collection::btree_map(select(paths), select(RULES), 0..5)
        .prop_map(|m| m.into_iter().collect())
}

fn made(rules: &[(&str, &str)]) -> Option<Comparer> {
    let rules = rules.iter().map(|(path, name)| (Pattern::parse(path).unwrap(), rule(name)));
    Comparer::new(rules.collect(), Vec::new()).ok()
}

fn compare(comparer: &Comparer, a: &Value, b: &Value) -> Comparison {
    comparer.compare(ok(&text(a)), Some(ok(&text(b))))
}

/// With all members in the opposite order.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            members.iter().rev().map(|(k, v)| (k.clone(), reversed(v))).collect()
        }
        Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

/// Places and kinds of mismatches, as they are seen from the other side. Where items have no
/// order, which of them are left over is no more than how many.
fn seen(comparison: &Comparison, from_there: bool) -> Vec<(String, Class)> {
    let turned = |class| match class {
        Class::Missing if from_there => Class::Extra,
        Class::Extra if from_there => Class::Missing,
        other => other,
    };
    let each = comparison.mismatches.iter().map(|m| (m.path.shape(), turned(m.class)));
    let mut all: Vec<_> = each.collect();
    all.sort_unstable();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_is_like_itself(a in value(), rules in rules()) {
        let Some(comparer) = made(&rules) else { return Ok(()) };
        let found = compare(&comparer, &a, &a);
        prop_assert!(found.is_match(), "{:?}", found.mismatches);
        let found = compare(&comparer, &a, &reversed(&a));
        prop_assert!(found.is_match(), "{:?}", found.mismatches);
    }

    #[test]
    fn without_rules_only_equals_match(a in value(), b in value()) {
        let comparer = Comparer::default();
        prop_assert_eq!(compare(&comparer, &a, &b).is_match(), a == b, "{} {}", text(&a), text(&b));
    }

    /// Not so where ids that stand for each other tell items without order apart: there every
    /// ignored place lets items be paired in more ways, and other ids stand for each other.
    #[test]
    fn an_ignore_never_adds_a_difference(a in value(), b in value(), rules in rules(), path in select(vec!["a", "b.id", "**", "[*].id", "*.b", "$", "a[*].b", "[*]", "*"])) {
        let has = |wanted: &str| rules.iter().any(|(_, name)| *name == wanted);
        if has("bijection") && (has("unordered") || has("by id")) {
            return Ok(());
        }
        let mut more = rules.clone();
        more.push((path, "ignore"));
        let (Some(before), Some(after)) = (made(&rules), made(&more)) else { return Ok(()) };
        let (before, after) = (compare(&before, &a, &b), compare(&after, &a, &b));
        prop_assert!(after.count <= before.count, "{rules:?} and {path}: {} {}", text(&a), text(&b));
        prop_assert!(before.critical || !after.critical);
    }

    #[test]
    fn the_order_of_members_says_nothing(a in value(), b in value(), rules in rules()) {
        let Some(comparer) = made(&rules) else { return Ok(()) };
        let said = |a: &Value, b: &Value| {
            let found = compare(&comparer, a, b);
            (seen(&found, false), found.count, found.critical, found.leaves, found.hidden, found.rules)
        };
        let expected = said(&a, &b);
        prop_assert_eq!(&expected, &said(&reversed(&a), &b));
        prop_assert_eq!(&expected, &said(&a, &reversed(&b)));
    }

    /// Except for a `map`, which says what becomes of what.
    #[test]
    fn both_sides_see_the_same(a in value(), b in value(), rules in rules()) {
        if rules.iter().any(|(_, name)| name.starts_with("map")) {
            return Ok(());
        }
        let Some(comparer) = made(&rules) else { return Ok(()) };
        let (there, back) = (compare(&comparer, &a, &b), compare(&comparer, &b, &a));
        prop_assert_eq!((there.count, there.critical), (back.count, back.critical));
        prop_assert_eq!(seen(&there, false), seen(&back, true));
    }

    #[test]
    fn every_difference_in_what_is_critical_is(a in value(), b in value()) {
        let comparer = made(&[("**", "critical")]).unwrap();
        let found = compare(&comparer, &a, &b);
        prop_assert_eq!(found.critical, !found.is_match());
    }

    #[test]
    fn another_comparer_of_the_same_rules_says_the_same(a in value(), b in value(), rules in rules()) {
        let (Some(one), Some(other)) = (made(&rules), made(&rules)) else { return Ok(()) };
        prop_assert_eq!(compare(&one, &a, &b), compare(&other, &a, &b));
    }

    #[test]
    fn hostile_texts_do_no_harm(a in ".{0,40}", b in ".{0,40}", path in ".{0,20}") {
        let _ = Pattern::parse(&path);
        let found = Comparer::default().compare(ok(&a), Some(ok(&b)));
        prop_assert!(found.is_match() || a != b);
    }
}
