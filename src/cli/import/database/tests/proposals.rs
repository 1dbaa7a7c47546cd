//! From a catalog to routes.

use super::super::{show, write};
use super::fixtures::*;
use crate::diagnostic::{Code, Style};
use crate::soap::VerdictKind;
use crate::sql::{Dialect, ParameterMode, Relation, RelationKind, Routine, Type};

#[test]
fn a_table_with_a_key_is_listed_read_and_written() {
    let columns = vec![
        column("company", Type::Char { length: 2 }),
        column("inv_no", Type::Int4),
        column("customer_id", Type::Int4),
        nullable("note", text()),
        nullable("area", Type::Unsupported("polygon".to_owned())),
        filled("created_at", Type::TimestampTz),
        column("version", Type::Int4),
    ];
    let relation = Relation {
        comment: Some("One row an invoice.".to_owned()),
        references: vec!["customer_id".to_owned()],
        ..table("invoice", columns, &["company", "inv_no"])
    };
    let proposal = proposal(Dialect::Postgres, vec![relation], Vec::new());
    let text = write::routes(&proposal, |_| true, "").unwrap();
    assert_eq!(
        text,
        r#"
# ── table invoice ──
# One row an invoice.
# loss: area: `polygon` is carried as text [loss-sql-type]
GET /invoices:
  sql: erp
  query: |
    SELECT company, inv_no, customer_id, note, area::text AS area, created_at, version
      FROM invoice
     WHERE true /*filters*/
  filters: { customerId: "customer_id = :customerId" }
  page: { by: [company, inv_no] }

GET /invoices/{company}/{invNo}:
  sql: erp
  query: |
    SELECT company, inv_no, customer_id, note, area::text AS area, created_at, version
      FROM invoice
     WHERE company = :company AND inv_no = :invNo
  result: one
  etag: version

# The database fills created_at.
POST /invoices:
  sql: erp
  query: |
    INSERT INTO invoice (company, inv_no, customer_id, note, area, version)
    VALUES (:company, :invNo, :customerId, :note, (:area::text)::polygon, :version)
    RETURNING company, inv_no, customer_id, note, area::text AS area, created_at, version
  in: { note: { body: note, optional: true }, area: { body: area, optional: true } }
  result: one
  status: 201
  location: /invoices/{company}/{invNo}

PUT /invoices/{company}/{invNo}:
  sql: erp
  query: |
    UPDATE invoice
       SET customer_id = :customerId, note = :note, area = (:area::text)::polygon,
           created_at = :createdAt, version = version + 1
     WHERE company = :company AND inv_no = :invNo AND version = :version
    RETURNING company, inv_no, customer_id, note, area::text AS area, created_at, version
  in: { note: { body: note, optional: true }, area: { body: area, optional: true } }
  result: one
  if_match: version
  etag: version

DELETE /invoices/{company}/{invNo}:
  sql: erp
  query: |
    DELETE FROM invoice
     WHERE company = :company AND inv_no = :invNo
  max_affected: 1
"#
    );
}

#[test]
fn sqlite_is_told_the_types_of_parameters_and_the_padding_of_codes() {
    let columns = vec![
        column("ART_NO", Type::Char { length: 10 }),
        column("PRICE", Type::Numeric { precision: Some(12), scale: Some(3) }),
    ];
    let relation = table("Price", columns, &["ART_NO"]);
    let proposal = proposal(Dialect::Sqlite, vec![relation], Vec::new());
    let text = write::mapping(&proposal);
    assert!(text.contains("    sqlite: ../erp.db\n"), "{text}");
    assert!(text.contains("WHERE rtrim(ART_NO) = :artNo\n"), "{text}");
    assert!(text.contains("    types: { artNo: text, price: numeric }\n"), "{text}");
}

#[test]
fn what_has_no_key_is_only_listed() {
    let check = |relation: Relation, expected: &[&str], verdict, code: Option<Code>| {
        let proposal = proposal(Dialect::Postgres, vec![relation], Vec::new());
        assert_eq!(routes(&proposal), expected);
        let object = &proposal.objects[0];
        assert_eq!(object.verdict(), verdict);
        assert_eq!(object.reasons.first().map(|reason| reason.code), code);
    };
    let columns = || vec![column("at", Type::Timestamp), column("what", text())];
    let loss = VerdictKind::Loss;
    check(table("log", columns(), &[]), &["GET /logs"], loss, Some(Code::LossSqlKey));
    let doc = vec![column("doc", Type::Jsonb)];
    check(table("doc", doc, &["doc"]), &["GET /docs"], loss, Some(Code::LossSqlKey));
    let view = Relation { kind: RelationKind::View, ..table("open_item", columns(), &[]) };
    check(view, &["GET /open-items"], VerdictKind::Works, None);
    let reader = Relation { writable: false, ..table("rate", columns(), &["at"]) };
    check(reader, &["GET /rates", "GET /rates/{at}"], VerdictKind::Works, None);
    let gone = Relation { problem: Some("no such table".to_owned()), ..table("x", vec![], &[]) };
    check(gone, &[], VerdictKind::Refused, Some(Code::DatabaseObjectRefused));
    let empty = table("empty", vec![], &[]);
    check(empty, &[], VerdictKind::Refused, Some(Code::DatabaseObjectRefused));
}

#[test]
fn a_table_of_its_key_alone_is_never_updated() {
    let columns = vec![column("a", Type::Int4), column("b", Type::Int4)];
    let proposal = proposal(Dialect::Postgres, vec![table("pair", columns, &["b", "a"])], vec![]);
    let expected = ["GET /pairs", "GET /pairs/{b}/{a}", "POST /pairs", "DELETE /pairs/{b}/{a}"];
    assert_eq!(routes(&proposal), expected);
}

#[test]
fn no_route_stands_twice() {
    let columns = || vec![column("id", Type::Int4)];
    let mut hr = table("staff", columns(), &[]);
    hr.schema = Some("HR".to_owned());
    let routines = vec![
        function("orders", &[], &[("orders", Type::Int4)]),
        function("total", &[("", "integer")], &[("total", Type::Int4)]),
        function("total", &[("", "text")], &[("total", Type::Int4)]),
    ];
    let relations = vec![table("order", columns(), &[]), table("Orders", columns(), &[]), hr];
    let proposal = proposal(Dialect::Postgres, relations, routines);
    let expected = [
        "GET /orders",
        "GET /erp/orders",
        "GET /hr/staffs",
        "GET /erp/orders-2",
        "GET /total",
        "GET /erp/total",
    ];
    assert_eq!(routes(&proposal), expected);
    let text = write::mapping(&proposal);
    assert!(text.contains("FROM \"HR\".staff\n"), "{text}");
    // Which of two routines is meant, their types say.
    assert!(
        text.contains("    query: SELECT * FROM total(:p1)\n    types: { p1: text }\n"),
        "{text}"
    );
}

#[test]
fn routines_are_called_by_what_they_promise() {
    let check = |routine: Routine, expected: &str| {
        let proposal = proposal(Dialect::Postgres, Vec::new(), vec![routine]);
        let text = write::routes(&proposal, |_| true, "").unwrap();
        let (_, text) = text.split_once("──\n").unwrap();
        assert_eq!(text.replace("\n  ", "; "), expected);
    };
    let many = Routine {
        many: true,
        ..function(
            "find",
            &[("p_name", "text"), ("p_ids", "integer[]")],
            &[("a", text()), ("b", text())],
        )
    };
    check(
        many,
        "GET /find:; sql: erp; query: SELECT * FROM find(:name, :ids); \
         in: { ids: { query: ids, repeats: true } }; result: many\n",
    );
    let writes = Routine { reads: false, ..function("close_year", &[("year", "integer")], &[]) };
    check(
        writes,
        "POST /close-year:; sql: erp; query: SELECT * FROM close_year(:year); result: none\n",
    );
    let cursors = [("items", Type::Refcursor), ("payments", Type::Refcursor)];
    check(
        function("sheet", &[("no", "bpchar")], &cursors),
        "GET /sheet:; sql: erp; query: SELECT * FROM sheet(:no); result: cursors\n",
    );
    let mut procedure = Routine {
        procedure: true,
        reads: false,
        ..function(
            "post",
            &[("a", "integer"), ("b", "integer"), ("c", "integer")],
            &[("b", Type::Int4)],
        )
    };
    procedure.parameters[1].mode = ParameterMode::InOut;
    procedure.parameters[2].defaulted = true;
    check(
        procedure,
        "# Left to their defaults: c.\nPOST /post:; sql: erp; query: CALL post(:a, :b); result: one\n",
    );
}

#[test]
fn names_cannot_break_out_of_the_mapping() {
    let columns = vec![column("id", Type::Int4)];
    let hostile =
        ["x\n  GET /evil:\n    sql: erp", "x\u{2028}y", "${file:secret}", "a: b # c \" ' }"];
    let relations = hostile.iter().map(|name| table(name, columns.clone(), &["id"])).collect();
    let mut worse = table("plain", columns, &["id"]);
    worse.comment = Some("nice\n  GET /evil:".to_owned());
    worse.columns[0].name = "i\"d".to_owned();
    worse.key = vec!["i\"d".to_owned()];
    let mut relations: Vec<Relation> = relations;
    relations.push(worse);
    let proposal = proposal(Dialect::Postgres, relations, Vec::new());
    assert_eq!(proposal.count(VerdictKind::Refused), 3);
    let text = write::mapping(&proposal);
    let said = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let text: String = said.flat_map(|line| [line, "\n"]).collect();
    assert!(!text.contains("/evil"), "{text}");
    assert!(!text.contains("${file"), "{text}");
    assert!(text.contains("FROM \"a: b # c \"\" ' }\"\n"), "{text}");
    assert!(text.contains("SELECT \"i\"\"d\"\n"), "{text}");
    let shown = show::table(&proposal, Style::Plain);
    assert_eq!(shown.lines().filter(|line| line.contains("refused  table")).count(), 3, "{shown}");
}
