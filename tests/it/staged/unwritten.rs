//! Writes that are looked at without being written a second time, and long answers of the real
//! shop.

use super::side::{Asked, Reply, Side};
use super::stand::{CANCEL, Stand, cancel_json, candidate, legacy, plan, stock_json};
use crate::rig::{Answer, LegacyShop, client, eventually};

const STOCK: &str = "GET /api/v1/orders/{orderId}/stock";

/// `call` is the candidate's; `input` is what else the legacy route says.
fn mapping(sides: &(Side, Side), input: &str, call: &str, writes: &str) -> String {
    let (legacy, next) = (sides.0.url(), sides.1.url());
    let soap = "soap: ../wsdl/shop/OrderService.wsdl, service: OrderService";
    format!(
        "figleaf: 1
api: shop
version: v1
backends:
  shop: {{ {soap}, port: OrderServiceSoap11, url: {legacy}/shop }}
  next: {{ {soap}, port: OrderServiceSoap12, url: {next}/shop }}
  modern: {{ http: {next} }}
routes:
  GET /orders/{{orderId}}/stock:
    soap: shop.CheckStock
    in: {{ articleNumber: path.orderId, warehouse: query.warehouse }}
    candidate: {{ http: modern, path: \"/v2/stock/{{orderId}}\" }}
  POST /orders/{{orderId}}/cancel:
    soap: shop.CancelOrder
{input}    state: shared
    stage: shadow
    candidate: {call}
    shadow: {{ writes: {writes}, noise: 100%, budget: 100% }}
"
    )
}

const HTTP: &str = "{ http: modern, path: \"/v2/orders/{orderId}/cancel\" }";

async fn cancel(stand: &Stand, order: u32) {
    let url = stand.facade.url(&format!("/api/v1/orders/{order}/cancel"));
    let request = client().post(url).header("content-type", "application/json");
    let request = request.header("if-match", "\"e\"").body(r#"{"reason":"r"}"#);
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.text, cancel_json(&order.to_string()));
}

async fn found(stand: &Stand, route: &str, compared: u64) -> Vec<String> {
    let status = stand.status(route, |status| status.evidence.compared == compared).await;
    status.mismatches.iter().map(|(class, place, n)| format!("{class} {place} {n}")).collect()
}

/// Requests of an order's cancellation at the legacy system.
fn written(side: &Side) -> usize {
    side.asked().iter().filter(|asked| asked.body.contains("CancelOrder")).count()
}

#[actix_web::test]
async fn a_dry_run_is_marked_and_nothing_else_is_asked_again() {
    let pretends = |asked: &Asked| match asked.header("x-dry-run") {
        Some("yes") if asked.target.contains("/3/") => Reply::json(cancel_json("4")),
        Some("yes") => candidate(asked),
        _ => Reply::Answer(500, String::new(), Vec::new()),
    };
    let sides = (Side::new(legacy), Side::new(pretends));
    let text = mapping(&sides, "", HTTP, "{ dry_run: { X-Dry-Run: \"yes\" } }");
    let stand = Stand::of(&text).await;
    for order in 1..=5 {
        cancel(&stand, order).await;
    }
    assert_eq!(found(&stand, CANCEL, 5).await, ["Value orderId 1"]);
    let asked = sides.1.asked().remove(0);
    assert_eq!((&*asked.method, &*asked.body), ("POST", r#"{"reason":"r"}"#));
    assert!(asked.is_marked() && asked.header("if-match").is_some(), "{asked:?}");
    // Noise of 100 % is for reads.
    assert_eq!((sides.0.calls(), sides.1.calls()), ((5, 0), (0, 5)));
}

#[actix_web::test]
async fn what_both_sides_would_be_sent_is_compared_and_not_sent() {
    let sides = (Side::new(legacy), Side::new(legacy));
    let input = |value: &str| format!("in: {{ reason: {{ header: X-Reason, default: {value} }} }}");
    let said = async |stand: &Stand, reason: Option<&str>| {
        let request = client().post(stand.facade.url("/api/v1/orders/1/cancel"));
        let request = reason.into_iter().fold(request, |r, reason| r.header("x-reason", reason));
        assert_eq!(request.send().await.unwrap().status().as_u16(), 200);
    };
    let same = format!("    {}\n", input("r"));
    for (value, mismatches) in [("r", 0), ("other", 1)] {
        let call = format!("{{ soap: next.CancelOrder, {} }}", input(value));
        let stand = Stand::of(&mapping(&sides, &same, &call, "render")).await;
        // Another version of SOAP is no difference.
        said(&stand, Some("late")).await;
        said(&stand, None).await;
        let found = found(&stand, CANCEL, 2).await;
        assert_eq!(found.len(), mismatches, "{found:?}");
        assert!(found.iter().all(|one| one.contains("Reason")), "{found:?}");
    }
    assert_eq!((sides.0.calls(), sides.1.calls()), ((4, 0), (0, 0)));
}

#[actix_web::test]
async fn what_is_sent_to_nobody_is_on_nobodys_account() {
    let sides = (Side::new(legacy), Side::new(legacy));
    let input = |value: &str| format!("in: {{ reason: {{ header: X-Reason, default: {value} }} }}");
    // The candidate is the legacy system, mapped differently.
    let call = format!("{{ soap: shop.CancelOrder, {} }}", input("other"));
    let text = mapping(&sides, &format!("    {}\n", input("r")), &call, "render");
    let stand = Stand::of(&text.replace("budget: 100%", "budget: 1%")).await;
    for _ in 0..8 {
        let request = client().post(stand.facade.url("/api/v1/orders/1/cancel"));
        assert_eq!(request.send().await.unwrap().status().as_u16(), 200);
    }
    assert_eq!(found(&stand, CANCEL, 8).await.len(), 1);
    assert_eq!(sides.0.calls(), (8, 0));
}

#[actix_web::test]
async fn what_was_written_is_read_from_both_sides() {
    let reads = |asked: &Asked| match &*asked.target {
        "/v2/stock/3" => Reply::json(stock_json("3", 8)),
        _ => candidate(asked),
    };
    let sides = (Side::new(legacy), Side::new(reads));
    let readback = "{ readback: { route: \"GET /orders/{orderId}/stock\", settle: 1ms } }";
    let stand = Stand::of(&mapping(&sides, "", HTTP, readback)).await;
    for order in 1..=4 {
        cancel(&stand, order).await;
        let n = order as usize;
        eventually("it is read", async || sides.1.calls() == (0, n)).await;
    }
    assert_eq!(found(&stand, STOCK, 4).await, ["Value available 1"]);
    assert_eq!(found(&stand, CANCEL, 4).await, ["Value available 1"]);
    assert_eq!((written(&sides.0), sides.0.calls()), (4, (4, 4)));
    // A read: nothing of the write's body or conditions is in it.
    for asked in sides.1.asked() {
        assert_eq!((&*asked.method, &*asked.body), ("GET", ""), "{asked:?}");
        let gone = ["content-type", "content-length", "if-match"];
        assert!(gone.iter().all(|name| asked.header(name).is_none()), "{asked:?}");
        assert!(asked.is_marked());
    }
    // A write that failed has written nothing to be read.
    sides.0.plays(|_| Reply::Answer(500, String::new(), Vec::new()));
    assert_eq!(stand.facade.post("/api/v1/orders/9/cancel", r#"{"reason":"r"}"#).await.status, 502);
    assert_eq!((sides.0.calls(), sides.1.calls().1), ((1, 0), 4));
}

#[actix_web::test]
async fn streamed_answers_of_the_real_shop_are_compared_to_their_end() {
    let shop = LegacyShop::open();
    let soap =
        format!("soap: ../wsdl/shop/OrderService.wsdl, service: OrderService, url: {}", shop.url);
    let text = format!(
        "figleaf: 1
api: shop
version: v1
backends:
  shop: {{ {soap}, port: OrderServiceSoap11 }}
  shop12: {{ {soap}, port: OrderServiceSoap12 }}
routes:
  GET /orders/{{orderId}}:
    soap: shop.GetOrder
    returns: order
    faults: {{ OrderNotFound: 404 }}
    candidate: {{ soap: shop12.GetOrder, returns: order, faults: {{ OrderNotFound: 404 }} }}
    stage: shadow
    shadow: {{ noise: 0%, budget: 100% }}
  GET /exports/orders:
    soap: shop12.ListOrders
    in: {{ count: {{ query: count, default: 100, max: 1000000 }} }}
    candidate: {{ soap: shop.ListOrders, in: {{ count: {{ query: count, default: 100, max: 1000000 }} }} }}
    stage: shadow
    shadow: {{ noise: 0%, budget: 100% }}
"
    );
    let stand = Stand::with(plan(&text)).await;
    for path in ["/api/v1/orders/42", "/api/v1/orders/4711"] {
        stand.facade.get(path).await;
    }
    assert_eq!(found(&stand, "GET /api/v1/orders/{orderId}", 2).await, [] as [String; 0]);
    let long = stand.facade.get("/api/v1/exports/orders?count=3000").await;
    assert!(long.header("transfer-encoding") == "chunked", "{} bytes", long.text.len());
    let short = stand.facade.get("/api/v1/exports/orders?count=3").await;
    assert!(short.text.len() < long.text.len());
    assert_eq!(found(&stand, "GET /api/v1/exports/orders", 2).await, [] as [String; 0]);
    assert_eq!(shop.shop.calls(), 8);
}
