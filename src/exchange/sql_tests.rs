//! Statements that are found, and why others are not.

use std::collections::HashMap;

use super::*;
use crate::sql::{Dialect, Given};

const TEXT: &str = "select a from t where b = $1 and c = $2";

fn given(all: &[(&str, Option<&str>)]) -> Vec<Given> {
    let one = |(name, text): &(&str, Option<&str>)| Given {
        name: (*name).into(),
        text: text.map(str::to_owned),
    };
    all.iter().map(one).collect()
}

fn entry(name: &str, sql: SqlExchange) -> Entry {
    Entry {
        name: format!("db/{name}"),
        backend: "db".to_owned(),
        fixture: Fixture { fixture: 1, sql: Some(sql), ..Fixture::default() },
        request: None,
        response: Vec::new(),
        parts: Vec::new(),
    }
}

fn exchange(statement: &str, parameters: &[Option<&str>]) -> SqlExchange {
    SqlExchange {
        statement: statement.to_owned(),
        parameters: parameters.iter().map(|text| Cell::of_text(*text)).collect(),
        rows: Some(Rows::default()),
        ..SqlExchange::default()
    }
}

fn collection(entries: Vec<Entry>) -> Collection {
    Collection::new(entries, HashMap::new(), HashMap::new())
}

/// The name of what is found, or why nothing is.
fn find(
    collection: &Collection,
    change: impl FnOnce(&mut AskedSql<'_>),
    values: &[(&str, Option<&str>)],
) -> Result<String, (Why, Box<Miss>)> {
    let (states, given) = (HashMap::new(), given(values));
    let mut asked = AskedSql {
        backend: "db",
        dialect: Dialect::Postgres,
        statement: TEXT,
        given: &given,
        before: &[],
        step: None,
        states: &states,
        lenient: false,
    };
    change(&mut asked);
    let found = collection.find_sql(asked);
    found.map(|hit| collection.entry(hit.entry).name.clone()).map_err(|miss| (miss.why, miss))
}

#[test]
fn a_statement_is_found_by_its_words_and_values() {
    let all = collection(vec![
        entry("one", exchange(TEXT, &[Some("1"), Some("x")])),
        entry("null", exchange(TEXT, &[Some("1"), None])),
        entry("empty", exchange(TEXT, &[Some("1"), Some("")])),
        entry("spaced", exchange("select a\n  from t -- all\n where b=$1", &[Some("00018")])),
    ]);
    let check = |statement: &'static str, values: &[Option<&str>], expected: Result<&str, Why>| {
        let values: Vec<_> = values.iter().map(|text| ("", *text)).collect();
        let found = find(&all, |asked| asked.statement = statement, &values);
        let found = found.map_err(|(why, _)| why);
        assert_eq!(found, expected.map(|name| format!("db/{name}")), "{statement} {values:?}");
    };
    check(TEXT, &[Some("1"), Some("x")], Ok("one"));
    check(TEXT, &[Some("1"), None], Ok("null"));
    check(TEXT, &[Some("1"), Some("")], Ok("empty"));
    check(TEXT, &[Some("1"), Some("null")], Err(Why::Value));
    check(TEXT, &[Some("1")], Err(Why::Value));
    check("select a from t where b = $1", &[Some("00018")], Ok("spaced"));
    check("select a from t where b = $1", &[Some("18")], Err(Why::Value));
    check("select A from t where b = $1", &[Some("00018")], Err(Why::Statement));
    let other = find(&all, |asked| asked.backend = "other", &[]);
    assert_eq!(other.unwrap_err().0, Why::NoFixture);
}

#[test]
fn what_changes_each_time_and_what_a_fixture_leaves_open_does_not_count() {
    let mut one = entry("one", exchange(TEXT, &[Some("1"), Some("x")]));
    one.fixture.ignore = vec!["since".to_owned()];
    one.fixture.where_ = [("parameters[1]".to_owned(), "[0-9]+".to_owned())].into();
    let all = collection(vec![one]);
    let check = |values: &[(&str, Option<&str>)], expected: bool| {
        assert_eq!(find(&all, |_| (), values).is_ok(), expected, "{values:?}");
    };
    check(&[("id", Some("77")), ("since", Some("now"))], true);
    check(&[("id", Some("77a")), ("since", Some("now"))], false);
    check(&[("id", Some("77")), ("until", Some("now"))], false);
    check(&[("id", Some("77")), (crate::sql::REQUEST_TIME, Some("now"))], true);
}

#[test]
fn a_statement_of_a_transaction_depends_on_what_came_before() {
    let step = |before: &[&str]| SqlExchange {
        step: Some(2),
        before: before.iter().map(|text| Cell::of_text(Some(text))).collect(),
        ..exchange(TEXT, &[])
    };
    let all = collection(vec![entry("anybody", step(&[])), entry("bob", step(&["bob"]))]);
    let check = |step: Option<u32>, before: &[Given], expected: Result<&str, Why>| {
        let found = find(&all, |asked| (asked.step, asked.before) = (step, leak(before)), &[]);
        let found = found.map_err(|(why, _)| why);
        assert_eq!(found, expected.map(|name| format!("db/{name}")));
    };
    check(Some(2), &given(&[("user", Some("bob"))]), Ok("bob"));
    check(Some(2), &given(&[("user", Some("alice"))]), Ok("anybody"));
    check(None, &[], Err(Why::Structure));
}

fn leak(before: &[Given]) -> &'static [Given] {
    Box::leak(before.to_vec().into_boxed_slice())
}

#[test]
fn a_miss_says_what_differs_and_which_line_mends_it() {
    let all = collection(vec![
        entry("a", exchange(TEXT, &[Some("1"), Some("x")])),
        entry("b", exchange(TEXT, &[Some("2"), Some("y")])),
        entry("c", exchange("select a from t where b = $1 or c = $2", &[Some("1"), Some("x")])),
        entry("d", exchange("delete from t", &[])),
    ]);
    let (why, miss) = find(&all, |_| (), &[("id", Some("1")), ("", Some("z"))]).unwrap_err();
    assert_eq!(why, Why::Value);
    let near: Vec<&str> = miss.nearest.iter().map(|near| near.name.as_str()).collect();
    assert_eq!(near, ["db/a", "db/b", "db/c"]);
    let difference = &miss.nearest[0].differences[0];
    assert_eq!(difference.path.to_string(), "parameters[2]");
    assert_eq!((difference.left.as_deref(), difference.right.as_deref()), (Some("x"), Some("z")));
    assert_eq!(miss.nearest[0].line.as_deref(), Some("ignore: [\"parameters[2]\"]"));
    assert_eq!(miss.nearest[1].differences[0].path.to_string(), "id");
    let statement = &miss.nearest[2].differences[0];
    assert_eq!((statement.left.as_deref(), statement.right.as_deref()), (Some("or"), Some("and")));
    assert_eq!(miss.operation.as_deref(), Some("`select a from t where b = $1 and c = $2`"));
}

#[test]
fn a_scenario_has_to_be_where_the_fixture_needs_it() {
    let mut paid = entry("paid", exchange(TEXT, &[]));
    let needs = Some("paid".to_owned());
    paid.fixture.scenario = Some(Scenario { name: "order".to_owned(), needs, sets: None });
    let all = collection(vec![paid]);
    let (why, miss) = find(&all, |_| (), &[]).unwrap_err();
    let state = miss.nearest[0].state.clone().unwrap();
    assert_eq!((why, state.needs.as_str(), state.is.as_str()), (Why::State, "paid", "started"));
}

#[test]
fn leniently_the_nearest_values_do() {
    let all = collection(vec![entry("a", exchange(TEXT, &[Some("1"), Some("x")]))]);
    let values = [("", Some("1")), ("", Some("z"))];
    assert_eq!(find(&all, |asked| asked.lenient = true, &values).unwrap(), "db/a");
}
