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
    candidate: { http: modern, path: "/v2/orders/{orderId}" }
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
    insta::assert_snapshot!(run(&format!("{BACKENDS}{ON_ITS_WAY}"), &["check"]), @r"
    exit 0
    no problems: 3 routes on 2 backends in 1 file
    GET /api/v1/orders/{orderId}: stage shadow, ceiling retired, key header.x-tenant, path.orderId
    POST /api/v1/orders/{orderId}/cancel: stage legacy, ceiling shadow, no key
    ");
}

#[test]
fn explain_shows_what_both_sides_would_get() {
    let mapping = format!("{BACKENDS}{ON_ITS_WAY}");
    let shown = run(&mapping, &["explain", "GET", "/api/v1/orders/42"]);
    insta::assert_snapshot!(shown, @r#"
    exit 0
    route      GET /api/v1/orders/{orderId}
               mappings/shop.yaml:13
    backend    shop (http://legacy.test/shop)
    operation  GetOrder of OrderService.OrderServiceSoap11, SOAP 1.1
    values     orderId  ← path.orderId
    sends      POST http://legacy.test/shop
               Content-Type: text/xml; charset=utf-8
               SOAPAction: "http://legacy.shop.example/orders/2009/service/GetOrder"

    <?xml version="1.0" encoding="UTF-8"?>
    <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:svc="http://legacy.shop.example/orders/2009/service/"><soap:Body><svc:GetOrder><svc:OrderID>42</svc:OrderID></svc:GetOrder></soap:Body></soap:Envelope>

    candidate  stage shadow, ceiling retired, key header.x-tenant, path.orderId
               mappings/shop.yaml:16
    backend    modern (http://modern.test), passed through
    sends      GET http://modern.test/v2/orders/42
    "#);
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
    insta::assert_snapshot!(run(&format!("{BACKENDS}{routes}"), &["check"]), @r#"
    exit 1
    error[mapping-candidate]: the candidate is the route itself: it would be compared with itself
      --> mappings/shop.yaml:15:5
       |
    15 |     candidate: { soap: shop.GetOrder, returns: order }
       |     ^^^^^^^^^
       |
       = help: name another backend, operation or statement, or change what is mapped

    error[mapping-canary]: `canary 5%`, and nothing says whom the candidate answers
      --> mappings/shop.yaml:16:12
       |
    16 |     stage: canary 5%
       |            ^^^^^^^^^
       |
       = help: add `canary: { key: [header.X-Tenant] }`; of a write, the path parameter it is about

    warning[mapping-rule-unused]: the route's answer has no `line[*].unitPrice`
      --> mappings/shop.yaml:17:25
       |
    17 |     compare: { rules: { "line[*].unitPrice": { decimal: true } } }
       |                         ^^^^^^^^^^^^^^^^^^^
       |
       = help: did you mean `lines`?

    error[mapping-split-writes]: in `primary`, writes would go to two systems of which neither sees the other's
      --> mappings/shop.yaml:21:12
       |
    21 |     stage: primary
       |            ^^^^^^^ `state` is `separate`
       |
       = help: write `state: shared` if both see the same data; figleaf does not write to both, `dual_write` is not built

    error[mapping-shadow]: what a `soap` route and a `http` candidate send cannot be compared
      --> mappings/shop.yaml:22:23
       |
    22 |     shadow: { writes: render }
       |                       ^^^^^^
       |
       = help: compare what the write does: `writes: { readback: { route: … } }`

    error[mapping-stage]: there is no candidate that could be in stage `shadow`
      --> mappings/shop.yaml:25:12
       |
    25 |     stage: shadow
       |            ^^^^^^
       |
       = help: add `candidate:`, what is to take the route's place, or remove the key

    5 problems in 1 file
    "#);
}
