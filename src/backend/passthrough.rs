//! A whole request passed on to a modern service, streamed both ways.
//!
//! In a handler: pick the backend and the path, make a [`Forward`], and return the
//! [`Forwarded::response`]; a [`BackendError`] becomes a problem like that of any call.
//! The path given is still percent-encoded, put together from segments as they came
//! (`%2F` stays) or made by [`encode_segment`]; it is appended to the backend's own.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BodyStream, None as NoBody, SizedStream};
use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::{Stream, stream};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{CONTENT_LENGTH, HeaderMap};
use reqwest::{StatusCode, Url};

use super::forwarded::{self, Hop};
use super::pump::pump;
use super::{
    Answer, Backend, BackendError, CallTiming, Effect, Verdict, WireBody, WireCall, WireReply,
    client_headers, client_method, server_headers, server_status,
};
use crate::diagnostic::Code;

/// What a path segment escapes: all but the unreserved characters of RFC 3986 section 2.3.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Told once how the body of a passed-on answer ended, with the bytes handed out: `Ok` when
/// whole, the error when it broke, `None` when the caller went away.
pub type Ended = Box<dyn FnOnce(Option<Result<(), BackendError>>, u64)>;

/// One request to pass on.
pub struct Forward<'a> {
    /// The request as it came.
    pub request: &'a HttpRequest,
    /// The method: mostly the request's.
    pub method: Method,
    /// Names of headers that are left out, in lower case.
    pub without: &'a [&'a str],
    /// The path at the backend: percent-encoded, `/` first, appended to the backend's own.
    pub path: &'a str,
    /// The query without its `?`, as it is to be sent.
    pub query: Option<&'a str>,
    /// Headers that replace those of the request: correlation id, trace context.
    pub headers: HeaderMap,
    /// Whether it may be tried again; that also takes a request without a body.
    pub effect: Effect,
    /// As of [`WireCall::session`].
    pub session: Option<Arc<str>>,
    /// When the last byte of the answer has to be there.
    pub deadline: Instant,
    /// Whether the peer is a proxy whose `Forwarded` and `X-Forwarded-*` are believed.
    pub trusted_peer: bool,
    /// Told how the answer's body ended.
    pub ended: Option<Ended>,
}

/// The answer to a request that was passed on.
pub struct Forwarded {
    /// To be returned from the handler; its body is the backend's, as it comes.
    pub response: HttpResponse,
    /// Where the time went until the head of the answer.
    pub timing: CallTiming,
}

/// One path segment, escaped: `a/b` becomes `a%2Fb`.
#[must_use]
pub fn encode_segment(segment: &str) -> String {
    utf8_percent_encode(segment, SEGMENT).to_string()
}

/// Passes a request on and its answer back. Statuses, redirects and content encodings stay
/// as they are; headers of one hop are taken out in both directions; protocol upgrades are
/// not passed on. A body that breaks midway breaks the connection to the caller, so that
/// no cut answer looks whole.
///
/// # Errors
/// Like [`Backend::call`], and `request-not-found` for a path with dot segments or
/// backslashes, `request-method` for a method the client cannot send, and the code of the
/// request's own body where that breaks off.
pub async fn forward(
    backend: &Backend,
    forward: Forward<'_>,
    payload: web::Payload,
) -> Result<Forwarded, BackendError> {
    let from = forward.request;
    let url = target(backend.url(), forward.path, forward.query)?;
    let method = client_method(&forward.method)
        .ok_or_else(|| BackendError::not_sent(Code::RequestMethod, "the method is no token"))?;
    // Whoever asks by another method has no body to send.
    let body = if forward.method == from.method() { body(from, payload) } else { none() };
    let headers = headers(&forward);
    let (effect, deadline) = (forward.effect, forward.deadline);
    let call = WireCall {
        method,
        url,
        headers,
        body,
        effect,
        answer: Answer::AsIs,
        witness: None,
        session: forward.session.clone(),
        deadline,
    };
    let reply = backend.call(call).await?;
    let timing = reply.timing();
    let bodiless = forward.method == Method::HEAD;
    Ok(Forwarded { response: respond(reply, bodiless, forward.ended), timing })
}

/// The backend's address with a path appended; refuses what would not arrive as written.
fn target(base: &Url, path: &str, query: Option<&str>) -> Result<Url, BackendError> {
    let refuse = |why| Err(BackendError::not_sent(Code::RequestNotFound, why));
    let dots = path.split('/').any(|segment| {
        let plain = segment.replace("%2e", ".").replace("%2E", ".");
        plain == "." || plain == ".."
    });
    if dots || path.contains(['\\', '?', '#']) || !path.starts_with('/') {
        return refuse("the path has dot segments or characters that would change its meaning");
    }
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    match (query.filter(|query| !query.is_empty()), base.query()) {
        (Some(query), Some(own)) => url.set_query(Some(&format!("{own}&{query}"))),
        (Some(query), None) => url.set_query(Some(query)),
        (None, _) => {}
    }
    Ok(url)
}

fn headers(forward: &Forward<'_>) -> HeaderMap {
    let from = forward.request;
    let mut headers = client_headers(from.headers());
    for name in forward.without {
        headers.remove(*name);
    }
    let secure = from.app_config().secure();
    let hop = Hop {
        peer: from.peer_addr().map(|peer| peer.ip()),
        proto: if secure { "https" } else { "http" },
        host: from.headers().get("host").and_then(|host| host.to_str().ok()),
        trusted: forward.trusted_peer,
    };
    forwarded::add(&mut headers, &hop);
    for (name, value) in &forward.headers {
        headers.insert(name, value.clone());
    }
    headers
}

fn none() -> WireBody {
    WireBody::Bytes(Bytes::new())
}

/// The body of the request; none where the request announces none (RFC 9112 section 6.3).
fn body(from: &HttpRequest, payload: web::Payload) -> WireBody {
    let headers = from.headers();
    let length = headers
        .get("content-length")
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<u64>().ok());
    let chunked = headers.contains_key("transfer-encoding");
    match length {
        None | Some(0) if !chunked => none(),
        length => WireBody::Stream { chunks: pump(payload), length: length.filter(|_| !chunked) },
    }
}

fn respond(reply: WireReply, bodiless: bool, ended: Option<Ended>) -> HttpResponse {
    let status = reply.status();
    let mut response = HttpResponse::build(server_status(status));
    for header in server_headers(reply.headers()) {
        response.append_header(header);
    }
    let length = reply
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse().ok());
    let mut relay = Relay { reply, ended, length };
    let no_content = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if bodiless || no_content || length == Some(0) {
        relay.whole();
    }
    match length {
        _ if no_content => response.message_body(NoBody::new()).map_or_else(
            |_| HttpResponse::BadGateway().finish(),
            HttpResponse::map_into_boxed_body,
        ),
        Some(length) => response.body(SizedStream::new(length, relay.stream())),
        None => response.body(BodyStream::new(relay.stream())),
    }
}

/// An answer's body on its way to the caller.
struct Relay {
    reply: WireReply,
    ended: Option<Ended>,
    length: Option<u64>,
}

impl Relay {
    fn end(&mut self, how: Option<Result<(), BackendError>>) {
        if let Some(ended) = self.ended.take() {
            ended(how, self.reply.body_bytes());
        }
    }

    fn whole(&mut self) {
        self.reply.settle(verdict(self.reply.status()));
        self.end(Some(Ok(())));
    }

    fn stream(self) -> impl Stream<Item = Result<Bytes, BackendError>> {
        stream::unfold(Some(self), |relay| async {
            let mut relay = relay?;
            match relay.reply.chunk().await {
                Ok(Some(chunk)) => {
                    // The server does not ask again once it has all bytes of the length.
                    if Some(relay.reply.body_bytes()) == relay.length {
                        relay.whole();
                    }
                    Some((Ok(chunk), Some(relay)))
                }
                Ok(None) => {
                    relay.whole();
                    None
                }
                Err(error) => {
                    relay.end(Some(Err(error.clone())));
                    Some((Err(error), None))
                }
            }
        })
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.end(None);
    }
}

/// A modern service that answers 5xx says itself that it is broken; 501 and 505 are about
/// the request.
fn verdict(status: StatusCode) -> Verdict {
    let about_request =
        matches!(status, StatusCode::NOT_IMPLEMENTED | StatusCode::HTTP_VERSION_NOT_SUPPORTED);
    if status.is_server_error() && !about_request { Verdict::Failed } else { Verdict::Healthy }
}
