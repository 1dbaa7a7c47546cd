//! One call, as its caller hands it in.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::Stream;
use reqwest::header::HeaderMap;
use reqwest::{Method, Url};

use super::{BodyError, Witness};
use crate::plan::Effect;

/// How much of the answer is understood here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// gzip and deflate are asked for and decoded, redirects are an error.
    Decoded,
    /// The answer is passed on: its encoding, its redirects and its status stay.
    AsIs,
}

/// A body of unknown content that is sent as it comes.
pub type BodyStream = Pin<Box<dyn Stream<Item = Result<Bytes, BodyError>> + Send>>;

/// The body of a call.
pub enum WireBody {
    /// The whole body; it can be sent again.
    Bytes(Bytes),
    /// A body that is sent as it comes, once. Sent chunked unless `length` is known.
    Stream {
        /// The chunks. An error ends the call with that error's code.
        chunks: BodyStream,
        /// Its length in bytes, where known.
        length: Option<u64>,
    },
}

/// One call.
pub struct WireCall {
    /// The method.
    pub method: Method,
    /// The whole address; for SOAP a clone of [`Backend::url`](super::Backend::url).
    pub url: Url,
    /// Everything but `Host`, the length, and the backend's own fixed headers, which win
    /// over these.
    pub headers: HeaderMap,
    /// The body.
    pub body: WireBody,
    /// Whether it may be repeated.
    pub effect: Effect,
    /// What becomes of the answer.
    pub answer: Answer,
    /// Who hears of it; nobody in production.
    pub witness: Option<Arc<dyn Witness>>,
    /// What the caller sent to be told apart from others where someone stands in for the
    /// backend; nothing in production.
    pub session: Option<Arc<str>>,
    /// When all of it has to be over: waiting, attempts, and the answer's last byte.
    pub deadline: Instant,
}

/// Where the time of a call went, for the caller's span.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallTiming {
    /// From the start of the last attempt until its request began to be written: waiting
    /// for a connection. `None` for requests without a body.
    pub connect: Option<Duration>,
    /// From the start of the call until the head of the answer was there.
    pub first_byte: Duration,
    /// Attempts made.
    pub attempts: u32,
}
