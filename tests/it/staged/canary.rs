//! Who is in a canary: told by a hash, the same everywhere, for as long as it lasts.

use std::collections::BTreeSet;

use figleaf::strangler::{Share, in_cohort};

use super::side::{Reply, Side};
use super::stand::{CANCEL, Stand, candidate, legacy, plan};
use crate::rig::{Answer, client};

const KEYS: usize = 2_000;

/// The read by tenant; write and paired read by order, as one group.
fn mapping((legacy, candidate): (&Side, &Side)) -> String {
    let (legacy, candidate) = (legacy.url(), candidate.url());
    format!(
        "figleaf: 1
api: shop
version: v1
backends:
  shop: {{ soap: ../wsdl/shop/OrderService.wsdl, service: OrderService, port: OrderServiceSoap11, url: {legacy}/shop, breaker: {{ failures: 1000 }} }}
  modern: {{ http: {candidate}, breaker: {{ failures: 1000 }} }}
routes:
  GET /stock/{{articleNumber}}:
    soap: shop.CheckStock
    in: {{ warehouse: query.warehouse }}
    candidate: {{ http: modern, path: \"/v2/stock/{{articleNumber}}\" }}
    stage: canary 25%
    canary: {{ key: [header.X-Tenant] }}
    shadow: {{ sample: 0% }}
  GET /orders/{{orderId}}/stock:
    soap: shop.CheckStock
    in: {{ articleNumber: path.orderId, warehouse: query.warehouse }}
    candidate: {{ http: modern, path: \"/v2/stock/{{orderId}}\" }}
    stage: canary 25%
    group: orders
    canary: {{ key: [path.orderId] }}
    shadow: {{ sample: 0% }}
  POST /orders/{{orderId}}/cancel:
    soap: shop.CancelOrder
    state: shared
    candidate: {{ http: modern, path: \"/v2/orders/{{orderId}}/cancel\" }}
    stage: canary 25%
    group: orders
    canary: {{ key: [path.orderId] }}
"
    )
}

const STOCK: &str = "GET /api/v1/stock/{articleNumber}";

/// The tenants whom the candidate answers.
async fn inside(stand: &Stand, sides: &(Side, Side)) -> BTreeSet<usize> {
    sides.1.forget();
    let client = client();
    for tenant in 0..KEYS {
        let request = client.get(stand.facade.url("/api/v1/stock/a"));
        let request = request.header("x-tenant", format!("tenant-{tenant}"));
        assert_eq!(Answer::of(request.send().await.unwrap()).await.status, 200);
    }
    let tenant = |name: &str| name.strip_prefix("tenant-").unwrap().parse().unwrap();
    sides.1.asked().iter().map(|asked| tenant(asked.header("x-tenant").unwrap())).collect()
}

#[actix_web::test]
async fn a_canary_answers_the_same_callers_on_every_instance_and_more_of_them_later() {
    let sides = (Side::new(legacy), Side::new(candidate));
    let text = mapping((&sides.0, &sides.1));
    let salt = {
        let plan = plan(&text);
        let route = plan.routes.iter().find(|route| route.id == STOCK).unwrap();
        route.migration.as_ref().unwrap().salt.clone()
    };
    let expected = |share: &str| -> BTreeSet<usize> {
        let share = Share::parse(share).unwrap();
        (0..KEYS).filter(|n| in_cohort(&salt, Some(&format!("tenant-{n}")), share)).collect()
    };
    let instances = [Stand::of(&text).await, Stand::of(&text).await];
    let first = inside(&instances[0], &sides).await;
    assert_eq!(first, expected("25%"));
    assert!(first.len().abs_diff(KEYS / 4) < KEYS / 25, "{}", first.len());
    assert_eq!(inside(&instances[1], &sides).await, first);
    instances[0].put(STOCK, "canary 50%").await;
    let more = inside(&instances[0], &sides).await;
    assert!(more.is_superset(&first) && more == expected("50%"), "{}", more.len());
}

#[actix_web::test]
async fn reads_follow_the_writer_of_their_entity() {
    let sides = (Side::new(legacy), Side::new(candidate));
    let stand = Stand::of(&mapping((&sides.0, &sides.1))).await;
    let mut candidates = 0;
    for order in 0..200 {
        sides.0.forget();
        sides.1.forget();
        let path = format!("/api/v1/orders/{order}/cancel");
        assert_eq!(stand.facade.post(&path, r#"{"reason":"r"}"#).await.status, 200);
        assert_eq!(stand.facade.get(&format!("/api/v1/orders/{order}/stock")).await.status, 200);
        let calls = (sides.0.calls().0, sides.1.calls().0);
        assert!(calls == (2, 0) || calls == (0, 2), "{order}: {calls:?}");
        candidates += calls.1 / 2;
    }
    assert!((20..80).contains(&candidates), "{candidates}");
    // Nobody is asked to write again on the other side where the writer fails.
    sides.1.plays(|_| Reply::Answer(503, String::new(), Vec::new()));
    sides.0.plays(|_| Reply::Answer(503, String::new(), Vec::new()));
    for order in 200..240 {
        let path = format!("/api/v1/orders/{order}/cancel");
        assert_eq!(stand.facade.post(&path, r#"{"reason":"r"}"#).await.status / 100, 5);
    }
    assert!(stand.migrations.position(CANCEL).stage.to_string().starts_with("canary"));
    assert_eq!(sides.0.calls().0 + sides.1.calls().0, 40);
}
