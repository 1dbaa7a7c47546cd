//! Values through a real server, there and back.

use std::sync::Arc;

use figleaf::codec::{JsonLimits, parse_json};
use figleaf::database::{Database, describe};
use figleaf::sql::{Cell, Cells, Dialect, Form, Type, Value, encode, write_json};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::rig::*;
use super::server;

/// Values made up, of each type.
const MADE_UP: u32 = 200;

/// The lines of the table the units have as well: type, expression, JSON, JSON as string,
/// whether it is taken back, bytes.
fn lines() -> Vec<Vec<&'static str>> {
    let table = include_str!("../../../src/sql/tests/values.tsv").lines();
    let lines: Vec<Vec<&str>> =
        table.filter(|l| !l.starts_with(['#', '!'])).map(|l| l.split('\t').collect()).collect();
    assert!(lines.len() > 150);
    lines
}

/// Statements that make the types of the table.
fn types() -> String {
    let table = include_str!("../../../src/sql/tests/values.tsv").lines();
    table.filter_map(|line| line.strip_prefix("!\t")).map(|text| format!("{text};")).collect()
}

fn json(ty: &Type, form: Form, cell: Cell<'_>) -> String {
    let mut out = Vec::new();
    write_json(ty, form, cell, &mut out).unwrap_or_else(|error| panic!("{ty:?}: {error}"));
    String::from_utf8(out).unwrap()
}

fn value(ty: &Type, text: &str) -> Value {
    let json = parse_json(text, JsonLimits::default()).unwrap();
    encode(Dialect::Postgres, ty, &json).unwrap_or_else(|error| panic!("{ty:?} {text}: {error}"))
}

/// What comes back of a value, in both forms and as bytes.
async fn back(
    db: &Database,
    ty: &Type,
    query: figleaf::database::Query,
) -> (String, String, Vec<u8>) {
    let mut rows = db.query(query).await.unwrap_or_else(|error| panic!("{ty:?}: {error:?}"));
    let row = rows.next().await.unwrap_or_else(|error| panic!("{ty:?}: {error:?}")).unwrap();
    let cell = row.cell(0);
    let raw = bytes(&row).unwrap_or_default();
    (json(ty, Form::Plain, cell), json(ty, Form::String, cell), raw)
}

#[tokio::test]
async fn every_type_goes_there_and_comes_back_at_its_extremes() {
    let Some(pg) = server() else { return };
    let url = pg.database(&types());
    let db = database(&plan(&url));
    let lines = lines();
    let texts: Vec<Arc<str>> =
        lines.iter().map(|l| format!("select $1::{}", l[0]).into()).collect();
    let asked = plan(&url);
    let described = tokio::task::spawn_blocking(move || describe(&asked, &texts)).await.unwrap();
    for (line, described) in lines.iter().zip(described) {
        let [name, expression, plain, string, back_again, hex] = line[..] else {
            panic!("{line:?}")
        };
        let string = if string == "=" { plain } else { string };
        let described = described.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let ty = &described.columns[0].ty;
        let text = format!("select ({expression})::{name}");
        let (own, own_string, raw) = back(&db, ty, read(&text, &[])).await;
        assert_eq!((own.as_str(), own_string.as_str()), (plain, string), "{name} {expression}");
        let sent: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
        // An array of a made type holds its number, which is the server's.
        let is_fixed = !["mood", "pair", "outer_row"].iter().any(|made| name.starts_with(made));
        assert!(!is_fixed || sent == hex, "{name} {expression}: {sent}");
        if back_again == "<>" {
            let mut query = read(&format!("select $1::{name}"), &[]);
            query.values = vec![value(&described.parameters[0], plain)];
            let (again, ..) = back(&db, ty, query).await;
            assert_eq!(again, plain, "{name} there and back");
        }
    }
}

fn made_up<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..MADE_UP).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

async fn check(db: &Database, name: &str, ty: &Type, values: Vec<String>) {
    let mut query = read(&format!("select unnest($1::{name}[])"), &[]);
    let array = Type::Array(Box::new(ty.clone()));
    query.values = vec![value(&array, &format!("[{}]", values.join(",")))];
    let mut rows = db.query(query).await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
    for expected in values {
        let row = rows.next().await.unwrap_or_else(|e| panic!("{name}: {e:?}")).unwrap();
        assert_eq!(json(ty, Form::Plain, row.cell(0)), expected, "{name}");
    }
}

#[tokio::test]
async fn what_is_written_is_what_was_encoded() {
    let Some(pg) = server() else { return };
    let db = database(&plan(&pg.database("")));
    let whole = made_up(any::<i64>()).iter().map(ToString::to_string).collect();
    check(&db, "int8", &Type::Int8, whole).await;
    let digits = "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,30})?";
    let numbers = made_up(digits).into_iter().map(|n| if is_zero(&n) { "0".to_owned() } else { n });
    let numeric = Type::Numeric { precision: None, scale: None };
    check(&db, "numeric", &numeric, numbers.collect()).await;
    let finite = any::<f64>().prop_filter("finite", |n| n.is_finite());
    let floats = made_up(finite)
        .into_iter()
        .map(|n| json(&Type::Float8, Form::Plain, Cell::Binary(&n.to_be_bytes())));
    check(&db, "float8", &Type::Float8, floats.collect()).await;
    let texts = made_up("[^\\x00]{0,30}").into_iter().map(|t| serde_json::to_string(&t).unwrap());
    let texts = texts.filter(|t| !t.contains("\\b") && !t.contains("\\f")).collect();
    check(&db, "text", &Type::Text { max: None }, texts).await;
    let parts = (-4712..290_000_i64, 1..13_u32, 1..29_u32, 0..24_u32, 0..60_u32, 1..1_000_000_u32);
    let moments = made_up(parts).into_iter().map(|(year, month, day, hour, minute, micros)| {
        let sign = if year < 0 {
            "-"
        } else if year > 9_999 {
            "+"
        } else {
            ""
        };
        let fraction = format!("{micros:06}");
        let fraction = fraction.trim_end_matches('0');
        let year = year.abs();
        format!("\"{sign}{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:59.{fraction}Z\"")
    });
    check(&db, "timestamptz", &Type::TimestampTz, moments.collect()).await;
    let bits = |(months, days, micros): (i32, i32, i64)| {
        let bytes =
            [&micros.to_be_bytes()[..], &days.to_be_bytes(), &months.to_be_bytes()].concat();
        json(&Type::Interval, Form::Plain, Cell::Binary(&bytes))
    };
    let intervals = made_up(any::<(i32, i32, i64)>()).into_iter().map(bits).collect();
    check(&db, "interval", &Type::Interval, intervals).await;
}

/// PostgreSQL knows no negative zero.
fn is_zero(number: &str) -> bool {
    number.bytes().all(|b| !matches!(b, b'1'..=b'9'))
}
