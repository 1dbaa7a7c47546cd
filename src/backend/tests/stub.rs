//! A backend that does exactly what its script says, on a real socket.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Method, Url};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::super::*;
use crate::diagnostic::Code;
use crate::plan::*;

pub(super) struct Stub {
    pub(super) addr: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Stub {
    /// Runs `script` for each connection, with its number from 0.
    pub(super) async fn new<F, Fut>(script: F) -> Self
    where
        F: Fn(TcpStream, usize) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(script(stream, count.fetch_add(1, Ordering::SeqCst)));
            }
        });
        Self { addr, connections }
    }

    /// Answers each connection's first request with these bytes and closes.
    pub(super) async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = Arc::new(answer.into());
        Self::new(move |mut stream, _| {
            let answer = Arc::clone(&answer);
            async move {
                request(&mut stream).await;
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            }
        })
        .await
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(super) fn plan(&self) -> BackendPlan {
        plan(&format!("http://{}/service", self.addr))
    }

    pub(super) fn backend(&self) -> Arc<Backend> {
        Arc::new(Backend::new(&self.plan()).unwrap())
    }
}

pub(super) fn plan(url: &str) -> BackendPlan {
    BackendPlan {
        name: "erp".to_owned(),
        kind: BackendKind::Soap,
        url: url.to_owned(),
        database: None,
        timeout: Timeouts {
            connect: Duration::from_millis(300),
            total: Duration::from_millis(600),
        },
        retry: Retry { attempts: 1 },
        breaker: Breaker { failures: 1000, open: Duration::from_millis(50), probes: 1 },
        limits: BackendLimits { in_flight: 64, response_bytes: 8 << 20 },
        tls: None,
        basic: None,
        redact: crate::redact::RedactRules::default(),
        headers: Vec::new(),
    }
}

/// Reads one whole request with a Content-Length; empty at the end of the connection.
pub(super) async fn request(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok()
                })
                .unwrap_or(0usize);
            let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
            if if chunked { body.ends_with("0\r\n\r\n") } else { body.len() >= length } {
                return text;
            }
        }
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return String::new(),
            Ok(count) => read.extend_from_slice(&piece[..count]),
        }
    }
}

/// Closes with a reset instead of an end.
pub(super) fn reset(stream: TcpStream) {
    stream.set_zero_linger().unwrap();
    drop(stream);
}

pub(super) fn soap(backend: &Backend, effect: Effect) -> WireCall {
    to(backend.url().clone(), effect, backend.deadline())
}

pub(super) fn to(url: Url, effect: Effect, deadline: Instant) -> WireCall {
    WireCall {
        method: Method::POST,
        url,
        headers: HeaderMap::new(),
        body: WireBody::Bytes(Bytes::from_static(b"<Envelope/>")),
        effect,
        answer: Answer::Decoded,
        witness: None,
        session: None,
        deadline,
    }
}

/// Calls and reads the whole answer.
pub(super) async fn whole(backend: &Backend, effect: Effect) -> Result<Vec<u8>, BackendError> {
    let mut reply = backend.call(soap(backend, effect)).await?;
    let mut whole = Vec::new();
    while let Some(chunk) = reply.chunk().await? {
        whole.extend_from_slice(&chunk);
    }
    reply.settle(Verdict::Healthy);
    Ok(whole)
}

/// What a write gets from a backend with this script.
pub(super) async fn check(stub: &Stub, code: Code, outcome: Outcome) -> BackendError {
    let error = whole(&stub.backend(), Effect::Write).await.unwrap_err();
    assert_eq!((error.code, error.outcome), (code, outcome), "{error}");
    assert!(!error.detail.contains("127.0.0.1"), "{error}");
    error
}

/// Waits until something is so, without guessing how long that takes.
pub(super) async fn until(what: &str, condition: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(10);
    while !condition() {
        assert!(Instant::now() < end, "never: {what}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
