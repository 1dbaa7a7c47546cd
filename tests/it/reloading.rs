//! Changed configurations under a running facade, and its end.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::rig::{
    Answer, LegacyShop, Modern, Raw, Script, Scripted, Serving, client, eventually, mapping_folder,
    project, shop_mapping,
};

/// Both mappings of the project in a folder of their own.
fn folder() -> tempfile::TempDir {
    mapping_folder(&[
        ("shop.yaml", &shop_mapping("shop.yaml")),
        ("shop-v2.yaml", &shop_mapping("shop-v2.yaml")),
    ])
}

fn serve(folder: &Path, url: &str, more: &[&str]) -> Serving {
    let path = folder.display().to_string();
    let arguments: Vec<&str> =
        ["--mappings", &path].into_iter().chain(more.iter().copied()).collect();
    Serving::start(&project("."), &arguments, &[("SHOP_URL", url)])
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}");
    // As editors do it: written aside, then put in place at once.
    let aside = path.with_extension("new");
    std::fs::write(&aside, text.replace(from, to)).unwrap();
    std::fs::rename(&aside, path).unwrap();
}

async fn get(serving: &Serving, path: &str) -> Answer {
    Answer::of(client().get(serving.url(path)).send().await.unwrap()).await
}

#[actix_web::test]
async fn a_changed_mapping_is_served_and_a_broken_one_is_not() {
    let (shop, folder) = (LegacyShop::open(), folder());
    let mut serving = serve(folder.path(), &shop.url, &[]);
    let v2 = folder.path().join("shop-v2.yaml");
    assert!(get(&serving, "/api/v2/orders/42").await.json().get("shippingAddress").is_some());
    edit(&v2, "shipTo: shippingAddress", "shipTo: deliveryAddress");
    eventually("the new name", async || {
        get(&serving, "/api/v2/orders/42").await.json().get("deliveryAddress").is_some()
    })
    .await;
    let tag = get(&serving, "/openapi.json").await.header("etag").to_owned();
    edit(&v2, "shipTo: deliveryAddress", "shipTwo: address");
    serving.line("not reloaded: the old plan stays");
    assert!(get(&serving, "/api/v2/orders/42").await.json().get("deliveryAddress").is_some());
    assert_eq!(get(&serving, "/openapi.json").await.header("etag"), tag);
    edit(&v2, "shipTwo: address", "shipTo: address");
    eventually("the mended one", async || {
        get(&serving, "/api/v2/orders/42").await.json().get("address").is_some()
    })
    .await;
    assert_ne!(get(&serving, "/openapi.json").await.header("etag"), tag);
    std::fs::remove_file(&v2).unwrap();
    eventually("v2 gone", async || get(&serving, "/api/v2/orders/42").await.status == 404).await;
    assert_eq!(get(&serving, "/api/v1/orders/42").await.status, 200);
}

#[actix_web::test]
async fn hangup_reloads_where_nothing_is_watched() {
    let (shop, folder) = (LegacyShop::open(), folder());
    let mut serving = serve(folder.path(), &shop.url, &["--no-watch"]);
    edit(&folder.path().join("shop-v2.yaml"), "shipTo: shippingAddress", "shipTo: address");
    assert!(get(&serving, "/api/v2/orders/42").await.json().get("shippingAddress").is_some());
    serving.signal("HUP");
    serving.line("reloaded");
    assert!(get(&serving, "/api/v2/orders/42").await.json().get("address").is_some());
}

#[actix_web::test]
async fn one_line_moves_an_endpoint() {
    let (shop, folder, modern) = (LegacyShop::open(), folder(), Modern::open());
    let path = folder.path().join("shop.yaml");
    let backend = format!("backends:\n  orders: {{ http: '{}' }}\n", modern.url);
    edit(&path, "backends:\n", &backend);
    let mut serving = serve(folder.path(), &shop.url, &["--no-watch"]);
    assert_eq!(get(&serving, "/api/v1/stock/00042").await.status, 200);
    edit(
        &path,
        "    soap: shop.CheckStock\n    in:\n      warehouse: query.warehouse\n",
        "    http: orders\n",
    );
    serving.signal("HUP");
    serving.line("reloaded");
    let answer = get(&serving, "/api/v1/stock/00042?warehouse=N").await.json();
    assert_eq!(answer["path"], "/stock/00042", "{answer}");
    assert_eq!(answer["query"], "warehouse=N");
    assert_eq!(get(&serving, "/api/v1/orders/42").await.json()["orderId"], 42);
    // The version that extends this one has moved too.
    assert_eq!(get(&serving, "/api/v2/stock/00042").await.json()["path"], "/stock/00042");
}

#[actix_web::test]
async fn no_request_fails_while_plans_are_swapped() {
    let (shop, folder) = (LegacyShop::open(), folder());
    let mut serving = serve(folder.path(), &shop.url, &["--no-watch"]);
    let v2 = folder.path().join("shop-v2.yaml");
    let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let (url, stop, asked) =
                (serving.url("/api/v2/orders/42"), Arc::clone(&stop), Arc::clone(&asked));
            actix_web::rt::spawn(async move {
                let client = client();
                while !stop.load(Ordering::Relaxed) {
                    let answer = Answer::of(client.get(&url).send().await.unwrap()).await;
                    assert_eq!(answer.status, 200, "{answer:?}");
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for round in 0..50 {
        let names = ["shippingAddress", "address"];
        edit(
            &v2,
            &format!("shipTo: {}\n", names[round % 2]),
            &format!("shipTo: {}\n", names[(round + 1) % 2]),
        );
        let before = asked.load(Ordering::Relaxed);
        serving.signal("HUP");
        // A thread of its own reads the log; here the callers must go on.
        serving.line("reloaded");
        eventually("calls", async || asked.load(Ordering::Relaxed) > before).await;
    }
    stop.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.unwrap();
    }
    assert!(asked.load(Ordering::Relaxed) >= 50);
}

#[actix_web::test]
async fn a_stopped_facade_answers_what_it_has_begun() {
    let recorded = std::fs::read(project("fixtures/shop/GetOrder/one-line.res.xml")).unwrap();
    let Script::Bytes(bytes) = Script::xml(recorded) else { unreachable!() };
    let (backend, folder) = (Scripted::new(Script::Held(bytes)), folder());
    let mut serving = serve(folder.path(), &backend.url(), &["--no-watch"]);
    let mut idle = Raw::to(serving.address).await;
    idle.send(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(idle.answer().await.status, 200);
    let url = serving.url("/api/v1/orders/44");
    let held =
        actix_web::rt::spawn(
            async move { Answer::of(client().get(url).send().await.unwrap()).await },
        );
    eventually("a held call", async || !backend.requests().is_empty()).await;
    serving.signal("TERM");
    serving.line("requests in flight finish first");
    eventually("no new connections", async || {
        client().get(serving.url("/health/live")).send().await.is_err()
    })
    .await;
    assert_eq!(serving.ended(), None);
    backend.release();
    let answer = held.await.unwrap();
    assert_eq!((answer.status, answer.json()["orderId"].as_u64()), (200, Some(44)));
    let answered = Instant::now();
    eventually("the end", async || serving.ended().is_some()).await;
    assert_eq!(serving.ended(), Some(0));
    assert!(answered.elapsed() < Duration::from_secs(5), "{:?}", answered.elapsed());
}
