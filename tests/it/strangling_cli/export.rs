//! The mapping beside what is live.

use serde_json::Value;

use super::{CANCEL, MAPPING, ORDER, Project, STOCK, steady};

#[test]
fn what_is_live_comes_into_git_and_nothing_else_changes() {
    let project = Project::quiet(MAPPING);
    drop(project.store());
    assert_eq!(
        project.says(0, &["stage", "diff"]),
        "no difference: 3 routes where the mappings say\n"
    );
    assert!(project.says(0, &["stage", "export"]).contains("nothing to write"));
    project.says(0, &["stage", STOCK, "shadow", "--reason", "begin"]);
    project.says(0, &["stage", CANCEL, "shadow", "--for", "1h", "--reason", "try it"]);
    project.says(0, &["stage", ORDER, "legacy", "--reason", "totals are wrong"]);
    insta::assert_snapshot!(steady(&project.says(1, &["stage", "diff"])), @r"
    ROUTE                                 MAPPING  LIVE    SINCE                 BY   WHY
    GET /api/v1/orders/{orderId}          shadow   legacy  0000-00-00T00:00:00Z  ada  totals are wrong
    GET /api/v1/stock/{articleNumber}     legacy   shadow  0000-00-00T00:00:00Z  ada  begin
    POST /api/v1/orders/{orderId}/cancel  legacy   shadow  0000-00-00T00:00:00Z  ada  try it (until 0000-00-00T00:00:00Z)
    ");
    project.says(0, &["stage", "diff", "--older-than", "14d"]);
    assert!(project.says(2, &["stage", "diff", "--older-than", "old"]).contains("14d"));
    let json: Value =
        serde_json::from_str(&project.says(1, &["stage", "diff", "--format", "json"])).unwrap();
    let fails: Vec<bool> =
        json["routes"].as_array().unwrap().iter().map(|r| r["fails"].as_bool().unwrap()).collect();
    assert_eq!(fails, [true, true, true], "{json:#}");

    insta::assert_snapshot!(project.says(0, &["stage", "export", "--dry-run"]), @r#"
    --- a/mappings/shop.yaml
    +++ b/mappings/shop.yaml
    @@ -19,7 +19,7 @@
         faults: { OrderNotFound: { status: 404, title: Order not found } }
         # the modern shop
         candidate: { http: modern, path: "/api/v1/orders/{orderId}" }
    -    stage: shadow           # since spring
    +    stage: legacy           # since spring
         canary: { steps: [5%, 50%], key: [path.orderId] }
         compare:
           rules:
    @@ -27,6 +27,7 @@
             placedAt: { time: true }
       GET /stock/{articleNumber}:
         soap: shop.CheckStock
    +    stage: shadow
         candidate:
           http: modern
           path: "/api/v1/stock/{articleNumber}"
    "#);
    assert_eq!(std::fs::read_to_string(project.mapping()).unwrap(), MAPPING);
    let patch = project.says(0, &["stage", "export", "--dry-run"]);
    insta::assert_snapshot!(project.says(0, &["stage", "export"]), @r"
    mappings/shop.yaml:16: GET /api/v1/orders/{orderId}: legacy
    mappings/shop.yaml:28: GET /api/v1/stock/{articleNumber}: shadow
    ");
    let written = std::fs::read_to_string(project.mapping()).unwrap();
    let expected = MAPPING
        .replace("stage: shadow           # since", "stage: legacy           # since")
        .replace(
            "    candidate:\n      http: modern\n",
            "    stage: shadow\n    candidate:\n      http: modern\n",
        );
    assert_eq!(written, expected);
    // What lasts an hour stays live only.
    assert!(project.says(1, &["stage", "diff"]).contains(CANCEL));
    applies(&patch, &written);
}

/// Others read the patch as we mean it.
fn applies(patch: &str, expected: &str) {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("mappings")).unwrap();
    std::fs::write(folder.path().join("mappings/shop.yaml"), MAPPING).unwrap();
    std::fs::write(folder.path().join("a.patch"), patch).unwrap();
    let git = std::process::Command::new("git")
        .args(["apply", "a.patch"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(git.status.success(), "{git:?}\n{patch}");
    let applied = std::fs::read_to_string(folder.path().join("mappings/shop.yaml")).unwrap();
    assert_eq!(applied, expected);
}
