//! What Prometheus reads.

use std::collections::{BTreeMap, BTreeSet};

use figleaf::strangler::Stage;
use regex::Regex;

use super::rig::Rig;
use crate::migrating::{observe, plan};

/// Samples by name and labels, after everything that the format 0.0.4 demands was checked.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let sample = Regex::new(
        r#"^([a-z_]+)(\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*\})? (\S+)$"#,
    )
    .unwrap();
    let (mut family, mut kind) = (String::new(), String::new());
    let (mut seen, mut found) = (BTreeSet::new(), BTreeMap::new());
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            rest.split(' ').next().unwrap().clone_into(&mut family);
            assert!(seen.insert(family.clone()), "{family} twice");
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, of) = rest.split_once(' ').unwrap();
            assert_eq!(name, family);
            of.clone_into(&mut kind);
            assert_eq!(name.ends_with("_total"), kind == "counter", "{name}");
        } else {
            let parts = sample.captures(line).unwrap_or_else(|| panic!("no sample: {line}"));
            let name = &parts[1];
            let own = name == family || kind == "histogram" && name.starts_with(&family);
            assert!(own, "{name} under {family}");
            let value: f64 = parts[3].parse().unwrap();
            let key = line.rsplit_once(' ').unwrap().0.to_owned();
            assert!(found.insert(key, value).is_none(), "twice: {line}");
        }
    }
    found
}

#[tokio::test]
async fn what_routes_saw_is_counted() {
    let rig = Rig::local(|plan| plan.stage = Stage::Shadow).await;
    observe(&rig.migrations, &rig.route, 30, ("{\"a\":1}", "{\"a\":1}"), 200);
    observe(&rig.migrations, &rig.route, 10, ("{\"a\":1}", "{\"a\":2}"), 200);
    observe(&rig.migrations, &rig.route, 5, ("{\"a\":1}", "{}"), 503);
    rig.migrations.flush().await;
    let answer = rig.get("/metrics").await;
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let found = samples(&answer.text);
    let route = format!("route=\"{}\"", rig.route);
    let check = |name: &str, labels: &str, expected: f64| {
        let labels = if labels.is_empty() { String::new() } else { format!(",{labels}") };
        let key = format!("{name}{{{route}{labels}}}");
        let value = found.get(&key).unwrap_or_else(|| panic!("no {key} in\n{}", answer.text));
        assert!((value - expected).abs() < 1e-9, "{key}: {value}");
    };
    check("figleaf_route_requests_total", "side=\"candidate\",for=\"callers\"", 45.0);
    check("figleaf_route_requests_total", "side=\"legacy\",for=\"shadow\"", 45.0);
    check("figleaf_route_failures_total", "side=\"candidate\",for=\"callers\"", 5.0);
    check("figleaf_comparisons_total", "", 45.0);
    check("figleaf_comparison_mismatches_total", "", 15.0);
    check("figleaf_route_stage", "stage=\"shadow\"", 1.0);
    check("figleaf_route_stage", "stage=\"canary\"", 0.0);
    check("figleaf_route_gate_verdict", "verdict=\"fail\"", 1.0);
    // Each took 5 ms: not above the first bound.
    check("figleaf_route_duration_seconds_bucket", "side=\"legacy\",le=\"0.005\"", 45.0);
    check("figleaf_route_duration_seconds_bucket", "side=\"legacy\",le=\"+Inf\"", 45.0);
    check("figleaf_route_duration_seconds_count", "side=\"legacy\"", 45.0);
    check("figleaf_route_duration_seconds_sum", "side=\"legacy\"", 0.225);
    assert_eq!(found.get("figleaf_state_store_up"), Some(&1.0));
    let closed = "figleaf_backend_circuit_state{backend=\"shop\",state=\"closed\"}";
    assert_eq!(found.get(closed), Some(&1.0));
    // Mismatches at other places make no more samples.
    let before = found.len();
    for at in 0..50 {
        let body = format!("{{\"b{at}\":1}}");
        observe(&rig.migrations, &rig.route, 1, ("{\"a\":1}", &body), 200);
    }
    rig.migrations.flush().await;
    assert_eq!(samples(&rig.get("/metrics").await.text).len(), before);
}

#[tokio::test]
async fn a_hostile_name_stays_a_label() {
    let (mut plan, _) = plan(|_| {});
    let route = "GET /a\"b\\c\nd{x}".to_owned();
    plan.routes[0].id = route.clone();
    let rig = Rig::start(plan, route, None).await;
    let text = rig.get("/metrics").await.text;
    let found = samples(&text);
    let key = "figleaf_route_held{route=\"GET /a\\\"b\\\\c\\nd{x}\"}";
    assert_eq!(found.get(key), Some(&0.0), "{text}");
}
