//! Routes with candidates in a project: what `check` says of them, and what `explain` shows.

use std::os::unix::fs::symlink;

use tempfile::TempDir;

use crate::rig::{figleaf, project};

const BACKENDS: &str = "figleaf: 1
api: shop
version: v1
backends:
  shop:
    soap: ../wsdl/shop/OrderService.wsdl
    service: OrderService
    port: OrderServiceSoap11
    url: http://legacy.test/shop
  modern: { http: http://modern.test }
";

/// Runs the binary where this is the mapping; its exit code and everything it printed.
fn run(mapping: &str, arguments: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("mappings")).unwrap();
    std::fs::write(folder.path().join("mappings/shop.yaml"), mapping).unwrap();
    symlink(project("wsdl"), folder.path().join("wsdl")).unwrap();
    let output = figleaf(folder.path(), arguments, &[]);
    format!("exit {}\n{}{}", output.code, output.stdout, output.stderr)
}

const ON_ITS_WAY: &str = r#"gate: { match_rate: 99.9% }
routes:
  GET /orders/{orderId}:
    soap: shop.GetOrder
    returns: order
    candidate: { http: modern, path: "/v2/orders/{orderId}", query_string: { expand: query.with } }
    stage: shadow
    canary: { key: [header.X-Tenant, path.orderId] }
    compare:
      rules:
        "lines[*].unitPrice": { decimal: true }
        lines: { unordered: { by: lineNumber } }
        _links: ignore
  POST /orders/{orderId}/cancel:
    soap: shop.CancelOrder
    candidate: { http: modern, path: "/v2/orders/{orderId}/cancel" }
    shadow: { writes: { readback: { route: "GET /orders/{orderId}" } } }
  GET /stock/{articleNumber}:
    soap: shop.CheckStock
"#;

#[test]
fn check_says_how_far_every_candidate_is() {
    insta::assert_snapshot!(run(&format!("{BACKENDS}{ON_ITS_WAY}"), &["check"]), @"");
}

#[test]
fn explain_shows_what_both_sides_would_get() {
    let mapping = format!("{BACKENDS}{ON_ITS_WAY}");
    let shown = run(&mapping, &["explain", "GET", "/api/v1/orders/42?with=lines"]);
    insta::assert_snapshot!(shown, @"");
}

#[test]
fn every_mistake_of_a_migration_is_told_in_one_run() {
    let routes = r#"routes:
  GET /orders/{orderId}:
    soap: shop.GetOrder
    returns: order
    candidate: { soap: shop.GetOrder, returns: order }
    stage: canary 5%
    compare: { rules: { "line[*].unitPrice": { decimal: true } } }
  POST /orders/{orderId}/cancel:
    soap: shop.CancelOrder
    candidate: { http: modern }
    stage: primary
    shadow: { writes: render }
  GET /stock/{articleNumber}:
    soap: shop.CheckStock
    stage: shadow
"#;
    insta::assert_snapshot!(run(&format!("{BACKENDS}{routes}"), &["check"]), @"");
}
