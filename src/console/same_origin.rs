//! Whether a request comes from this console's own pages, and by its own name.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::{HOST, HeaderName, ORIGIN};
use ring::hmac;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a form was sent by a page of the host it was sent to. A browser says so in `Origin`
/// and `Sec-Fetch-Site`; what says neither is no browser's form.
pub(super) fn is_same_origin(request: &HttpRequest) -> bool {
    let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    let (origin, site) = (header(ORIGIN), header(SEC_FETCH_SITE));
    let host = header(HOST).unwrap_or_default();
    // Behind a proxy the scheme is another one; the host is not.
    let own = |origin: &str| {
        let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        !host.is_empty() && authority.is_some_and(|name| name.eq_ignore_ascii_case(host))
    };
    (origin.is_some() || site.is_some())
        && origin.is_none_or(own)
        && site.is_none_or(|site| site == "same-origin")
}

/// Whether the page was asked for by a name of this machine. Another one may be a page of the
/// internet that has its own name point here (DNS rebinding).
pub(super) fn is_local_name(request: &HttpRequest) -> bool {
    let host = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    host.is_some_and(is_local_host)
}

fn is_local_host(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, _)) => address,
            None => return false,
        },
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// What every form of somebody's pages carries, and nobody else knows.
pub(super) fn proof(key: &hmac::Key, whose: &str) -> String {
    let tag = hmac::sign(key, whose.as_bytes());
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether it is that. The comparison takes the same time whatever differs.
pub(super) fn is_proof(key: &hmac::Key, whose: &str, proof: &str) -> bool {
    let byte = |at| proof.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    let tag: Option<Vec<u8>> = (0..proof.len()).step_by(2).map(byte).collect();
    tag.is_some_and(|tag| hmac::verify(key, whose.as_bytes(), &tag).is_ok())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_form_comes_from_the_host_it_goes_to() {
        let check = |headers: &[(&str, &str)], expected| {
            let mut request = TestRequest::post().insert_header(("host", "127.0.0.1:9090"));
            for header in headers {
                request = request.insert_header(*header);
            }
            assert_eq!(is_same_origin(&request.to_http_request()), expected, "{headers:?}");
        };
        check(&[], false);
        check(&[("origin", "http://127.0.0.1:9090")], true);
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("origin", "http://127.0.0.1:9090"), ("sec-fetch-site", "cross-site")], false);
        check(&[("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-site")], false);
        check(&[("origin", "http://127.0.0.1:9090.evil.example")], false);
        check(&[("origin", "http://evil.example/127.0.0.1:9090")], false);
        check(&[("origin", "null")], false);
        check(&[("sec-fetch-site", "none")], false);
    }

    #[test]
    fn a_name_of_this_machine_is_one() {
        let check = |host: &str, expected| assert_eq!(is_local_host(host), expected, "{host}");
        check("localhost", true);
        check("LOCALHOST:9090", true);
        check("127.0.0.1:9090", true);
        check("127.9.9.9", true);
        check("[::1]:9090", true);
        check("localhost.evil.example", false);
        check("127.0.0.1.evil.example:9090", false);
        check("10.0.0.1:9090", false);
        check("[::1", false);
        check("", false);
    }

    #[test]
    fn a_proof_is_for_one() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"key");
        let own = proof(&key, "session a");
        assert!(is_proof(&key, "session a", &own));
        assert!(!is_proof(&key, "session b", &own));
        for wrong in ["", "zz", "é", "abc", &own[..62]] {
            assert!(!is_proof(&key, "session a", wrong), "{wrong}");
        }
    }
}
