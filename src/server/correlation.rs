//! The id that joins a caller's request, our log and the backend's log.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::HttpRequest;

/// Characters of an id a caller may choose.
const ID_CHARS_MAX: usize = 128;

/// A request's ids.
#[derive(Debug, Clone)]
pub struct Correlation {
    /// Returned as `X-Request-Id`, sent on, and in every log line.
    pub id: String,
    /// W3C trace context to send on: the caller's trace, our span.
    pub traceparent: String,
}

impl Correlation {
    /// Takes the caller's ids, or makes new ones. A malformed one is not passed on.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let header = |name| request.headers().get(name).and_then(|v| v.to_str().ok());
        let parent = header("traceparent").and_then(parse_traceparent);
        let (trace, flags) =
            parent.unwrap_or_else(|| (format!("{:016x}{:016x}", unique(), unique()), "01"));
        let id = header("x-request-id").filter(|id| is_clean(id));
        let id = id.map_or_else(|| trace.clone(), str::to_owned);
        Self { id, traceparent: format!("00-{trace}-{:016x}-{flags}", unique().max(1)) }
    }
}

fn is_clean(id: &str) -> bool {
    (1..=ID_CHARS_MAX).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_graphic() && !b"\"\\<>".contains(&b))
}

/// Version 00 of W3C Trace Context, section 3.2.
fn parse_traceparent(header: &str) -> Option<(String, &str)> {
    let mut parts = header.splitn(4, '-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |text: &str, len| {
        text.len() == len && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let zero = |text: &str| text.bytes().all(|b| b == b'0');
    let flags = flags.get(..2)?;
    (hex(version, 2)
        && version != "ff"
        && hex(trace, 32)
        && !zero(trace)
        && hex(span, 16)
        && !zero(span)
        && hex(flags, 2))
    .then(|| (trace.to_owned(), flags))
}

/// Unique in this process, unguessable enough for ids that are no secrets.
fn unique() -> u64 {
    static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static NEXT: AtomicU64 = AtomicU64::new(0);
    SEED.hash_one(NEXT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_callers_ids_are_kept_and_malformed_ones_replaced() {
        let of = |name: &'static str, value: &'static str| {
            Correlation::of(&TestRequest::default().insert_header((name, value)).to_http_request())
        };
        assert_eq!(of("x-request-id", "abc-1").id, "abc-1");
        assert_ne!(of("x-request-id", "a b").id, "a b");
        let traced = of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        assert_eq!(traced.id, "0af7651916cd43dd8448eb211c80319c");
        assert!(traced.traceparent.starts_with("00-0af7651916cd43dd8448eb211c80319c-"));
        assert!(!traced.traceparent.contains("b7ad6b7169203331"));
        assert_eq!(of("traceparent", "00-zz-1-01").traceparent.len(), 55);
    }
}
