//! Two answers, and why they match or do not.

use serde_json::Value;

use super::{MAPPING, Project};

const RULES: &str = "  GET /orders/{orderId}:
    soap: shop.GetOrder
    returns: order
    candidate: { http: modern, path: \"/api/v1/orders/{orderId}\" }
    compare:
      rules:
        orderId: { critical: true }
        total: { decimal: true }
        placedAt: { time: true }
        lines: { unordered: { by: lineNumber } }
        \"lines[*].unitPrice\": { decimal: true }
        notes: ignore
";

const LEGACY: &str = r#"{
  "orderId": 42, "total": 12.50, "placedAt": "2026-01-02T10:00:00Z", "status": "OPEN",
  "lines": [ { "lineNumber": 1, "unitPrice": 1.0 }, { "lineNumber": 2, "unitPrice": 2.00 } ],
  "notes": ["a", "b"], "count": 1
}"#;

const CANDIDATE: &str = r#"{
  "orderId": 43, "total": 12.5, "placedAt": "2026-01-02T11:00:00+01:00", "status": "open",
  "lines": [ { "lineNumber": 2, "unitPrice": 2.00 }, { "lineNumber": 1, "unitPrice": 1.1 } ],
  "notes": ["c", "b"], "count": "1", "more": null
}"#;

fn project() -> Project {
    let routes = MAPPING.find("  GET /orders").unwrap();
    let project = Project::quiet(&format!("{}{RULES}", &MAPPING[..routes]));
    std::fs::write(project.folder.path().join("a.json"), LEGACY).unwrap();
    std::fs::write(project.folder.path().join("b.json"), CANDIDATE).unwrap();
    project
}

#[test]
fn every_difference_has_its_rule() {
    let route = ["compare", "explain", "a.json", "b.json", "--route", "GET /orders/{orderId}"];
    insta::assert_snapshot!(project().says(1, &route), @r#"
    GET /api/v1/orders/{orderId}, 6 rules

    PATH                CLASS            LEGACY                  CANDIDATE                    RULE
    count               type             1                       "1"                          none
    lines[0].unitPrice  value            1.0                     1.1                          lines[*].unitPrice: { decimal: true }
    more                extra            absent                  null                         none
    orderId             value, critical  42                      43                           orderId: { critical: true }
    status              value            "OPEN"                  "open"                       none
    lines               tolerated        in order                in another                   lines: { unordered: { by: lineNumber } }
    notes[0]            tolerated        "a"                     "c"                          notes: ignore
    placedAt            tolerated        "2026-01-02T10:00:00Z"  "2026-01-02T11:00:00+01:00"  placedAt: { time: true }
    total               tolerated        12.50                   12.5                         total: { decimal: true }

    RULE                                      DECIDED   HID
    orderId: { critical: true }               1 place   0 differences
    total: { decimal: true }                  1 place   1 difference
    placedAt: { time: true }                  1 place   1 difference
    lines: { unordered: { by: lineNumber } }  1 place   1 difference
    lines[*].unitPrice: { decimal: true }     2 places  0 differences
    notes: ignore                             1 place   1 difference

    hidden   2 of 12 values (16.7 %; the gate allows 30.0 %)
    verdict  mismatch: 5 differences, 1 critical
    "#);
    let json = project().says(1, &[&route[..], &["--format", "json"]].concat());
    let json: Value = serde_json::from_str(&json).unwrap();
    let paths = |name: &str| -> Vec<String> {
        let all = json[name].as_array().unwrap().iter();
        all.map(|one| format!("{} {}", one["path"].as_str().unwrap(), one["rule"])).collect()
    };
    assert_eq!(json["verdict"], "mismatch");
    assert_eq!(json["critical"], true);
    assert_eq!(
        paths("mismatches"),
        [
            "count null",
            "lines[0].unitPrice \"lines[*].unitPrice: { decimal: true }\"",
            "more null",
            "orderId \"orderId: { critical: true }\"",
            "status null",
        ]
    );
}

#[test]
fn without_a_route_there_is_no_rule_and_no_mapping() {
    let project = project();
    std::fs::remove_file(project.mapping()).unwrap();
    let check = |arguments: &[&str], code: i32, expected: &str| {
        let said = project.says(code, &[&["compare", "explain"], arguments].concat());
        assert!(said.contains(expected), "{arguments:?}: {said}");
    };
    check(&["a.json", "a.json"], 0, "verdict  match\n");
    check(&["a.json", "b.json"], 1, "placedAt");
    check(&["a.json", "a.json", "--status", "200,404"], 1, "error-vs-ok");
    check(&["a.json", "a.json", "--status", "200,201"], 1, "@status");
    check(&["a.json", "a.json", "--status", "2"], 2, "is not two statuses");
    check(&["a.json", "none.json"], 2, "`none.json` cannot be read");
    std::fs::write(project.folder.path().join("c.json"), "{").unwrap();
    check(&["a.json", "c.json"], 1, "not-json");
}
