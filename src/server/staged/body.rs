//! A request's body, kept while it is read.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::dev;
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use actix_web::web::Payload;
use actix_web::{FromRequest, HttpRequest};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::oneshot;

/// Bytes of a request's body that is sent a second time. About a request with more, nobody else
/// is asked.
const BYTES_MAX: usize = 256 << 10;

/// The body of a request, once it has been read. The sender is dropped where it is too long,
/// breaks off, or nobody reads it to its end.
pub(super) type Body = oneshot::Receiver<Bytes>;

/// The same payload; what is read of it is kept. The one who reads waits for nothing.
pub(super) async fn kept(request: &HttpRequest, payload: Payload) -> Option<(Payload, Body)> {
    let (sender, body) = oneshot::channel();
    let length = length(request);
    if length == Some(0) {
        let _ = sender.send(Bytes::new());
        return Some((payload, body));
    }
    let keeping = Keeping { payload, length, bytes: BytesMut::new(), sender: Some(sender) };
    Some((streamed(request, keeping).await?, body))
}

/// The body of a request that nobody needs a second time.
pub(super) fn none() -> Body {
    oneshot::channel().1
}

/// Whether the body of a request is short enough to be sent a second time, as far as its head
/// says.
pub(super) fn may_be_kept(request: &HttpRequest) -> bool {
    length(request).is_none_or(|length| length <= BYTES_MAX)
}

/// Bytes a request announces; `None` where it does not say how many (RFC 9112, section 6.3).
fn length(request: &HttpRequest) -> Option<usize> {
    let headers = request.headers();
    if headers.contains_key(TRANSFER_ENCODING) {
        return None;
    }
    let Some(length) = headers.get(CONTENT_LENGTH) else { return Some(0) };
    length.to_str().ok()?.parse().ok()
}

/// A body that has been read, as one that comes.
pub(super) async fn again(request: &HttpRequest, body: Bytes) -> Option<Payload> {
    streamed(request, stream::iter((!body.is_empty()).then_some(Ok(body)))).await
}

async fn streamed(
    request: &HttpRequest,
    body: impl Stream<Item = Result<Bytes, PayloadError>> + 'static,
) -> Option<Payload> {
    let mut payload = dev::Payload::Stream {
        payload: Box::pin(body) as Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>,
    };
    // It only takes what it is given.
    Payload::from_request(request, &mut payload).await.ok()
}

struct Keeping {
    payload: Payload,
    length: Option<usize>,
    bytes: BytesMut,
    sender: Option<oneshot::Sender<Bytes>>,
}

impl Keeping {
    fn end(&mut self) {
        if let Some(sender) = self.sender.take() {
            // Nobody may wait any more.
            let _ = sender.send(std::mem::take(&mut self.bytes).freeze());
        }
    }
}

impl Stream for Keeping {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = self.payload.poll_next_unpin(cx);
        match &polled {
            Poll::Ready(Some(Ok(piece))) if self.sender.is_some() => {
                if self.bytes.len() + piece.len() > BYTES_MAX {
                    self.sender = None;
                    self.bytes = BytesMut::new();
                } else {
                    // A copy: a piece of the connection's buffer would keep all of it.
                    self.bytes.extend_from_slice(piece);
                    // Whoever knows the length does not ask for the end.
                    if self.length == Some(self.bytes.len()) {
                        self.end();
                    }
                }
            }
            Poll::Ready(Some(Err(_))) => self.sender = None,
            Poll::Ready(None) => self.end(),
            _ => {}
        }
        polled
    }
}
