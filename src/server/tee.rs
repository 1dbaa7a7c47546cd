//! A body that is told of as it is sent.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;

use super::hooks::Answered;

/// Who is told of an answer, once.
pub(super) type Told = Box<dyn FnOnce(Answered)>;

/// Tells of an answer: at once where all of it is there, with its last byte where it is
/// streamed. Of one longer than `bytes_max` only that it is too long.
pub(super) fn tee(response: HttpResponse, bytes_max: usize, told: Told) -> HttpResponse {
    let status = response.status().as_u16();
    response.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) => {
            let fits = bytes.len() <= bytes_max;
            let body = if fits { vec![bytes.clone()] } else { Vec::new() };
            told(Answered { status, body, is_whole: fits });
            BoxBody::new(bytes)
        }
        Err(body) => {
            let answered = Answered { status, body: Vec::new(), is_whole: false };
            BoxBody::new(Tee { body, bytes_max, bytes: 0, told: Some((told, answered)) })
        }
    })
}

struct Tee {
    body: BoxBody,
    bytes_max: usize,
    /// Bytes sent.
    bytes: usize,
    /// Who is told what; taken with it.
    told: Option<(Told, Answered)>,
}

impl Tee {
    fn piece(&mut self, piece: &Bytes) {
        self.bytes += piece.len();
        let Some((_, answered)) = &mut self.told else { return };
        if self.bytes <= self.bytes_max {
            answered.body.push(piece.clone());
        } else {
            answered.body.clear();
            self.end(false);
        }
    }

    fn end(&mut self, is_whole: bool) {
        if let Some((told, answered)) = self.told.take() {
            told(Answered { is_whole, ..answered });
        }
    }
}

impl MessageBody for Tee {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let polled = self.body.as_pin_mut().poll_next(cx);
        match &polled {
            Poll::Ready(Some(Ok(piece))) => self.piece(&piece.clone()),
            Poll::Ready(Some(Err(_))) => self.end(false),
            Poll::Ready(None) => self.end(true),
            Poll::Pending => {}
        }
        polled
    }
}

impl Drop for Tee {
    fn drop(&mut self) {
        // The server does not ask for the end of a body whose length it knows.
        let is_whole = self.body.size() == BodySize::Sized(self.bytes as u64);
        self.end(is_whole);
    }
}
