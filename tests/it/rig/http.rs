//! A small HTTP client, and a raw one.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use reqwest::{Client, redirect};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long anything in a test may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client without proxy and redirects. One for each caller: a test is its own runtime.
pub fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .timeout(PATIENCE)
        .tls_certs_only([])
        .build()
        .unwrap()
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// The code of a problem that has everything a problem must have.
    #[track_caller]
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let json = self.json();
        for member in ["type", "title", "instance", "code", "correlationId"] {
            assert!(json[member].as_str().is_some_and(|s| !s.is_empty()), "{member}: {json}");
        }
        assert_eq!(json["status"], self.status, "{json}");
        assert_eq!(json["correlationId"], self.header("x-request-id"), "{json}");
        assert_eq!(self.header("cache-control"), "no-store");
        let code = json["code"].as_str().unwrap();
        assert_eq!(json["type"], format!("/problems/{code}"));
        code.to_owned()
    }
}

/// Bytes over TCP, without any opinion about HTTP.
pub struct Raw(pub TcpStream);

impl Raw {
    pub async fn to(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// One answer to its end: by length, by chunks, or by the end of the connection.
    pub async fn answer(&mut self) -> Answer {
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            if let Some(answer) = parse(&bytes, false) {
                return answer;
            }
            let read = tokio::time::timeout(PATIENCE, self.0.read(&mut buffer)).await.unwrap();
            match read {
                Ok(0) | Err(_) => {
                    return parse(&bytes, true).unwrap_or_else(|| panic!("no answer: {bytes:?}"));
                }
                Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            }
        }
    }
}

fn parse(bytes: &[u8], ended: bool) -> Option<Answer> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let name: reqwest::header::HeaderName = name.parse().ok()?;
        headers.append(name, value.trim().parse().ok()?);
    }
    let length = headers.get("content-length").and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    let whole = match length {
        Some(length) => body.len() >= length,
        None if headers.contains_key("transfer-encoding") => body.ends_with("0\r\n\r\n"),
        None => matches!(status, 204 | 304),
    };
    (whole || ended).then(|| Answer { status, headers, text: body.to_owned() })
}

/// Asks again and again until the answer is yes.
pub async fn eventually(what: &str, mut ask: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !ask().await {
        assert!(start.elapsed() < PATIENCE, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
