//! Who answers in the place of a backend, and who hears what was exchanged.
//!
//! Both are for record and replay. A [`StandIn`] takes the place of the network alone: guard,
//! deadline, retries, decompression and limits are those of production. A [`Witness`] is given
//! what crossed the wire once a call has ended; it must not block.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode, Url};

use super::BackendError;
use super::tracked::Tracked;
use crate::diagnostic::Code;

/// A request as it would go to the network.
#[derive(Debug)]
pub struct StandInCall<'c> {
    /// The backend's name in the mapping.
    pub backend: &'c str,
    /// The method.
    pub method: &'c Method,
    /// The whole address.
    pub url: &'c Url,
    /// Every header, those of the backend among them.
    pub headers: &'c HeaderMap,
    /// The body. What is streamed is gathered first.
    pub body: Bytes,
    /// What the caller of the facade sent to be told apart from others by.
    pub session: Option<Arc<str>>,
    /// When the answer's last byte has to be here.
    pub deadline: Instant,
}

/// The answer in the place of a backend's, or the error it stands for.
pub type StandInAnswer<'a> =
    Pin<Box<dyn Future<Output = Result<http::Response<reqwest::Body>, BackendError>> + Send + 'a>>;

/// Bytes of a request that are gathered for who stands in.
const GATHERED_BYTES_MAX: usize = 64 << 20;

/// The whole body of a request.
pub(super) async fn gather(mut body: Tracked) -> Result<Bytes, BackendError> {
    let mut gathered = BytesMut::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| BackendError::unknown(error.0, error.to_string()))?;
        if gathered.len() + chunk.len() > GATHERED_BYTES_MAX {
            let detail = format!("more than {GATHERED_BYTES_MAX} bytes for who stands in");
            return Err(BackendError::not_sent(Code::RequestTooLarge, detail));
        }
        gathered.extend_from_slice(&chunk);
    }
    Ok(gathered.freeze())
}

/// Answers in the place of backends.
pub trait StandIn: Send + Sync {
    /// Answers a request.
    fn answer<'a>(&'a self, call: StandInCall<'a>) -> StandInAnswer<'a>;
}

/// What crossed the wire in one call.
#[derive(Debug, Clone)]
pub struct WireExchange {
    /// The backend's name in the mapping.
    pub backend: Arc<str>,
    /// The method.
    pub method: Method,
    /// The address, without credentials.
    pub url: Url,
    /// The headers that were sent.
    pub request_headers: HeaderMap,
    /// The body that was sent.
    pub request: Bytes,
    /// What came; an error where there was no answer, or only a part of one: why, or `None` where
    /// whoever asked did not wait for its end.
    pub answer: Result<WireAnswer, Option<Code>>,
    /// From the start of the call until its last byte.
    pub took: Duration,
}

/// An answer that was read to its end.
#[derive(Debug, Clone)]
pub struct WireAnswer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, decompressed, in the pieces it came in.
    pub body: Vec<Bytes>,
}

/// Hears of the calls of one request.
pub trait Witness: Send + Sync {
    /// A call has ended. It must return at once.
    fn exchanged(&self, exchange: WireExchange);

    /// Bytes of one message that it wants at most; of a longer one it hears nothing but
    /// `backend-too-large`.
    fn bytes_max(&self) -> usize;
}
