//! Mappings with mistakes: every one is told in one run, at its place.

use std::os::unix::fs::symlink;

use serde_json::Value;
use tempfile::TempDir;

use crate::rig::{Output, figleaf, project};

/// A folder as a project has it, with this mapping.
fn folder(mapping: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("mappings")).unwrap();
    std::fs::write(folder.path().join("mappings/bad.yaml"), mapping).unwrap();
    symlink(project("wsdl"), folder.path().join("wsdl")).unwrap();
    folder
}

fn check(mapping: &str) -> Output {
    figleaf(folder(mapping).path(), &["check"], &[])
}

#[test]
fn every_mistake_of_a_file_is_told_in_one_run() {
    let output = check(include_str!("bad.yaml"));
    assert_eq!((output.code, &*output.stdout), (1, ""));
    insta::assert_snapshot!(output.stderr);
}

#[test]
fn machines_get_the_same_with_places() {
    let folder = folder(include_str!("bad.yaml"));
    let output = figleaf(folder.path(), &["check", "--format", "json"], &[]);
    assert_eq!((output.code, &*output.stderr), (1, ""));
    let rows: Vec<Value> = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(rows.len(), 14);
    let lines: Vec<u64> = rows.iter().map(|row| row["line"].as_u64().unwrap()).collect();
    assert!(lines.is_sorted(), "{lines:?}");
    assert!(rows.iter().all(|row| row["file"] == "mappings/bad.yaml"), "{rows:#?}");
}

const HEAD: &str = "figleaf: 1\napi: shop\nversion: v1\nbackends:\n  shop:\n    \
                    soap: ../wsdl/shop/OrderService.wsdl\n    service: OrderService\n    \
                    port: OrderServiceSoap11\n  modern: { http: 'http://127.0.0.1:1' }\nroutes:\n";

/// One route, the code it gets, and a word of what is said about it.
const ROUTES: &[(&str, &str, &str)] = &[
    ("GET /a: { soap: modern.GetOrder }", "mapping-backend-kind", "http"),
    ("GET /a/{x}: { http: shop }", "mapping-backend-kind", "soap"),
    ("GET /a: { soap: shop.GetOrder, http: modern }", "mapping-value", "exactly one"),
    ("GET /a: {}", "mapping-missing", "needs one of"),
    ("GET /a: { soap: GetOrder }", "mapping-", "backend"),
    ("GET a: { soap: shop.GetOrder }", "mapping-path", "slash"),
    ("FETCH /a: { soap: shop.GetOrder }", "mapping-path", "FETCH"),
    ("GET /a/{x}/{x}: { soap: shop.GetOrder }", "mapping-path", "twice"),
    ("GET /a/: { soap: shop.GetOrder }", "mapping-path", "empty"),
    (
        "GET /a/{orderId}: { soap: shop.GetOrder, returns: order.lines.x }",
        "mapping-member-unknown",
        "x",
    ),
    (
        "GET /a/{orderId}: { soap: shop.GetOrder, out: { order.nothing: { drop: true } } }",
        "mapping-member-unknown",
        "nothing",
    ),
    (
        "GET /a/{orderId}: { soap: shop.GetOrder, in: { orderID: query.x } }",
        "mapping-parameter-unbound",
        "orderId",
    ),
    (
        "GET /a: { soap: shop.GetOrder, in: { orderId: { const: many } } }",
        "mapping-value",
        "constant",
    ),
    ("GET /a: { soap: shop.GetOrder, in: { orderId: path.id } }", "mapping-", "id"),
    (
        "GET /a: { soap: shop.SearchOrders, in: { criteria.maxRows: { query: n, default: 9, max: 5 } } }",
        "mapping-value",
        "outside",
    ),
    (
        "GET /a: { soap: shop.SearchOrders, in: { criteria.maxRows: { query: n, min: 9, max: 5 } } }",
        "mapping-value",
        "at least 9",
    ),
    (
        "POST /a: { soap: shop.PlaceOrder, body: order, location: '/a/{nothing}' }",
        "mapping-member-unknown",
        "nothing",
    ),
    (
        "POST /a: { soap: shop.PlaceOrder, in: { order.customerId: query.c }, body: order.shipTo }",
        "mapping-member-unfed",
        "order.lines",
    ),
    (
        "POST /a/{orderId}: { soap: shop.NotifyShipment, returns: order }",
        "mapping-member-unknown",
        "one-way",
    ),
    ("GET /a/{x}: { http: modern, path: '/b/{y}' }", "mapping-", "y"),
    ("GET /a/{x}: { http: modern, path: /b }", "mapping-parameter-unbound", "x"),
    ("GET /a: { http: modern, returns: order }", "mapping-", "returns"),
    (
        "GET /a/{orderId}: { soap: shop.GetOrder, faults: { OrderNotFound: 200 } }",
        "mapping-",
        "400",
    ),
    ("GET /a/{orderId}: { soap: shop.GetOrder, stage: shadow }", "mapping-", "stage"),
    ("GET /a/{orderId}: { soap: shop.GetOrder, timeout: 5 }", "mapping-type", "5s"),
    (
        "GET /a/{orderId}: { soap: shop.GetOrder, deprecated: 2026-02-30 }",
        "mapping-type",
        "2026-02-30",
    ),
];

#[test]
fn a_route_that_cannot_work_is_told_before_it_runs() {
    for (route, code, word) in ROUTES {
        let output = check(&format!("{HEAD}  {}\n", quoted(route)));
        let told = &output.stderr;
        assert_eq!(output.code, 1, "{route}: {told}");
        let error = format!("error[{code}");
        assert!(told.contains(&error) && told.contains(word), "{route}:\n{told}");
        assert!(told.contains("--> mappings/bad.yaml:11:"), "{route}:\n{told}");
    }
}

/// The key in quotes: `{` would begin a flow mapping.
fn quoted(route: &str) -> String {
    let (key, rest) = route.split_once(": ").unwrap();
    format!("'{key}': {rest}")
}

#[test]
fn files_that_are_no_mappings_are_told_too() {
    for (text, code) in [
        ("", "mapping-"),
        ("- a\n- b\n", "mapping-"),
        ("figleaf: 2\n", "mapping-"),
        ("figleaf: 1\napi: [", "mapping-syntax"),
        ("figleaf: 1\n\tapi: x\n", "mapping-syntax"),
        ("figleaf: 1\napi: a\napi: b\n", "mapping-duplicate"),
        ("figleaf: 1\napi: &a shop\nversion: *b\n", "mapping-syntax"),
        (&format!("figleaf: 1\napi: {}{}\n", "[".repeat(5_000), "]".repeat(5_000)), "mapping-"),
        ("figleaf: 1\napi: s\nversion: v2\nextends: v1\n", "mapping-version"),
        ("figleaf: 1\napi: s\nversion: v1\nextends: v1\n", "mapping-version"),
    ] {
        let output = check(text);
        let told = &output.stderr;
        assert_eq!(output.code, 1, "{text:.60}: {told}");
        assert!(told.contains(&format!("error[{code}")), "{text:.60}:\n{told:.2000}");
        assert!(!told.contains("panicked"), "{told}");
    }
}

#[test]
fn values_from_outside_are_told_missing_and_never_shown() {
    let mapping = format!(
        "{}  GET /a/{{orderId}}: {{ soap: shop.GetOrder }}\n",
        HEAD.replace(
            "    port:",
            "    basic: { username: u, password: '${SECRET}' }\n    url: '${ADDRESS}'\n    port:"
        )
    );
    let folder = folder(&mapping);
    let output = figleaf(folder.path(), &["check"], &[]);
    assert_eq!(output.code, 1);
    assert_eq!(output.stderr.matches("error[mapping-variable-missing]").count(), 2);
    let variables = [("SECRET", "hunter2"), ("ADDRESS", "hunter3")];
    let output = figleaf(folder.path(), &["check"], &variables);
    assert_eq!(output.code, 1, "no address: {}", output.stderr);
    assert!(!output.stderr.contains("hunter"), "{}", output.stderr);
    let variables = [("SECRET", "hunter2"), ("ADDRESS", "http://a.example/")];
    assert_eq!(figleaf(folder.path(), &["check"], &variables).code, 0);
}
