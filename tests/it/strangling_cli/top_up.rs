//! Evidence from recordings, with two real backends.

use serde_json::Value;

use super::{Both, MAPPING, ORDER, STOCK};

fn order(both: &Both) -> Value {
    let json = both.project.says(0, &["status", "--format", "json", "--route", ORDER]);
    serde_json::from_str::<Value>(&json).unwrap()["routes"][0].clone()
}

#[test]
fn recorded_reads_are_asked_of_both_sides_and_counted_apart() {
    let both = Both::of(MAPPING);
    drop(both.project.store());
    let top_up = |arguments: &[&str]| -> Vec<String> {
        let all = [&["evidence", "top-up", "--route", ORDER, "--rate", "1000/s"], arguments];
        both.project.says(0, &all.concat()).lines().map(str::to_owned).collect()
    };
    let said = top_up(&[]);
    assert!(said.contains(&"GET /api/v1/orders/42  same".to_owned()), "{said:#?}");
    assert!(said.contains(&"GET /api/v1/orders/999  same".to_owned()), "{said:#?}");
    let failed = "GET /api/v1/orders/0  - the legacy system failed: 502";
    assert!(said.contains(&failed.to_owned()), "{said:#?}");
    let found = order(&both);
    let compared = found["match_rate"]["compared"].as_u64().unwrap();
    assert!(compared >= 5, "{found:#}");
    assert_eq!(found["match_rate"]["mismatched"], 0);
    let recordings = |found: &Value| {
        let all = found["reasons"].as_array().unwrap().clone();
        all.into_iter().find(|r| r["what"] == "comparisons from recordings").unwrap()
    };
    assert_eq!(recordings(&found)["measured"], format!("{compared} of {compared}"));
    assert_eq!(recordings(&found)["verdict"], "insufficient");
    assert_eq!(found["callers"]["legacy"]["requests"], 0);

    // The gate asks for 25 pairs, and 12 of them may be recorded.
    let more = top_up(&["--budget", "2"]);
    let asked = more.iter().filter(|line| line.ends_with("  same")).count();
    assert!(asked <= 2, "{more:#?}");
    assert!(more.iter().any(|line| line.contains("the budget of 2 calls is used up")), "{more:#?}");
}

#[test]
fn what_must_not_be_asked_is_not() {
    let both = Both::of(MAPPING);
    drop(both.project.store());
    let check = |route: &str, code: i32, expected: &str| {
        let said = both.project.says(code, &["evidence", "top-up", "--route", route]);
        assert!(said.contains(expected), "{said}");
    };
    check("POST /orders/{orderId}/cancel", 1, "it writes");
    check(STOCK, 1, "in legacy nothing is compared; move it to shadow first");
    check("GET /nothing", 2, "there is no route");
    let rate = ["evidence", "top-up", "--route", ORDER, "--rate", "often"];
    assert!(both.project.says(2, &rate).contains("`often` is no rate"));
    let header = ["evidence", "top-up", "--route", ORDER, "--header", "secret value"];
    let said = both.project.says(2, &header);
    assert!(said.contains("--header") && !said.contains("secret value"), "{said}");
}
