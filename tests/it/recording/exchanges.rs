//! Every kind of exchange there is.

use std::sync::atomic::Ordering;

use figleaf::exchange::{Entry, Simulated};
use figleaf::fixture::{RecordCounts, RecordWhat, Store};

use super::rig::{self, Recorded};
use crate::rig::{Facade, LegacyShop, Script, Scripted, client, eventually};

/// The one fixture of one request to a backend that does this.
async fn check(script: Script, path: &str) -> (Entry, u16) {
    let backend = Scripted::new(script);
    let recorded = Recorded::start(&backend.url(), RecordWhat::Missing);
    let status = recorded.facade.get(path).await.status;
    let (folder, counts) = recorded.finish();
    assert_eq!(counts, RecordCounts { written: 1, ..RecordCounts::default() });
    let (mut entries, problems) = Store::new(folder.path()).read();
    assert_eq!(problems, []);
    (entries.pop().unwrap(), status)
}

#[actix_web::test]
async fn a_page_instead_of_an_envelope_is_an_answer_too() {
    let headers =
        "Content-Type: text/html; charset=iso-8859-1\r\nRetry-After: 7\r\nSet-Cookie: s=1\r\n";
    let page = b"<html><p>Nicht verf\xFCgbar &nbsp;".to_vec();
    let script = Script::answer("503 Service Unavailable", headers, page);
    let (entry, status) = check(script, "/api/v1/orders/7").await;
    assert_eq!(status, 502);
    let response = &entry.fixture.response;
    assert_eq!(response.status, Some(503));
    assert_eq!(response.content_type.as_deref(), Some("text/html; charset=utf-8"));
    let headers: Vec<(&str, &str)> =
        response.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(headers, [("retry-after", "7")]);
    assert_eq!(String::from_utf8(entry.response).unwrap(), "<html><p>Nicht verfügbar &nbsp;");
    assert_eq!(entry.fixture.rest[0].status, 502);
}

#[actix_web::test]
async fn a_connection_that_is_reset_is_recorded_as_one() {
    let (entry, status) = check(Script::Reset, "/api/v1/orders/7").await;
    assert_eq!(status, 502);
    assert_eq!(entry.fixture.response.simulate, Some(Simulated::Reset));
    assert!(entry.response.is_empty());
}

#[actix_web::test]
async fn a_fault_and_a_one_way_message_are_recorded_with_what_the_caller_got() {
    let shop = LegacyShop::open();
    let recorded = Recorded::start(&shop.url, RecordWhat::Missing);
    let shipment = r#"{"carrier":"Boat","trackingNumber":9007199254740993,"shippedAt":"2009-07-01T06:00:00Z"}"#;
    let fault = recorded.facade.get("/api/v1/orders/999").await;
    let accepted = recorded.facade.post("/api/v1/orders/43/shipment", shipment).await;
    assert_eq!((fault.status, accepted.status), (404, 202));
    let (folder, counts) = recorded.finish();
    assert_eq!(counts.written, 2);
    let store = Store::new(folder.path());
    let entry = store.read_one("shop/GetOrder/order-999").unwrap();
    let golden = store.golden(&entry.name, &entry.fixture.rest[0]).unwrap().unwrap();
    let golden = String::from_utf8(golden).unwrap();
    assert!(golden.contains("\"title\": \"Order not found\"") && !golden.contains("correlationId"));
    let text = String::from_utf8(entry.response).unwrap();
    assert!(text.contains("<faultcode>") && entry.fixture.response.status.is_none());
    let name = store.names().0.into_iter().find(|name| name.contains("NotifyShipment")).unwrap();
    let entry = store.read_one(&name).unwrap();
    assert_eq!((entry.fixture.response.status, entry.response.len()), (Some(202), 0));
    let body = entry.fixture.rest[0].body.as_deref().unwrap();
    assert!(body.contains("\"trackingNumber\": 9007199254740993"), "{body}");
}

#[actix_web::test]
async fn a_stream_is_recorded_whole_or_without_what_its_caller_did_not_get() {
    let shop = LegacyShop::open();
    let recorded = Recorded::start(&shop.url, RecordWhat::Missing);
    let path = "/api/v1/exports/orders?count=4000";
    let answer = recorded.facade.get(path).await;
    assert_eq!(answer.header("transfer-encoding"), "chunked");
    let (folder, counts) = recorded.finish();
    assert_eq!(counts.written, 1);
    let golden = folder.path().join("shop12/ListOrders/count-4000.res.json");
    let golden: serde_json::Value =
        serde_json::from_slice(&std::fs::read(golden).unwrap()).unwrap();
    assert_eq!(golden, answer.json());

    let recorded = Recorded::start(&shop.url, RecordWhat::Missing);
    leave(&recorded.facade, path).await;
    let in_flight = || recorded.facade.shared.in_flight.load(Ordering::Acquire);
    eventually("the facade knows that its caller left", async || in_flight() == 0).await;
    let (folder, counts) = recorded.finish();
    // Whether the envelope was read to its end by then is not for a test to say.
    assert_eq!(counts.written + counts.unanswered + counts.dropped, 1, "{counts}");
    let (entries, _) = Store::new(folder.path()).read();
    assert!(entries.iter().all(|entry| entry.fixture.rest.is_empty()));
}

/// Asks, reads the beginning, and leaves.
async fn leave(facade: &Facade, path: &str) {
    let mut response = client().get(facade.url(path)).send().await.unwrap();
    assert!(response.chunk().await.unwrap().is_some());
}

#[actix_web::test]
async fn what_may_be_a_secret_is_not_written() {
    let token = "h8Kd03mXqPz91LsTtY7bVw2Q";
    let answer = include_str!("../../../fixtures/shop/GetOrder/one-line.res.xml");
    let answer = answer.replacen("Only one.", token, 1);
    let backend = Scripted::new(Script::xml(&answer));
    let recorded = Recorded::start(&backend.url(), RecordWhat::Missing);
    recorded.facade.get("/api/v1/orders/44").await;
    recorded.facade.get("/api/v1/orders/44").await;
    let (folder, counts) = recorded.finish();
    assert_eq!((counts.written, counts.unsure), (0, 2), "{}", rig::files(folder.path()));
    assert_eq!(rig::files(folder.path()), "");
}
