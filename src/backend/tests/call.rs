//! Heads: what a call gets when no usable answer begins.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;

use super::super::*;
use super::stub::*;
use crate::diagnostic::Code;
use crate::plan::{Retry, Secret};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n<ok>";

#[tokio::test]
async fn a_plain_call_sends_the_body_and_the_fixed_headers_once() {
    let stub = Stub::new(|mut stream, _| async move {
        let request = request(&mut stream).await.to_ascii_lowercase();
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", request.len());
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
    })
    .await;
    let mut plan = stub.plan();
    plan.headers = vec![("X-Key".to_owned(), Secret::new("k".to_owned()))];
    plan.basic = Some(("user".to_owned(), Secret::new("päss".to_owned())));
    let backend = Backend::new(&plan).unwrap();
    let seen = String::from_utf8(whole(&backend, Effect::Write).await.unwrap()).unwrap();
    for line in [
        "post /service http/1.1\r\n",
        "x-key: k\r\n",
        "authorization: basic dxnlcjpww6rzcw==\r\n",
        "content-length: 11\r\n",
        "accept-encoding: gzip, deflate\r\n",
        "\r\n\r\n<envelope/>",
    ] {
        assert!(seen.contains(line), "{line:?} in {seen}");
    }
    assert!(!seen.contains("transfer-encoding"), "{seen}");
}

#[tokio::test]
async fn credentials_in_the_address_become_a_header_and_leave_the_address() {
    let backend = Backend::new(&plan("http://user:p%40ss@127.0.0.1:9/a#b")).unwrap();
    assert_eq!(backend.url().as_str(), "http://127.0.0.1:9/a");
}

#[tokio::test]
async fn unusable_plans_are_refused_without_repeating_secrets() {
    for url in ["ftp://u:hidden@host/", "not an address", "http://", "file:///etc/passwd"] {
        let problem = Backend::new(&plan(url)).err().unwrap();
        assert_eq!(problem.code, Code::MappingValue, "{url}");
        assert!(!problem.message.contains("hidden"));
    }
    let mut bad = plan("http://127.0.0.1/");
    bad.headers = vec![("X-Key".to_owned(), Secret::new("hidden\n".to_owned()))];
    let problem = Backend::new(&bad).err().unwrap();
    assert!(problem.message.contains("`X-Key`") && !problem.message.contains("hidden"));
}

#[tokio::test]
async fn a_refused_connection_was_not_sent() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    let backend = Backend::new(&plan(&url)).unwrap();
    let error = whole(&backend, Effect::Write).await.unwrap_err();
    assert_eq!((error.code, error.outcome), (Code::BackendRefused, Outcome::NotSent), "{error}");
}

#[tokio::test]
async fn a_name_that_does_not_resolve_was_not_sent() {
    // Longer than a label may be, so that no resolver is ever asked.
    let mut plan = plan(&format!("http://{}/", "x".repeat(64)));
    plan.timeout.total = Duration::from_secs(20);
    plan.timeout.connect = Duration::from_secs(20);
    let backend = Backend::new(&plan).unwrap();
    let error = whole(&backend, Effect::Write).await.unwrap_err();
    assert_eq!((error.code, error.outcome), (Code::BackendDns, Outcome::NotSent), "{error}");
}

#[tokio::test]
async fn silence_ends_at_the_deadline_and_is_unknown() {
    let stub = Stub::new(|mut stream, _| async move {
        request(&mut stream).await;
        std::future::pending::<()>().await;
    })
    .await;
    let start = Instant::now();
    check(&stub, Code::BackendTimeout, Outcome::Unknown).await;
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(590) && took < Duration::from_secs(3), "{took:?}");
}

#[tokio::test]
async fn silence_in_the_tls_handshake_was_not_sent() {
    let stub = Stub::new(|stream, _| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    })
    .await;
    let mut plan = plan(&format!("https://{}/", stub.addr));
    plan.tls = Some(super::tls::trusting());
    let backend = Backend::new(&plan).unwrap();
    let error = whole(&backend, Effect::Write).await.unwrap_err();
    assert_eq!((error.code, error.outcome), (Code::BackendRefused, Outcome::NotSent), "{error}");
    plan.timeout.connect = Duration::from_secs(30);
    let backend = Backend::new(&plan).unwrap();
    let error = whole(&backend, Effect::Write).await.unwrap_err();
    assert_eq!((error.code, error.outcome), (Code::BackendTimeout, Outcome::NotSent), "{error}");
}

#[tokio::test]
async fn a_deadline_that_has_passed_sends_nothing() {
    let stub = Stub::answering(OK).await;
    let backend = stub.backend();
    let call = to(backend.url().clone(), Effect::Write, Instant::now());
    let error = backend.call(call).await.err().unwrap();
    assert_eq!((error.code, error.outcome), (Code::BackendTimeout, Outcome::NotSent));
    assert_eq!(stub.connections(), 0);
}

#[tokio::test]
async fn a_connection_that_breaks_before_an_answer_is_unknown() {
    let ends = Stub::answering("").await;
    check(&ends, Code::BackendReset, Outcome::Unknown).await;
    let resets = Stub::new(|mut stream, _| async move {
        request(&mut stream).await;
        reset(stream);
    })
    .await;
    check(&resets, Code::BackendReset, Outcome::Unknown).await;
    let half = Stub::answering("HTTP/1.1 200 OK\r\ncontent-le").await;
    check(&half, Code::BackendReset, Outcome::Unknown).await;
}

#[tokio::test]
async fn what_is_not_http_says_so() {
    for answer in ["SSH-2.0-OpenSSH_9.2\r\n", "<html>\r\n\r\n", "HTTP/2 200\r\n\r\n"] {
        let stub = Stub::answering(answer).await;
        check(&stub, Code::BackendNotHttp, Outcome::Unknown).await;
    }
}

#[tokio::test]
async fn redirects_are_never_followed() {
    for status in [301, 302, 303, 307, 308] {
        let answer =
            format!("HTTP/1.1 {status} Moved\r\nlocation: /login\r\ncontent-length: 0\r\n\r\n");
        let stub = Stub::answering(answer).await;
        check(&stub, Code::BackendRedirect, Outcome::Rejected).await;
        assert_eq!(stub.connections(), 1);
    }
}

#[tokio::test]
async fn a_write_on_a_kept_connection_that_closes_is_unknown_and_sent_once() {
    let seen = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&seen);
    let stub = Stub::new(move |mut stream, _| {
        let count = std::sync::Arc::clone(&count);
        async move {
            request(&mut stream).await;
            stream.write_all(OK).await.unwrap();
            if !request(&mut stream).await.is_empty() {
                count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            }
            reset(stream);
        }
    })
    .await;
    let mut plan = stub.plan();
    plan.retry = Retry { attempts: 3 };
    let backend = Backend::new(&plan).unwrap();
    assert_eq!(whole(&backend, Effect::Write).await.unwrap(), b"<ok>");
    let error = whole(&backend, Effect::Write).await.unwrap_err();
    assert_eq!((error.code, error.outcome), (Code::BackendReset, Outcome::Unknown), "{error}");
    assert_eq!((seen.load(std::sync::atomic::Ordering::SeqCst), stub.connections()), (1, 1));
    // The same as a read is simply asked again, on a new connection.
    assert_eq!(whole(&backend, Effect::Read).await.unwrap(), b"<ok>");
    assert_eq!(whole(&backend, Effect::Read).await.unwrap(), b"<ok>");
}

#[tokio::test]
async fn a_connection_closed_while_idle_costs_nothing() {
    let stub = Stub::answering(OK).await;
    let backend = stub.backend();
    for _ in 0..50 {
        // The stub closes after each answer; the client must see that before it writes, or
        // say `unknown`.
        match whole(&backend, Effect::Write).await {
            Ok(body) => assert_eq!(body, b"<ok>"),
            Err(error) => assert_eq!(error.outcome, Outcome::Unknown, "{error}"),
        }
    }
}

/// A stub that breaks its first `broken` connections and then answers.
async fn flaky(broken: usize) -> Stub {
    Stub::new(move |mut stream, number| async move {
        request(&mut stream).await;
        if number >= broken {
            stream.write_all(OK).await.unwrap();
        }
    })
    .await
}

#[tokio::test]
async fn reads_are_tried_again_and_writes_are_not() {
    let stub = flaky(2).await;
    let mut plan = stub.plan();
    plan.retry = Retry { attempts: 3 };
    let backend = Backend::new(&plan).unwrap();
    let error = whole(&backend, Effect::Write).await.unwrap_err();
    assert_eq!((error.code, stub.connections()), (Code::BackendReset, 1));
    let mut reply = backend.call(soap(&backend, Effect::Read)).await.unwrap();
    assert_eq!(reply.timing().attempts, 2);
    assert!(reply.timing().connect.is_some());
    assert_eq!(reply.chunk().await.unwrap().unwrap(), "<ok>");
    assert_eq!(stub.connections(), 3);
}

#[tokio::test]
async fn attempts_and_the_budget_are_limits() {
    let stub = flaky(usize::MAX).await;
    let mut plan = stub.plan();
    plan.retry = Retry { attempts: 3 };
    plan.timeout.total = Duration::from_secs(10);
    let backend = Backend::new(&plan).unwrap();
    whole(&backend, Effect::Read).await.unwrap_err();
    assert_eq!(stub.connections(), 3);
    for _ in 0..20 {
        whole(&backend, Effect::Read).await.unwrap_err();
    }
    // 10 in reserve, 0.2 for each call, one a second for the second or so this takes.
    assert!(stub.connections() < 21 + 10 + 5 + 3, "{}", stub.connections());
}

#[tokio::test]
async fn retry_after_is_waited_for_within_the_deadline() {
    let stub = Stub::new(|mut stream, number| async move {
        request(&mut stream).await;
        let busy = b"HTTP/1.1 503 Busy\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(if number == 0 { busy } else { OK }).await.unwrap();
    })
    .await;
    let mut plan = stub.plan();
    plan.retry = Retry { attempts: 2 };
    plan.timeout.total = Duration::from_secs(5);
    let backend = Backend::new(&plan).unwrap();
    let start = Instant::now();
    assert_eq!(whole(&backend, Effect::Read).await.unwrap(), b"<ok>");
    assert!(start.elapsed() >= Duration::from_secs(1));

    let stub = Stub::answering("HTTP/1.1 503 B\r\nretry-after: 60\r\ncontent-length: 1\r\n\r\nx");
    let stub = stub.await;
    let backend = Backend::new(&crate::plan::BackendPlan { url: stub.plan().url, ..plan });
    let reply = backend.as_ref().unwrap().call(soap(backend.as_ref().unwrap(), Effect::Read));
    assert_eq!(reply.await.unwrap().status(), 503);
    assert_eq!(stub.connections(), 1);
}

#[test]
fn each_runtime_has_connections_of_its_own() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let serving = runtime();
    let stub = serving.block_on(Stub::new(|mut stream, _| async move {
        while !request(&mut stream).await.is_empty() {
            stream.write_all(OK).await.unwrap();
        }
    }));
    let backend = stub.backend();
    std::thread::spawn(move || serving.block_on(std::future::pending::<()>()));
    let (one, two) = (runtime(), runtime());
    for _ in 0..3 {
        assert_eq!(one.block_on(whole(&backend, Effect::Write)).unwrap(), b"<ok>");
        assert_eq!(two.block_on(whole(&backend, Effect::Write)).unwrap(), b"<ok>");
    }
    assert_eq!(stub.connections(), 2);
}
