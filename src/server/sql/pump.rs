//! A list sent while it is read: back-pressure, and an end that cannot be mistaken.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::timeout_at;
use tracing::Instrument;

use super::list::List;
use crate::engine::Problem;
use crate::engine::sql::Style;
use crate::plan::{SqlCall, Translator};

/// JSON is sent on in pieces of about this size.
const PIECE_BYTES: usize = 64 << 10;
/// Pieces that wait for a slow caller. Behind them, the database waits.
const PIECES_AHEAD_MAX: usize = 1;
/// How long a caller may take for the last line, where the route's time is over.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What goes through: a piece, or `None` for the end. A channel that closes without an end
/// is an answer that broke off.
type Piece = Result<Option<Bytes>, io::Error>;

/// The rest of a list as a body. It is read on a task of its own, so that a caller who stops
/// reading holds the database no longer than the route's time.
pub(super) fn body(list: List) -> impl Stream<Item = Result<Bytes, io::Error>> + 'static {
    let (sender, receiver) = mpsc::channel(PIECES_AHEAD_MAX);
    let span = tracing::Span::current();
    actix_web::rt::spawn(run(list, sender).instrument(span));
    stream::unfold(Some(receiver), next)
}

async fn next(
    receiver: Option<Receiver<Piece>>,
) -> Option<(Result<Bytes, io::Error>, Option<Receiver<Piece>>)> {
    let mut receiver = receiver?;
    match receiver.recv().await {
        Some(Ok(Some(piece))) => Some((Ok(piece), Some(receiver))),
        Some(Ok(None)) => None,
        Some(Err(error)) => Some((Err(error), None)),
        None => Some((Err(io::Error::other("broken off")), None)),
    }
}

async fn run(mut list: List, sender: Sender<Piece>) {
    let exchange = Rc::clone(&list.exchange);
    let Translator::Sql(call) = &exchange.route().translator else { return };
    let deadline = exchange.deadline.into();
    loop {
        let piece = list.take();
        match timeout_at(deadline, sender.send(Ok(Some(piece)))).await {
            Ok(Ok(())) => {}
            // The caller has left: the query is cancelled with the list.
            Ok(Err(_)) => return,
            Err(_) => {
                tracing::error!(rows = list.count, "a streamed answer was not read in time");
                return;
            }
        }
        let filled = tokio::select! {
            filled = list.fill(call, PIECE_BYTES) => filled,
            () = sender.closed() => return,
        };
        match filled {
            Ok(false) => {}
            Ok(true) => {
                let _ = timeout_at(deadline, sender.send(Ok(Some(list.take())))).await;
                let _ = timeout_at(deadline, sender.send(Ok(None))).await;
                tracing::debug!(rows = list.count, "the list is sent");
                return;
            }
            Err(problem) => return broke(&mut list, &sender, call, &problem).await,
        }
    }
}

/// The status is sent: lines end with the problem, and of anything else the transfer breaks.
async fn broke(list: &mut List, sender: &Sender<Piece>, call: &SqlCall, problem: &Problem) {
    tracing::error!(
        code = problem.code.as_str(),
        cause = problem.internal,
        rows = list.count,
        limit = call.rows_max,
        "a streamed answer broke off"
    );
    let deadline = (list.exchange.deadline + LAST_WORDS).into();
    if list.style != Style::Lines {
        let end = Err(io::Error::other(problem.code.as_str()));
        let _ = timeout_at(deadline, sender.send(end)).await;
        return;
    }
    let mut lines = list.take_lines();
    // An object may have been cut in two by what was sent already.
    if lines.is_empty() && !list.whole_lines {
        lines.push(b'\n');
    }
    let exchange = &list.exchange;
    let path = exchange.request.uri().path();
    lines.extend_from_slice(&problem.body(path, &exchange.correlation.id));
    lines.push(b'\n');
    let _ = timeout_at(deadline, sender.send(Ok(Some(Bytes::from(lines))))).await;
    let _ = timeout_at(deadline, sender.send(Ok(None))).await;
}
