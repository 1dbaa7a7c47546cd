//! Someone in the place of the network: all around it is as in production.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream;
use reqwest::Body;

use super::super::*;
use super::stub::*;
use crate::diagnostic::Code;
use crate::plan::{Breaker, Outcome, Retry, Secret};

/// What it does, by how often it was asked before.
type Script = fn(StandInCall<'_>, usize) -> Result<http::Response<Body>, BackendError>;

struct Scripted {
    script: Script,
    hangs: bool,
    asked: AtomicUsize,
}

impl StandIn for Scripted {
    fn answer<'a>(&'a self, call: StandInCall<'a>) -> StandInAnswer<'a> {
        let before = self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            if self.hangs {
                pending::<()>().await;
            }
            (self.script)(call, before)
        })
    }
}

fn scripted(script: Script, hangs: bool) -> Arc<Scripted> {
    Arc::new(Scripted { script, hangs, asked: AtomicUsize::new(0) })
}

/// A backend nobody could reach, in whose place this stands.
fn backend(stand_in: &Arc<Scripted>) -> Backend {
    let mut plan = plan("http://127.0.0.1:9/service");
    plan.headers = vec![("X-Key".to_owned(), Secret::new("k".to_owned()))];
    plan.retry = Retry { attempts: 3 };
    plan.breaker = Breaker { failures: 1, open: Duration::from_secs(60), probes: 1 };
    let stand_in: Arc<dyn StandIn> = Arc::<Scripted>::clone(stand_in);
    Backend::new(&plan).unwrap().with_stand_in(Some(stand_in))
}

#[expect(clippy::unnecessary_wraps, reason = "what a script gives")]
fn ok(body: impl Into<Body>) -> Result<http::Response<Body>, BackendError> {
    Ok(http::Response::new(body.into()))
}

#[tokio::test]
async fn it_sees_the_request_as_it_would_be_sent() {
    let seen = scripted(
        |call, _| {
            let header = |name: &str| call.headers[name].to_str().unwrap().to_owned();
            let heads = [header("x-key"), header("content-length"), header("accept-encoding")];
            let body = String::from_utf8_lossy(&call.body).into_owned();
            let session = call.session.as_deref().unwrap_or("none");
            ok(format!("{} {} {heads:?} {body} {session}", call.backend, call.url))
        },
        false,
    );
    let backend = backend(&seen);
    let pieces = [Bytes::from_static(b"<a>"), Bytes::from_static(b"</a>")];
    let chunks = Box::pin(stream::iter(pieces.map(Ok)));
    let body = WireBody::Stream { chunks, length: None };
    let call = WireCall { body, session: Some("s".into()), ..soap(&backend, Effect::Read) };
    let mut reply = backend.call(call).await.unwrap();
    let text = reply.chunk().await.unwrap().unwrap();
    assert_eq!(
        text,
        r#"erp http://127.0.0.1:9/service ["k", "7", "gzip, deflate"] <a></a> s"#.as_bytes()
    );
}

#[tokio::test]
async fn the_deadline_ends_it() {
    let hanging = scripted(|_, _| ok("late"), true);
    let backend = backend(&hanging);
    let deadline = Instant::now() + Duration::from_millis(50);
    let call = to(backend.url().clone(), Effect::Read, deadline);
    let error = backend.call(call).await.err().unwrap();
    assert_eq!((error.code, error.outcome), (Code::BackendTimeout, Outcome::Unknown));
}

#[tokio::test]
async fn a_read_is_tried_again_after_a_reset_and_a_write_is_not() {
    let reset: Script = |_, before| match before {
        0 => Err(BackendError::unknown(Code::BackendReset, "reset")),
        _ => ok("<ok/>"),
    };
    let check = async |effect, asked| {
        let stand_in = scripted(reset, false);
        let mut plan = plan("http://127.0.0.1:9/service");
        plan.retry = Retry { attempts: 3 };
        let hung: Arc<dyn StandIn> = Arc::<Scripted>::clone(&stand_in);
        let backend = Backend::new(&plan).unwrap().with_stand_in(Some(hung));
        let answer = whole(&backend, effect).await;
        assert_eq!(stand_in.asked.load(Ordering::SeqCst), asked);
        answer.map_err(|error| error.code)
    };
    assert_eq!(check(Effect::Read, 2).await, Ok(b"<ok/>".to_vec()));
    assert_eq!(check(Effect::Write, 1).await, Err(Code::BackendReset));
}

#[tokio::test]
async fn a_missing_fixture_is_not_tried_again_and_no_fault_of_the_backend() {
    let missing = scripted(|_, _| Err(BackendError::not_sent(Code::ReplayMiss, "none")), false);
    let backend = backend(&missing);
    for asked in 1..4 {
        let error = whole(&backend, Effect::Read).await.err().unwrap();
        assert_eq!((error.code, missing.asked.load(Ordering::SeqCst)), (Code::ReplayMiss, asked));
    }
    assert_eq!(backend.guard().state(), CircuitState::Closed);
}

#[tokio::test]
async fn a_body_that_ends_early_is_truncated() {
    let half = scripted(
        |_, _| {
            let broken = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
            let pieces = [Ok(Bytes::from_static(b"<hal")), Err(broken)];
            ok(Body::wrap_stream(stream::iter(pieces)))
        },
        false,
    );
    let error = whole(&backend(&half), Effect::Read).await.err().unwrap();
    assert_eq!(error.code, Code::BackendTruncated);
}
