//! What the server says of statements.

use std::sync::Arc;

use figleaf::database::describe;
use figleaf::sql::{Column, Composite, DescribeError, Description, Enumeration, Type};

use super::rig::plan;
use super::server;

fn ask(url: &str, texts: &[&str]) -> Vec<Result<Description, DescribeError>> {
    let texts: Vec<Arc<str>> = texts.iter().map(|text| Arc::from(*text)).collect();
    describe(&plan(url), &texts)
}

fn described(url: &str, text: &str) -> Description {
    ask(url, &[text]).remove(0).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

#[test]
fn every_type_is_resolved() {
    let Some(pg) = server() else { return };
    let url = pg.database(
        "create type mood as enum ('sad', 'ok', 'happy');
         create domain code as varchar(8) check (value <> '');
         create domain mood_code as code;
         create type address as (street varchar(40), zip char(5), moods mood[]);
         create type span as range (subtype = numeric)",
    );
    let check = |sql: &str, expected: Type| {
        let found = described(&url, &format!("select null::{sql}"));
        assert_eq!(found.columns[0].ty, expected, "{sql}");
    };
    let text = |max| Type::Text { max };
    let mood = || {
        let labels = ["sad", "ok", "happy"].map(str::to_owned).to_vec();
        Type::Enum(Enumeration { name: "mood".to_owned(), labels })
    };
    let numeric = |precision, scale| Type::Numeric { precision, scale };
    check("bool", Type::Bool);
    check("int2", Type::Int2);
    check("int4", Type::Int4);
    check("int8", Type::Int8);
    check("oid", Type::Oid);
    check("xid", Type::Oid);
    check("numeric", numeric(None, None));
    check("numeric(12,3)", numeric(Some(12), Some(3)));
    check("float4", Type::Float4);
    check("float8", Type::Float8);
    check("text", text(None));
    check("varchar(7)", text(Some(7)));
    check("varchar", text(None));
    check("name", text(None));
    check("xml", text(None));
    check("char(4)", Type::Char { length: 4 });
    check("bpchar", Type::Char { length: 10_485_760 });
    check("bytea", Type::Bytea);
    check("date", Type::Date);
    check("time(3)", Type::Time);
    check("timetz", Type::TimeTz);
    check("timestamp", Type::Timestamp);
    check("timestamptz(0)", Type::TimestampTz);
    check("interval", Type::Interval);
    check("uuid", Type::Uuid);
    check("json", Type::Json);
    check("jsonb", Type::Jsonb);
    check("inet", Type::Inet);
    check("cidr", Type::Cidr);
    check("macaddr", Type::Macaddr);
    check("macaddr8", Type::Macaddr8);
    check("bit(3)", Type::Bit);
    check("varbit", Type::Bit);
    check("refcursor", Type::Refcursor);
    check("mood", mood());
    check("mood[]", Type::Array(Box::new(mood())));
    check("code", text(Some(8)));
    check("mood_code", text(Some(8)));
    check("mood_code[]", Type::Array(Box::new(text(Some(8)))));
    check("varchar(5)[]", Type::Array(Box::new(text(Some(5)))));
    check("int4range", Type::Range(Box::new(Type::Int4)));
    check("int4multirange", Type::Multirange(Box::new(Type::Int4)));
    check("span", Type::Range(Box::new(numeric(None, None))));
    check("span_multirange", Type::Multirange(Box::new(numeric(None, None))));
    check("money", Type::Unsupported("money".to_owned()));
    let fields = vec![
        ("street".to_owned(), text(Some(40))),
        ("zip".to_owned(), Type::Char { length: 5 }),
        ("moods".to_owned(), Type::Array(Box::new(mood()))),
    ];
    check("address", Type::Composite(Composite { name: "address".to_owned(), fields }));
}

#[test]
fn parameters_have_the_types_of_what_they_meet() {
    let Some(pg) = server() else { return };
    let url = pg.database(
        "create domain code as varchar(8);
         create table t (id int primary key, code code, flag char(1), amount numeric(12,3));
         create procedure p(a int, inout b text) language sql as $$ select 'x' $$",
    );
    let check = |text: &str, expected: &[Type]| {
        assert_eq!(described(&url, text).parameters, expected, "{text}");
    };
    let text = || Type::Text { max: None };
    let numeric = || Type::Numeric { precision: None, scale: None };
    check("select 1 from t where id = $1 and flag = $2", &[Type::Int4, text()]);
    check("insert into t (amount, flag) values ($1, $2)", &[numeric(), text()]);
    check("insert into t (id, code) values ($1, $2)", &[Type::Int4, Type::Text { max: Some(8) }]);
    check("select $2::date, $1::int8[]", &[Type::Array(Box::new(Type::Int8)), Type::Date]);
    check("select 1 from t where id = any($1)", &[Type::Array(Box::new(Type::Int4))]);
    check("call p($1, $2)", &[Type::Int4, text()]);
    let called = described(&url, "call p($1, $2)");
    assert_eq!(called.columns[0], Column { name: "b".to_owned(), ty: text(), nullable: true });
    assert_eq!(described(&url, "update t set id = $1").columns, []);
}

#[test]
fn a_column_is_not_null_only_where_that_is_proven() {
    let Some(pg) = server() else { return };
    let url = pg.database(
        "create table a (id int primary key, note text, name text not null);
         create table b (id int not null, a_id int references a);
         create view v as select id, name from a;
         create table parent (id int not null);
         create table child () inherits (parent);
         create table parted (id int not null) partition by range (id);
         create table part partition of parted for values from (0) to (9)",
    );
    let check = |text: &str, expected: &str| {
        let columns = described(&url, text).columns;
        let found: String = columns.iter().map(|c| if c.nullable { '?' } else { '!' }).collect();
        assert_eq!(found, expected, "{text}");
    };
    check("select id, note, name from a", "!?!");
    check("select * from a where id = $1", "!?!");
    check("select a.id, b.id from a join b on b.a_id = a.id", "!!");
    check("select a.id, b.id from a left join b on b.a_id = a.id", "??");
    check("select id from (select id from a) x", "!");
    check("with x as (select id from a) select id from x", "!");
    check("select id from v", "?");
    check("select id + 1, count(*), id::int8 from a group by id", "???");
    check("select max(id) from a", "?");
    check("select (select id from a where false) from a", "?");
    check("select id from a union select id from b", "?");
    check("select id, count(*) from a group by rollup (id)", "??");
    check("select id from parent", "?");
    check("select id from parted", "!");
    check("insert into a values ($1, $2, $3) returning id, note", "!?");
    check("delete from a where id = $1 returning name", "!");
}

#[test]
fn a_statement_that_is_refused_says_where_and_how_to_mend_it() {
    let Some(pg) = server() else { return };
    let url = pg.database("create table t (name text, id int)");
    let check = |text: &str, state: Option<&str>, at: Option<&str>, words: &str| {
        let Err(DescribeError::Refused { sqlstate, message, hint, offset }) =
            ask(&url, &[text]).remove(0)
        else {
            panic!("{text}")
        };
        assert_eq!(sqlstate.as_deref(), state, "{text}: {message}");
        let said = format!("{message} {}", hint.unwrap_or_default());
        assert!(said.contains(words), "{text}: {said}");
        assert_eq!(offset.map(|o| &text[o..]), at, "{text}: {message}");
    };
    check("selekt 1", Some("42601"), Some("selekt 1"), "syntax error");
    check("select 'ä', nam from t", Some("42703"), Some("nam from t"), "t.name");
    check("select 1 from nope", Some("42P01"), Some("nope"), "nope");
    check("select $1 is null", Some("42P18"), None, "`types:`");
    check("insert into t values ($1, $1)", Some("42P08"), Some("$1)"), "text versus integer");
    check("select 1; select 2", Some("42601"), None, "multiple commands");
    check("begin", None, None, "is about the session");
    check("select 'open", Some("42601"), Some("'open"), "unterminated");
}

#[test]
fn good_statements_are_described_beside_bad_ones_and_none_is_run() {
    let Some(pg) = server() else { return };
    let url = pg.database("create table t (id int)");
    let texts = ["select id from t", "select nope from t", "insert into t values (1) returning id"];
    let found = ask(&url, &texts);
    let good: Vec<bool> = found.iter().map(Result::is_ok).collect();
    assert_eq!(good, [true, false, true]);
    assert_eq!(super::execute(&url, "select count(*) from t").unwrap(), "0");
}

#[test]
fn a_database_that_cannot_be_asked_says_so_for_each_statement() {
    let Some(pg) = server() else { return };
    for found in ask(&pg.url("missing"), &["select 1", "select 2"]) {
        let Err(DescribeError::Unreachable(why)) = found else { panic!("{found:?}") };
        assert_eq!(why, "the database does not exist (SQLSTATE 3D000)");
    }
}

#[tokio::test]
async fn it_may_be_asked_from_within_a_runtime() {
    let Some(pg) = server() else { return };
    assert_eq!(described(&pg.url("postgres"), "select 1").columns[0].ty, Type::Int4);
}
