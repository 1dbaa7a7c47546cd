//! `X-Forwarded-*` and `Forwarded` (RFC 7239) of a request that is passed on.

use std::net::IpAddr;

use reqwest::header::{FORWARDED, HeaderMap, HeaderName, HeaderValue};

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const PORT: HeaderName = HeaderName::from_static("x-forwarded-port");

/// What is known of the connection the request came over.
pub(super) struct Hop<'a> {
    /// The peer's address.
    pub(super) peer: Option<IpAddr>,
    /// `http` or `https`.
    pub(super) proto: &'static str,
    /// The `Host` the caller named.
    pub(super) host: Option<&'a str>,
    /// Whether the peer is a proxy whose own forwarding headers are believed.
    pub(super) trusted: bool,
}

/// Adds this hop. What the peer says itself is kept only where it is trusted.
pub(super) fn add(headers: &mut HeaderMap, hop: &Hop<'_>) {
    if !hop.trusted {
        for name in [FOR, PROTO, HOST, PORT, FORWARDED] {
            headers.remove(name);
        }
    }
    if let Some(peer) = hop.peer {
        append(headers, FOR, &peer.to_string());
    }
    set_default(headers, PROTO, hop.proto);
    if let Some(host) = hop.host {
        set_default(headers, HOST, host);
    }
    append(headers, FORWARDED, &element(hop));
}

/// One element of `Forwarded`.
fn element(hop: &Hop<'_>) -> String {
    let mut element = match hop.peer {
        Some(IpAddr::V6(peer)) => format!("for=\"[{peer}]\""),
        Some(IpAddr::V4(peer)) => format!("for={peer}"),
        None => "for=unknown".to_owned(),
    };
    if let Some(host) = hop.host.filter(|host| !host.contains(['"', '\\'])) {
        element.push_str(";host=\"");
        element.push_str(host);
        element.push('"');
    }
    element.push_str(";proto=");
    element.push_str(hop.proto);
    element
}

fn append(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    let before: Vec<&[u8]> = headers.get_all(&name).iter().map(HeaderValue::as_bytes).collect();
    let mut joined = before.join(&b", "[..]);
    if !joined.is_empty() {
        joined.extend_from_slice(b", ");
    }
    joined.extend_from_slice(text.as_bytes());
    if let Ok(value) = HeaderValue::from_bytes(&joined) {
        headers.insert(name, value);
    }
}

fn set_default(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if !headers.contains_key(&name)
        && let Ok(value) = HeaderValue::from_str(text)
    {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(trusted: bool, peer: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(FOR, HeaderValue::from_static("203.0.113.9"));
        headers.insert(FORWARDED, HeaderValue::from_static("for=203.0.113.9"));
        headers.insert(HOST, HeaderValue::from_static("public.example"));
        let peer = peer.parse().ok();
        add(&mut headers, &Hop { peer, proto: "http", host: Some("here:8080"), trusted });
        let text = |name| headers[name].to_str().unwrap().to_owned();
        [text(FOR), text(PROTO), text(HOST), text(FORWARDED)].join(" | ")
    }

    #[test]
    fn a_stranger_s_headers_are_replaced_and_a_trusted_peer_s_are_continued() {
        let stranger = "127.0.0.1 | http | here:8080 | for=127.0.0.1;host=\"here:8080\";proto=http";
        assert_eq!(check(false, "127.0.0.1"), stranger);
        let trusted = "203.0.113.9, ::1 | http | public.example | for=203.0.113.9, \
                       for=\"[::1]\";host=\"here:8080\";proto=http";
        assert_eq!(check(true, "::1"), trusted);
    }
}
