//! The answer to one call: its head, and its body pulled chunk by chunk.

use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Response, StatusCode};
use tokio::time::timeout_at;

use super::decode::Decoder;
use super::error::{Phase, classify};
use super::guard::Permit;
use super::heard::Heard;
use super::{Answer, BackendError, CallTiming, Verdict};
use crate::diagnostic::Code;

/// A reader that leaves after it waited this long for the next chunk leaves a backend that
/// hangs; one that leaves earlier has simply left.
const STALL: Duration = Duration::from_millis(500);

/// An answer whose head is there.
///
/// The slot of the bulkhead stays taken until [`settle`](Self::settle) or drop. An error of
/// [`chunk`](Self::chunk) has settled it already. Dropped without a verdict it counts as
/// failed where a chunk was waited for in vain for half a second, and as abandoned
/// otherwise: callers who break off large answers must not open the breaker of a backend
/// that keeps answering.
pub struct WireReply {
    response: Response,
    decoder: Decoder,
    deadline: Instant,
    https: bool,
    timing: CallTiming,
    permit: Option<Permit>,
    waiting: Option<Instant>,
    heard: Option<Box<Heard>>,
}

impl WireReply {
    pub(super) fn new(
        response: Response,
        (answer, response_bytes): (Answer, u64),
        (deadline, https): (Instant, bool),
        (permit, timing): (Permit, CallTiming),
    ) -> Result<Self, BackendError> {
        let decoder = match Decoder::new(response.headers(), answer, response_bytes) {
            Ok(decoder) => decoder,
            Err(error) => {
                permit.settle(Verdict::Failed);
                return Err(error);
            }
        };
        let permit = Some(permit);
        Ok(Self { response, decoder, deadline, https, timing, permit, waiting: None, heard: None })
    }

    /// The same, and a witness hears of its body.
    pub(super) fn heard(mut self, mut heard: Heard) -> Self {
        heard.head(self.status(), self.headers());
        self.heard = Some(Box::new(heard));
        self
    }

    /// For an answer that is of no use to whoever asked: where it has a witness, what is left of
    /// it is read for that one, aside.
    pub fn hear_out(mut self) {
        if self.heard.is_some() {
            actix_web::rt::spawn(async move {
                while self.heard.is_some() && matches!(self.chunk().await, Ok(Some(_))) {}
            });
        }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// All headers.
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The `Content-Type`, where it is text.
    pub fn content_type(&self) -> Option<&str> {
        self.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
    }

    /// Where the time went.
    pub fn timing(&self) -> CallTiming {
        self.timing
    }

    /// Bytes of the body handed out so far, after decompression.
    pub fn body_bytes(&self) -> u64 {
        self.decoder.decoded()
    }

    /// The next piece of the body, decompressed; `None` at its end. A body whose end was
    /// reported is whole.
    ///
    /// # Errors
    /// `backend-timeout`, `backend-reset`, `backend-truncated`, `backend-not-http`,
    /// `backend-encoding` and `backend-too-large`; the outcome is unknown in each.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, BackendError> {
        let result = self.pull().await;
        if self.heard.is_some() {
            self.tell(&result);
        }
        if let Err(error) = &result {
            // A large answer is no sign of bad health.
            let large = error.code == Code::BackendTooLarge;
            self.verdict(if large { Verdict::Healthy } else { Verdict::Failed });
        }
        result
    }

    async fn pull(&mut self) -> Result<Option<Bytes>, BackendError> {
        loop {
            if let Some(piece) = self.decoder.next()? {
                return Ok(Some(piece));
            }
            self.waiting = Some(Instant::now());
            let chunk = timeout_at(self.deadline.into(), self.response.chunk()).await;
            self.waiting = None;
            match chunk {
                Err(_) => {
                    let detail = "the deadline passed while the body was read";
                    return Err(BackendError::unknown(Code::BackendTimeout, detail));
                }
                Ok(Err(error)) => return Err(classify(&error, Phase::Body, self.https)),
                Ok(Ok(Some(chunk))) => self.decoder.push(chunk)?,
                Ok(Ok(None)) => return self.decoder.finish().map(|()| None),
            }
        }
    }

    fn tell(&mut self, result: &Result<Option<Bytes>, BackendError>) {
        let Some(mut heard) = self.heard.take() else { return };
        match result {
            Ok(Some(piece)) => self.heard = heard.piece(piece).then_some(heard),
            Ok(None) => heard.whole(),
            Err(error) => heard.failed(error.code),
        }
    }

    /// Says how the call went and frees its slot. Only the first verdict counts.
    pub fn settle(&mut self, verdict: Verdict) {
        self.verdict(verdict);
    }

    fn verdict(&mut self, verdict: Verdict) {
        if let Some(permit) = self.permit.take() {
            permit.settle(verdict);
        }
    }
}

impl Drop for WireReply {
    fn drop(&mut self) {
        let stalled = self.waiting.is_some_and(|since| since.elapsed() >= STALL);
        self.verdict(if stalled { Verdict::Failed } else { Verdict::Abandoned });
    }
}
