//! The guard, through real calls and alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;

use super::super::*;
use super::stub::*;
use crate::diagnostic::Code;
use crate::plan::{BackendLimits, Breaker};

const OPEN: Duration = Duration::from_millis(80);

fn guard(failures: u32, probes: u32, in_flight: u32) -> Arc<Guard> {
    let breaker = Breaker { failures, open: OPEN, probes };
    Guard::new(breaker, BackendLimits { in_flight, response_bytes: 0 })
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(5)
}

async fn open(guard: &Arc<Guard>, failures: u32) {
    for _ in 0..failures {
        guard.enter(soon()).await.ok().unwrap().settle(Verdict::Failed);
    }
    assert_eq!(guard.state(), CircuitState::Open);
}

/// Enters as soon as the guard lets a probe through.
async fn probe(guard: &Arc<Guard>) -> Permit {
    let end = soon();
    loop {
        match guard.enter(soon()).await {
            Ok(permit) => return permit,
            Err(_) => assert!(Instant::now() < end),
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn failures_in_a_row_open_it_and_a_success_between_does_not() {
    let guard = guard(3, 1, 8);
    for verdict in [Verdict::Failed, Verdict::Failed, Verdict::Healthy, Verdict::Failed] {
        guard.enter(soon()).await.ok().unwrap().settle(verdict);
    }
    guard.enter(soon()).await.ok().unwrap().settle(Verdict::Abandoned);
    guard.enter(soon()).await.ok().unwrap().settle(Verdict::Failed);
    assert_eq!(guard.state(), CircuitState::Closed);
    guard.enter(soon()).await.ok().unwrap().settle(Verdict::Failed);
    assert_eq!(guard.state(), CircuitState::Open);
    let error = guard.enter(soon()).await.err().unwrap();
    assert_eq!((error.code, error.outcome), (Code::BackendOpen, Outcome::NotSent));
    let wait = error.retry_after.unwrap();
    assert!(wait > Duration::ZERO && wait <= OPEN, "{wait:?}");
    assert_eq!(guard.rejected(), 1);
}

#[tokio::test]
async fn reading_the_state_changes_nothing() {
    let guard = guard(1, 1, 8);
    open(&guard, 1).await;
    tokio::time::sleep(OPEN * 2).await;
    assert_eq!(guard.state(), CircuitState::Open);
    let probe = guard.enter(soon()).await.ok().unwrap();
    assert_eq!(guard.state(), CircuitState::HalfOpen);
    probe.settle(Verdict::Healthy);
    assert_eq!(guard.state(), CircuitState::Closed);
}

#[tokio::test]
async fn a_late_result_of_before_the_outage_changes_nothing() {
    let guard = guard(2, 1, 8);
    let (success, failure) = (guard.enter(soon()).await, guard.enter(soon()).await);
    open(&guard, 2).await;
    let first = probe(&guard).await;
    success.ok().unwrap().settle(Verdict::Healthy);
    assert_eq!(guard.state(), CircuitState::HalfOpen, "a late success does not close");
    failure.ok().unwrap().settle(Verdict::Failed);
    assert_eq!(guard.state(), CircuitState::HalfOpen, "a late failure does not open");
    assert!(guard.enter(soon()).await.is_err(), "and neither frees a probe's place");
    first.settle(Verdict::Healthy);
    assert_eq!(guard.state(), CircuitState::Closed);
}

#[tokio::test]
async fn a_permit_dropped_after_half_its_time_counts_as_failed_and_earlier_as_abandoned() {
    let guard = guard(2, 1, 8);
    for _ in 0..10 {
        drop(guard.enter(soon()).await);
    }
    assert_eq!(guard.state(), CircuitState::Closed);
    let over = Instant::now();
    drop(guard.enter(over).await);
    drop(guard.enter(over).await);
    assert_eq!(guard.state(), CircuitState::Open);
    drop(probe(&guard).await);
    assert_eq!(guard.state(), CircuitState::HalfOpen, "the probe's place is free");
    drop(guard.enter(over).await.ok().unwrap());
    assert_eq!(guard.state(), CircuitState::Open);
    assert_eq!(guard.in_flight(), 0);
}

#[tokio::test]
async fn a_full_bulkhead_queues_shortly_and_then_refuses() {
    let guard = guard(5, 1, 2);
    let held = [guard.enter(soon()).await.ok().unwrap(), guard.enter(soon()).await.ok().unwrap()];
    assert_eq!(guard.in_flight(), 2);
    let start = Instant::now();
    let deadline = start + Duration::from_millis(200);
    let error = guard.enter(deadline).await.err().unwrap();
    assert_eq!((error.code, error.outcome), (Code::BackendBusy, Outcome::NotSent));
    assert!(error.retry_after.is_some());
    assert!(start.elapsed() < Duration::from_millis(190), "a quarter of what is left");
    let waits = (0..10).map(|_| {
        let guard = Arc::clone(&guard);
        tokio::spawn(async move { guard.enter(soon()).await.map(|p| p.settle(Verdict::Healthy)) })
    });
    let waits: Vec<_> = waits.collect();
    until("eight are refused", || waits.iter().filter(|w| w.is_finished()).count() == 8).await;
    drop(held);
    let passed = futures_util::future::join_all(waits).await;
    assert_eq!(passed.iter().filter(|result| result.as_ref().unwrap().is_ok()).count(), 2);
    assert_eq!(guard.in_flight(), 0);
}

#[tokio::test]
async fn an_outage_with_a_thousand_callers_is_probed_by_few_and_ends() {
    const PROBES: u32 = 3;
    let broken = Arc::new(AtomicBool::new(true));
    let (reached, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (is_broken, hits, peak) = (Arc::clone(&broken), Arc::clone(&reached), Arc::clone(&most));
    let now = Arc::new(AtomicUsize::new(0));
    let stub = Stub::new(move |mut stream, _| {
        let (broken, hits, peak) = (Arc::clone(&is_broken), Arc::clone(&hits), Arc::clone(&peak));
        let now = Arc::clone(&now);
        async move {
            while !request(&mut stream).await.is_empty() {
                hits.fetch_add(1, Ordering::SeqCst);
                peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                if broken.load(Ordering::SeqCst) {
                    return;
                }
                let ok = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n<ok>";
                stream.write_all(ok).await.unwrap();
            }
        }
    })
    .await;
    let mut plan = stub.plan();
    plan.breaker = Breaker { failures: 5, open: OPEN, probes: PROBES };
    plan.limits.in_flight = 2000;
    plan.timeout.total = Duration::from_secs(10);
    let backend = Arc::new(Backend::new(&plan).unwrap());
    for _ in 0..5 {
        whole(&backend, Effect::Write).await.unwrap_err();
    }
    assert_eq!(backend.guard().state(), CircuitState::Open);
    tokio::time::sleep(OPEN + Duration::from_millis(20)).await;
    reached.store(0, Ordering::SeqCst);
    most.store(0, Ordering::SeqCst);

    let callers = (0..1000).map(|_| {
        let backend = Arc::clone(&backend);
        tokio::spawn(async move { whole(&backend, Effect::Write).await })
    });
    let results = futures_util::future::join_all(callers.collect::<Vec<_>>()).await;
    assert!(results.iter().all(|result| result.as_ref().unwrap().is_err()));
    let probes = PROBES as usize;
    assert!((1..=probes).contains(&reached.load(Ordering::SeqCst)), "{reached:?}");
    assert!(most.load(Ordering::SeqCst) <= probes);

    broken.store(false, Ordering::SeqCst);
    let healed = Instant::now();
    while whole(&backend, Effect::Write).await.is_err() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert!(healed.elapsed() < OPEN + Duration::from_secs(1));
    assert_eq!(backend.guard().state(), CircuitState::Closed);
    assert_eq!(backend.guard().in_flight(), 0);
}

#[tokio::test]
async fn calls_cancelled_late_while_the_backend_hangs_open_the_breaker() {
    let stub = Stub::new(|mut stream, _| async move {
        request(&mut stream).await;
        std::future::pending::<()>().await;
    })
    .await;
    let mut plan = stub.plan();
    plan.breaker.failures = 5;
    plan.timeout.total = Duration::from_secs(30);
    let backend = Backend::new(&plan).unwrap();
    for (time, state) in [(30_000, CircuitState::Closed), (60, CircuitState::Open)] {
        for _ in 0..5 {
            let mut call = soap(&backend, Effect::Read);
            call.deadline = Instant::now() + Duration::from_millis(time);
            let call = backend.call(call);
            assert!(tokio::time::timeout(Duration::from_millis(45), call).await.is_err());
        }
        assert_eq!(backend.guard().state(), state, "{time} ms");
    }
    assert_eq!(backend.guard().in_flight(), 0);
}

#[tokio::test]
async fn a_reader_that_leaves_early_says_nothing_and_one_that_waited_in_vain_does() {
    let stub = Stub::new(|mut stream, _| async move {
        request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n<part>").await.unwrap();
        std::future::pending::<()>().await;
    })
    .await;
    let mut plan = stub.plan();
    plan.breaker.failures = 1;
    plan.timeout.total = Duration::from_secs(30);
    let backend = Backend::new(&plan).unwrap();
    let mut reply = backend.call(soap(&backend, Effect::Read)).await.unwrap();
    assert_eq!(backend.guard().in_flight(), 1);
    assert_eq!(reply.chunk().await.unwrap().unwrap(), "<part>");
    drop(reply);
    assert_eq!(backend.guard().state(), CircuitState::Closed);
    let mut reply = backend.call(soap(&backend, Effect::Read)).await.unwrap();
    assert_eq!(reply.chunk().await.unwrap().unwrap(), "<part>");
    assert!(tokio::time::timeout(Duration::from_millis(20), reply.chunk()).await.is_err());
    drop(reply);
    assert_eq!(backend.guard().state(), CircuitState::Closed);
    let mut reply = backend.call(soap(&backend, Effect::Read)).await.unwrap();
    assert_eq!(reply.chunk().await.unwrap().unwrap(), "<part>");
    assert!(tokio::time::timeout(Duration::from_millis(550), reply.chunk()).await.is_err());
    drop(reply);
    assert_eq!(backend.guard().state(), CircuitState::Open);
    assert_eq!(backend.guard().in_flight(), 0);
}

#[test]
fn threads_that_race_for_probes_get_no_more_than_there_are() {
    const THREADS: usize = 8;
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for _ in 0..8 {
        let guard = guard(1, 3, 1000);
        runtime().block_on(open(&guard, 1));
        std::thread::sleep(OPEN);
        let start = Arc::new(std::sync::Barrier::new(THREADS));
        let threads = (0..THREADS).map(|_| {
            let (guard, start) = (Arc::clone(&guard), Arc::clone(&start));
            std::thread::spawn(move || {
                start.wait();
                runtime().block_on(async {
                    let enters = (0..50).map(|_| guard.enter(soon()));
                    futures_util::future::join_all(enters).await
                })
            })
        });
        let threads: Vec<_> = threads.collect();
        let results = threads.into_iter().flat_map(|thread| thread.join().unwrap());
        let permits: Vec<_> = results.filter_map(Result::ok).collect();
        assert_eq!(permits.len(), 3);
        assert_eq!(guard.in_flight(), 3);
    }
}

#[tokio::test]
async fn calls_that_nobody_waits_for_decide_nothing() {
    let guard = guard(2, 1, 8);
    unjudged(async {
        for _ in 0..5 {
            guard.enter(soon()).await.ok().unwrap().settle(Verdict::Failed);
        }
    })
    .await;
    assert_eq!(guard.state(), CircuitState::Closed);
    guard.enter(soon()).await.ok().unwrap().settle(Verdict::Failed);
    // Nor does their success forgive a failure, or try whether it is over.
    unjudged(async { guard.enter(soon()).await.ok().unwrap().settle(Verdict::Healthy) }).await;
    guard.enter(soon()).await.ok().unwrap().settle(Verdict::Failed);
    assert_eq!(guard.state(), CircuitState::Open);
    tokio::time::sleep(OPEN * 2).await;
    let refused = unjudged(guard.enter(soon())).await.err().unwrap();
    assert_eq!((refused.code, guard.state()), (Code::BackendOpen, CircuitState::Open));
    probe(&guard).await.settle(Verdict::Healthy);
    assert_eq!(guard.state(), CircuitState::Closed);
}
