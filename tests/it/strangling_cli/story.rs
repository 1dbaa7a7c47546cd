//! From the first shadowed call to a refused step, with two real backends.

use serde_json::Value;

use super::{Both, CANCEL, MAPPING, ORDER, STOCK};
use crate::rig::{client, eventually};

#[tokio::test]
async fn shadow_is_seen_judged_and_written_down() {
    let both = Both::of(&MAPPING.replace(
        "/api/v1/orders/{orderId}\" }\n    stage",
        "/api/v2/orders/{orderId}\" }\n    stage",
    ));
    let serving = both.project.serve();
    for _ in 0..5 {
        for order in ["42", "43", "44"] {
            let answer = client().get(serving.url(&format!("/api/v1/orders/{order}"))).send();
            assert_eq!(answer.await.unwrap().status(), 200);
        }
    }
    let json = || -> Value {
        serde_json::from_str(&both.project.says(0, &["status", "--format", "json"])).unwrap()
    };
    eventually("every pair is counted", || {
        let routes = json()["routes"].clone();
        let order =
            routes.as_array().unwrap().iter().find(|r| r["route"] == ORDER).unwrap().clone();
        async move { order["match_rate"]["compared"] == 15 }
    })
    .await;
    let found = json();
    assert_eq!(found["instances"].as_array().unwrap().len(), 1, "{found:#}");
    assert_eq!(found["instances_agree"], true);

    let status = both.project.says(0, &["status"]);
    let row =
        |route: &str| status.lines().find(|line| line.starts_with(&format!("{route} "))).unwrap();
    let has = |row: &str, words: &[&str]| {
        for word in words {
            assert!(row.contains(word), "{word}: {status}");
        }
    };
    has(
        row(ORDER),
        &[
            "shadow",
            "15 legacy",
            "0.00 % of 15, at least 0.00 %",
            "just now",
            "canary 5%: the gate says fail",
        ],
    );
    has(row(STOCK), &["legacy", "none", "nothing compared", "never", "shadow: may be"]);
    has(row(CANCEL), &["legacy", "shadow: may be"]);
    has(&status, &["    match rate: 0 of 15", "1 instance, and it acts by the last change"]);
    has(&status, &["of 3 routes the legacy system answers 3, both 0, the candidate 0"]);

    let one = both.project.says(0, &["status", "--route", "/orders/{orderId}"]);
    has(
        &one,
        &[
            "  since",
            "mapping: where the mapping says",
            "  fail",
            "match rate",
            "where answers differ",
        ],
    );
    has(&one, &["15 × Missing at", "15 × Extra at"]);

    a_step_is_refused(&both);

    let verified = both.project.says(0, &["audit", "verify"]);
    assert!(verified.starts_with("3 lines, all as written; the last hash is "), "{verified}");
}

fn a_step_is_refused(both: &Both) {
    let refused = both.project.run(&[
        "stage",
        "GET /orders/{orderId}",
        "canary",
        "5",
        "--reason",
        "looks good",
    ]);
    assert_eq!(refused.code, 1, "{refused:?}");
    let said = "GET /api/v1/orders/{orderId} stays in shadow: the gate says fail";
    assert!(refused.stderr.contains(said), "{refused:?}");
    for word in ["MEASURED", "WANTED", "0 of 15", "at least 90", "critical mismatches", "none"] {
        assert!(refused.stdout.contains(word), "{word}: {refused:?}");
    }
}
