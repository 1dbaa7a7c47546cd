//! Bodies: cut, slow, packed, and too large.

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use tokio::io::AsyncWriteExt;

use super::super::*;
use super::stub::*;
use crate::diagnostic::Code;
use crate::plan::BackendLimits;

fn answer(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut to = GzEncoder::new(Vec::new(), Compression::best());
    to.write_all(text).unwrap();
    to.finish().unwrap()
}

fn orders() -> Vec<u8> {
    (0..20_000u32).flat_map(|n| format!("<order n='{n}'/>").into_bytes()).collect()
}

#[tokio::test]
async fn a_body_cut_short_is_never_whole() {
    for cut in [
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n<part>",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\n<part>\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n<part>",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\n<part>\r\n0\r\n",
    ] {
        check(&Stub::answering(cut).await, Code::BackendTruncated, Outcome::Unknown).await;
    }
}

#[tokio::test]
async fn a_chunk_size_that_is_none_is_not_http() {
    let answer = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n<part>\r\n";
    check(&Stub::answering(answer).await, Code::BackendNotHttp, Outcome::Unknown).await;
}

#[tokio::test]
async fn a_reset_within_the_body_is_unknown() {
    let stub = Stub::new(|mut stream, _| async move {
        request(&mut stream).await;
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n<part>";
        stream.write_all(head).await.unwrap();
        reset(stream);
    })
    .await;
    let error = whole(&stub.backend(), Effect::Write).await.unwrap_err();
    // Whether the head is read before the reset arrives is for the kernel to say.
    assert_eq!((error.code, error.outcome), (Code::BackendReset, Outcome::Unknown), "{error}");
}

#[tokio::test]
async fn a_drip_ends_at_the_deadline_of_the_whole_call() {
    let stub = Stub::new(|mut stream, _| async move {
        request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n").await.unwrap();
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let start = Instant::now();
    check(&stub, Code::BackendTimeout, Outcome::Unknown).await;
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(590) && took < Duration::from_secs(3), "{took:?}");
}

#[tokio::test]
async fn gzip_and_deflate_are_undone() {
    let text = orders();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(&text).unwrap();
    let zlib = zlib.finish().unwrap();
    for (encoding, body) in [
        ("gzip", gzip(&text)),
        ("X-GZIP", gzip(&text)),
        ("identity, gzip", gzip(&text)),
        ("deflate", zlib.clone()),
        ("deflate", zlib[2..zlib.len() - 4].to_vec()),
        ("identity", text.clone()),
    ] {
        let answer = answer(&format!("content-encoding: {encoding}\r\n"), &body);
        let found = whole(&Stub::answering(answer).await.backend(), Effect::Read).await;
        assert_eq!(found.unwrap(), text, "{encoding}");
    }
}

#[tokio::test]
async fn an_encoding_that_does_not_hold_is_an_error_of_its_own() {
    let packed = gzip(&orders());
    let mut wrong_sum = packed.clone();
    *wrong_sum.iter_mut().nth_back(6).unwrap() ^= 1;
    for (encoding, body, code) in [
        ("gzip", b"<Envelope/>".to_vec(), Code::BackendEncoding),
        ("gzip", wrong_sum, Code::BackendEncoding),
        ("gzip", [&packed[..], b"more"].concat(), Code::BackendEncoding),
        ("gzip", packed[..packed.len() - 9].to_vec(), Code::BackendTruncated),
        ("gzip", packed[..5].to_vec(), Code::BackendTruncated),
        ("br", b"anything".to_vec(), Code::BackendEncoding),
        ("gzip, gzip", gzip(&packed), Code::BackendEncoding),
        ("deflate", b"<Envelope/>".to_vec(), Code::BackendEncoding),
    ] {
        let answer = answer(&format!("content-encoding: {encoding}\r\n"), &body);
        check(&Stub::answering(answer).await, code, Outcome::Unknown).await;
    }
}

#[tokio::test]
async fn a_bomb_is_refused_long_before_it_is_large() {
    let bomb = gzip(&vec![b' '; 64 << 20]);
    let stub = Stub::answering(answer("content-encoding: gzip\r\n", &bomb)).await;
    let mut plan = stub.plan();
    plan.limits.response_bytes = 0;
    plan.timeout.total = Duration::from_secs(20);
    let backend = Backend::new(&plan).unwrap();
    let mut reply = backend.call(soap(&backend, Effect::Read)).await.unwrap();
    let error = loop {
        match reply.chunk().await {
            Ok(chunk) => assert!(chunk.unwrap().len() <= 64 << 10),
            Err(error) => break error,
        }
    };
    assert_eq!(error.code, Code::BackendTooLarge, "{error}");
    assert!(reply.body_bytes() < 16 << 20, "{}", reply.body_bytes());
}

#[tokio::test]
async fn size_is_counted_after_decompression() {
    let text = orders();
    let limit = |plan: &mut crate::plan::BackendPlan, response_bytes| {
        plan.limits = BackendLimits { response_bytes, ..plan.limits };
    };
    for body in [answer("", &text), answer("content-encoding: gzip\r\n", &gzip(&text))] {
        let stub = Stub::answering(body).await;
        let mut plan = stub.plan();
        limit(&mut plan, text.len() as u64);
        assert_eq!(whole(&Backend::new(&plan).unwrap(), Effect::Read).await.unwrap(), text);
        limit(&mut plan, text.len() as u64 - 1);
        let error = whole(&Backend::new(&plan).unwrap(), Effect::Read).await.unwrap_err();
        assert_eq!(error.code, Code::BackendTooLarge, "{error}");
    }
}

#[tokio::test]
async fn as_is_keeps_encodings_and_redirects() {
    let packed = gzip(b"<ok/>");
    let head = "HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-encoding: gzip\r\n";
    let head = format!("{head}content-length: {}\r\n\r\n", packed.len());
    let stub = Stub::answering([head.as_bytes(), &packed].concat()).await;
    let backend = stub.backend();
    let call = WireCall { answer: Answer::AsIs, ..soap(&backend, Effect::Read) };
    let mut reply = backend.call(call).await.unwrap();
    assert_eq!(reply.status(), 302);
    assert_eq!(reply.chunk().await.unwrap().unwrap(), packed);
    assert_eq!(reply.chunk().await.unwrap(), None);
}
