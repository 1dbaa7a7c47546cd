//! What the log line of a request costs, in CPU time of the whole process, beside
//! `tracing-subscriber`'s own formatter. 10,000 requests a second come in bursts; stderr is a
//! pipe with a reader, as it is under a service manager, or a file.
//!
//! `cargo bench --bench log` prints a table.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, missing_docs, reason = "a bench")]

use std::fs;
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use figleaf::telemetry::{self, LogFormat};
use tracing::{Subscriber, dispatcher};
use tracing_subscriber::EnvFilter;

const SECONDS: u64 = 2;
const ROUNDS: usize = 3;
const BURST: u64 = 10;
const PAUSE: Duration = Duration::from_millis(1);

fn main() {
    let cases: Vec<String> =
        ["nothing", "usual human", "usual json", "figleaf human", "figleaf json"]
            .iter()
            .flat_map(|case| ["pipe", "file"].map(|sink| format!("{case}, {sink}")))
            .collect();
    let mut costs = vec![Vec::new(); cases.len()];
    for _ in 0..ROUNDS {
        for (cost, case) in costs.iter_mut().zip(&cases) {
            cost.push(measure(case));
        }
    }
    println!("| log | CPU µs a request | above nothing |\n|---|---|---|");
    let middle = |of: &mut Vec<f64>| {
        of.sort_by(f64::total_cmp);
        of[of.len() / 2]
    };
    let nothing = middle(&mut costs[0]);
    for (mut cost, case) in costs.into_iter().zip(cases) {
        let cost = middle(&mut cost);
        println!("| {case} | {cost:.2} | {:.2} |", cost - nothing);
    }
}

fn measure(case: &str) -> f64 {
    let (case, sink) = case.split_once(", ").unwrap();
    let mut reader = Command::new("cat");
    let mut reader = reader.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let pipe: OwnedFd = match sink {
        "pipe" => reader.stdin.take().unwrap().into(),
        _ => tempfile::tempfile_in(concat!(env!("CARGO_MANIFEST_DIR"), "/target")).unwrap().into(),
    };
    let pipe = fs::File::from(pipe);
    let cost = match case {
        "nothing" => with(tracing::subscriber::NoSubscriber::new()),
        "usual human" => with(usual().with_ansi(false).with_writer(Mutex::new(pipe)).finish()),
        "usual json" => {
            let builder = usual().json().flatten_event(true).with_span_list(false);
            with(builder.with_writer(Mutex::new(pipe)).finish())
        }
        _ => {
            let format = if case.ends_with("json") { LogFormat::Json } else { LogFormat::Human };
            let (subscriber, logging) = telemetry::subscriber(format, false, "info", pipe).unwrap();
            let cost = with(subscriber);
            drop(logging);
            cost
        }
    };
    let _ = reader.kill();
    let _ = reader.wait();
    cost
}

type Usual = tracing_subscriber::fmt::SubscriberBuilder<
    tracing_subscriber::fmt::format::DefaultFields,
    tracing_subscriber::fmt::format::Format,
    EnvFilter,
>;

fn usual() -> Usual {
    tracing_subscriber::fmt().with_env_filter(EnvFilter::new("info")).with_target(false)
}

/// CPU microseconds a request.
fn with(subscriber: impl Subscriber + Send + Sync) -> f64 {
    dispatcher::with_default(&dispatcher::Dispatch::new(subscriber), || {
        let (start, before) = (Instant::now(), cpu());
        let mut requests = 0;
        while start.elapsed() < Duration::from_secs(SECONDS) {
            for _ in 0..BURST {
                request(requests);
                requests += 1;
            }
            std::thread::sleep(PAUSE);
        }
        cpu().saturating_sub(before).as_secs_f64() * 1e6 / requests as f64
    })
}

/// What `server::handler` logs of one request; it is polled three times.
fn request(number: u64) {
    let id = format!("{number:032x}");
    let span = tracing::info_span!(
        "request",
        route = "GET /api/v1/orders/{orderId}",
        correlation_id = id,
        backend = Some("shop"),
        operation = Some("GetOrder"),
        status = tracing::field::Empty,
        code = tracing::field::Empty,
        outcome = tracing::field::Empty,
        violations = tracing::field::Empty,
        duration_ms = tracing::field::Empty,
    );
    for _ in 0..2 {
        span.in_scope(|| ());
    }
    span.in_scope(|| {
        tracing::record_all!(span, status = 200, duration_ms = 1.234);
        tracing::info!("answered");
    });
}

/// CPU time of all threads of this process.
fn cpu() -> Duration {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    let nanos = tasks.filter_map(|task| {
        let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanos.sum())
}
