//! Requests passed on by a real server to a real backend.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use reqwest::header::{HeaderMap, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::super::*;
use super::stub::*;
use crate::diagnostic::Code;

type Ends = Arc<Mutex<Vec<String>>>;

/// A facade that passes everything under `/api` on to `/v2`, and tells how bodies ended.
fn facade(backend: Arc<Backend>) -> (SocketAddr, Ends) {
    let ends = Ends::default();
    let told = Arc::clone(&ends);
    let server = HttpServer::new(move || {
        let (backend, ends) = (Arc::clone(&backend), Arc::clone(&ends));
        App::new().default_service(web::to(move |request: HttpRequest, payload: web::Payload| {
            pass(Arc::clone(&backend), Arc::clone(&ends), request, payload)
        }))
    })
    .workers(1)
    .tcp_nodelay(true)
    .disable_signals()
    .bind(("127.0.0.1", 0))
    .unwrap();
    let addr = server.addrs()[0];
    tokio::spawn(server.run());
    (addr, told)
}

async fn pass(
    backend: Arc<Backend>,
    ends: Ends,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let path = request.uri().path().replacen("/api", "/v2", 1);
    let mut headers = HeaderMap::new();
    headers.insert("x-request-id", HeaderValue::from_static("ours"));
    let ended: Ended = Box::new(move |how, bytes| {
        let how = match how {
            Some(Ok(())) => "whole".to_owned(),
            Some(Err(error)) => error.code.to_string(),
            None => "left".to_owned(),
        };
        ends.lock().unwrap().push(format!("{how} {bytes}"));
    });
    let from = Forward {
        request: &request,
        method: request.method().clone(),
        without: &[],
        path: &path,
        query: request.uri().query(),
        headers,
        effect: Effect::Write,
        session: None,
        deadline: backend.deadline(),
        trusted_peer: false,
        ended: Some(ended),
    };
    match forward(&backend, from, payload).await {
        Ok(forwarded) => forwarded.response,
        Err(error) => {
            HttpResponse::build(actix_web::http::StatusCode::from_u16(error.code.status()).unwrap())
                .body(error.code.as_str())
        }
    }
}

/// Sends these bytes and reads until the connection ends.
async fn exchange(addr: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// A backend that answers with the request it got as text.
async fn echo() -> Stub {
    Stub::new(|mut stream, _| async move {
        let request = request(&mut stream).await;
        let head = format!(
            "HTTP/1.1 201 Made\r\nconnection: close, x-hop\r\nx-hop: 1\r\nx-end: 2\r\n\
             keep-alive: timeout=5\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n\
             content-length: {}\r\n\r\n",
            request.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
    })
    .await
}

#[actix_web::test]
async fn a_request_arrives_with_its_end_to_end_headers_only_and_so_does_the_answer() {
    let stub = echo().await;
    let (addr, ends) =
        facade(Arc::new(Backend::new(&plan(&format!("http://{}/base/", stub.addr))).unwrap()));
    let answer = exchange(
        addr,
        "POST /api/orders/a%2Fb%20c?x=1&y=%2F HTTP/1.1\r\nHost: public.example\r\n\
         Connection: close, X-Secret-Hop\r\nX-Secret-Hop: 1\r\nKeep-Alive: 5\r\nTE: trailers\r\n\
         Upgrade: h2c\r\nProxy-Authorization: Basic x\r\nX-Forwarded-For: 6.6.6.6\r\n\
         Forwarded: for=6.6.6.6\r\nX-Request-Id: theirs\r\nX-End: e\r\nContent-Length: 4\r\n\r\nbody",
    )
    .await;
    let (head, seen) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 201"), "{answer}");
    for gone in ["x-hop", "keep-alive"] {
        assert!(!head.contains(gone), "{gone} in {head}");
    }
    for kept in ["x-end: 2", "set-cookie: a=1", "set-cookie: b=2", "content-length: "] {
        assert!(head.to_ascii_lowercase().contains(kept), "{kept} in {head}");
    }
    let seen = seen.to_ascii_lowercase();
    for gone in ["x-secret-hop", "keep-alive", "te:", "upgrade", "proxy-", "6.6.6.6", "theirs"] {
        assert!(!seen.contains(gone), "{gone} in {seen}");
    }
    for kept in [
        "post /base/v2/orders/a%2fb%20c?x=1&y=%2f http/1.1\r\n",
        &format!("host: {}\r\n", stub.addr),
        "x-forwarded-for: 127.0.0.1\r\n",
        "x-forwarded-proto: http\r\n",
        "x-forwarded-host: public.example\r\n",
        "forwarded: for=127.0.0.1;host=\"public.example\";proto=http\r\n",
        "x-request-id: ours\r\n",
        "x-end: e\r\n",
        "content-length: 4\r\n",
        "\r\n\r\nbody",
    ] {
        assert!(seen.contains(kept), "{kept} in {seen}");
    }
    until("told the end", || ends.lock().unwrap().len() == 1).await;
    assert!(ends.lock().unwrap()[0].starts_with("whole "));
}

#[actix_web::test]
async fn a_chunked_body_stays_chunked_and_no_body_stays_none() {
    let stub = echo().await;
    let (addr, _) = facade(stub.backend());
    let head = "HTTP/1.1\r\nHost: h\r\nConnection: close\r\n";
    let chunked = "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
    let answer = exchange(addr, &format!("PUT /api/x {head}{chunked}")).await;
    assert!(answer.contains("transfer-encoding: chunked"), "{answer}");
    assert!(answer.contains("2\r\nab\r\n"), "{answer}");
    let answer = exchange(addr, &format!("GET /api/x {head}\r\n")).await;
    assert!(!answer.contains("transfer-encoding"), "{answer}");
    let answer = exchange(addr, &format!("DELETE /api/x {head}\r\n")).await;
    assert!(answer.contains("DELETE /service/v2/x"), "{answer}");
    assert!(!answer.contains("transfer-encoding"), "{answer}");
}

#[actix_web::test]
async fn paths_that_would_be_read_differently_are_refused() {
    let stub = echo().await;
    let (addr, _) = facade(stub.backend());
    for path in ["/api/a/../b", "/api/%2e%2E/b", "/api/./b", "/api/.%2e"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        let answer = exchange(addr, &request).await;
        assert!(answer.ends_with(Code::RequestNotFound.as_str()), "{path}: {answer}");
    }
    assert_eq!(stub.connections(), 0);
    assert_eq!(encode_segment("a/b c.~ä?"), "a%2Fb%20c.~%C3%A4%3F");
}

#[actix_web::test]
async fn head_and_bodiless_statuses_keep_their_meaning() {
    let stub = Stub::new(|mut stream, _| async move {
        let request = request(&mut stream).await;
        let answer: &[u8] = if request.starts_with("HEAD") {
            b"HTTP/1.1 200 OK\r\ncontent-length: 1234\r\n\r\n"
        } else if request.contains("/gone") {
            b"HTTP/1.1 204 No Content\r\n\r\n"
        } else {
            b"HTTP/1.1 304 Not Modified\r\netag: \"e\"\r\n\r\n"
        };
        stream.write_all(answer).await.unwrap();
    })
    .await;
    let backend = stub.backend();
    let (addr, ends) = facade(Arc::clone(&backend));
    let rest = "HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    let answer = exchange(addr, &format!("HEAD /api/x {rest}")).await;
    assert!(answer.contains("content-length: 1234") && answer.ends_with("\r\n\r\n"), "{answer}");
    let answer = exchange(addr, &format!("DELETE /api/gone {rest}")).await;
    assert!(answer.starts_with("HTTP/1.1 204") && answer.ends_with("\r\n\r\n"), "{answer}");
    let answer = exchange(addr, &format!("GET /api/x {rest}")).await;
    assert!(answer.contains("etag: \"e\"") && !answer.contains("content-length"), "{answer}");
    assert_eq!(*ends.lock().unwrap(), ["whole 0", "whole 0", "whole 0"]);
    assert_eq!(backend.guard().in_flight(), 0);
}

#[actix_web::test]
async fn an_answer_that_breaks_midway_breaks_the_connection_and_never_looks_whole() {
    for (framing, end) in
        [("content-length: 100\r\n", ""), ("transfer-encoding: chunked\r\n", "4\r\n")]
    {
        let answer = format!("HTTP/1.1 200 OK\r\n{framing}\r\n{end}part");
        let stub = Stub::answering(answer).await;
        let backend = stub.backend();
        let (addr, ends) = facade(Arc::clone(&backend));
        let answer = exchange(addr, "GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n").await;
        assert!(!answer.ends_with("0\r\n\r\n"), "{answer}");
        until("told the end", || ends.lock().unwrap().len() == 1).await;
        assert_eq!(*ends.lock().unwrap(), ["backend-truncated 4"]);
        assert_eq!(backend.guard().in_flight(), 0);
    }
}

#[actix_web::test]
async fn an_upload_that_the_caller_breaks_off_is_never_completed_and_blames_nobody() {
    let arrived = Arc::new(Mutex::new(None));
    let told = Arc::clone(&arrived);
    let stub = Stub::new(move |mut stream, _| {
        let told = Arc::clone(&told);
        async move {
            let mut read = Vec::new();
            let _ = stream.read_to_end(&mut read).await;
            *told.lock().unwrap() = Some(String::from_utf8_lossy(&read).into_owned());
        }
    })
    .await;
    let mut plan = stub.plan();
    plan.breaker.failures = 1;
    plan.timeout.total = Duration::from_secs(10);
    let backend = Arc::new(Backend::new(&plan).unwrap());
    let (addr, _) = facade(Arc::clone(&backend));
    let mut caller = TcpStream::connect(addr).await.unwrap();
    let head = "POST /api/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n";
    caller.write_all(head.as_bytes()).await.unwrap();
    until("the call is on its way", || stub.connections() == 1).await;
    drop(caller);
    until("the backend sees the end", || arrived.lock().unwrap().is_some()).await;
    let seen = arrived.lock().unwrap().clone().unwrap();
    assert!(!seen.contains("0\r\n\r\n"), "{seen}");
    until("the slot is free", || backend.guard().in_flight() == 0).await;
    assert_eq!(backend.guard().state(), CircuitState::Closed);
}

#[actix_web::test]
async fn a_caller_too_slow_for_the_deadline_is_told_so_and_the_backend_not_blamed() {
    let stub = Stub::new(|mut stream, _| async move {
        request(&mut stream).await;
    })
    .await;
    let mut plan = stub.plan();
    plan.breaker.failures = 1;
    let backend = Arc::new(Backend::new(&plan).unwrap());
    let (addr, _) = facade(Arc::clone(&backend));
    let head =
        "POST /api/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 10\r\n\r\nab";
    let answer = exchange(addr, head).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert_eq!(backend.guard().state(), CircuitState::Closed);
}

#[actix_web::test]
async fn a_large_body_flows_both_ways_without_being_held() {
    const PIECE: usize = 64 << 10;
    const PIECES: usize = 256;
    let stub = Stub::new(|mut stream, _| async move {
        // Answers each byte as it comes, before the request has ended.
        stream.set_nodelay(true).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", PIECE * PIECES);
        stream.write_all(answer.as_bytes()).await.unwrap();
        let (mut read, mut write) = stream.split();
        tokio::io::copy(&mut read, &mut write).await.unwrap();
    })
    .await;
    let mut plan = stub.plan();
    plan.timeout.total = Duration::from_secs(30);
    plan.limits.response_bytes = 0;
    let (addr, ends) = facade(Arc::new(Backend::new(&plan).unwrap()));
    let mut caller = TcpStream::connect(addr).await.unwrap();
    caller.set_nodelay(true).unwrap();
    let head =
        format!("POST /api/x HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n", PIECE * PIECES);
    caller.write_all(head.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    let (mut read, mut write) = caller.split();
    let mut piece = vec![0; PIECE];
    for number in 0..PIECES {
        let text = [u8::try_from(number).unwrap()].repeat(PIECE);
        write.write_all(&text).await.unwrap();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(read.read_u8().await.unwrap());
        }
        // Each piece comes back before the next is sent: nothing waits for the end.
        read.read_exact(&mut piece).await.unwrap();
        assert_eq!(piece, text);
    }
    until("told the end", || ends.lock().unwrap().len() == 1).await;
    assert_eq!(*ends.lock().unwrap(), [format!("whole {}", PIECE * PIECES)]);
}

#[actix_web::test]
async fn a_caller_that_leaves_a_large_answer_does_not_open_the_breaker() {
    let stub = Stub::new(|mut stream, _| async move {
        request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(&[b'x'; 8192]).await.is_ok() {}
    })
    .await;
    let mut plan = stub.plan();
    plan.breaker.failures = 1;
    plan.limits.response_bytes = 0;
    plan.timeout.total = Duration::from_secs(30);
    let backend = Arc::new(Backend::new(&plan).unwrap());
    let (addr, ends) = facade(Arc::clone(&backend));
    let mut caller = TcpStream::connect(addr).await.unwrap();
    caller.write_all(b"GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
    caller.read_exact(&mut vec![0; 100_000]).await.unwrap();
    drop(caller);
    until("told the end", || ends.lock().unwrap().len() == 1).await;
    assert!(ends.lock().unwrap()[0].starts_with("left "));
    assert_eq!(backend.guard().state(), CircuitState::Closed);
    assert_eq!(backend.guard().in_flight(), 0);
}
