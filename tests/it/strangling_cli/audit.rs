//! The audit, and what became of it.

use super::{CANCEL, MAPPING, ORDER, Project, STOCK, steady};

/// Three routes seen for the first time, and three changes.
fn written() -> Project {
    let project = Project::quiet(MAPPING);
    drop(project.store());
    project.says(0, &["stage", STOCK, "shadow", "--reason", "begin"]);
    project.says(0, &["stage", "hold", STOCK, "--reason", "not now"]);
    project.says(0, &["stage", ORDER, "legacy", "--reason", "totals are wrong"]);
    project
}

fn tamper(project: &Project, statement: &str) {
    let database = rusqlite::Connection::open(&project.state).unwrap();
    assert!(database.execute(statement, []).unwrap() > 0, "{statement}");
}

#[test]
fn who_changed_what_is_listed() {
    let project = written();
    let listed = steady(&project.says(0, &["audit", "list", "--from", "4"]));
    insta::assert_snapshot!(listed, @r"
    LINE  WHEN                  WHO  BY   ROUTE                              CHANGE           WHY
    4     0000-00-00T00:00:00Z  ada  cli  GET /api/v1/stock/{articleNumber}  legacy → shadow  begin
    5     0000-00-00T00:00:00Z  ada  cli  GET /api/v1/stock/{articleNumber}  shadow, held     not now
    6     0000-00-00T00:00:00Z  ada  cli  GET /api/v1/orders/{orderId}       shadow → legacy  totals are wrong
    ");
    assert!(project.says(0, &["audit", "verify"]).starts_with("6 lines, all as written"));
}

#[test]
fn whoever_touches_the_audit_is_found() {
    let check = |statement: &str, expected: &str| {
        let project = written();
        tamper(&project, statement);
        let said = project.says(1, &["audit", "verify"]);
        assert!(said.contains(expected), "{statement}: {said}");
    };
    check(
        "update figleaf_audit set line = replace(line, 'not now', 'for fun') where number = 5",
        "broken: line 5 of the audit was changed, or one before it was removed\n  it says now: ",
    );
    check("delete from figleaf_audit where number = 2", "line 2 of the audit");
    check(
        "delete from figleaf_audit where number = 6",
        "1 change is missing at the end, behind line 5",
    );
    check("delete from figleaf_audit where number > 3", "3 changes are missing at the end");
    check("delete from figleaf_audit", "6 changes are missing at the end, behind line 0");
    check("update figleaf_audit set hash = 'x' where number = 1", "line 1 of the audit");
    // Past the audit, a stage is nobody's.
    let elsewhere = format!("update figleaf_stage set stage = 'primary' where route = '{CANCEL}'");
    check(&elsewhere, "is in primary, and line ");
    check("update figleaf_stage set held = 0 where held = 1", "line 5 put it elsewhere");
}

#[test]
fn an_export_can_be_checked_alone() {
    let project = written();
    let exported = project.says(0, &["audit", "export"]);
    assert_eq!(exported.lines().count(), 6);
    let path = project.folder.path().join("audit.jsonl");
    let check = |text: &str, code: i32, expected: &str| {
        std::fs::write(&path, text).unwrap();
        let said = project.says(code, &["audit", "verify", "--file", "audit.jsonl"]);
        assert!(said.contains(expected), "{said}");
    };
    check(&exported, 0, "6 lines, all as written");
    check(&exported.replace("totals are wrong", "all is well"), 1, "line 6 of the audit");
    let without: Vec<&str> = exported.lines().skip(1).collect();
    check(&without.join("\n"), 1, "line 1 of the audit");
    check("{}\n", 2, "`audit.jsonl`, line 1: missing field");
}
