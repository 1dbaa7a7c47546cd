//! The command as people and CI meet it: revisions, approvals, formats, mistakes.

use serde_json::Value;
use tempfile::TempDir;

use super::project::Project;
use crate::rig::{Output, figleaf};

#[test]
fn two_revisions_are_compared_and_the_tree_left_alone() {
    let project = Project::shop();
    project.edit("mappings/shop.yaml", "status: 202", "status: 200");
    project.committed("two");
    project.edit("mappings/shop.yaml", "max: 500", "max: 400");
    let at = "orders/{orderId}/shipment response";
    let there = project.lines("one..two");
    assert_eq!(there.len(), 4, "{there:?}");
    assert!(
        there[0].starts_with(&format!("breaking response-status-removed POST /api/v1/{at} 202")),
        "{there:?}"
    );
    let back = project.lines("two..one");
    assert!(
        back[0].starts_with(&format!("breaking response-status-removed POST /api/v1/{at} 200")),
        "{back:?}"
    );
    assert_eq!(project.lines("one...two"), there);
    let tree = project.lines("two");
    assert!(
        tree.iter().all(|line| line.contains("request-limit-tightened")) && tree.len() == 2,
        "{tree:?}"
    );
}

#[test]
fn a_folder_inside_and_files_without_git_do_as_well() {
    let project = Project::shop();
    project.edit("mappings/shop.yaml", "max: 500", "max: 400");
    assert_eq!(project.run_in("wsdl/shop", &["one"]).code, 1);
    assert_eq!(project.run_in("mappings", &["one", "--mappings", "mappings/shop.yaml"]).code, 1);
    let document = |maximum: u32| {
        let schema = format!("{{\"type\":\"integer\",\"maximum\":{maximum}}}");
        format!(
            "{{\"openapi\":\"3.1.0\",\"paths\":{{\"/a\":{{\"get\":{{\"parameters\":[{{\"name\":\"n\",\"in\":\"query\",\"schema\":{schema}}}]}}}}}}}}"
        )
    };
    let folder = Project(TempDir::new().unwrap());
    folder.write("old.json", &document(5));
    folder.write("new.json", &document(4));
    let files = |old, new| ["--base-file", old, "--file", new];
    let output = folder.run(&files("old.json", "new.json"));
    assert_eq!(output.code, 1, "{output:?}");
    assert_eq!(
        output.stdout.lines().next(),
        Some("breaking: its `maximum` was 5, and is 4 [request-limit-tightened]")
    );
    assert!(!output.stdout.contains("cause"), "no sources are known: {output:?}");
    assert_eq!(folder.run(&files("new.json", "old.json")).code, 0);
}

#[test]
fn what_fails_is_chosen() {
    let project = Project::shop();
    project.edit("mappings/shop.yaml", "default: 50", "default: 40");
    let code = |fail_on| project.run(&["one", "--fail-on", fail_on]).code;
    assert_eq!((code("breaking"), code("risky"), code("never")), (0, 1, 0));
}

#[test]
fn an_approval_holds_wherever_the_lines_move() {
    let project = Project::shop();
    project.edit("mappings/shop.yaml", "max: 500", "max: 400");
    let json = |project: &Project| -> Value {
        let output = project.run(&["one", "--format", "json"]);
        serde_json::from_str(&output.stdout).unwrap()
    };
    let found = json(&project);
    let fingerprint = |at: usize| found["changes"][at]["fingerprint"].as_str().unwrap().to_owned();
    let (first, second) = (fingerprint(0), fingerprint(1));
    let output =
        project.run(&["one", "--approve", &first[..8], "--reason", "limits: nobody asks for more"]);
    assert_eq!(output.code, 1, "one of two is left: {output:?}");
    assert!(output.stdout.contains(" approved by Jo: limits: nobody asks for more"), "{output:?}");
    let output = project.run(&[
        "one",
        "--approve",
        &second,
        "--reason",
        "as v1",
        "--by",
        "Ann",
        "--until",
        "2026-12-31",
    ]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.stdout.ends_with("2 breaking (2 approved): one → this tree\n"), "{output:?}");
    // Lines move, commits are rewritten: the content is what it was.
    project.edit("mappings/shop.yaml", "figleaf: 1\n", "# A line.\n\nfigleaf: 1\n");
    project.committed("two");
    project.git(&["commit", "--quiet", "--amend", "--message", "rewritten"]);
    assert_eq!(project.run(&["one"]).code, 0);
    // Another content is another change, and the approvals of the first are of no use.
    project.edit("mappings/shop.yaml", "max: 400", "max: 300");
    let output = project.run(&["one"]);
    assert_eq!(output.code, 1, "{output:?}");
    let stale = format!(
        "approval {first} is stale, it fits no change any more: GET /api/v1/orders: its `maximum` was 500, and is 400"
    );
    assert!(output.stdout.contains(&stale), "{output:?}");
    project.edit("mappings/shop.yaml", "max: 300", "max: 400");
    let path = std::env::var("PATH").unwrap_or_default();
    let later = figleaf(project.path(), &["diff", "one", "--on", "2027-01-01"], &[("PATH", &path)]);
    assert!(
        later.code == 1 && later.stdout.contains(&format!("approval {second} has expired")),
        "{later:?}"
    );
    project.edit(".figleaf-approvals", "    reason:", "    because:");
    let output = project.run(&["one"]);
    assert!(output.code == 2 && output.stderr.contains("because"), "{output:?}");
}

#[track_caller]
fn check(output: &Output, expected: &str) {
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.stderr.contains(expected), "{output:?}");
}

#[test]
fn what_cannot_be_compared_is_said() {
    let project = Project::shop();
    check(&project.run(&["nowhere"]), "git says: fatal: Needed a single revision");
    check(&project.run(&["-x"]), "unexpected argument '-x'");
    check(&project.run(&["one", "--mappings", "elsewhere"]), "one has no mapping in `elsewhere`");
    check(&project.run(&["one", "--mappings", "../up"]), "is outside of the repository");
    check(
        &project.run(&["one", "--approve", "abcdef", "--reason", "r"]),
        "no change has the fingerprint `abcdef`",
    );
    check(&project.run(&["one", "--approve", "abcdef"]), "--reason");
    let bare = Project(TempDir::new().unwrap());
    check(&bare.run(&["one"]), "git says: fatal: not a git repository");
    check(&bare.run(&["--base-file", "a.json", "--file", "b.json"]), "a.json");
    // A revision that does not compile is shown under its own name.
    project.edit("mappings/shop.yaml", "soap: shop.CheckStock", "soap: shop.ChekStock");
    check(&project.run(&["one"]), " --> mappings/shop.yaml:65:");
    project.committed("bad");
    check(&project.run(&["bad"]), " --> bad:mappings/shop.yaml:65:");
    check(&project.run(&["bad"]), "the mappings of bad have 1 problem");
}

#[test]
fn a_diff_needs_no_secrets() {
    let project = Project::shop();
    project.edit("mappings/shop.yaml", "${SHOP_URL:-http://127.0.0.1:8081/shop}", "${SHOP_URL}");
    let login = "timeout: { connect: 1s, total: \"${SHOP_TIME}\" }\n    basic: { username: \"${SHOP_USER}\", password: \"${file:/nowhere/password}\" }\n";
    project.edit("mappings/shop.yaml", "timeout: { connect: 1s, total: 5s }\n", login);
    project.committed("two");
    project.edit("mappings/shop.yaml", "max: 500", "max: 400");
    assert_eq!(project.lines("two").len(), 2);
    assert_eq!(project.lines("one").len(), 2);
}

#[test]
fn people_in_a_pull_request_see_a_table() {
    let project = Project::shop();
    project.edit("mappings/shop.yaml", "max: 500", "max: 400");
    let output = project.run(&["one", "--format", "markdown"]);
    let row = output.stdout.lines().find(|line| line.starts_with("| **breaking**")).unwrap();
    assert!(row.contains("its `maximum` was 500, and is 400 (`request-limit-tightened`)"), "{row}");
    assert!(row.contains("mappings/shop.yaml:37 `criteria.maxRows:"), "{row}");
    assert_eq!(row.matches(" | ").count(), 3, "{row}");
}
