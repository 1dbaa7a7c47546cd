//! A request body on its way from the server, whose streams stay on their thread, to the
//! client, which wants one that may move.

use std::task::Poll;

use actix_web::error::PayloadError;
use actix_web::web::Payload;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;

use super::BodyError;
use super::call::BodyStream;
use crate::diagnostic::Code;

/// Chunks on their way at once. More would only be a buffer: the reader is asked for the
/// next chunk when one of these is taken.
const CHUNKS_MAX: usize = 2;

enum Piece {
    Chunk(Bytes),
    Broken(BodyError),
    /// The body is whole. A channel that closes without it broke.
    End,
}

/// Reads the payload in a task of this thread, only as fast as the result is read. The task
/// ends with the body, and as soon as the result is dropped.
pub(super) fn pump(mut payload: Payload) -> BodyStream {
    let (tx, mut rx) = mpsc::channel(CHUNKS_MAX);
    actix_web::rt::spawn(async move {
        loop {
            let next = tokio::select! {
                biased;
                () = tx.closed() => return,
                next = payload.next() => next,
            };
            let (piece, last) = match next {
                Some(Ok(chunk)) => (Piece::Chunk(chunk), false),
                Some(Err(error)) => (Piece::Broken(BodyError(code(&error))), true),
                None => (Piece::End, true),
            };
            if tx.send(piece).await.is_err() || last {
                return;
            }
        }
    });
    let mut ended = false;
    Box::pin(stream::poll_fn(move |cx| {
        if ended {
            return Poll::Ready(None);
        }
        rx.poll_recv(cx).map(|piece| match piece {
            Some(Piece::Chunk(chunk)) => Some(Ok(chunk)),
            Some(Piece::End) => {
                ended = true;
                None
            }
            Some(Piece::Broken(error)) => {
                ended = true;
                Some(Err(error))
            }
            None => {
                ended = true;
                Some(Err(BodyError(Code::RequestMalformed)))
            }
        })
    }))
}

fn code(error: &PayloadError) -> Code {
    match error {
        PayloadError::Overflow => Code::RequestTooLarge,
        _ => Code::RequestMalformed,
    }
}
