use super::*;

#[test]
fn a_statement_that_may_change_something_says_so_in_its_words() {
    let check = |writes: bool, base: &str| {
        let statement = made(Dialect::Postgres, &of(base));
        assert_eq!(statement.writes(), writes, "{base}");
    };
    check(false, "select 1");
    check(false, "-- update\n( (SELECT 1) union select 2 )");
    check(false, "values (1)");
    check(false, "table t");
    check(false, "show search_path");
    check(false, "with a as (select 1) select * from a");
    check(
        false,
        "with recursive update as (select 1), b (x) as not materialized (select 2) table b",
    );
    check(false, "select t.into, 1 as into, 'into', \"into\" from t");
    check(false, "select substring(x for 3), a.update, replace(x, 'a', 'b') from t");
    check(false, "select extract(epoch from x) from (values (1)) as insert (x)");
    check(true, "insert into t values (1)");
    check(true, "update t set a = 1");
    check(true, "delete from t");
    check(true, "merge into t using s on true when matched then delete");
    check(true, "with a as (delete from t returning id) select * from a");
    check(true, "with a as (select 1), b as materialized (Insert into t select 1) select 1");
    check(true, "with a as (select 1) update t set x = 1");
    check(true, "select 1 into t");
    check(true, "select * from t for update");
    check(true, "select * from (select * from t for no key update) x");
    check(true, "select * from t for key share skip locked");
    check(true, "call p()");
    check(true, "explain select 1");
    check(true, "fetch all from c");
    check(true, "do $$ $$");
    let replace = made(Dialect::Sqlite, &of("with a as (select 1) replace into t select * from a"));
    assert!(replace.writes());
    assert!(made(Dialect::Sqlite, &of("pragma journal_mode = wal")).writes());
}

#[test]
fn a_page_of_what_has_no_pages_is_the_whole() {
    for base in ["insert into t values (:a)", "show x", "select 1 for update"] {
        let statement = made(Dialect::Postgres, &of(base));
        assert!(!statement.pages());
        let whole = statement.assemble(Choice::default());
        for choice in PageChoice::ALL {
            assert_eq!(statement.assemble(page(choice)), whole, "{base}");
        }
    }
}
