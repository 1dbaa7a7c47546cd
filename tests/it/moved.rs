//! Endpoints that have moved: passed through to a modern service, both ways as they come.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use crate::rig::{Answer, Facade, Modern, Raw, Script, Scripted, Variables, client};

const MAPPING: &str = "
figleaf: 1
api: shop
version: v1
backends:
  orders:
    http: ${SHOP_URL}
    timeout: { connect: 300ms, total: 1s }
routes:
  GET /things/{thing}: { http: orders, path: '/v2/by-thing/{thing}/all' }
  GET /plain/{a}/{b}: { http: orders }
  GET /mapped: { http: orders, path: /mapped, query_string: { customer_no: query.customer } }
  POST /echo: { http: orders, path: /echo, timeout: 20s }
  PUT /tell: { http: orders, path: /tell, deprecated: 2026-07-01 }
  GET /hang: { http: orders, path: /hang, timeout: 300ms }
  GET /endless: { http: orders, path: /endless, timeout: 400ms }
  GET /cut: { http: orders, path: /cut }
";

struct Both {
    facade: Facade,
    _modern: Modern,
}

fn both() -> Both {
    let modern = Modern::open();
    let url = format!("{}/base", modern.url);
    Both { facade: Facade::of(MAPPING, &Variables::shop(&url)), _modern: modern }
}

#[actix_web::test]
async fn paths_and_queries_are_mapped_and_escapes_kept() {
    let it = both();
    for (asked, path, query) in [
        ("/api/v1/things/42", "/base/v2/by-thing/42/all", Value::Null),
        (
            "/api/v1/things/a%2Fb%20c%C3%A4?x=%2F+y&x=2",
            "/base/v2/by-thing/a%2Fb%20c%C3%A4/all",
            json!("x=%2F+y&x=2"),
        ),
        ("/api/v1/plain/1/2?", "/base/plain/1/2", Value::Null),
        (
            "/api/v1/mapped?customer=a%26b&other=1&customer=2",
            "/base/mapped",
            json!("customer_no=a%26b&other=1&customer_no=2"),
        ),
    ] {
        let told = it.facade.get(asked).await.json();
        assert_eq!((&told["path"], &told["query"]), (&json!(path), &query), "{asked}");
    }
    let mut raw = Raw::to(it.facade.address).await;
    raw.send(b"GET /api/v1/things/%2e%2e HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(raw.answer().await.problem(), "request-not-found");
}

#[actix_web::test]
async fn headers_of_one_hop_stay_on_it_and_ids_go_on() {
    let it = both();
    let mut raw = Raw::to(it.facade.address).await;
    raw.send(
        b"PUT /api/v1/tell HTTP/1.1\r\nHost: api.example\r\nConnection: keep-alive, X-Hop\r\n\
          X-Hop: 1\r\nTE: trailers\r\nKeep-Alive: timeout=3\r\nUpgrade: h2c\r\n\
          Proxy-Authorization: Basic eDp5\r\nAuthorization: Bearer token\r\nAccept: text/csv\r\n\
          Content-Type: text/csv\r\nX-Request-Id: mine-7\r\nX-Forwarded-For: 6.6.6.6\r\n\
          traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\
          Content-Length: 3\r\n\r\na,b",
    )
    .await;
    let answer = raw.answer().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let told = answer.json();
    let headers = &told["headers"];
    for gone in ["x-hop", "te", "keep-alive", "upgrade", "proxy-authorization"] {
        assert_eq!(headers[gone], Value::Null, "{gone}");
    }
    assert_eq!((&told["body"], &told["method"]), (&json!("a,b"), &json!("PUT")));
    assert_eq!(headers["accept"], "text/csv");
    assert_eq!(headers["content-type"], "text/csv");
    assert_eq!(headers["authorization"], "Bearer token");
    assert_eq!(headers["x-request-id"], "mine-7");
    let parent = headers["traceparent"].as_str().unwrap();
    assert!(parent.starts_with("00-0af7651916cd43dd8448eb211c80319c-"), "{parent}");
    assert!(!parent.contains("b7ad6b7169203331"));
    assert_eq!(headers["x-forwarded-for"], "127.0.0.1", "a caller's own claim is not believed");
    assert_ne!(headers["host"], "api.example");
    assert_eq!(answer.header("x-own"), "kept");
    assert_eq!(answer.header("keep-alive"), "");
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 2);
    assert_eq!(answer.header("x-request-id"), "mine-7");
    assert_eq!(answer.header("deprecation"), "@1782864000");
}

#[actix_web::test]
async fn bodies_stream_both_ways_at_the_same_time() {
    let it = both();
    let (sender, receiver) = tokio::sync::mpsc::channel::<Bytes>(1);
    let pieces = stream::unfold(receiver, |mut receiver| async {
        let piece = receiver.recv().await?;
        Some((Ok::<_, std::io::Error>(piece), receiver))
    });
    let request =
        client().post(it.facade.url("/api/v1/echo")).body(reqwest::Body::wrap_stream(pieces));
    sender.send(Bytes::from_static(b"one")).await.unwrap();
    let mut answer = request.send().await.unwrap().bytes_stream();
    assert_eq!(answer.next().await.unwrap().unwrap(), "one");
    // The first piece came back before the second was sent.
    sender.send(Bytes::from_static(b"two")).await.unwrap();
    assert_eq!(answer.next().await.unwrap().unwrap(), "two");
    drop(sender);
    assert!(answer.next().await.is_none());

    let large = vec![b'x'; 20 << 20];
    let request = client().post(it.facade.url("/api/v1/echo")).body(large.clone());
    let back = request.send().await.unwrap().bytes().await.unwrap();
    assert!(back == large, "{} bytes came back", back.len());
}

#[actix_web::test]
async fn deadlines_and_breaks_are_passed_on_too() {
    let it = both();
    let started = Instant::now();
    let answer = it.facade.get("/api/v1/hang").await;
    assert_eq!((answer.status, &*answer.problem()), (504, "backend-timeout"));
    assert!(started.elapsed() < Duration::from_millis(900), "{:?}", started.elapsed());
    for path in ["/api/v1/endless", "/api/v1/cut"] {
        let answer = client().get(it.facade.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.bytes().await.is_err(), "{path}: it looked complete");
    }
    let head = it.facade.send("HEAD", "/api/v1/things/1", "").await;
    assert_eq!((head.status, &*head.text), (200, ""));
}

#[actix_web::test]
async fn what_the_service_says_is_said_whatever_it_is() {
    let backend = Scripted::new(Script::Hang);
    let facade = Facade::of(MAPPING, &Variables::shop(&backend.url()));
    for (status, headers, body) in [
        ("404 Not Found", "Content-Type: application/problem+json\r\n", "{\"code\":\"theirs\"}"),
        ("302 Found", "Location: /elsewhere\r\n", ""),
        ("500 Internal Server Error", "Content-Type: text/plain\r\n", "boom"),
        ("200 OK", "Content-Type: text/csv\r\nContent-Encoding: gzip\r\n", "whatever"),
        ("418 I'm a teapot", "", "short and stout"),
    ] {
        backend.play(Script::answer(status, headers, body));
        let answer = facade.get("/api/v1/things/1").await;
        assert_eq!((answer.status.to_string(), &*answer.text), (status[..3].to_owned(), body));
        assert_ne!(answer.header("x-request-id"), "");
    }
    backend.play(Script::Reset);
    let answer = facade.send("PUT", "/api/v1/tell", "{}").await;
    assert_eq!((answer.status, &*answer.problem()), (502, "backend-reset"));
    assert_eq!(answer.json()["outcome"], "unknown");
    assert_eq!(backend.requests().len(), 1, "a write is sent once");
    backend.play(Script::Bytes(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()));
    let answer: Answer = facade.send("PUT", "/api/v1/tell", "{}").await;
    assert_eq!((answer.status, &*answer.text), (204, ""));
}
