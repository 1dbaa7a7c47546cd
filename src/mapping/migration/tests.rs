//! Rules and the other keys of a migration, read alone.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;

use super::super::{Environment, Migration, read_set};
use crate::diagnostic::{Report, Sources};
use crate::strangler::{Rule, TextRule, TimeRule, Unordered};

struct Nothing;

impl Environment for Nothing {
    fn var(&self, _: &str) -> Option<String> {
        None
    }

    fn file(&self, _: &str) -> Result<String, String> {
        Err("no files here".to_owned())
    }
}

/// A route with these keys; problems as `code <what is underlined>: message`.
fn read(keys: &str) -> (Option<Box<Migration>>, Vec<String>) {
    let text = format!(
        "figleaf: 1\napi: a\nversion: v1\nroutes:\n  GET /a/{{x}}: {{ soap: b.A, candidate: {{ http: c }}, {keys} }}\n"
    );
    let (mut sources, mut report) = (Sources::default(), Report::default());
    let set = read_set(&[("m.yaml".to_owned(), text)], &Nothing, &mut sources, &mut report);
    let line = |d: &&crate::diagnostic::Diagnostic| {
        let span = d.span.unwrap();
        let under = &sources.text(span.file)[span.start as usize..span.end as usize];
        format!("{} <{under}>: {}", d.code.as_str(), d.message)
    };
    let found = report.sorted().iter().map(line).collect();
    let route = set.versions.into_iter().flat_map(|version| version.routes).next();
    (route.and_then(|route| route.route.migration), found)
}

fn rule(written: &str) -> Rule {
    let (migration, problems) = read(&format!("compare: {{ rules: {{ a: {written} }} }}"));
    assert_eq!(problems, Vec::<String>::new(), "{written}");
    migration.unwrap().compare.rules[0].rule.clone()
}

#[test]
fn every_rule_has_one_spelling() {
    let check = |written: &str, expected: Rule| {
        // A compiled pattern of text has no equality but that of its text.
        assert_eq!(format!("{:?}", rule(written)), format!("{expected:?}"), "{written}");
    };
    let none = Rule::default;
    check("ignore", Rule { ignore: true, ..none() });
    check("{ critical: true }", Rule { critical: true, ..none() });
    check("{ unordered: true }", Rule { unordered: Some(Unordered::All), ..none() });
    let by = vec!["product".to_owned(), "code".to_owned()];
    let unordered = Some(Unordered::By(by));
    check("{ unordered: { by: product.code } }", Rule { unordered, ..none() });
    let number = |absolute: &str, relative: &str| Rule {
        number: Some((absolute.to_owned(), relative.to_owned())),
        ..none()
    };
    check("{ number: { absolute: 0.01 } }", number("0.01", "0"));
    check("{ number: { relative: 0.1% } }", number("0", "0.0010"));
    check("{ number: { absolute: 2, relative: 100% } }", number("2", "1.0000"));
    check("{ decimal: true }", Rule { decimal: Some(false), ..none() });
    check("{ decimal: { in_text: true } }", Rule { decimal: Some(true), ..none() });
    check("{ time: true }", Rule { time: Some(TimeRule::default()), ..none() });
    let time = TimeRule {
        tolerance: Duration::from_millis(1500),
        ignore_zone: true,
        whole_seconds: false,
    };
    check(
        "{ time: { tolerance: 1500ms, ignore_zone: true } }",
        Rule { time: Some(time), ..none() },
    );
    let text = Some(TextRule { trim: true, any_case: false });
    check("{ text: { trim: true } }", Rule { text, ..none() });
    check("{ nullish: true }", Rule { nullish: Some(false), ..none() });
    check("{ nullish: { empty: true } }", Rule { nullish: Some(true), ..none() });
    check("{ one_or_many: true }", Rule { one_or_many: true, ..none() });
    let map = BTreeMap::from([("P".to_owned(), "pending".to_owned())]);
    check("{ map: { P: pending } }", Rule { map, ..none() });
    check("{ bijection: order }", Rule { bijection: Some("order".to_owned()), ..none() });
    let shape = rule("{ shape: \"[a-f]{2}|x\" }").shape.unwrap();
    assert!(shape.is_match("af") && shape.is_match("x") && !shape.is_match("afx"));
}

#[test]
fn what_is_no_rule_is_reported_at_its_place() {
    let check = |written: &str, expected: &[&str]| {
        let (_, problems) = read(&format!("compare: {{ rules: {{ a: {written} }} }}"));
        assert_eq!(problems, expected, "{written}");
    };
    check(
        "ignored",
        &["mapping-type <ignored>: expected `ignore`, or the keys of a rule, found `ignored`"],
    );
    check("{}", &["mapping-missing <a>: a rule that says nothing"]);
    check("{ ignore: true }", &["mapping-unknown-key <ignore>: `ignore` is not a key of a rule"]);
    check(
        "{ unorderd: true }",
        &["mapping-unknown-key <unorderd>: `unorderd` is not a key of a rule"],
    );
    check(
        "{ critical: false, decimal: 2 }",
        &[
            "mapping-type <false>: expected `true`, or the key left out, found `false`",
            "mapping-type <2>: expected `true`, or the keys of a decimal, found `2`",
        ],
    );
    check("{ unordered: { by: a..b } }", &["mapping-rule <a..b>: this is not a path of members"]);
    check(
        "{ number: {} }",
        &["mapping-missing <number>: a tolerance needs `absolute` or `relative`"],
    );
    check(
        "{ number: { absolute: -1, relative: 0.5 } }",
        &[
            "mapping-type <-1>: expected a decimal such as `0.01`, found `-1`",
            "mapping-type <0.5>: expected a share such as `5%`, found `0.5`",
        ],
    );
    check("{ text: {} }", &["mapping-missing <text>: a text needs `trim` or `any_case`"]);
    check(
        "{ shape: \"[a\" }",
        &["mapping-rule <\"[a\">: `\"[a\"` is no regular expression: unclosed character class"],
    );
}

#[test]
fn every_mistake_of_a_migration_is_told_at_once() {
    let (_, problems) = read(
        "stage: shadows, ceiling: Primary, canary: { key: [], steps: 5% }, group: \"\", state: both, shadow: { sample: 5, timeout: 0s, queue: 0, writes: dryrun, noisy: 1% }, gate: { match_rate: 0.99, slower: 0.5, span: 500d }, on_trouble: roll_back",
    );
    let expected = [
        "mapping-type <shadows>: expected a stage such as `shadow` or `canary 5%`, found `shadows`",
        "mapping-type <Primary>: expected a stage such as `shadow` or `canary 5%`, found `Primary`",
        "mapping-missing <key>: the key of a canary names nothing",
        "mapping-type <5%>: expected a list such as `[5%, 25%, 50%]`, found `5%`",
        "mapping-value <\"\">: a group needs a name",
        "mapping-value <both>: `both` is no choice for `state`",
        "mapping-type <5>: expected a share such as `5%`, found `5`",
        "mapping-value <0s>: a time must be above zero and at most a day",
        "mapping-value <0>: `queue` must be between 1 and 1000000",
        "mapping-type <dryrun>: expected `off`, `render`, `{ dry_run: … }` or `{ readback: … }`, found `dryrun`",
        "mapping-unknown-key <noisy>: `noisy` is not a key of a shadow",
        "mapping-type <0.99>: expected a share such as `5%`, found `0.99`",
        "mapping-type <0.5>: expected a factor of 1 or more such as `1.2`, found `0.5`",
        "mapping-type <500d>: expected a duration such as `5s`, found `500d`",
        "mapping-value <roll_back>: `roll_back` is no choice for `on_trouble`",
    ];
    assert_eq!(problems, expected);
}

/// Rules as a person could write them, and what they are.
fn rules() -> impl Strategy<Value = (String, Vec<&'static str>)> {
    let keys = [
        ("critical: true", "critical: true"),
        ("unordered: { by: id }", "unordered: Some(By"),
        ("decimal: true", "decimal: Some(false)"),
        ("number: { absolute: 0.5 }", "number: Some((\"0.5\""),
        ("time: { tolerance: 2s }", "tolerance: 2s"),
        ("text: { any_case: true }", "any_case: true"),
        ("nullish: true", "nullish: Some(false)"),
        ("one_or_many: true", "one_or_many: true"),
        ("map: { A: B }", "{\"A\": \"B\"}"),
        ("bijection: ids", "bijection: Some(\"ids\")"),
        ("shape: \"x+\"", "x+"),
    ];
    prop::sample::subsequence(keys.to_vec(), 1..=keys.len()).prop_shuffle().prop_map(|chosen| {
        let (written, meant): (Vec<_>, Vec<_>) = chosen.into_iter().unzip();
        (format!("{{ {} }}", written.join(", ")), meant)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Keys of a rule mean the same in every order and beside every other.
    #[test]
    fn a_rule_is_what_its_keys_say((written, meant) in rules()) {
        let text = format!("{:?}", rule(&written));
        for part in meant {
            prop_assert!(text.contains(part), "{written}: {text} lacks {part}");
        }
        let said = |what: &str| written.contains(what);
        prop_assert_eq!(text.contains("critical: true"), said("critical"));
        prop_assert_eq!(text.contains("one_or_many: true"), said("one_or_many"));
        prop_assert_eq!(text.contains("bijection: None"), !said("bijection"));
        prop_assert!(text.contains("ignore: false"));
    }

    /// Whatever stands there, it is read or reported, and nothing is both.
    #[test]
    fn a_rule_is_read_or_reported(
        place in "[a-z*.\\[\\]$@]{1,8}",
        written in "(ignore|true|[{] [a-z_]{1,12}: (true|[0-9.%]{1,4}|[{] [a-z_]{2,10}: [a-z0-9]{1,4} [}]) [}])",
    ) {
        let (migration, problems) = read(&format!("compare: {{ rules: {{ \"{place}\": {written} }} }}"));
        let read = migration.map_or(0, |migration| migration.compare.rules.len());
        prop_assert_eq!(read == 1, problems.is_empty(), "{} {}: {:?}", place, written, problems);
    }
}
