//! Assembled statements before a real SQLite.

use proptest::prelude::*;
use rusqlite::Connection;

use super::*;
use crate::sql::{Assembled, Slot};

fn database() -> Connection {
    let database = Connection::open_in_memory().unwrap();
    database
        .execute_batch(
            "create table t (id integer primary key, day text not null, n int not null);
             insert into t select value, '2024-01-' || (10 + value % 5), value % 3
             from (with recursive v (value) as (select 1 union all select value + 1 from v
                   where value < 40) select * from v)",
        )
        .unwrap();
    database
}

/// Ids of the rows of a page.
fn ids(database: &Connection, assembled: &Assembled, take: impl Fn(Slot) -> String) -> Vec<i64> {
    let mut statement = database.prepare(&assembled.text).unwrap();
    assert_eq!(statement.parameter_count(), assembled.slots.len());
    let values = assembled.slots.iter().map(|slot| {
        let text = take(*slot);
        text.parse::<i64>().map_or(text.into(), rusqlite::types::Value::from)
    });
    let rows = statement.query_map(rusqlite::params_from_iter(values), |row| row.get("id"));
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn every_choice_of_many_statements_is_one_sqlite_prepares() {
    let database = database();
    let bases = [
        "select * from t",
        "select id, day, n from t where id > :low and ':x' <> [day] -- end",
        "select * from t where true /*filters*/;",
        "with a as (select * from t where 1=1 /*filters*/) select * from a /* :no */ ; -- done",
        "select id, max(day) as day, sum(n) as n from t where n < :low /*filters*/ group by id",
        "select * from t union all select id, day, `n` from t",
        "values (1, '2', 3)",
    ];
    let mut prepared = 0;
    for base in bases {
        let named = !base.starts_with("values");
        let parts = Parts {
            base,
            filters: if named {
                vec!["day = :day", "n in (:a, :b) -- n", "id <> :low"]
            } else {
                vec![]
            },
            sorts: if named { sorts(&["day desc, id", "id", "n, day desc, id"]) } else { vec![] },
            casts: vec![],
        };
        for parts in [of(base), parts] {
            let statement = made(Dialect::Sqlite, &parts);
            for filters in 0..1 << parts.filters.len() {
                for sort in 0..parts.sorts.len().max(1) {
                    for page in PageChoice::ALL {
                        let assembled = statement.assemble(Choice { filters, sort, page });
                        let ready = database
                            .prepare(&assembled.text)
                            .unwrap_or_else(|error| panic!("{error}: {}", assembled.text));
                        assert_eq!(ready.parameter_count(), assembled.slots.len());
                        prepared += 1;
                    }
                }
            }
        }
    }
    assert!(prepared > 800, "{prepared}");
}

#[test]
fn a_walk_by_keys_meets_every_row_once_both_ways() {
    let database = database();
    let orders = ["id desc", "day, id", "day desc, id", "n, day desc, id", "n desc, day, id desc"];
    let parts = Parts { base: "select * from t", sorts: sorts(&orders), ..Parts::default() };
    let statement = made(Dialect::Sqlite, &parts);
    for (sort, keys) in parts.sorts.iter().enumerate() {
        let all = ids(&database, &statement.assemble(Choice { sort, ..Choice::default() }), |_| {
            String::new()
        });
        assert_eq!(all.len(), 40);
        for (forward, begin) in [(true, PageChoice::First), (false, PageChoice::Before)] {
            let mut met: Vec<i64> = Vec::new();
            if !forward {
                met.push(all[39]);
            }
            while met.len() < 40 {
                let key = |slot: Slot| match slot {
                    Slot::Limit => "7".to_owned(),
                    Slot::Key(index) => {
                        let column = &keys[usize::from(index)].column;
                        let query = format!("select cast({column} as text) from t where id = ?1");
                        database.query_row(&query, [met.last().unwrap()], |row| row.get(0)).unwrap()
                    }
                    other => panic!("{other:?}"),
                };
                let page = if forward && !met.is_empty() { PageChoice::After } else { begin };
                let next =
                    ids(&database, &statement.assemble(Choice { filters: 0, sort, page }), key);
                assert!(!next.is_empty());
                met.extend(next);
            }
            if !forward {
                met.reverse();
            }
            assert_eq!(met, all, "{}", orders[sort]);
        }
    }
}

#[test]
fn an_order_by_a_column_that_is_not_there_is_an_error_and_not_a_constant() {
    let parts = Parts { base: "select * from t", sorts: sorts(&["nope"]), ..Parts::default() };
    let text = made(Dialect::Sqlite, &parts).assemble(Choice::default()).text;
    let error = database().prepare(&text).err().unwrap().to_string();
    assert!(error.contains("no such column"), "{error}");
}

/// A text in quotes, more often closed than not, with anything in it.
fn piece() -> impl Strategy<Value = String> {
    const ENDS: &[(&str, &str)] =
        &[("'", "'"), ("\"", "\""), ("[", "]"), ("`", "`"), ("/*", "*/"), ("--", "\n"), ("", "")];
    let soup = vec![
        "'", "''", "\"", "`", "[", "]", "--", "\n", "\r", "/*", "*/", " ", "a", ":b", ":c1", ",",
        "1", ":", "-", "(", ")", "||", "\\", "E'", "x'",
    ];
    let inside = prop::collection::vec(prop::sample::select(soup), 0..5);
    (prop::sample::select(ENDS), inside, prop::sample::select(ENDS), any::<bool>()).prop_map(
        |(open, inside, close, same)| {
            let close = if same { open.1 } else { close.1 };
            format!("{}{}{close}", open.0, inside.concat())
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn sqlite_finds_the_parameters_that_are_found_here(
        pieces in prop::collection::vec(piece(), 1..4),
        between in prop::sample::select(vec![",", " ", "||", ", :d, "]),
    ) {
        thread_local!(static DATABASE: Connection = database());
        let base = format!("select 1 {} from (select 2 as a)", pieces.join(between));
        let there = |text: &str| DATABASE.with(|database| {
            database.prepare(text).map(|statement| statement.parameter_count())
        });
        match Statement::new(Dialect::Sqlite, &of(&base)) {
            Ok(statement) => {
                let sent = statement.assemble(Choice::default());
                match (there(&base), there(&sent.text)) {
                    (Ok(before), Ok(after)) => prop_assert_eq!((before, after), (sent.slots.len(), before)),
                    (before, after) => prop_assert_eq!(before.is_ok(), after.is_ok(), "{}", sent.text),
                }
            }
            // It takes a comment that never ends, and `:1` for a name.
            Err(problems)
                if problems.iter().any(|problem| {
                    let text = &base[problem.range.clone()];
                    text == "/*" || base[problem.range.start..].starts_with(":1")
                }) => {}
            Err(problems) => prop_assert!(there(&base).is_err(), "{base}: {problems:?}"),
        }
    }
}
