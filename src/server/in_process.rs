//! One request answered in this process, without a listener: for checks that need the answer
//! of the very code that serves, and nobody else to connect.

use actix_web::body::to_bytes;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};
use actix_web::test::TestRequest;
use actix_web::web::{Data, Payload};
use actix_web::{FromRequest, HttpRequest};
use bytes::Bytes;

use super::handler;
use super::running::Shared;

/// A request that comes over no wire.
#[derive(Debug, Clone, Default)]
pub struct OwnRequest {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: String,
}

/// The answer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAnswer {
    /// The status.
    pub status: u16,
    /// Headers, names in lower case; what is no text is left out.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Bytes,
}

impl OwnAnswer {
    /// The value of a header; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// Answers a request by the routes. It has to run on an actix runtime.
///
/// # Errors
/// Where the request is none of HTTP, or the answer broke off.
pub async fn in_process(shared: &Data<Shared>, asked: &OwnRequest) -> Result<OwnAnswer, String> {
    let (request, payload) = parts(asked).await?;
    let response = handler::handle(request, payload, shared.clone()).await;
    let status = response.status().as_u16();
    let text = |(name, value): (&HeaderName, &HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    let headers = response.headers().iter().filter_map(text).collect();
    let body = to_bytes(response.into_body());
    let body = body.await.map_err(|error| format!("the answer broke off: {error}"))?;
    Ok(OwnAnswer { status, headers, body })
}

/// The request as one that came.
pub(super) async fn parts(asked: &OwnRequest) -> Result<(HttpRequest, Payload), String> {
    let method = Method::from_bytes(asked.method.as_bytes())
        .map_err(|_| format!("`{}` is no method", asked.method))?;
    // The builder below does not ask whether it is one.
    let is_target = asked.target.starts_with('/') && asked.target.parse::<Uri>().is_ok();
    if !is_target {
        return Err(format!("`{}` is no path and query", asked.target));
    }
    let mut request = TestRequest::default().method(method).uri(&asked.target);
    for (name, value) in &asked.headers {
        let pair =
            HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(value).ok());
        request = request.append_header(pair.ok_or_else(|| format!("`{name}` is no header"))?);
    }
    if !asked.body.is_empty() {
        request = request.set_payload(asked.body.clone());
    }
    let (request, mut payload) = request.to_http_parts();
    let payload = Payload::from_request(&request, &mut payload).await;
    Ok((request, payload.map_err(|error| error.to_string())?))
}
