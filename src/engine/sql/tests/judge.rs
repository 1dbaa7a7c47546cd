//! What a caller sees of an error of the database.

use super::*;
use crate::diagnostic::Code;
use crate::engine::sql::{is_transient, judge_sql};

fn failure(sqlstate: &str) -> DatabaseFailure {
    DatabaseFailure {
        sqlstate: sqlstate.into(),
        message: "duplicate key (ssn)=(123-45-6789)".into(),
        detail: Some("row (123-45-6789)".into()),
        hint: Some("see 123-45-6789".into()),
        constraint: Some("person_ssn_key".into()),
        ..DatabaseFailure::default()
    }
}

fn ledger() -> SqlCall {
    let parts = Parts { base: "select 1", ..Parts::default() };
    let mut call = call(vec![step(&parts, &[], ResultKind::Many)]);
    call.parameters = vec![parameter("a", ParameterPlace::Query, TEXT)];
    call
}

#[test]
fn a_sqlstate_has_a_status() {
    let check = |sqlstate: &str, statement: &str, code: Code, status: u16| {
        let problem = judge_sql(&ledger(), &failure(sqlstate), Some(statement));
        assert_eq!((problem.code, problem.status), (code, status), "{sqlstate}");
        assert_eq!(problem.outcome, Some(Outcome::Rejected), "{sqlstate}");
        assert_eq!(problem.retry_after.is_some(), status == 503, "{sqlstate}");
    };
    check("22P02", "select", Code::DatabaseValue, 400);
    check("22012", "select", Code::DatabaseStatement, 500);
    check("23505", "insert", Code::DatabaseDuplicate, 409);
    check("23503", "insert", Code::DatabaseReference, 422);
    check("23503", "DELETE from a", Code::DatabaseInUse, 409);
    check("23514", "insert", Code::DatabaseConstraint, 422);
    check("42501", "select", Code::DatabaseDenied, 403);
    check("42P01", "select", Code::DatabaseStatement, 500);
    check("25006", "select", Code::DatabaseStatement, 500);
    check("40001", "update", Code::DatabaseConflict, 503);
    check("53300", "select", Code::DatabaseUnavailable, 503);
    check("57P01", "select", Code::DatabaseUnavailable, 503);
    check("57014", "select", Code::BackendTimeout, 504);
    check("P0001", "select", Code::DatabaseStatement, 500);
    check("XX000", "select", Code::DatabaseFailed, 502);
    check("", "select", Code::DatabaseFailed, 502);
    assert!(is_transient(&failure("40P01")) && !is_transient(&failure("55P03")));
}

#[test]
fn a_value_nobody_sent_is_the_statements_fault() {
    let problem =
        judge_sql(&SqlCall { parameters: Vec::new(), ..ledger() }, &failure("22P02"), None);
    assert_eq!(problem.code, Code::DatabaseStatement);
}

#[test]
fn a_mapping_knows_better_what_an_error_means() {
    let rule = |pattern: &str, status, title: Option<&str>| SqlErrorRule {
        pattern: pattern.into(),
        status,
        title: title.map(str::to_owned),
    };
    let mut call = ledger();
    call.error_rules = vec![
        rule("person_ssn_key", 422, Some("Known already")),
        rule("P0404", 404, None),
        rule("22", 409, None),
    ];
    let judged = |failure: &DatabaseFailure| {
        let problem = judge_sql(&call, failure, None);
        (problem.code, problem.status, problem.title)
    };
    let plain = |sqlstate| DatabaseFailure { constraint: None, ..failure(sqlstate) };
    let known = Some("Known already".to_owned());
    assert_eq!(judged(&failure("23505")), (Code::DatabaseDuplicate, 422, known));
    assert_eq!(judged(&plain("P0404")), (Code::DatabaseRefused, 404, None));
    assert_eq!(judged(&plain("22P02")), (Code::DatabaseValue, 409, None));
    assert_eq!(judged(&plain("23505")), (Code::DatabaseDuplicate, 409, None));
}

#[test]
fn what_the_database_says_stays_in_the_log() {
    let problem = judge_sql(&ledger(), &failure("23505"), None);
    let body = String::from_utf8(problem.body("/a", "id")).unwrap();
    assert!(!body.contains("123-45-6789") && !body.contains("ssn"), "{body}");
    let log = problem.internal.unwrap();
    assert!(log.contains("row (123-45-6789)") && log.contains("person_ssn_key"), "{log}");
}
