//! What a witness is told of a call, gathered while it happens.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode, Url};

use super::{WireAnswer, WireBody, WireExchange, Witness};
use crate::diagnostic::Code;

/// A call that a witness hears of. Dropped before its end, it was left.
pub(super) struct Heard {
    witness: Arc<dyn Witness>,
    start: Instant,
    /// Bytes gathered.
    bytes: usize,
    answer: Option<WireAnswer>,
    /// Taken when it is told.
    exchange: Option<WireExchange>,
}

impl Heard {
    /// Begins to listen. What is streamed to the backend is not heard.
    pub(super) fn new(
        witness: Arc<dyn Witness>,
        backend: &str,
        (method, url, headers): (&Method, &Url, &HeaderMap),
        body: &WireBody,
    ) -> Self {
        let exchange = WireExchange {
            backend: Arc::from(backend),
            method: method.clone(),
            url: url.clone(),
            request_headers: headers.clone(),
            request: match body {
                WireBody::Bytes(bytes) => bytes.clone(),
                WireBody::Stream { .. } => Bytes::new(),
            },
            answer: Err(None),
            took: Duration::ZERO,
        };
        Self { witness, start: Instant::now(), bytes: 0, answer: None, exchange: Some(exchange) }
    }

    /// The head of the answer is there.
    pub(super) fn head(&mut self, status: StatusCode, headers: &HeaderMap) {
        self.answer = Some(WireAnswer { status, headers: headers.clone(), body: Vec::new() });
    }

    /// A piece of the body; whether more is of use.
    pub(super) fn piece(&mut self, piece: &Bytes) -> bool {
        let Some(answer) = &mut self.answer else { return false };
        self.bytes += piece.len();
        if self.bytes <= self.witness.bytes_max() {
            answer.body.push(piece.clone());
            return true;
        }
        self.tell(Err(Some(Code::BackendTooLarge)));
        false
    }

    /// The answer is whole.
    pub(super) fn whole(mut self) {
        let answer = self.answer.take().ok_or(None);
        self.tell(answer);
    }

    /// There is no answer, or only a part of one.
    pub(super) fn failed(mut self, code: Code) {
        self.tell(Err(Some(code)));
    }

    fn tell(&mut self, answer: Result<WireAnswer, Option<Code>>) {
        let Some(mut exchange) = self.exchange.take() else { return };
        let large = exchange.request.len() > self.witness.bytes_max();
        exchange.answer = if large { Err(Some(Code::BackendTooLarge)) } else { answer };
        if large {
            exchange.request = Bytes::new();
        }
        exchange.took = self.start.elapsed();
        self.witness.exchanged(exchange);
    }
}

impl Drop for Heard {
    fn drop(&mut self) {
        self.tell(Err(None));
    }
}
