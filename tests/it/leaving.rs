//! Callers that leave before their answer: a read ends with them, a write does not.

use std::time::{Duration, Instant};

use crate::rig::{
    Facade, Raw, Script, Scripted, Serving, Variables, eventually, mapping_folder, project,
    shop_mapping,
};

const READ: &[u8] = b"GET /api/v1/orders/44 HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n";
const WRITE: &[u8] = b"POST /api/v1/orders/44/cancel HTTP/1.1\r\nHost: a\r\n\
    X-Request-Id: mine\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n\
    {\"reason\":\"x\"}";
/// A caller that has left is noticed in this time.
const NOTICED: Duration = Duration::from_millis(100);

fn recorded(path: &str) -> Vec<u8> {
    std::fs::read(project("fixtures").join(path)).unwrap()
}

/// An answer that is given when the backend is released.
fn held(path: &str) -> Script {
    let Script::Bytes(bytes) = Script::xml(recorded(path)) else { unreachable!() };
    Script::Held(bytes)
}

fn serving(backend: &Scripted, arguments: &[&str]) -> (Serving, tempfile::TempDir) {
    let folder = mapping_folder(&[("shop.yaml", &shop_mapping("shop.yaml"))]);
    let path = folder.path().display().to_string();
    let arguments = [&["--mappings", &path, "--no-watch"], arguments].concat();
    (Serving::start(&project("."), &arguments, &[("SHOP_URL", &backend.url())]), folder)
}

/// A caller whose request is at the backend.
async fn waiting(address: std::net::SocketAddr, request: &[u8], backend: &Scripted) -> Raw {
    let before = backend.requests().len();
    let mut caller = Raw::to(address).await;
    caller.send(request).await;
    eventually("a call", async || backend.requests().len() > before).await;
    caller
}

/// A way to leave; what is left of the connection is kept.
type Leave = fn(Raw) -> Option<Raw>;

#[actix_web::test]
async fn a_read_ends_when_its_caller_leaves_however_it_leaves() {
    let backend = Scripted::new(Script::Hang);
    let facade = Facade::of(&shop_mapping("shop.yaml"), &Variables::shop(&backend.url()));
    let leave: [(&str, Leave); 3] = [
        ("closes", |_| None),
        ("resets", |caller| {
            caller.0.set_zero_linger().unwrap();
            None
        }),
        ("closes its half", |caller| {
            let socket = caller.0.into_std().unwrap();
            socket.shutdown(std::net::Shutdown::Write).unwrap();
            Some(Raw(tokio::net::TcpStream::from_std(socket).unwrap()))
        }),
    ];
    for (how, leave) in leave {
        let mut best = Duration::MAX;
        for _ in 0..5 {
            let caller = waiting(facade.address, READ, &backend).await;
            let before = backend.left();
            let start = Instant::now();
            let _half = leave(caller);
            eventually("the call's end", async || backend.left() > before).await;
            best = best.min(start.elapsed());
        }
        println!("{how}: the call ended after {best:?}");
        assert!(best < NOTICED, "{how}: {best:?}");
    }
    let health = facade.get("/health/ready").await.json();
    assert_eq!(health["backends"]["shop"]["circuit"], "closed", "callers who leave prove nothing");
    backend.play(Script::xml(recorded("shop/GetOrder/one-line.res.xml")));
    assert_eq!(facade.get("/api/v1/orders/44").await.status, 200);
}

#[actix_web::test]
async fn a_caller_that_stays_is_answered_again_and_again_on_its_connection() {
    let backend = Scripted::new(held("shop/GetOrder/one-line.res.xml"));
    let facade = Facade::of(&shop_mapping("shop.yaml"), &Variables::shop(&backend.url()));
    let mut caller = Raw::to(facade.address).await;
    for round in 1..=3 {
        caller.send(READ).await;
        eventually("a call", async || backend.requests().len() == round).await;
        backend.release();
        assert_eq!(caller.answer().await.status, 200);
    }
    // The second is there while the first is worked on.
    caller.send(&[READ, READ].concat()).await;
    eventually("the first of two", async || backend.requests().len() == 4).await;
    backend.release();
    eventually("the second of two", async || backend.requests().len() == 5).await;
    backend.release();
    assert_eq!(caller.answer().await.status, 200);
    assert_eq!(backend.left(), 0);
}

#[actix_web::test]
async fn the_log_has_one_line_of_a_caller_that_left() {
    let backend = Scripted::new(Script::Hang);
    let (mut serving, _folder) = serving(&backend, &["--log", "json"]);
    drop(waiting(serving.address, READ, &backend).await);
    let line: serde_json::Value = serde_json::from_str(&serving.line("caller_left")).unwrap();
    assert_eq!((&line["message"], &line["level"]), (&"the caller left".into(), &"INFO".into()));
    let span = &line["span"];
    assert_eq!((&span["correlation_id"], &span["status"]), (&"mine".into(), &499.into()));
    assert_eq!((&span["backend"], &span["operation"]), (&"shop".into(), &"GetOrder".into()));
    assert!(span["duration_ms"].as_f64().unwrap() > 0.0);
}

#[actix_web::test]
async fn a_write_goes_on_without_its_caller_and_a_stop_waits_for_it() {
    let backend = Scripted::new(held("shop12/CancelOrder/cancelled.res.xml"));
    let (mut serving, _folder) = serving(&backend, &[]);
    let caller = waiting(serving.address, WRITE, &backend).await;
    caller.0.set_zero_linger().unwrap();
    drop(caller);
    serving.line("the caller left; the write goes on");
    serving.signal("TERM");
    serving.line("requests in flight finish first");
    assert_eq!((backend.left(), serving.ended()), (0, None));
    backend.release();
    let line = serving.line("answered");
    assert!(line.contains("status=200") && line.contains("mine"), "{line}");
    serving.line("stopped");
    eventually("the end", async || serving.ended().is_some()).await;
    assert_eq!((serving.ended(), backend.left()), (Some(0), 0));
}

#[actix_web::test]
async fn a_streamed_answer_ends_while_its_backend_is_slow() {
    let text = String::from_utf8(recorded("shop12/ListOrders/two.res.xml")).unwrap();
    let (start, end) = (text.find("<Order ").unwrap(), text.rfind("</Order>").unwrap());
    let begun = format!("{}{}", &text[..start], text[start..end + 8].repeat(1500));
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n\
                Content-Length: 99999999\r\n\r\n";
    let backend = Scripted::new(Script::BytesThenHang(format!("{head}{begun}").into_bytes()));
    let facade = Facade::of(&shop_mapping("shop.yaml"), &Variables::shop(&backend.url()));
    let request = b"GET /api/v1/exports/orders?count=1 HTTP/1.1\r\nHost: a\r\n\r\n";
    let caller = waiting(facade.address, request, &backend).await;
    caller.0.readable().await.unwrap();
    drop(caller);
    let start = Instant::now();
    eventually("the call's end", async || backend.left() == 1).await;
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
