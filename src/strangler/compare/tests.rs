use std::collections::BTreeMap;
use std::time::Duration;

use regex::Regex;

use super::*;

pub(super) fn rule(name: &str) -> Rule {
    let mut rule = Rule::default();
    match name {
        "ignore" => rule.ignore = true,
        "critical" => rule.critical = true,
        "unordered" => rule.unordered = Some(Unordered::All),
        "by id" => rule.unordered = Some(Unordered::By(vec!["id".to_owned()])),
        "within 0.01" => rule.number = Some(("0.01".to_owned(), "0".to_owned())),
        "within 1" => rule.number = Some(("1".to_owned(), "0".to_owned())),
        "within 1%" => rule.number = Some(("0".to_owned(), "0.01".to_owned())),
        "decimal" => rule.decimal = Some(false),
        "decimal across types" => rule.decimal = Some(true),
        "time" => rule.time = Some(TimeRule::default()),
        "time without zone" => {
            rule.time = Some(TimeRule { ignore_zone: true, ..TimeRule::default() });
        }
        "time within 1s" => {
            let tolerance = Duration::from_secs(1);
            rule.time = Some(TimeRule { tolerance, ..TimeRule::default() });
        }
        "text" => rule.text = Some(TextRule { trim: true, any_case: true }),
        "nullish" => rule.nullish = Some(false),
        "nullish, empty too" => rule.nullish = Some(true),
        "one or many" => rule.one_or_many = true,
        "map O=OPEN" => rule.map = BTreeMap::from([("O".to_owned(), "OPEN".to_owned())]),
        "bijection" => rule.bijection = Some("ids".to_owned()),
        "shape [0-9]+" => rule.shape = Some(Regex::new("^[0-9]+$").unwrap()),
        other => panic!("no rule {other}"),
    }
    rule
}

fn comparer(rules: &[(&str, &str)]) -> Comparer {
    let rules = rules.iter().map(|(path, name)| (Pattern::parse(path).unwrap(), rule(name)));
    Comparer::new(rules.collect(), vec!["etag".to_owned()]).unwrap()
}

pub(super) fn ok(body: &str) -> Answer<'_> {
    Answer { status: 200, headers: &[], body }
}

/// `path class` of each mismatch, a line each.
fn check(rules: &[(&str, &str)], legacy: &str, candidate: &str, expected: &str) {
    let found = comparer(rules).compare(ok(legacy), Some(ok(candidate)));
    let lines = found.mismatches.iter().map(|m| format!("{} {:?}", m.path, m.class));
    let lines = lines.collect::<Vec<_>>().join("; ");
    assert_eq!(lines, expected, "{rules:?}\n{legacy}\n{candidate}");
}

#[test]
fn without_rules_everything_counts() {
    check(&[], r#"{"a":1,"b":[1,2]}"#, r#"{"b":[1,2],"a":1}"#, "");
    check(&[], r#"{"a":1}"#, r#"{"a":1.0}"#, "a Value");
    check(&[], r#"{"a":1}"#, r#"{"a":"1"}"#, "a Type");
    check(&[], r#"{"a":null}"#, "{}", "a Missing");
    check(&[], "{}", r#"{"a":{"b":1}}"#, "a Extra");
    check(&[], r#"{"l":[1,2,3]}"#, r#"{"l":[3,2,1]}"#, "l Order");
    check(&[], r#"{"l":[1,2,3]}"#, r#"{"l":[1,2]}"#, "l Length");
    check(&[], r#"{"l":[{"p":1},{"p":2}]}"#, r#"{"l":[{"p":1},{"p":3}]}"#, "l[1].p Value");
    check(&[], r#"{"a":9007199254740993}"#, r#"{"a":9007199254740992}"#, "a Value");
    check(&[], "[1", "[1", "");
    check(&[], "[1]", "<p>", "$ NotJson");
    check(&[], "", "{}", "$ Extra");
}

#[test]
fn each_rule_lets_its_own_difference_pass_and_no_other() {
    let one = |path, name, legacy: &str, candidate: &str, expected: &str| {
        check(&[(path, name)], legacy, candidate, expected);
    };
    one("a", "ignore", r#"{"a":{"b":1}}"#, r#"{"a":{"b":2}}"#, "");
    one("a", "ignore", r#"{"a":1,"c":1}"#, r#"{"c":2}"#, "c Value");
    one("l", "unordered", r#"{"l":[1,2,2]}"#, r#"{"l":[2,1,2]}"#, "");
    one("l", "unordered", r#"{"l":[1,2]}"#, r#"{"l":[2,3]}"#, "l[0] Missing; l[1] Extra");
    one(
        "l",
        "by id",
        r#"{"l":[{"id":1,"p":1},{"id":2,"p":2}]}"#,
        r#"{"l":[{"id":2,"p":2},{"id":1,"p":9}]}"#,
        "l[0].p Value",
    );
    one("a", "within 0.01", r#"{"a":1.00}"#, r#"{"a":1.01}"#, "");
    one("a", "within 0.01", r#"{"a":1.00}"#, r#"{"a":1.0100001}"#, "a Value");
    one("a", "within 1%", r#"{"a":200}"#, r#"{"a":198}"#, "");
    one("a", "within 1%", r#"{"a":200}"#, r#"{"a":197.9}"#, "a Value");
    one("a", "within 0.01", r#"{"a":9007199254740993}"#, r#"{"a":9007199254740992}"#, "a Value");
    one("a", "decimal", r#"{"a":1.0}"#, r#"{"a":1.00e0}"#, "");
    one("a", "decimal", r#"{"a":12}"#, r#"{"a":"12"}"#, "a Type");
    one("a", "decimal across types", r#"{"a":12}"#, r#"{"a":"12.0"}"#, "");
    one(
        "a",
        "time",
        r#"{"a":"2026-01-01T12:00:00+02:00"}"#,
        r#"{"a":"2026-01-01T10:00:00.0Z"}"#,
        "",
    );
    one("a", "time", r#"{"a":"2026-01-01Z"}"#, r#"{"a":"2026-01-01"}"#, "a Value");
    one("a", "time without zone", r#"{"a":"2026-01-01+01:00"}"#, r#"{"a":"2026-01-01"}"#, "");
    one(
        "a",
        "time within 1s",
        r#"{"a":"2026-01-01T10:00:00Z"}"#,
        r#"{"a":"2026-01-01T10:00:01Z"}"#,
        "",
    );
    one(
        "a",
        "time within 1s",
        r#"{"a":"2026-01-01T10:00:00Z"}"#,
        r#"{"a":"2026-01-01T10:00:02Z"}"#,
        "a Value",
    );
    one("a", "text", r#"{"a":" Big  Shop "}"#, r#"{"a":"big shop"}"#, "");
    one("a", "nullish", r#"{"a":null}"#, "{}", "");
    one("a", "nullish", r#"{"a":""}"#, "{}", "a Missing");
    one("a", "nullish, empty too", r#"{"a":""}"#, r#"{"a":[]}"#, "");
    one("a", "one or many", r#"{"a":[{"b":1}]}"#, r#"{"a":{"b":1}}"#, "");
    one("a", "one or many", r#"{"a":[{"b":1},{"b":2}]}"#, r#"{"a":{"b":1}}"#, "a Length");
    one("a", "map O=OPEN", r#"{"a":"O"}"#, r#"{"a":"OPEN"}"#, "");
    one("a", "map O=OPEN", r#"{"a":"OPEN"}"#, r#"{"a":"O"}"#, "a Value");
    one(
        "[*].id",
        "bijection",
        r#"[{"id":1},{"id":2},{"id":1}]"#,
        r#"[{"id":"x"},{"id":"y"},{"id":"x"}]"#,
        "",
    );
    one(
        "[*].id",
        "bijection",
        r#"[{"id":1},{"id":2}]"#,
        r#"[{"id":"x"},{"id":"x"}]"#,
        "[0].id Value; [1].id Value",
    );
    one("a", "shape [0-9]+", r#"{"a":"1"}"#, r#"{"a":"22"}"#, "");
    one("a", "shape [0-9]+", r#"{"a":"1"}"#, r#"{"a":"b"}"#, "a Value");
}

#[test]
fn the_most_specific_rule_decides() {
    let (legacy, candidate) = (r#"{"m":{"id":1,"at":2}}"#, r#"{"m":{"id":9,"at":9}}"#);
    check(&[("**", "ignore")], legacy, candidate, "");
    check(&[("m", "ignore"), ("m.id", "critical")], legacy, candidate, "m.id Value");
    check(&[("m.*", "ignore"), ("m.id", "critical")], legacy, candidate, "m.id Value");
    check(&[("*.id", "ignore")], legacy, candidate, "m.at Value");
    let found = comparer(&[("m.id", "critical")]).compare(ok(legacy), Some(ok(candidate)));
    assert!(found.critical && found.mismatches[1].critical && !found.mismatches[0].critical);
}

#[test]
fn rules_between_which_nothing_decides_do_not_load() {
    let check = |a: &str, b: &str, ties: usize| {
        let pattern = |text| (Pattern::parse(text).unwrap(), Rule::default());
        let made = Comparer::new(vec![pattern(a), pattern(b)], Vec::new());
        assert_eq!(made.err().map_or(0, |ties| ties.len()), ties, "{a} and {b}");
    };
    check("a.b", "a.b", 1);
    check("*.b", "a.*", 0);
    check("*.b", "*.c", 0);
    check("**.b", "a.**", 0);
    check("**.b", "**.b", 1);
    check("a[*].b", "a.*.b", 0);
}

#[test]
fn errors_are_compared_by_what_they_are() {
    let check = |a: (u16, &str), b: (u16, &str), expected: Option<Class>| {
        let answer = |(status, body)| Answer { status, headers: &[], body };
        let found = comparer(&[]).compare(answer(a), Some(answer(b)));
        assert_eq!(found.mismatches.first().map(|m| m.class), expected, "{a:?} {b:?}");
    };
    check(
        (404, r#"{"type":"/p/x","detail":"old"}"#),
        (404, r#"{"type":"/p/x","detail":"new"}"#),
        None,
    );
    check((404, r#"{"type":"/p/x"}"#), (404, r#"{"type":"/p/y"}"#), Some(Class::ErrorDiffers));
    check((404, "{}"), (410, "{}"), Some(Class::ErrorDiffers));
    check((200, "{}"), (404, "{}"), Some(Class::ErrorVsOk));
    check((200, "{}"), (201, "{}"), Some(Class::Status));
    let none = comparer(&[]).compare(ok("{}"), None);
    assert_eq!((none.mismatches[0].class, none.count), (Class::NoAnswer, 1));
}

#[test]
fn headers_that_are_chosen_are_compared() {
    let headers =
        |etag: &str| [("etag".to_owned(), etag.to_owned()), ("date".to_owned(), etag.to_owned())];
    let (a, b) = (headers("1"), headers("2"));
    let answer = |headers| Answer { status: 200, headers, body: "" };
    let compare = |rules| comparer(rules).compare(answer(&a), Some(answer(&b)));
    assert_eq!(compare(&[]).mismatches[0].path.to_string(), "@header.etag");
    assert!(compare(&[("@header.etag", "ignore")]).is_match());
    assert!(compare(&[("@header.*", "ignore")]).is_match());
}

#[test]
fn what_rules_did_is_counted() {
    let comparer = comparer(&[("a", "ignore"), ("b", "decimal"), ("gone", "ignore")]);
    let found = comparer
        .compare(ok(r#"{"a":[1,2],"b":1,"c":1}"#), Some(ok(r#"{"a":[1,3],"b":1.0,"c":1}"#)));
    let uses: Vec<_> = found.rules.iter().map(|used| (used.matched, used.hid)).collect();
    assert_eq!(uses, [(1, 1), (1, 1), (0, 0)]);
    assert_eq!((found.leaves, found.hidden), (4, 2));
}

#[test]
fn members_have_no_order_wherever_they_are() {
    let (legacy, candidate) = (r#"{"l":[{"a":1,"b":2}]}"#, r#"{"l":[{"b":2,"a":1}]}"#);
    check(&[], legacy, candidate, "");
    check(&[("l", "unordered")], legacy, candidate, "");
    check(&[], r#"[{"a":1,"b":2},{"a":3,"b":4}]"#, r#"[{"b":4,"a":3},{"a":1,"b":2}]"#, "$ Order");
}

#[test]
fn an_order_counts_only_where_it_can_be_seen() {
    let (legacy, candidate) =
        (r#"[{"a":1,"t":5},{"a":1,"t":6}]"#, r#"[{"a":1,"t":6},{"a":1,"t":5}]"#);
    check(&[], legacy, candidate, "$ Order");
    check(&[("[*].t", "ignore")], legacy, candidate, "");
}

#[test]
fn items_without_order_find_the_partner_that_leaves_most_pairs() {
    check(&[("l", "unordered"), ("l[*]", "within 1")], r#"{"l":[2,1]}"#, r#"{"l":[2,3]}"#, "");
    check(
        &[("l", "unordered"), ("l[*]", "within 1")],
        r#"{"l":[5,2,1]}"#,
        r#"{"l":[2,3,9]}"#,
        "l[0] Missing; l[2] Extra",
    );
    // What is ignored is paired as before: something in it may still count.
    let rules = [("*", "unordered"), ("a", "ignore"), ("a[*].id", "within 0.01")];
    check(&rules, r#"{"a":[{"id":1},{"id":2}]}"#, r#"{"a":[{"id":2},{"id":1}]}"#, "");
}

#[test]
fn what_is_lost_with_all_around_it_is_critical_too() {
    let critical = |legacy: &str, candidate: &str| {
        let rules = comparer(&[("o.total", "critical"), ("l[*].price", "critical")]);
        let found = rules.compare(ok(legacy), Some(ok(candidate)));
        assert!(!found.is_match());
        found.critical
    };
    assert!(critical(r#"{"o":{"total":1}}"#, "{}"));
    assert!(critical(r#"{"o":{"total":1}}"#, r#"{"o":[1]}"#));
    assert!(critical("{}", r#"{"o":{"total":1}}"#));
    assert!(critical(r#"{"o":{"total":1}}"#, ""));
    assert!(!critical(r#"{"o":{"note":1}}"#, "{}"));
    assert!(critical(r#"{"l":[{"price":1},{"price":2}]}"#, r#"{"l":[{"price":1}]}"#));
    assert!(critical(r#"{"l":[{"price":1},{"price":2}]}"#, r#"{"l":[{"price":2},{"price":1}]}"#));
    assert!(!critical(r#"{"l":[{"name":1},{"name":2}]}"#, r#"{"l":[{"name":1}]}"#));
}

#[test]
fn long_values_are_told_apart_by_all_of_them() {
    let long = |end: &str| format!("{}{end}", "x".repeat(5_000));
    let item = |end: &str, n: u8| format!(r#"{{"id":"{}","n":{n}}}"#, long(end));
    let (legacy, candidate) = (
        format!("[{},{}]", item("a", 1), item("b", 2)),
        format!("[{},{}]", item("b", 2), item("a", 1)),
    );
    check(&[("$", "by id")], &legacy, &candidate, "");
    let nested = |end: &str| format!(r#"[["{}"]]"#, long(end));
    check(&[], &nested("a"), &nested("b"), "[0][0] Value");
}

#[test]
fn hostile_arrays_take_a_bounded_time() {
    // All alike but for their ends: every pair has to be walked to know.
    let items = |from: usize, to: usize| {
        let item = |n| format!(r#"{{"a":[{}],"z":{n}}}"#, ["7"; 40].join(","));
        format!("[{}]", (from..to).map(item).collect::<Vec<_>>().join(","))
    };
    let rules = comparer(&[("$", "unordered"), ("[*].z", "decimal")]);
    let begun = std::time::Instant::now();
    let found = rules.compare(ok(&items(0, 4_000)), Some(ok(&items(4_000, 8_000))));
    assert_eq!(found.count, 8_000);
    // A second of a debug build on a busy machine is some 50 ms of a release build.
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn items_that_are_all_alike_and_too_few_take_a_bounded_time() {
    let items = |from: usize, n: usize| (from..from + n).map(|n| format!("0.{n}"));
    let legacy = items(10_000, 900).collect::<Vec<_>>().join(",");
    let others = (5_000..5_450).map(|n| n.to_string());
    let candidate = items(20_000, 450).chain(others).collect::<Vec<_>>().join(",");
    let rules = comparer(&[("$", "unordered"), ("[*]", "within 1")]);
    let begun = std::time::Instant::now();
    let found = rules.compare(ok(&format!("[{legacy}]")), Some(ok(&format!("[{candidate}]"))));
    assert_eq!(found.count, 900);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn a_comparison_that_is_explained_says_the_same_and_why() {
    let rules = [
        ("a", "decimal"),
        ("b", "ignore"),
        ("b.c", "critical"),
        ("d", "by id"),
        ("d[*].n", "nullish"),
    ];
    let legacy = r#"{"a":1.0,"b":{"c":1,"x":1},"d":[{"id":1,"n":null},{"id":2}],"e":1}"#;
    let candidate = r#"{"a":1,"b":{"c":2,"x":2},"d":[{"id":2},{"id":1}],"e":2}"#;
    let comparer = comparer(&rules);
    let plain = comparer.compare(ok(legacy), Some(ok(candidate)));
    let explained = comparer.explain(ok(legacy), Some(ok(candidate)));
    assert_eq!(plain.tolerated, []);
    assert_eq!(
        (
            &explained.mismatches,
            explained.count,
            explained.leaves,
            explained.hidden,
            &explained.rules
        ),
        (&plain.mismatches, plain.count, plain.leaves, plain.hidden, &plain.rules)
    );
    let by = explained.mismatches.iter().map(|one| format!("{} {:?}", one.path, one.rule));
    assert_eq!(by.collect::<Vec<_>>(), ["b.c Some(2)", "e None"]);
    let by = explained.tolerated.iter().map(|one| format!("{} {}", one.path, one.rule));
    assert_eq!(by.collect::<Vec<_>>(), ["a 0", "b.x 1", "d[0].n 4", "d 3"]);
    // Each difference a rule hid is told once.
    for (at, used) in explained.rules.iter().enumerate() {
        let told = explained.tolerated.iter().filter(|one| one.rule == at).count();
        assert_eq!(told as u64, used.hid, "rule {at}");
    }
}

#[test]
fn every_mismatch_is_kept_where_it_is_explained() {
    let body = |n: usize| format!("[{}]", vec![n.to_string(); 200].join(","));
    let (legacy, candidate) = (body(1), body(2));
    let comparer = comparer(&[]);
    let kept = |found: &Comparison| (found.mismatches.len(), found.count);
    assert_eq!(kept(&comparer.compare(ok(&legacy), Some(ok(&candidate)))), (50, 200));
    assert_eq!(kept(&comparer.explain(ok(&legacy), Some(ok(&candidate)))), (200, 200));
}
