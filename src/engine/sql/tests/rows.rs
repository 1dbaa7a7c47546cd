//! What becomes of rows.

use super::*;
use crate::diagnostic::Code;
use crate::engine::sql::{IncludeKeys, Included, RowWriter, Style, shape};

type Rows = Vec<Vec<Field>>;

fn written(plan: RowPlan, style: Style, rows: &Rows) -> Result<String, String> {
    let mut writer = RowWriter::new(Arc::new(plan), style);
    let mut out = Vec::new();
    writer.begin(&mut out);
    for row in rows {
        writer.row(row, &[], &mut out).map_err(|error| error.to_string())?;
    }
    writer.end(&mut out);
    Ok(String::from_utf8(out).unwrap())
}

fn check(plan: RowPlan, rows: &Rows, expected: Result<&str, &str>) {
    match (written(plan, Style::Array, rows), expected) {
        (Ok(json), Ok(expected)) => assert_eq!(json, expected),
        (Err(error), Err(part)) => assert!(error.contains(part), "{error}"),
        (got, _) => panic!("{got:?}"),
    }
}

#[test]
fn a_row_is_an_object() {
    let rows = vec![row![1, "A"], row![2, ()]];
    let expected = r#"[{"number":1,"customer":"A"},{"number":2,"customer":null}]"#;
    check(invoice(), &rows, Ok(expected));
    check(invoice(), &vec![], Ok("[]"));
    let lines = written(invoice(), Style::Lines, &rows).unwrap();
    assert_eq!(lines.lines().count(), 2);
    assert!(lines.ends_with("null}\n"));
}

#[test]
fn a_column_may_stand_in_a_member_of_a_member() {
    let street = vec![column("street", 1, TEXT)];
    let members =
        vec![column("number", 0, Type::Int8), member("address", RowValue::Object(street))];
    let plan = RowPlan { members, fold: None };
    check(plan, &vec![row![1, "A"]], Ok(r#"[{"number":1,"address":{"street":"A"}}]"#));
}

#[test]
fn a_null_the_mapping_excludes_is_an_error_with_a_name() {
    let mut plan = invoice();
    let RowValue::Column(column) = &mut plan.members[1].value else { panic!() };
    column.nullable = false;
    check(plan, &vec![row![1, ()]], Err("the column `customer` is NULL"));
}

/// An invoice, its lines, and the lots of each line.
fn nested() -> RowPlan {
    let lot = RowPlan { members: vec![column("lot", 3, TEXT)], fold: None };
    let lots = FoldPlan { keys: vec![2], key: key("lots"), name: "lots".into(), row: lot };
    let line = RowPlan { members: vec![column("line", 2, Type::Int8)], fold: Some(Box::new(lots)) };
    let lines = FoldPlan { keys: vec![0], key: key("lines"), name: "lines".into(), row: line };
    RowPlan { fold: Some(Box::new(lines)), ..invoice() }
}

#[test]
fn adjacent_rows_of_one_object_are_folded() {
    let rows = vec![
        row![1, "A", 10, "x"],
        row![1, "A", 10, "y"],
        row![1, "A", 11, ()],
        row![2, "B", (), ()],
        row![3, "C", 10, "z"],
    ];
    let expected = concat!(
        r#"[{"number":1,"customer":"A","lines":[{"line":10,"lots":[{"lot":"x"},{"lot":"y"}]},"#,
        r#"{"line":11,"lots":[]}]},"#,
        r#"{"number":2,"customer":"B","lines":[]},"#,
        r#"{"number":3,"customer":"C","lines":[{"line":10,"lots":[{"lot":"z"}]}]}]"#
    );
    check(nested(), &rows, Ok(expected));
    let lines = written(nested(), Style::Lines, &rows).unwrap();
    assert_eq!(lines.lines().count(), 3, "{lines}");
    for line in lines.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}

#[test]
fn an_object_that_comes_again_is_an_error_and_no_second_object() {
    let apart = vec![row![1, "A", 10, "x"], row![2, "B", 10, "x"], row![1, "A", 11, "x"]];
    check(nested(), &apart, Err("order them by `number`"));
    let inside = vec![row![1, "A", 10, "x"], row![1, "A", 11, "x"], row![1, "A", 10, "y"]];
    check(nested(), &inside, Err("order them by `line`"));
}

#[test]
fn what_belongs_to_a_row_stands_in_it() {
    let statement =
        Statement::new(Dialect::Sqlite, &Parts { base: "select 1", ..Parts::default() });
    let mut include = IncludePlan {
        name: "lines".into(),
        statement: Arc::new(statement.unwrap()),
        bindings: Vec::new(),
        key: 0,
        key_type: Type::Int8,
        on: 1,
        row: Arc::new(RowPlan { members: vec![column("line", 0, Type::Int8)], fold: None }),
        single: false,
    };
    let mut outer = invoice();
    outer.members.push(member("lines", RowValue::Include(0)));
    let rows = vec![row![1, "A"], row![2, "B"], row![1, "A"], row![(), "C"]];
    let keys = IncludeKeys::of(&include, &outer, &rows).unwrap();
    assert_eq!(keys.json(), "[1,2]");
    let found = vec![row![10, 2], row![11, 1], row![12, 2], row![13, ()]];
    let lines = |include: &IncludePlan, row: &Vec<Field>, found: Rows| {
        let included = [Included::new(include, &outer, found).unwrap()];
        let mut writer = RowWriter::new(Arc::new(outer.clone()), Style::Single);
        let mut out = Vec::new();
        writer.row(row, &included, &mut out).map_err(|error| error.to_string())?;
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        Ok::<_, String>(json["lines"].to_string())
    };
    assert_eq!(lines(&include, &rows[1], found.clone()).unwrap(), r#"[{"line":10},{"line":12}]"#);
    assert_eq!(lines(&include, &rows[3], found.clone()).unwrap(), "[]");
    include.single = true;
    assert_eq!(lines(&include, &rows[0], found.clone()).unwrap(), r#"{"line":11}"#);
    assert_eq!(lines(&include, &rows[3], found.clone()).unwrap(), "null");
    assert!(lines(&include, &rows[1], found).unwrap_err().contains("several rows"));
}

fn shaped(result: ResultKind, rows: &Rows, affected: u64) -> Result<Option<String>, Code> {
    let mut call = call(vec![step(&Parts { base: "select 1", ..Parts::default() }, &[], result)]);
    call.bytes_max = 60;
    call.steps[0].affected_max = Some(5);
    let shaped = shape(&call, &call.steps[0], (rows, affected), &[], Style::Array);
    shaped.map(|s| s.json.map(|j| String::from_utf8(j).unwrap())).map_err(|p| p.code)
}

#[test]
fn an_answer_has_as_many_rows_as_its_route_declares() {
    use ResultKind::{Many, One, Optional, Scalar};
    let check = |result, rows: &Rows, expected: Result<Option<&str>, Code>| {
        let got = shaped(result, rows, rows.len() as u64);
        assert_eq!(got, expected.map(|json| json.map(str::to_owned)), "{result:?}");
    };
    let (none, one, two) = (vec![], vec![row![1, "A"]], vec![row![1, "A"], row![2, "B"]]);
    let object = r#"{"number":1,"customer":"A"}"#;
    check(One, &one, Ok(Some(object)));
    check(One, &none, Err(Code::RowNotFound));
    check(One, &two, Err(Code::DatabaseRows));
    check(Optional, &one, Ok(Some(object)));
    check(Optional, &none, Ok(None));
    check(Scalar, &one, Ok(Some("1")));
    check(Scalar, &two, Err(Code::DatabaseRows));
    check(Many, &none, Ok(Some("[]")));
    check(Many, &vec![row![1, "A"]; 3], Err(Code::DatabaseTooLarge));
    check(ResultKind::None, &one, Ok(None));
}

#[test]
fn an_answer_may_be_a_number_of_rows() {
    let affected = |number| shaped(ResultKind::Affected, &vec![], number);
    assert_eq!(affected(2), Ok(Some(r#"{"affected":2}"#.to_owned())));
    assert_eq!(affected(0), Err(Code::RowNotFound));
    assert_eq!(affected(6), Err(Code::DatabaseAffected));
}

#[test]
fn the_tag_of_a_row_is_its_version() {
    let tag = |version: Field| {
        let plan = RowPlan { members: vec![column("version", 0, Type::Dynamic)], fold: None };
        crate::engine::sql::entity_tag(&plan, 0, &vec![version]).map_err(|e| e.to_string())
    };
    assert_eq!(tag(7.into()).unwrap(), "\"7\"");
    assert_eq!(tag("a \"b\", 100%".into()).unwrap(), "\"a%20%22b%22%2C%20100%25\"");
    assert!(tag(().into()).unwrap_err().contains("`version` is NULL"));
}
