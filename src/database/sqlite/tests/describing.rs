//! What is known of statements before they run.

use std::sync::Arc;

use super::super::describe;
use super::bench::*;
use crate::sql::{DescribeError, Description, Type};

fn described(text: &str) -> Result<Description, DescribeError> {
    let bench = Bench::new();
    let file = bench.folder.path().join("ledger.db");
    let more =
        "CREATE VIEW settled AS SELECT c.name FROM invoice i LEFT JOIN customer c USING (cust_no);
                CREATE VIEW \"of a day\" AS SELECT name FROM customer UNION SELECT NULL;
                CREATE TABLE pair (a INTEGER, b INTEGER, PRIMARY KEY (a, b));
                CREATE TABLE down (a INTEGER PRIMARY KEY DESC);
                CREATE TABLE plain (a INTEGER PRIMARY KEY, b) WITHOUT ROWID;";
    rusqlite::Connection::open(&file).unwrap().execute_batch(more).unwrap();
    describe(&plan("ledger", file.to_str().unwrap()), &[Arc::from(text)]).remove(0)
}

/// `name:type` of each column, with `?` where it may be NULL.
fn check(text: &str, expected: &str) {
    let description = described(text).unwrap();
    let columns: Vec<String> = description
        .columns
        .iter()
        .map(|c| format!("{}:{:?}{}", c.name, c.ty, if c.nullable { "?" } else { "" }))
        .collect();
    assert_eq!(columns.join(" "), expected, "{text}");
}

#[test]
fn columns_have_the_types_they_are_declared_with() {
    check(
        "SELECT inv_id, cust_no AS customer, paid, issued_on, note, scan, 1 + 1 AS two FROM invoice",
        "inv_id:Int8 customer:Char { length: 5 } paid:Bool? issued_on:Date? \
         note:Text { max: None }? scan:Bytea? two:Dynamic?",
    );
    check("SELECT amount FROM invoice", "amount:Numeric { precision: Some(12), scale: Some(3) }?");
    check("DELETE FROM invoice", "");
    check(
        "DELETE FROM invoice RETURNING inv_id, cust_no",
        "inv_id:Int8 cust_no:Char { length: 5 }",
    );
}

#[test]
fn a_column_is_not_null_only_where_that_is_certain() {
    let text = "name:Text { max: Some(40) }";
    check("SELECT name FROM customer WHERE cust_no = ?1", text);
    check("SELECT name FROM customer c JOIN invoice i ON i.cust_no = c.cust_no", text);
    for maybe in [
        "SELECT name FROM invoice LEFT JOIN customer USING (cust_no)",
        "SELECT name FROM customer RIGHT JOIN invoice USING (cust_no)",
        "SELECT name FROM customer UNION SELECT NULL",
        "SELECT (SELECT name FROM customer WHERE 0) AS name",
        "SELECT name FROM (SELECT name FROM customer WHERE 1)",
        "SELECT name FROM settled",
        "SELECT c.name FROM customer c, \"of a day\"",
        "WITH c AS (SELECT name FROM customer) SELECT name FROM c",
    ] {
        check(maybe, &format!("{text}?"));
    }
    check("SELECT name, max(cust_no) m FROM customer", &format!("{text}? m:Dynamic?"));
    check("SELECT a, b FROM pair", "a:Int8? b:Int8?");
    check("SELECT a FROM down", "a:Int8?");
    check("SELECT a FROM plain", "a:Int8");
}

#[test]
fn parameters_are_counted_and_have_no_type() {
    let check = |text: &str, count: usize| {
        assert_eq!(described(text).unwrap().parameters, vec![Type::Dynamic; count], "{text}");
    };
    check("SELECT 1", 0);
    check("SELECT * FROM customer WHERE cust_no = ?1 OR name = ?1 LIMIT ?2", 2);
    check("UPDATE customer SET name = ?1 WHERE cust_no = ?2", 2);
}

#[test]
fn a_refused_statement_says_where_and_why() {
    let Err(DescribeError::Refused { sqlstate, message, offset, .. }) =
        described("SELECT nam FROM customer")
    else {
        panic!()
    };
    assert_eq!(sqlstate.as_deref(), Some("42703"));
    assert_eq!((message.as_str(), offset), ("no such column: nam", Some(7)));
}

#[test]
fn a_file_that_is_not_there_is_unreachable_and_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.db");
    let plan = plan("missing", missing.to_str().unwrap());
    let described = describe(&plan, &[Arc::from("SELECT 1"), Arc::from("SELECT 2")]);
    assert_eq!(described.len(), 2);
    assert!(matches!(&described[0], Err(DescribeError::Unreachable(_))));
    assert!(!missing.exists());
}
