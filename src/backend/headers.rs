//! Header, method and status types of the server (http 0.2) and of the client (http 1), and
//! the headers that belong to one hop only. The one place where the two meet.

use actix_web::http as server;
use reqwest::header as client;

/// Headers of one hop: RFC 9110 section 7.6.1, and what is older or never standardised.
const HOP_BY_HOP: [&str; 10] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

fn is_hop_by_hop(name: &str, named: &[String]) -> bool {
    HOP_BY_HOP.contains(&name) || named.iter().any(|other| other == name)
}

/// The header names a `Connection` header lists, in lower case.
fn listed<'a>(values: impl Iterator<Item = &'a [u8]>) -> Vec<String> {
    values
        .filter_map(|value| std::str::from_utf8(value).ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
        .collect()
}

/// The end-to-end headers of a request, for the client. `Host`, `Content-Length` and
/// `Expect` are left out too: the client writes the first two, the server has met the third.
#[must_use]
pub fn client_headers(from: &server::header::HeaderMap) -> client::HeaderMap {
    let named = listed(from.get_all("connection").map(server::header::HeaderValue::as_bytes));
    let mut to = client::HeaderMap::with_capacity(from.len() + 8);
    for (name, value) in from {
        let name = name.as_str();
        if is_hop_by_hop(name, &named) || matches!(name, "host" | "content-length" | "expect") {
            continue;
        }
        let name = client::HeaderName::from_bytes(name.as_bytes());
        let value = client::HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            to.append(name, value);
        }
    }
    to
}

/// The end-to-end headers of an answer, for the server. `Content-Length` is left out: the
/// server writes it from the body.
pub fn server_headers(
    from: &client::HeaderMap,
) -> impl Iterator<Item = (server::header::HeaderName, server::header::HeaderValue)> {
    let named = listed(from.get_all(client::CONNECTION).iter().map(client::HeaderValue::as_bytes));
    from.iter().filter_map(move |(name, value)| {
        let name = name.as_str();
        if is_hop_by_hop(name, &named) || name == "content-length" {
            return None;
        }
        let name = server::header::HeaderName::from_bytes(name.as_bytes()).ok()?;
        let value = server::header::HeaderValue::from_bytes(value.as_bytes()).ok()?;
        Some((name, value))
    })
}

/// The same method, for the client; `None` for one that is no token.
#[must_use]
pub fn client_method(method: &server::Method) -> Option<reqwest::Method> {
    reqwest::Method::from_bytes(method.as_str().as_bytes()).ok()
}

/// The same status, for the server.
#[must_use]
pub fn server_status(status: reqwest::StatusCode) -> server::StatusCode {
    server::StatusCode::from_u16(status.as_u16()).unwrap_or(server::StatusCode::BAD_GATEWAY)
}
