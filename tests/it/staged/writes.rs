//! A write is executed once: counted at both backends, while they fail, callers leave, stages
//! change and mappings are read again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use figleaf::plan::Plan;
use figleaf::server::Running;
use futures_util::{StreamExt, stream};

use super::side::{Asked, Reply, Side};
use super::stand::{CANCEL, Stand, cancel_json, cancel_xml, plan, stock_json, stock_xml};
use crate::rig::client;

const CALLS: usize = 10_000;
const AT_ONCE: usize = 24;
const STAGES: [&str; 7] =
    ["legacy", "shadow", "canary 50%", "primary", "shadow", "standby", "retired"];
/// What a reload changes: how writes are looked at, and what the candidate is.
const VARIANTS: [(&str, &str); 4] = [
    ("http: modern, path: \"/v2/orders/{orderId}/cancel\"", "off"),
    ("http: modern, path: \"/v2/orders/{orderId}/cancel\"", "{ dry_run: { X-Dry-Run: \"1\" } }"),
    (
        "http: modern, path: \"/v2/orders/{orderId}/cancel\"",
        "{ readback: { route: \"GET /orders/{orderId}/stock\", settle: 1ms } }",
    ),
    ("soap: next.CancelOrder", "render"),
];

fn mapping((legacy, candidate): (&Side, &Side), (call, writes): (&str, &str)) -> Plan {
    let (legacy, candidate) = (legacy.url(), candidate.url());
    let soap =
        "soap: ../wsdl/shop/OrderService.wsdl, service: OrderService, port: OrderServiceSoap11";
    let limits = "timeout: { connect: 1s, total: 150ms }, breaker: { failures: 1000000 }";
    plan(&format!(
        "figleaf: 1
api: shop
version: v1
backends:
  shop: {{ {soap}, url: {legacy}/shop, {limits} }}
  next: {{ {soap}, url: {candidate}/shop, {limits} }}
  modern: {{ http: {candidate}, {limits} }}
routes:
  GET /orders/{{orderId}}/stock:
    soap: shop.CheckStock
    in: {{ articleNumber: path.orderId, warehouse: query.warehouse }}
    candidate: {{ http: modern, path: \"/v2/stock/{{orderId}}\" }}
  POST /orders/{{orderId}}/cancel:
    soap: shop.CancelOrder
    state: shared
    candidate: {{ {call} }}
    canary: {{ key: [path.orderId] }}
    shadow: {{ writes: {writes}, timeout: 300ms, budget: 100% }}
"
    ))
}

/// How often each order was cancelled, here or there.
type Executed = Arc<Mutex<HashMap<usize, usize>>>;

/// A backend that cancels orders and tells of it in good ways and bad, as the number says.
fn backend(executed: &Executed, is_legacy: bool) -> impl Fn(&Asked) -> Reply + Send + Sync + use<> {
    let executed = Arc::clone(executed);
    move |asked: &Asked| {
        let is_soap = asked.body.contains("Envelope");
        let by_path = asked.target.split('/').nth(3).unwrap_or("");
        let is_read = asked.method == "GET" || asked.body.contains("StockRequest");
        if is_read {
            let article = if is_soap { asked.element("ArticleNumber") } else { by_path };
            let (xml, json) = (stock_xml(article, 7), stock_json(article, 7));
            return if is_soap { Reply::xml(xml) } else { Reply::json(json) };
        }
        let order = if is_soap { asked.element("OrderID") } else { by_path };
        let n: usize = order.parse().unwrap();
        let (xml, json) = (cancel_xml(order), cancel_json(order));
        let done = if is_soap { Reply::xml(&*xml) } else { Reply::json(&*json) };
        if asked.header("x-dry-run").is_some() {
            return done;
        }
        // Every other kind of failure on the other side.
        let kind = (n * 7 + usize::from(is_legacy) * 3) % 40;
        if kind == 0 {
            return Reply::Reset;
        }
        // A write besides an answer is one too many, whoever sends it.
        *executed.lock().unwrap().entry(n).or_default() += 1 + usize::from(asked.is_marked());
        match kind {
            1 => Reply::Reset,
            2 => Reply::Answer(503, "retry-after: 0\r\n".to_owned(), Vec::new()),
            3 => Reply::Answer(500, String::new(), b"<html>".to_vec()),
            4 => Reply::Cut(200, if is_soap { xml.into() } else { json.into() }),
            5 => Reply::Late(Duration::from_millis(200), 200, xml.into()),
            _ => done,
        }
    }
}

/// What became of one call: its status, or 0 where its caller left or it broke off.
async fn cancel(client: &reqwest::Client, stand: &Stand, n: usize) -> u16 {
    let url = stand.facade.url(&format!("/api/v1/orders/{n}/cancel"));
    let request = client.post(url).header("content-type", "application/json");
    let answered = async {
        let answer = request.body(r#"{"reason":"r"}"#).send().await.ok()?;
        let status = answer.status().as_u16();
        answer.bytes().await.ok().map(|_| status)
    };
    let patience = match n % 29 {
        0 => Duration::from_micros(u64::try_from(n % 5_000).unwrap()),
        _ => Duration::from_secs(30),
    };
    tokio::time::timeout(patience, answered).await.ok().flatten().unwrap_or(0)
}

/// Moves the route through all stages and mappings, again and again.
async fn unrest(stand: &Stand, sides: (&Side, &Side), done: &AtomicBool) -> usize {
    let mut moves = 0;
    while !done.load(Ordering::Relaxed) {
        let variant = VARIANTS[moves / STAGES.len() % VARIANTS.len()];
        if moves % STAGES.len() == 0 {
            let before = stand.facade.shared.running.load_full();
            let running = Running::start(mapping(sides, variant), Some(&before)).unwrap();
            stand.migrations.adopt(&running.plan).await.unwrap();
            stand.facade.shared.running.store(Arc::new(running));
        }
        stand.put(CANCEL, STAGES[moves % STAGES.len()]).await;
        // New connections are refused for a moment, on one side after the other.
        let side = if moves % 2 == 0 { sides.0 } else { sides.1 };
        side.listen(moves % 3 != 0);
        tokio::time::sleep(Duration::from_millis(20)).await;
        side.listen(true);
        moves += 1;
    }
    moves
}

#[actix_web::test]
async fn in_every_stage_a_write_is_executed_once_whatever_fails() {
    let executed = (Executed::default(), Executed::default());
    let sides = (Side::new(backend(&executed.0, true)), Side::new(backend(&executed.1, false)));
    let sides = (&sides.0, &sides.1);
    let stand = Stand::with(mapping(sides, VARIANTS[0])).await;
    let (stand, done) = (&stand, &AtomicBool::new(false));
    let (client, answered) = (&client(), &Mutex::new(HashMap::new()));
    let calls = async {
        stream::iter(0..CALLS)
            .for_each_concurrent(AT_ONCE, async |n| {
                let status = cancel(client, stand, n).await;
                answered.lock().unwrap().insert(n, status);
            })
            .await;
        done.store(true, Ordering::Relaxed);
    };
    let ((), moves) = tokio::join!(calls, unrest(stand, sides, done));
    // Writes whose callers left go on for as long as a call may take.
    crate::rig::eventually("the last one ends", async || {
        stand.facade.shared.alone.load(Ordering::Relaxed) == 0
    })
    .await;
    let (legacy, candidate) = (executed.0.lock().unwrap(), executed.1.lock().unwrap());
    let (succeeded, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    for (n, status) in answered.lock().unwrap().iter() {
        let times = legacy.get(n).unwrap_or(&0) + candidate.get(n).unwrap_or(&0);
        assert!(times <= 1, "order {n}, answered with {status}, was cancelled {times} times");
        let (count, is_done) =
            if *status == 200 { (&succeeded, times == 1) } else { (&failed, true) };
        assert!(is_done, "order {n} was answered with 200 and not cancelled");
        count.fetch_add(1, Ordering::Relaxed);
    }
    let (succeeded, failed) = (succeeded.into_inner(), failed.into_inner());
    let said = format!(
        "{succeeded} writes succeeded and {failed} failed over {moves} changes of stage; executed: legacy {}, candidate {}",
        legacy.len(),
        candidate.len()
    );
    println!("{said}");
    assert_eq!(succeeded + failed, CALLS);
    let enough = succeeded > CALLS / 2
        && failed > CALLS / 20
        && moves >= STAGES.len() * VARIANTS.len()
        && legacy.len().min(candidate.len()) > CALLS / 5;
    assert!(enough, "{said}");
}
