//! Lines as they are read.

use std::io::Write;
use std::sync::{Arc, Mutex};

use super::{LogFormat, subscriber};

#[derive(Clone, Default)]
struct Taken(Arc<Mutex<Vec<u8>>>);

impl Write for Taken {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What is logged, without the times.
fn logged(format: LogFormat, colours: bool, say: impl FnOnce()) -> String {
    let taken = Taken::default();
    let filter = "info,figleaf=debug,figleaf::quiet=warn";
    let (subscriber, logging) = subscriber(format, colours, filter, taken.clone()).unwrap();
    tracing::subscriber::with_default(subscriber, say);
    drop(logging);
    let text = String::from_utf8(taken.0.lock().unwrap().clone()).unwrap();
    let time = regex::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z").unwrap();
    assert_eq!(time.find_iter(&text).count(), text.lines().count(), "{text}");
    time.replace_all(&text, "(time)").into_owned()
}

/// A request that goes wrong a little.
fn request() {
    let span = tracing::info_span!(
        "request",
        route = "GET /a",
        correlation_id = "x-1",
        operation = None::<&str>,
        status = tracing::field::Empty,
        outcome = tracing::field::Empty,
    );
    span.record("outcome", "unknown");
    span.in_scope(|| {
        let inner = tracing::debug_span!("backend call", attempts = 2);
        inner.in_scope(|| tracing::debug!(first_ms = 0.25, slow = false, "the backend answered"));
        tracing::warn!(cause = %"a\nb", left = ?Some(-1_i8), "half {}", "way");
        tracing::warn!(target: "figleaf::quiet", "a \"word\"");
        tracing::info!(target: "figleaf::quiet", "not this");
        tracing::trace!("nor this");
    });
    span.record("outcome", "rejected");
    span.record("status", 502_u16);
    span.in_scope(|| tracing::info!("answered"));
    tracing::error!(sum = f64::NAN, "no request");
}

#[test]
fn lines_for_people() {
    insta::assert_snapshot!(logged(LogFormat::Human, false, request), @r#"
    (time) DEBUG request{route="GET /a" correlation_id="x-1" outcome="unknown"}:backend call{attempts=2}: the backend answered first_ms=0.25 slow=false
    (time)  WARN request{route="GET /a" correlation_id="x-1" outcome="unknown"}: half way cause=a\nb left=Some(-1)
    (time)  WARN request{route="GET /a" correlation_id="x-1" outcome="unknown"}: a "word"
    (time)  INFO request{route="GET /a" correlation_id="x-1" outcome="rejected" status=502}: answered
    (time) ERROR no request sum=NaN
    "#);
}

#[test]
fn lines_for_machines() {
    let text = logged(LogFormat::Json, true, request);
    for line in text.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    }
    insta::assert_snapshot!(text, @r#"
    {"timestamp":"(time)","level":"DEBUG","message":"the backend answered","first_ms":0.25,"slow":false,"target":"figleaf::telemetry::tests","span":{"name":"backend call","attempts":2},"spans":[{"name":"request","route":"GET /a","correlation_id":"x-1","outcome":"unknown"}]}
    {"timestamp":"(time)","level":"WARN","message":"half way","cause":"a\nb","left":"Some(-1)","target":"figleaf::telemetry::tests","span":{"name":"request","route":"GET /a","correlation_id":"x-1","outcome":"unknown"}}
    {"timestamp":"(time)","level":"WARN","message":"a \"word\"","target":"figleaf::quiet","span":{"name":"request","route":"GET /a","correlation_id":"x-1","outcome":"unknown"}}
    {"timestamp":"(time)","level":"INFO","message":"answered","target":"figleaf::telemetry::tests","span":{"name":"request","route":"GET /a","correlation_id":"x-1","outcome":"rejected","status":502}}
    {"timestamp":"(time)","level":"ERROR","message":"no request","sum":null,"target":"figleaf::telemetry::tests"}
    "#);
}

#[test]
fn a_filter_that_cannot_be_read_is_an_error() {
    let check = |filter| subscriber(LogFormat::Human, false, filter, std::io::sink()).is_ok();
    assert!(check("warn") && check("info,hyper=off,figleaf::backend=trace") && check("OFF"));
    assert!(!check("a=b=c") && !check("figleaf=loud"));
}
