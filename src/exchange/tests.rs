//! Fixtures read and written: what is said, in which words, and what stays of a person's.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Report, Sources, Style, render_human};

fn read(text: &str) -> Result<Fixture, String> {
    let (mut sources, mut report) = (Sources::default(), Report::default());
    let file = sources.add("order-42.yaml", text);
    let fixture = Fixture::read(file, text, &mut report);
    fixture.ok_or_else(|| render_human(&report.sorted(), &sources, Style::Plain))
}

const FULL: &str = "\
fixture: 1
note: The customer's first order; see ticket 12.
tags: [smoke, orders]
operation: GetOrder
recorded:
  at: 2026-11-21T20:00:00Z
  by: figleaf 0.1.0
  took_ms: 12
rest:
  - request: POST /api/v1/orders?dry=true
    body: |
      {
        \"price\": 1.50
      }
    status: 201
    golden: order-42.res.json
ignore:
  - //Header/Trace
where:
  Body/GetOrder/asOf: '[0-9-]+'
response:
  status: 500
  delay:
    fixed: 250ms
expires: 2027-01-01
";

#[test]
fn a_file_is_read_and_written_as_it_was() {
    let fixture = read(FULL).unwrap();
    assert_eq!(fixture.rest[0].body.as_deref(), Some("{\n  \"price\": 1.50\n}\n"));
    assert_eq!(fixture.response.delay, Some(Delay::Fixed("250ms".to_owned())));
    assert_eq!(fixture.write(), FULL.replace('\'', "\"").replace("customer\"s", "customer's"));
}

#[test]
fn every_problem_of_a_file_is_named_with_its_place() {
    let text = "\
fixture: 2
notes: The first order.
rest:
  - request: orders/42
    stauts: 200
    golden: ../secret.json
  - request: GET /api/v1/orders
    status: many
response:
  delay: recordd
ignore: [a//b]
where: { Body/x: '(' }
note: one
note: two
";
    let problems = read(text).unwrap_err();
    let lines: Vec<&str> = problems
        .lines()
        .filter(|line| {
            let line = line.trim_start();
            ["error[", "-->", "╰▸", "= help"].iter().any(|start| line.starts_with(start))
                || line.contains("order-42.yaml:")
        })
        .map(str::trim)
        .collect();
    let expected = "\
error[fixture-format]: this version of figleaf does not know this format of fixtures
";
    assert!(lines.join("\n").starts_with(expected.trim_end()), "{problems}");
    for said in [
        "`notes` is not a key of `fixture`",
        "did you mean `note`?",
        "`stauts` is not a key of `rest`",
        "did you mean `status`?",
        "`status` has to be a whole number up to 65535, not `many`",
        "`recordd` is no choice here",
        "did you mean `recorded`?",
        "`note` is written twice",
        "order-42.yaml:5:5",
        "order-42.yaml:8:13",
        "order-42.yaml:10:10",
    ] {
        assert!(problems.contains(said), "{said}\n{problems}");
    }
}

#[test]
fn values_that_say_nothing_are_named() {
    let check = |text: &str, expected: &str| {
        let problems = read(&format!("fixture: 1\n{text}\n")).unwrap_err();
        assert!(problems.contains(expected), "{problems}");
    };
    check("rest: [{ request: orders/42, status: 200 }]", "a request is a method and a path");
    check("rest: [{ request: GET /a, status: 99 }]", "a number from 100 to 599");
    check("rest: [{ request: GET /a, status: 200, golden: ../x }]", "by its name alone");
    check("ignore: [a//b]", "a step is empty");
    check("where: { Body/x: '(' }", "the pattern cannot be used");
    check("soap: 1.3", "the choices are");
    check("expires: soon", "a day is written");
    check("effect: none", "`read` and `write`");
    check("operation: A\nsql: { statement: select 1 }", "not of both");
    check("scenario: { needs: x }", "needs a `name`");
}

#[test]
fn what_a_person_wrote_stays_when_a_fixture_is_written_anew() {
    let before = "\
# Found by Ada, in the archive.
note: >   # folded on purpose
  The customer's
  first order.
fixture: 1
operation: GetOrder
tags: []
recorded: { at: 2026-01-01T00:00:00Z, by: figleaf 0.1.0, took_ms: 90 }
rest:
  # the old version
  - request: GET /api/v1/orders/42   # with everything
    status: 200
    golden: 'ada.res.json'

where:
  'Body/GetOrder/asOf': '[0-9-]+' # any day
response:
  delay: recorded # as slow as it was
  status: 500
";
    let mut fixture = read(before).unwrap();
    assert_eq!(fixture.update(before).as_deref(), Some(before), "nothing to say, nothing changed");
    fixture.recorded.as_mut().unwrap().took_ms = 12;
    fixture.rest[0].status = 404;
    fixture.rest.push(Rest {
        request: "GET /api/v2/orders/42".into(),
        status: 200,
        ..Rest::default()
    });
    fixture.response.status = None;
    fixture.redacted = vec!["email-1 Body/x".into()];
    let after = fixture.update(before).unwrap();
    let expected = "\
# Found by Ada, in the archive.
note: >   # folded on purpose
  The customer's
  first order.
fixture: 1
operation: GetOrder
tags: []
recorded:
  at: 2026-01-01T00:00:00Z
  by: figleaf 0.1.0
  took_ms: 12
rest:
  # the old version
  - request: GET /api/v1/orders/42   # with everything
    status: 404
    golden: 'ada.res.json'
  - request: GET /api/v2/orders/42
    status: 200

where:
  'Body/GetOrder/asOf': '[0-9-]+' # any day
response:
  delay: recorded # as slow as it was
redacted:
  - email-1 Body/x
";
    assert_eq!(after, expected);
}

#[test]
fn cells_keep_their_digits_and_their_type() {
    let sql = "\
fixture: 1
sql:
  statement: |-
    SELECT id
    FROM orders
  parameters: [42, \"42\", 1.50, abc, null, true, \"true\", \"a, b\", [1,2], {\"a\":1.0}, \"\"]
  rows:
    columns: [id, name]
    rows:
      - [1, \"x: y\"]
  affected: 1
";
    let fixture = read(sql).unwrap();
    let cells = &fixture.sql.as_ref().unwrap().parameters;
    let json: Vec<&str> = cells.iter().map(|cell| cell.0.as_str()).collect();
    assert_eq!(
        json.join(" "),
        "42 \"42\" 1.50 \"abc\" null true \"true\" \"a, b\" [1,2] {\"a\":1.0} \"\""
    );
    assert_eq!(fixture.write(), sql);
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~\n\t]{0,40}",
        "(([a-z#:{}|>'\"-] ?){0,6}\n){0,4}",
        Just("~".to_owned()),
        Just("/a/{b}".to_owned()),
        Just("- a\n".to_owned()),
    ]
}

fn fixtures() -> impl Strategy<Value = Fixture> {
    let rest =
        (texts(), proptest::option::of(texts()), 100..600_u16).prop_map(|(text, body, status)| {
            let headers = [("x".to_owned(), text)].into();
            Rest { request: "GET /a".into(), headers, body, status, golden: None }
        });
    (
        proptest::option::of(texts()),
        proptest::collection::vec(texts(), 0..3),
        proptest::collection::vec(rest, 0..3),
        proptest::collection::vec(texts(), 0..3),
        proptest::option::of(200..500_u16),
    )
        .prop_map(|(note, tags, rest, cells, status)| Fixture {
            fixture: 1,
            note,
            tags,
            rest,
            sql: Some(SqlExchange {
                statement: "select 1".into(),
                parameters: cells.iter().map(|c| Cell(serde_json::to_string(c).unwrap())).collect(),
                ..SqlExchange::default()
            }),
            response: Response { status, ..Response::default() },
            ..Fixture::default()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_read_as_the_same(fixture in fixtures()) {
        let text = fixture.write();
        prop_assert_eq!(read(&text).map_err(TestCaseError::fail)?, fixture, "{}", text);
    }

    #[test]
    fn a_file_is_changed_into_any_other(one in fixtures(), other in fixtures()) {
        let text = one.write();
        let changed = other.update(&text);
        prop_assert!(changed.is_some(), "{}", text);
        prop_assert_eq!(read(&changed.unwrap()).map_err(TestCaseError::fail)?, other);
    }
}
