use super::*;
use crate::sql::Part;

/// Each problem as `part range: message`.
fn shown(parts: &Parts<'_>, problems: &[StatementProblem]) -> Vec<String> {
    let show = |problem: &StatementProblem| {
        assert!(!problem.help.is_empty(), "{problem:?}");
        let (part, text) = match problem.part {
            Part::Base => (String::new(), parts.base),
            Part::Filter(index) => (format!("filter {index} "), parts.filters[index]),
            Part::Sort(index) => (format!("sort {index} "), ""),
        };
        format!("{part}{}: {}", &text[problem.range.clone()], problem.message)
    };
    problems.iter().map(show).collect()
}

fn check(dialect: Dialect, parts: &Parts<'_>, expected: &[&str]) {
    let problems = refused(dialect, parts);
    let shown = shown(parts, &problems);
    assert_eq!(shown.len(), expected.len(), "{shown:#?}");
    for (shown, expected) in shown.iter().zip(expected) {
        assert!(shown.starts_with(expected), "{shown}\n{expected}");
    }
}

fn both(base: &str, expected: &[&str]) {
    for dialect in DIALECTS {
        check(dialect, &of(base), expected);
    }
}

fn postgres(base: &str, expected: &[&str]) {
    check(Dialect::Postgres, &of(base), expected);
}

fn sqlite(base: &str, expected: &[&str]) {
    check(Dialect::Sqlite, &of(base), expected);
}

#[test]
fn what_never_ends_is_told_where_it_begins() {
    both("select 'a", &["': `'` opens a text that never ends"]);
    both("select 'a''", &["': "]);
    both("select \"a", &["\": "]);
    both("select 1 /* a", &["/*: `/*` is never closed"]);
    both("select (1", &["(: `(` is never closed"]);
    both("select 1)", &["): `)` closes nothing"]);
    postgres("select a[1)", &["): ", "[: "]);
    postgres("select E'a\\'", &["E': "]);
    postgres("select $t$ $T$", &["$t$: "]);
    postgres("/* /* */ select 1", &["/*: ", "/* /* */ select 1: there is no statement"]);
    sqlite("select [a", &["[: "]);
    sqlite("select `a", &["`: "]);
}

#[test]
fn a_statement_is_one_statement() {
    for base in ["", " \n", "-- x", "/* x */", ";", " ; -- x"] {
        both(base, &[&format!("{base}: there is no statement")]);
    }
    both("select 1; select 2", &["select: something follows"]);
    both("select 1;;", &[";: something follows"]);
    both("select 1; /*filters*/", &["/*filters*/: something follows"]);
    both("select 1 /*filters*/ /* filters */", &["/* filters */: there is a second"]);
    both("select \0 '\0'", &["\0: this is a NUL byte"]);
    for (base, sent) in [
        ("select 1;", "select 1"),
        ("select 1 ; \n-- done", "select 1 "),
        ("select ';' /* ; */ -- ;", "select ';' /* ; */ -- ;\n"),
    ] {
        let assembled = made(Dialect::Postgres, &of(base)).assemble(Choice::default());
        assert_eq!(&*assembled.text, sent);
    }
}

#[test]
fn parameters_have_names() {
    postgres("select $1, $23", &["$1: `$1` is a placeholder", "$23: "]);
    sqlite("select ?, ?2, @a, $b", &["?: ", "?2: ", "@a: ", "$b: "]);
    sqlite("select :1, a::text, x := 2, \\:a", &[":: ", "::: ", ":=: ", "\\:: "]);
    both("select :prénom, :a$b", &[":prénom: `:prénom` is not a name", ":a$b: "]);
    let many: String = (0..=500).map(|number| format!("+:p{number}")).collect();
    postgres(&format!("select 0{many}"), &[":p500: is one parameter more than 500"]);
    let long = format!("select '{}'", "x".repeat(1 << 20));
    postgres(&long, &[": has 1048585 bytes, more than 1048576"]);
}

#[test]
fn a_filter_is_a_condition() {
    let with = |filters| Parts { base: "select 1 as a", filters, ..Parts::default() };
    let check = |filter, expected: &[&str]| check(Dialect::Postgres, &with(vec![filter]), expected);
    check("", &["filter 0 : the filter is empty"]);
    check("-- x", &["filter 0 -- x: the filter is empty"]);
    check("a = 1;", &["filter 0 ;: a filter is a condition"]);
    check("a = 1) or (a = 2", &["filter 0 ): `)` closes nothing", "filter 0 (: "]);
    check("a = '", &["filter 0 ': "]);
    check("a = $1", &["filter 0 $1: "]);
    check("a /*filters*/", &["filter 0 /*filters*/: the mark"]);
    let problems = refused(Dialect::Postgres, &with(vec!["a"; 65]));
    assert_eq!(problems[0].message, "has 65 filters, more than 64");
}

#[test]
fn what_changes_something_has_no_filters_and_no_orders() {
    let parts = |base, filters: &[&'static str], orders: &[&str]| Parts {
        base,
        filters: filters.to_vec(),
        sorts: sorts(orders),
        ..Parts::default()
    };
    let wrong = |parts: &Parts<'_>, expected: &[&str]| check(Dialect::Postgres, parts, expected);
    let none = "the statement may change something: no condition of it may be left out";
    let update = "update t set a = 1 where true /*filters*/";
    wrong(&parts(update, &["b = :b"], &[]), &[&format!("update: {none}")]);
    let delete = "with d as (delete from t where true /*filters*/ returning *) select * from d";
    wrong(&parts(delete, &["b = :b"], &[]), &[&format!("select: {none}")]);
    wrong(
        &parts("insert into t select 1", &["b = :b"], &["a"]),
        &["insert: the statement may change something: it has no orders", "insert: "],
    );
    wrong(&parts("show x", &[], &["a"]), &["show: the statement tells a setting"]);
    wrong(&parts("select 1 for update", &["a = 1"], &[]), &["select: the statement locks rows"]);
    made(Dialect::Postgres, &parts("select 1 where true /*filters*/ for update", &["a = 1"], &[]));
}

#[test]
fn what_goes_around_a_statement_leaves_no_order_or_limit_in_it() {
    let check = |dialect, base, filters: &[&'static str], orders: &[&str], expected: &[&str]| {
        let filters = filters.to_vec();
        let parts = Parts { base, filters, sorts: sorts(orders), ..Parts::default() };
        match expected {
            [] => drop(made(dialect, &parts)),
            expected => check(dialect, &parts, expected),
        }
    };
    let (postgres, sqlite) = (Dialect::Postgres, Dialect::Sqlite);
    let both = "select a from t order by a limit 1";
    check(postgres, both, &[], &["a"], &["order: it stands inside of the orders", "limit: "]);
    check(sqlite, both, &["a = 1"], &[], &["order: it stands inside of the filters", "limit: "]);
    check(postgres, "select a from t offset 1", &[], &["a"], &["offset: "]);
    check(postgres, "select a from t fetch first row only", &[], &["a"], &["fetch: "]);
    let inner = "select t.limit, 1 as order, (select 1 order by 1 limit 1), row_number() over (order by a) from t";
    check(postgres, inner, &["a = 1"], &["a"], &[]);
    check(postgres, "(select 1 as a order by 1 limit 1)", &["a = 1"], &["a"], &[]);
    check(sqlite, "select a as offset, \"order\", [limit] from t", &[], &["a"], &[]);
    let marked = "select a from t where true /*filters*/ order by a limit 1";
    check(postgres, marked, &["a = 1"], &[], &[]);
}

#[test]
fn an_order_has_columns() {
    let key =
        |column: &str| super::super::OrderKey { column: column.to_owned(), descending: false };
    for keys in [vec![], vec![key("")], vec![key("a"), key("b\0")]] {
        let parts = Parts { base: "select 1", sorts: vec![keys], ..Parts::default() };
        check(Dialect::Sqlite, &parts, &["sort 0 : the order has no columns"]);
    }
    let parts = Parts { base: "select 1", sorts: vec![vec![key("a"); 33]], ..Parts::default() };
    check(Dialect::Sqlite, &parts, &["sort 0 : has 33 columns, more than 32"]);
}

#[test]
fn a_cast_is_to_the_name_of_a_type() {
    let check = |ty: &'static str, fits: bool| {
        let parts = Parts { base: "select :a", casts: vec![("a", ty)], ..Parts::default() };
        if fits {
            made(Dialect::Postgres, &parts);
        } else {
            check(Dialect::Postgres, &parts, &[&format!(":a: `{ty}` cannot be the type")]);
        }
    };
    for ty in
        ["date", "timestamp with time zone", "numeric(12,3)", "int[]", "int4[2][3]", "a.\"B c\""]
    {
        check(ty, true);
    }
    for ty in [
        "",
        " ",
        "1",
        "date; drop",
        "a, b",
        "int) or (true",
        "a'b'",
        "\"a",
        "a--b",
        "a/*b*/",
        ":b",
        "$1",
    ] {
        check(ty, false);
    }
    let parts = Parts { base: "select 1", casts: vec![("a", "date")], ..Parts::default() };
    super::refusals::check(Dialect::Postgres, &parts, &[": there is no parameter `:a`"]);
}
