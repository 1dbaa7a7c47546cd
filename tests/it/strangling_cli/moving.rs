//! Moving routes, and their latches.

use figleaf::strangler::Stage;

use super::{MAPPING, ORDER, Project, STOCK, steady};

fn moved(project: &Project, words: &[&str], code: i32) -> String {
    let arguments = [&["stage"], words, &["--reason", "because"]].concat();
    steady(&project.says(code, &arguments))
}

/// A project whose store a server has begun.
fn begun() -> Project {
    let project = Project::quiet(MAPPING);
    drop(project.store());
    project
}

#[test]
fn a_route_goes_forward_by_evidence_and_back_without() {
    let project = begun();
    let none = "no instance is running on this store: it is in force when one starts\n";
    let refused = moved(&project, &[ORDER, "canary", "5%"], 1);
    assert!(refused.contains("stays in shadow: the gate says insufficient"), "{refused}");
    project.good_evidence(ORDER);
    let check = |words: &[&str], expected: &str| {
        assert_eq!(moved(&project, words, 0), format!("{ORDER}: {expected}\n{none}"), "{words:?}");
    };
    check(&[ORDER, "canary", "5"], "shadow → canary 5%");
    project.good_evidence(ORDER);
    check(&["GET /orders/{orderId}", "canary 50%"], "canary 5% → canary 50%");
    project.good_evidence(ORDER);
    check(&["GET /v1/orders/{id}", "primary", "--for", "2h"], "canary 50% → primary");
    check(&["hold", ORDER], "primary, held");
    check(&["release", ORDER], "primary");
    // A latch leaves the end of the change it is set on.
    let status = project.says(0, &["status", "--route", ORDER]);
    assert!(status.contains("  until ") && status.contains("then at most shadow"), "{status}");
    check(&[ORDER, "legacy"], "primary → legacy");
    let log = project.says(0, &["stage", "log", "GET /orders/{orderId}"]);
    let changes: Vec<&str> = log.lines().skip(1).collect();
    assert_eq!(changes.len(), 7, "{log}");
    assert!(changes[1].contains("shadow → canary 5%") && changes[1].contains("  ada  "), "{log}");
    assert!(!log.contains(STOCK), "{log}");
    let status = project.says(0, &["status", "--route", ORDER]);
    assert!(!status.contains("  until "), "{status}");
}

#[test]
fn what_may_not_be_is_refused_with_its_reason() {
    let project = begun();
    let check = |words: &[&str], code: i32, expected: &str| {
        let said = moved(&project, words, code);
        assert!(said.contains(expected), "{words:?}: {said}");
    };
    check(&[STOCK, "canary", "5"], 1, "canary 5% is more than one step; the next is shadow");
    check(&[ORDER, "shadow"], 1, "it is in stage shadow already");
    check(&["POST /orders/{orderId}/cancel", "primary"], 1, "more than one step");
    check(&["release", ORDER], 1, "it is not held");
    check(&["ack", ORDER], 1, "no rollback of it waits to be acknowledged");
    check(&[ORDER, "green"], 2, "the stages are legacy, shadow, canary 5%");
    check(&[ORDER, "canary", "150"], 2, "a share above 0% and below 100%");
    check(&["GET /ordrs/{orderId}", "legacy"], 2, "did you mean `GET /orders/{orderId}`?");
    check(&["/orders/{orderId}/ship", "legacy"], 2, "there is no route");
    check(&[ORDER, "legacy", "--for", "soon"], 2, "`soon` is no length of time");
    check(&[ORDER, "legacy", "--until", "2020-01-01T00:00:00Z"], 2, "is no time to come");
    check(&[ORDER, "legacy", "--until", "tomorrow"], 2, "is no time");
    let without = project.run(&["stage", ORDER, "legacy"]);
    assert_eq!(without.code, 2, "{without:?}");
    assert!(without.stderr.contains("--reason"), "{without:?}");
    let empty = project.run(&["stage", ORDER, "legacy", "--reason", " "]);
    assert!(empty.code == 2 && empty.stderr.contains("--reason is empty"), "{empty:?}");
}

#[test]
fn held_and_rolled_back_say_so() {
    let project = begun();
    moved(&project, &["hold", ORDER], 0);
    project.good_evidence(ORDER);
    let held = moved(&project, &[ORDER, "canary", "5"], 1);
    assert!(held.contains("it is held"), "{held}");
    let status = project.says(0, &["status"]);
    assert!(status.contains("shadow, held") && status.contains("    it is held"), "{status}");
}

#[test]
fn a_store_that_is_not_there_is_not_made() {
    let project = Project::quiet(MAPPING);
    let check = |arguments: &[&str], expected: &str| {
        let output = project.run(arguments);
        assert_eq!(output.code, 2, "{output:?}");
        assert!(output.stderr.contains(expected), "{output:?}");
    };
    check(&["status"], "there is no file");
    check(&["stage", ORDER, "legacy", "--reason", "x"], "there is no file");
    check(&["audit", "verify"], "there is no file");
    check(&["status", "--mappings", "elsewhere"], "`elsewhere` does not exist");
    assert!(!std::path::Path::new(&project.state).exists());
    drop(project.store());
    // To look writes nothing: no route is put anywhere by it.
    let status = project.says(0, &["status", "--route", ORDER]);
    assert!(status.contains("no server has seen this route yet"), "{status}");
    project.says(0, &["stage", "diff"]);
    let store = project.store();
    assert_eq!(project.blocking(store.stages()).unwrap(), []);
    drop(store);
    project.says(0, &["stage", STOCK, "shadow", "--reason", "begin"]);
    let stages = project.blocking(async { project_stages(&project.state).await });
    assert_eq!(stages.len(), 3, "{stages:?}");
}

async fn project_stages(address: &str) -> Vec<(String, Stage)> {
    let store = figleaf::store::Store::open(address).await.unwrap();
    let stages = store.stages().await.unwrap();
    stages.into_iter().map(|record| (record.route, record.position.stage)).collect()
}

#[test]
fn what_people_wrote_stays_in_its_line() {
    let project = begun();
    let reason = "two\nlines, \u{1b}[31mred";
    project.says(0, &["stage", STOCK, "shadow", "--reason", reason]);
    for look in [&["stage", "log", STOCK][..], &["stage", "diff"], &["audit", "list"]] {
        let shown = project.says(i32::from(look[1] == "diff"), look);
        assert!(shown.contains("two\\nlines, \\u{1b}[31mred\n"), "{look:?}: {shown}");
        assert!(!shown.contains('\u{1b}'), "{look:?}: {shown}");
    }
}

#[test]
fn a_stage_edited_in_the_mapping_of_a_live_route_is_not_passed_over_in_silence() {
    let project = begun();
    let mut serving = project.serve();
    let text = std::fs::read_to_string(project.mapping()).unwrap();
    let aside = project.folder.path().join("aside");
    std::fs::write(&aside, text.replace("stage: shadow ", "stage: canary 5% ")).unwrap();
    std::fs::rename(aside, project.mapping()).unwrap();
    // The watch may begin after the edit.
    serving.signal("HUP");
    let line = serving.line("the stage in the mapping moves no route that is live");
    assert!(line.contains(ORDER) && line.contains("stage=shadow mapping=canary 5%"), "{line}");
}

#[test]
fn who_has_no_name_has_a_number() {
    let project = begun();
    project.says(0, &["stage", STOCK, "shadow", "--reason", "begin", "--actor", ""]);
    let log = project.says(0, &["stage", "log", STOCK]);
    assert!(log.lines().any(|line| line.contains("  uid ") && line.contains("begin")), "{log}");
}
