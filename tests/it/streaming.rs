//! Long answers: sent as they come, within bounded memory, and broken where they break.

use std::time::Duration;

use futures_util::StreamExt;
use serde::de::IgnoredAny;

use crate::rig::{
    Facade, LegacyShop, Script, Scripted, Serving, client, mapping_folder, project, shop_mapping,
};

/// About 70 MB of XML.
const ORDERS: usize = 60_000;
/// More than the longest answer that is kept back until it is known to be whole.
const LONG_ORDERS: usize = 3_000;
const MEMORY_BYTES_MAX: u64 = 24 << 20;

fn serving(url: &str) -> (Serving, tempfile::TempDir) {
    let folder = mapping_folder(&[("shop.yaml", &shop_mapping("shop.yaml"))]);
    let path = folder.path().display().to_string();
    let serving = Serving::start(
        &project("."),
        &["--mappings", &path, "--no-watch", "--workers", "1"],
        &[("SHOP_URL", url)],
    );
    (serving, folder)
}

#[actix_web::test]
async fn a_long_list_arrives_whole_and_needs_no_more_memory_than_a_short_one() {
    let shop = LegacyShop::open();
    let (serving, _folder) = serving(&shop.url);
    let ask = async |count: usize| {
        let url = serving.url(&format!("/api/v1/exports/orders?count={count}"));
        let answer = client().get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let body = answer.bytes().await.unwrap();
        let orders: Vec<IgnoredAny> = serde_json::from_slice(&body).unwrap();
        assert_eq!(orders.len(), count);
        body.len()
    };
    ask(2_000).await;
    let before = serving.memory_peak_bytes();
    let length = ask(ORDERS).await;
    let after = serving.memory_peak_bytes();
    println!("{length} bytes of JSON; peak {before} before and {after} after");
    assert!(length > 20 << 20, "{length}");
    assert!(after < before + MEMORY_BYTES_MAX / 2, "{before} → {after}");
    assert!(after < 4 * MEMORY_BYTES_MAX, "{after}");
}

#[actix_web::test]
async fn a_slow_reader_slows_the_backend_and_does_not_fill_the_memory() {
    let shop = LegacyShop::open();
    let (serving, _folder) = serving(&shop.url);
    let url = serving.url(&format!("/api/v1/exports/orders?count={ORDERS}"));
    let answer = client().get(url).send().await.unwrap();
    let before = serving.memory_peak_bytes();
    let mut pieces = answer.bytes_stream();
    let first = pieces.next().await.unwrap().unwrap();
    assert!(first.starts_with(b"["));
    // Nothing is read for a while: how much piles up shows in the peak afterwards.
    let pause = tokio::time::sleep(Duration::from_millis(500));
    pause.await;
    let after = serving.memory_peak_bytes();
    assert!(after < before + MEMORY_BYTES_MAX, "{before} → {after}");
    drop(pieces);
    let live = client().get(serving.url("/health/live")).send().await.unwrap();
    assert_eq!(live.status(), 200);
}

/// A list of so many orders, in SOAP 1.2, without its end.
fn list(count: usize) -> (String, String) {
    let path = project("fixtures/shop12/ListOrders/two.res.xml");
    let text = std::fs::read_to_string(path).unwrap();
    let start = text.find("<Order ").unwrap();
    let end = text.rfind("</Order>").unwrap() + "</Order>".len();
    let orders = &text[start..end];
    (format!("{}{}", &text[..start], orders.repeat(count / 2)), text[end..].to_owned())
}

fn chunked(text: &str, end: &str) -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    format!("{head}{:x}\r\n{text}\r\n{end}", text.len()).into_bytes()
}

#[actix_web::test]
async fn what_breaks_midway_breaks_the_transfer() {
    let (orders, tail) = list(LONG_ORDERS);
    let whole = format!("{orders}{tail}");
    let backend = Scripted::new(Script::Bytes(chunked(&whole, "0\r\n\r\n")));
    let facade = Facade::shop(&backend.url());
    let url = facade.url("/api/v1/exports/orders?count=1");
    let ask = async || {
        let answer = client().get(&url).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers().get("content-length"), None);
        backend.release();
        answer.bytes().await
    };
    let list: Vec<IgnoredAny> = serde_json::from_slice(&ask().await.unwrap()).unwrap();
    assert_eq!(list.len(), LONG_ORDERS);
    for (what, script) in [
        ("reset", Script::BytesThenHeldReset(chunked(&orders, ""))),
        ("no last chunk", Script::Bytes(chunked(&whole, ""))),
        ("an envelope cut, chunks in order", Script::Bytes(chunked(&orders, "0\r\n\r\n"))),
        ("something after the end", Script::Bytes(chunked(&format!("{whole}<x/>"), "0\r\n\r\n"))),
        (
            "a DOCTYPE late",
            Script::Bytes(chunked(&format!("{orders}<!DOCTYPE x>{tail}"), "0\r\n\r\n")),
        ),
        (
            "a broken tag late",
            Script::Bytes(chunked(&format!("{orders}</wrong>{tail}"), "0\r\n\r\n")),
        ),
    ] {
        backend.play(script);
        assert!(ask().await.is_err(), "{what}: it looked complete");
        assert_eq!(facade.get("/health/live").await.status, 200);
    }
}

#[actix_web::test]
async fn a_deadline_in_the_middle_breaks_the_transfer() {
    let (orders, _) = list(LONG_ORDERS);
    let backend = Scripted::new(Script::BytesThenHang(chunked(&orders, "")));
    let mapping = shop_mapping("shop.yaml").replace("total: 30s", "total: 1s");
    let facade = Facade::of(&mapping, &crate::rig::Variables::shop(&backend.url()));
    let url = facade.url("/api/v1/exports/orders?count=1");
    let answer = client().get(&url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err());
}
