//! A body that is kept as it is sent, for whoever wants to know of it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// All of it was sent.
    Whole,
    /// It broke off where it came from.
    Broke,
    /// It is longer than what is kept; the caller gets it all the same.
    TooLong,
    /// There was no room for it; the caller gets it all the same.
    NoRoom,
    /// Its caller left before its end.
    Left,
}

/// A body that was sent.
#[derive(Debug)]
pub(super) struct Sent {
    /// Its pieces, where it ended whole.
    pub pieces: Vec<Bytes>,
    /// How it ended.
    pub end: End,
    /// The room it takes until it is dropped.
    room: Option<OwnedSemaphorePermit>,
}

impl Sent {
    /// One that nothing is kept of.
    fn nothing(end: End) -> Self {
        Self { pieces: Vec::new(), end, room: None }
    }

    /// In one piece.
    pub fn bytes(&self) -> Bytes {
        match &self.pieces[..] {
            [piece] => piece.clone(),
            pieces => Bytes::from(pieces.concat()),
        }
    }
}

/// How much of a body is kept.
#[derive(Debug, Clone)]
pub(super) struct Keep {
    /// Bytes of this one.
    pub bytes_max: usize,
    /// Room for those of all; `None` where each is bounded otherwise.
    pub room: Option<Arc<Semaphore>>,
}

impl Keep {
    /// Nothing: only the end is told.
    pub const NOTHING: Self = Self { bytes_max: 0, room: None };
}

/// A body as far as it is kept.
struct Kept {
    keep: Keep,
    bytes: usize,
    sent: Sent,
}

impl Kept {
    fn new(keep: Keep) -> Self {
        Self { keep, bytes: 0, sent: Sent::nothing(End::Whole) }
    }

    /// Keeps a piece; how it ends where that cannot be.
    fn push(&mut self, piece: &Bytes) -> Result<(), End> {
        self.bytes += piece.len();
        if self.bytes > self.keep.bytes_max {
            return Err(End::TooLong);
        }
        if let Some(room) = &self.keep.room {
            let bytes = u32::try_from(piece.len()).unwrap_or(u32::MAX);
            let Ok(more) = Arc::clone(room).try_acquire_many_owned(bytes) else {
                return Err(End::NoRoom);
            };
            match &mut self.sent.room {
                Some(room) => room.merge(more),
                room => *room = Some(more),
            }
        }
        self.sent.pieces.push(piece.clone());
        Ok(())
    }
}

/// Who is told of an answer, once.
pub(super) type Told = Box<dyn FnOnce(Sent)>;

/// Tells of an answer: at once where all of it is there, with its last byte where it is
/// streamed. The caller's answer is the same, and as fast.
pub(super) fn tee(response: HttpResponse, keep: Keep, told: Told) -> HttpResponse {
    response.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) => {
            told(kept_whole(keep, &bytes));
            BoxBody::new(bytes)
        }
        Err(body) => BoxBody::new(Tee { body, bytes: 0, told: Some((told, Ok(Kept::new(keep)))) }),
    })
}

fn kept_whole(keep: Keep, bytes: &Bytes) -> Sent {
    let mut kept = Kept::new(keep);
    match kept.push(bytes) {
        Ok(()) => kept.sent,
        Err(end) => Sent::nothing(end),
    }
}

/// Reads a body that nobody else wants.
pub(super) async fn read(response: HttpResponse, keep: Keep) -> Sent {
    let mut body = response.into_body();
    let mut kept = Kept::new(keep);
    loop {
        match std::future::poll_fn(|cx| Pin::new(&mut body).poll_next(cx)).await {
            None => return kept.sent,
            Some(Err(_)) => return Sent::nothing(End::Broke),
            Some(Ok(piece)) => {
                if let Err(end) = kept.push(&piece) {
                    return Sent::nothing(end);
                }
            }
        }
    }
}

struct Tee {
    body: BoxBody,
    /// Bytes sent.
    bytes: u64,
    /// Who is told what: the body, or why it is not kept.
    told: Option<(Told, Result<Kept, End>)>,
}

impl Tee {
    fn piece(&mut self, piece: &Bytes) {
        self.bytes += piece.len() as u64;
        if let Some((_, kept)) = &mut self.told
            && let Ok(keeping) = kept
            && let Err(end) = keeping.push(piece)
        {
            *kept = Err(end);
        }
    }

    fn end(&mut self, end: End) {
        let Some((told, kept)) = self.told.take() else { return };
        told(match (end, kept) {
            (End::Whole, Ok(kept)) => kept.sent,
            (End::Whole, Err(end)) | (end, _) => Sent::nothing(end),
        });
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
            Poll::Ready(Some(Err(_))) => self.end(End::Broke),
            Poll::Ready(None) => self.end(End::Whole),
            Poll::Pending => {}
        }
        polled
    }
}

impl Drop for Tee {
    fn drop(&mut self) {
        // The server does not ask for the end of a body whose length it knows.
        let is_whole = self.body.size() == BodySize::Sized(self.bytes);
        self.end(if is_whole { End::Whole } else { End::Left });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_all_bodies_together_is_bounded() {
        let keep = Keep { bytes_max: 4, room: Some(Arc::new(Semaphore::new(6))) };
        let check = |body: &'static str, expected: End| {
            let sent = kept_whole(keep.clone(), &Bytes::from_static(body.as_bytes()));
            assert_eq!(sent.end, expected, "{body}");
            assert_eq!(sent.bytes(), if expected == End::Whole { body } else { "" });
            sent
        };
        let first = check("abcd", End::Whole);
        check("abc", End::NoRoom);
        check("ab", End::Whole);
        drop(first);
        check("abc", End::Whole);
        check("abcde", End::TooLong);
        assert_eq!(keep.room.map(|room| room.available_permits()), Some(6));
    }
}
