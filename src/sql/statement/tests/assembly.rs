use super::*;
use crate::sql::Slot::{self, Key, Limit, Offset, Parameter};

/// The text and what its placeholders take, of each choice.
fn check(statement: &Statement, choice: Choice, text: &str, slots: &[Slot]) {
    let assembled = statement.assemble(choice);
    assert_eq!(&*assembled.text, text);
    assert_eq!(&*assembled.slots, slots, "{text}");
}

#[test]
fn a_statement_without_choices_is_cut_into_pages() {
    use PageChoice::{All, Count, First, Offset as Number};
    let whole = made(Dialect::Postgres, &of("select a from t where b = :b -- all;\n;"));
    let base = "select a from t where b = $1 -- all;\n";
    check(&whole, page(All), base, &[Parameter(0)]);
    let text = format!("select * from ({base}) as figleaf limit $2");
    check(&whole, page(First), &text, &[Parameter(0), Limit]);
    let text = format!("select * from ({base}) as figleaf limit $2 offset $3");
    check(&whole, page(Number), &text, &[Parameter(0), Limit, Offset]);
    let text = format!("select count(*) from ({base}) as figleaf");
    check(&whole, page(Count), &text, &[Parameter(0)]);
    let ordered = made(Dialect::Sqlite, &of("select a from t order by a -- x"));
    let text = "select a from t order by a -- x\n limit ?1 offset ?2";
    check(&ordered, page(Number), text, &[Limit, Offset]);
    check(
        &ordered,
        page(PageChoice::After),
        "select a from t order by a -- x\n limit ?1",
        &[Limit],
    );
    let limited = made(Dialect::Sqlite, &of("select a from t order by a limit 9"));
    let text = "select * from (select a from t order by a limit 9) as figleaf limit ?1";
    check(&limited, page(First), text, &[Limit]);
}

#[test]
fn filters_stand_at_their_mark_or_around_the_whole() {
    let filters = vec!["a = :a", "b = :b or b = :x -- b", "c = :a"];
    let choose = |filters| Choice { filters, ..Choice::default() };
    let parts = Parts {
        base: "select * from t where x = :x /*filters*/ group by 1",
        filters: filters.clone(),
        ..Parts::default()
    };
    let marked = made(Dialect::Postgres, &parts);
    assert_eq!(marked.parameters(), ["x", "a", "b"]);
    let head = "select * from t where x = $1 /*filters*/";
    check(&marked, choose(0), &format!("{head} group by 1"), &[Parameter(0)]);
    let text = format!("{head} and (a = $2) and (b = $3 or b = $1 -- b\n) and (c = $2) group by 1");
    check(&marked, choose(0b111), &text, &[Parameter(0), Parameter(1), Parameter(2)]);
    let text = format!("{head} and (b = $2 or b = $1 -- b\n) group by 1");
    check(&marked, choose(0b010), &text, &[Parameter(0), Parameter(2)]);
    // Bits no filter has mean nothing.
    check(&marked, choose(0b1000), &format!("{head} group by 1"), &[Parameter(0)]);
    let parts = Parts { base: "select * from t", filters, ..Parts::default() };
    let around = made(Dialect::Sqlite, &parts);
    let text = "select * from (select * from t) as figleaf where (a = ?1) and (c = ?1)";
    check(&around, choose(0b101), text, &[Parameter(0)]);
    let counted = Choice { filters: 1, page: PageChoice::Count, ..Choice::default() };
    let text = "select count(*) from (select * from t) as figleaf where (a = ?1)";
    check(&around, counted, text, &[Parameter(0)]);
}

#[test]
fn an_order_goes_around_and_pages_seek_in_it() {
    let parts = Parts {
        base: "select * from t",
        filters: vec!["c = :c"],
        sorts: sorts(&["day desc, id desc", "\"Na\"\"me\""]),
        ..Parts::default()
    };
    let statement = made(Dialect::Postgres, &parts);
    let around = "select * from (select * from t) as figleaf";
    let choose = |sort, page| Choice { filters: 0, sort, page };
    let text = format!("{around} order by \"day\" desc, \"id\" desc");
    check(&statement, choose(0, PageChoice::All), &text, &[]);
    let keys = [Key(0), Key(1), Limit];
    let text = format!(
        "{around} where (\"day\", \"id\") < ($1, $2) order by \"day\" desc, \"id\" desc limit $3"
    );
    check(&statement, choose(0, PageChoice::After), &text, &keys);
    let text =
        format!("{around} where (\"day\", \"id\") > ($1, $2) order by \"day\", \"id\" limit $3");
    check(&statement, choose(0, PageChoice::Before), &text, &keys);
    let text = format!("{around} where \"Na\"\"me\" > $1 order by \"Na\"\"me\" limit $2");
    check(&statement, choose(1, PageChoice::After), &text, &[Key(0), Limit]);
    assert_eq!(
        statement.assemble(choose(9, PageChoice::First)),
        statement.assemble(page(PageChoice::First))
    );
    let filtered = Choice { filters: 1, sort: 1, page: PageChoice::Before };
    let text = format!(
        "{around} where (c = $1) and \"Na\"\"me\" < $2 order by \"Na\"\"me\" desc limit $3"
    );
    check(&statement, filtered, &text, &[Parameter(0), Key(0), Limit]);
}

#[test]
fn in_mixed_directions_a_bound_on_the_first_column_leads() {
    let check = |order: &str, after: &str| {
        let parts = Parts { base: "select 1", sorts: sorts(&[order]), ..Parts::default() };
        let text = made(Dialect::Postgres, &parts).assemble(page(PageChoice::After)).text;
        let predicate = text.split_once(" where ").unwrap().1.split_once(" order by ").unwrap().0;
        assert_eq!(predicate.replace('"', ""), after);
    };
    check("a desc, b", "(a <= $1 and (a < $1 or (a = $1 and b > $2)))");
    check("a, b desc, c desc", "(a >= $1 and (a > $1 or (a = $1 and (b, c) < ($2, $3))))");
    check(
        "a, b desc, c",
        "(a >= $1 and (a > $1 or (a = $1 and (b <= $2 and (b < $2 or (b = $2 and c > $3))))))",
    );
}

#[test]
fn names_of_columns_cannot_become_texts_in_sqlite() {
    let parts = Parts { base: "select 1 as a", sorts: sorts(&["a, b"]), ..Parts::default() };
    let text = made(Dialect::Sqlite, &parts).assemble(page(PageChoice::After)).text;
    assert_eq!(
        &*text,
        "select * from (select 1 as a) as figleaf where (figleaf.\"a\", figleaf.\"b\") > (?1, ?2) order by figleaf.\"a\", figleaf.\"b\" limit ?3"
    );
}

#[test]
fn types_are_written_as_casts_in_postgres() {
    let check = |dialect, base, expected: &str| {
        let casts = vec![("a", "int[]"), ("b", " interval ")];
        let parts = Parts { base, casts, ..Parts::default() };
        assert_eq!(&*made(dialect, &parts).assemble(Choice::default()).text, expected);
    };
    check(
        Dialect::Postgres,
        "select any(:a), :c, :b, :a",
        "select any($1::int[]), $2, $3::interval, $1::int[]",
    );
    check(Dialect::Postgres, "select :a[1], :b year", "select ($1::int[])[1], ($2::interval) year");
    check(
        Dialect::Postgres,
        "select :b:b, :b.x, :b\"c\", :a",
        "select $1::interval $1::interval, ($1::interval).x, ($1::interval)\"c\", $2::int[]",
    );
    check(Dialect::Sqlite, "select :a, :b", "select ?1, ?2");
}

#[test]
fn what_needs_no_filter_is_assembled_once() {
    let parts = Parts { base: "select 1 as a", sorts: sorts(&["a"]), ..Parts::default() };
    let statement = made(Dialect::Postgres, &parts);
    for choice in PageChoice::ALL {
        let (one, other) = (statement.assemble(page(choice)), statement.assemble(page(choice)));
        assert!(std::sync::Arc::ptr_eq(&one.text, &other.text));
        assert!(std::sync::Arc::ptr_eq(&one.slots, &other.slots));
    }
}
