//! Backends that misbehave: each way has its own code, none gives a 200, and no write is
//! ever sent twice.

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::rig::{Answer, Facade, LegacyShop, Script, Scripted, Variables, eventually, project};
use figleaf::demo::legacy::Mode;

const MAPPING: &str = "
figleaf: 1
api: shop
version: v1
backends:
  shop:
    soap: ../wsdl/shop/OrderService.wsdl
    service: OrderService
    port: OrderServiceSoap11
    url: ${SHOP_URL}
    timeout: { connect: 300ms, total: 600ms }
    retry: { attempts: 2 }
    breaker: { failures: 1000, open: 1s }
    limits: { response: 4MiB, attributes: 100, depth: 60, text: 1MiB, attribute: 10KiB }
routes:
  GET /orders/{orderId}: { soap: shop.GetOrder, returns: order }
  POST /orders/{orderId}/cancel: { soap: shop.CancelOrder }
  POST /orders/{orderId}/shipment: { soap: shop.NotifyShipment }
";

fn facade(url: &str) -> Facade {
    Facade::of(MAPPING, &Variables::shop(url))
}

async fn read(facade: &Facade) -> Answer {
    facade.get("/api/v1/orders/42").await
}

async fn write(facade: &Facade) -> Answer {
    facade.post("/api/v1/orders/44/cancel", r#"{"reason":"none"}"#).await
}

const ENVELOPE: &str = "http://schemas.xmlsoap.org/soap/envelope/";

fn good(operation: &str, name: &str) -> String {
    std::fs::read_to_string(project("fixtures/shop").join(operation).join(name)).unwrap()
}

fn wrapped(body: &str) -> String {
    format!("<e:Envelope xmlns:e='{ENVELOPE}'><e:Body>{body}</e:Body></e:Envelope>")
}

fn chunked(pieces: &[&str], end: &str) -> Vec<u8> {
    let mut bytes =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for piece in pieces {
        bytes.extend(format!("{:x}\r\n{piece}\r\n", piece.len()).bytes());
    }
    bytes.extend(end.bytes());
    bytes
}

fn headed(headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}\r\n");
    [head.as_bytes(), body.as_ref()].concat()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn gzipped(body: Vec<u8>) -> Script {
    Script::answer("200 OK", "Content-Type: text/xml\r\nContent-Encoding: gzip\r\n", body)
}

/// What the backend does given a good answer; code; outcome.
fn cases(good: &str) -> Vec<(&'static str, Script, &'static str, &'static str)> {
    let half = &good[..good.len() / 2];
    let xml = "Content-Type: text/xml; charset=utf-8\r\n";
    let long = format!("{xml}Content-Length: {}\r\n", good.len());
    let mut zipped = gzip(good.as_bytes());
    let at = zipped.len() / 2;
    zipped[at] ^= 0x55;
    let cut_zip = gzip(good.as_bytes());
    let cut_zip = cut_zip[..cut_zip.len() - 9].to_vec();
    let attributes: String = (0..200).map(|n| format!(" a{n}='1'")).collect();
    let deep = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n));
    let fault = |code: &str| {
        wrapped(&format!(
            "<e:Fault><faultcode>e:{code}</faultcode><faultstring>secret words</faultstring></e:Fault>"
        ))
    };
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(good.encode_utf16().flat_map(u16::to_le_bytes).take(301))
        .collect();
    let plain =
        |status: &str, body: &str| Script::answer(status, "Content-Type: text/plain\r\n", body);
    vec![
        ("reset before the head", Script::Reset, "backend-reset", "unknown"),
        ("closed before the head", Script::Close, "backend-reset", "unknown"),
        (
            "half a head",
            Script::BytesThenReset(b"HTTP/1.1 200 O".to_vec()),
            "backend-reset",
            "unknown",
        ),
        (
            "not HTTP",
            Script::Bytes(b"220 mail.example ESMTP\r\n".to_vec()),
            "backend-not-http",
            "unknown",
        ),
        ("hang", Script::Hang, "backend-timeout", "unknown"),
        (
            "hang in the body",
            Script::BytesThenHang(headed(&long, half)),
            "backend-timeout",
            "unknown",
        ),
        (
            "reset in the body",
            Script::BytesThenReset(headed(&long, half)),
            "backend-reset",
            "unknown",
        ),
        (
            "half, length of the whole",
            Script::Bytes(headed(&long, half)),
            "backend-truncated",
            "unknown",
        ),
        (
            "half, length of the half",
            Script::answer("200 OK", xml, half),
            "backend-truncated",
            "unknown",
        ),
        ("half, until the end", Script::Bytes(headed(xml, half)), "backend-truncated", "unknown"),
        (
            "chunks, none the last",
            Script::Bytes(chunked(&[good], "")),
            "backend-truncated",
            "unknown",
        ),
        (
            "chunks, half the envelope",
            Script::Bytes(chunked(&[half], "0\r\n\r\n")),
            "backend-truncated",
            "unknown",
        ),
        (
            "a chunk with a wrong length",
            Script::Bytes(chunked(&[half], "zz\r\n")),
            "backend-not-http",
            "unknown",
        ),
        (
            "a login page",
            plain("200 OK", "<html><br>Please sign in</html>"),
            "backend-not-soap",
            "unknown",
        ),
        (
            "a page that is no XML",
            plain("200 OK", "<!doctype html><p>hello"),
            "backend-dtd",
            "unknown",
        ),
        ("plain text", plain("200 OK", "all is well"), "backend-not-xml", "unknown"),
        (
            "JSON",
            Script::answer("200 OK", "Content-Type: application/json\r\n", "{\"order\":{}}"),
            "backend-not-xml",
            "unknown",
        ),
        ("nothing", Script::answer("200 OK", "", ""), "backend-not-xml", "unknown"),
        (
            "no content",
            Script::Bytes(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
            "backend-not-xml",
            "unknown",
        ),
        ("a plain 500", plain("500 Internal Server Error", "boom"), "backend-status", "unknown"),
        ("an empty 500", plain("500 Internal Server Error", ""), "backend-status", "unknown"),
        ("a 404 page", plain("404 Not Found", "<html><hr></html>"), "backend-status", "unknown"),
        (
            "a redirect",
            Script::answer("302 Found", "Location: /login\r\n", ""),
            "backend-redirect",
            "rejected",
        ),
        ("a fault with 200", Script::xml(fault("Server")), "fault-server", "unknown"),
        ("the mistake is ours", Script::xml(fault("MustUnderstand")), "fault-protocol", "rejected"),
        (
            "a security fault",
            Script::xml(fault("FailedAuthentication")),
            "fault-security",
            "rejected",
        ),
        ("gzip garbage", gzipped(b"\x1fnot gzip at all".to_vec()), "backend-encoding", "unknown"),
        ("gzip, a bit flipped", gzipped(zipped), "backend-encoding", "unknown"),
        ("gzip, cut", gzipped(cut_zip), "backend-truncated", "unknown"),
        ("gzip bomb", gzipped(gzip(&vec![b' '; 64 << 20])), "backend-too-large", "unknown"),
        (
            "brotli that nobody asked for",
            Script::answer("200 OK", "Content-Encoding: br\r\n", good),
            "backend-encoding",
            "unknown",
        ),
        (
            "too long",
            Script::xml(good.to_owned() + &"<!-- more -->\n".repeat(500_000)),
            "backend-too-large",
            "unknown",
        ),
        (
            "another operation's answer",
            Script::xml(self::good("CheckStock", "nowhere.res.xml")),
            "backend-other-answer",
            "unknown",
        ),
        (
            "two answers",
            Script::xml(good.replace("</E_:Body>", "<x xmlns='urn:x'/></E_:Body>")),
            "backend-other-answer",
            "unknown",
        ),
        (
            "two roots",
            Script::xml(
                good.to_owned()
                    + good.trim_start_matches("<?xml version=\"1.0\" encoding=\"utf-8\"?>"),
            ),
            "backend-not-xml",
            "unknown",
        ),
        (
            "bytes after the end",
            Script::xml(good.to_owned() + "<!-- done --> ok"),
            "backend-not-xml",
            "unknown",
        ),
        (
            "a DOCTYPE",
            Script::xml(good.replacen("<!-- ", "<!DOCTYPE s [<!ENTITY e 'x'>]><!-- ", 1)),
            "backend-dtd",
            "unknown",
        ),
        ("an entity", Script::xml(wrapped("&xxe;")), "backend-not-xml", "unknown"),
        (
            "wrong charset",
            Script::answer("200 OK", "Content-Type: text/xml; charset=klingon\r\n", good),
            "backend-encoding",
            "unknown",
        ),
        (
            "bytes that are no UTF-8",
            Script::xml(
                wrapped("\u{fc}")
                    .replace('\u{fc}', "\u{1}")
                    .into_bytes()
                    .into_iter()
                    .map(|b| if b == 1 { 0xff } else { b })
                    .collect::<Vec<u8>>(),
            ),
            "backend-encoding",
            "unknown",
        ),
        (
            "half a UTF-16 letter",
            Script::answer("200 OK", "Content-Type: text/xml; charset=utf-16\r\n", utf16),
            "backend-encoding",
            "unknown",
        ),
        ("a control character", Script::xml(wrapped("\u{1}")), "backend-not-xml", "unknown"),
        ("deep nesting", Script::xml(wrapped(&deep(500))), "backend-other-answer", "unknown"),
        (
            "deep nesting in a header",
            Script::xml(format!(
                "<e:Envelope xmlns:e='{ENVELOPE}'><e:Header>{}</e:Header><e:Body/></e:Envelope>",
                deep(500)
            )),
            "backend-limit",
            "unknown",
        ),
        (
            "200 attributes",
            Script::xml(good.replacen("<E_:Body", &format!("<E_:Body{attributes}"), 1)),
            "backend-limit",
            "unknown",
        ),
        (
            "a long attribute",
            Script::xml(good.replacen(
                "<E_:Body",
                &format!("<E_:Body a='{}'", "x".repeat(20_000)),
                1,
            )),
            "backend-limit",
            "unknown",
        ),
        (
            "a long token",
            Script::xml(good.replacen(
                "<E_:Body>",
                &format!("<!--{}--><E_:Body>", "x".repeat(2 << 20)),
                1,
            )),
            "backend-limit",
            "unknown",
        ),
        (
            "no body",
            Script::xml(format!("<e:Envelope xmlns:e='{ENVELOPE}'/>")),
            "backend-not-soap",
            "unknown",
        ),
        (
            "two bodies",
            Script::xml(good.replace("</E_:Envelope>", "<E_:Body/></E_:Envelope>")),
            "backend-not-soap",
            "unknown",
        ),
        ("an empty body", Script::xml(wrapped("")), "backend-other-answer", "unknown"),
        (
            "an envelope of another time",
            Script::xml(
                good.replace("http://schemas.xmlsoap.org/soap/envelope/", "urn:soap:3")
                    .replace("http://www.w3.org/2003/05/soap-envelope", "urn:soap:3"),
            ),
            "backend-not-soap",
            "unknown",
        ),
        (
            "names that do not match",
            Script::xml(wrapped("<a></b>")),
            "backend-other-answer",
            "unknown",
        ),
        ("a prefix nobody declared", Script::xml(wrapped("<q:a/>")), "backend-not-xml", "unknown"),
        (
            "two attributes of one name",
            Script::xml(wrapped("<a b='1' b='2'/>")),
            "backend-not-xml",
            "unknown",
        ),
    ]
}

#[actix_web::test]
async fn every_misbehaviour_has_its_code_and_no_write_is_sent_twice() {
    let backend = Scripted::new(Script::Hang);
    let facade = facade(&backend.url());
    let mut wrong = Vec::new();
    for operation in ["read", "write"] {
        let is_read = operation == "read";
        let good = if is_read {
            good("GetOrder", "everything.res.xml")
        } else {
            good("CancelOrder", "cancelled.res.xml")
        };
        for (what, script, code, outcome) in cases(&good) {
            backend.play(script);
            let answer = if is_read { read(&facade).await } else { write(&facade).await };
            let sent = backend.requests().len();
            if answer.status == 200 {
                wrong.push(format!("{operation}, {what}: 200 {}", answer.text));
                continue;
            }
            let found = answer.problem();
            let json = answer.json();
            let status = if code == "backend-timeout" { 504 } else { 502 };
            if found != code || json["outcome"] != outcome || answer.status != status {
                wrong.push(format!("{operation}, {what}: wanted {code} {outcome}, not {json}"));
            }
            if sent > usize::from(is_read) + 1 || (!is_read && sent != 1) {
                wrong.push(format!("{operation}, {what}: sent {sent} times"));
            }
            assert!(!answer.text.contains("secret words"), "{what}: {}", answer.text);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[actix_web::test]
async fn nobody_there_is_a_503_and_certainly_not_sent() {
    let nowhere = format!("http://127.0.0.1:{}/shop", crate::rig::free_port());
    for (url, code) in
        [(&*nowhere, "backend-refused"), ("http://no-such-host.invalid/", "backend-dns")]
    {
        let facade = facade(url);
        for answer in [read(&facade).await, write(&facade).await] {
            assert_eq!(answer.problem(), code);
            assert_eq!((answer.status, answer.json()["outcome"].as_str()), (503, Some("not_sent")));
            assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
        }
    }
}

#[actix_web::test]
async fn a_result_is_a_result_whatever_the_status_and_the_framing() {
    let backend = Scripted::new(Script::Hang);
    let facade = facade(&backend.url());
    let good = good("GetOrder", "one-line.res.xml");
    let xml = "Content-Type: text/xml\r\n";
    let zipped = gzip(good.as_bytes());
    for script in [
        Script::answer("500 Internal Server Error", xml, &good),
        Script::answer("202 Accepted", xml, &good),
        Script::answer("200 OK", "", &good),
        Script::answer("200 OK", "Content-Type: text/html\r\n", &good),
        Script::Bytes(headed(xml, &good)),
        Script::Bytes(chunked(&[&good[..7], &good[7..8], &good[8..]], "0\r\n\r\n")),
        gzipped(zipped),
        Script::xml(format!("\u{feff}{}", good)),
        Script::xml(good.clone() + "\n<!-- bye -->\n"),
    ] {
        let what = format!("{script:?}");
        backend.play(script);
        let answer = read(&facade).await;
        assert_eq!(answer.status, 200, "{what}: {answer:?}");
        assert_eq!(answer.json()["orderId"], 44);
    }
}

#[actix_web::test]
async fn a_faults_text_is_told_to_nobody_and_its_kind_decides_the_status() {
    let backend = Scripted::new(Script::Hang);
    let facade = facade(&backend.url());
    let faults =
        [("Client", 400, "fault-client", "rejected"), ("Server", 502, "fault-server", "unknown")];
    for (code, status, expected, outcome) in faults {
        let text = format!(
            "<e:Fault><faultcode>e:{code}</faultcode><faultstring>secret</faultstring></e:Fault>"
        );
        backend.play(Script::xml(wrapped(&text)));
        let answer = read(&facade).await;
        assert_eq!((answer.status, &*answer.problem()), (status, expected));
        assert_eq!(answer.json()["outcome"], outcome);
        assert!(!answer.text.contains("secret"));
    }
}

#[actix_web::test]
async fn a_one_way_call_is_judged_by_what_came_back() {
    let backend = Scripted::new(Script::Hang);
    let facade = facade(&backend.url());
    let body = r#"{"carrier":"C","trackingNumber":1,"shippedAt":"2009-07-01T00:00:00Z"}"#;
    let fault =
        wrapped("<e:Fault><faultcode>e:Client</faultcode><faultstring>no</faultstring></e:Fault>");
    let page = "<html><hr></html>";
    let html = "Content-Type: text/html\r\n";
    for (script, status, code) in [
        (Script::answer("202 Accepted", "", ""), 202, ""),
        (Script::answer("200 OK", "", ""), 202, ""),
        (Script::Bytes(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()), 202, ""),
        (Script::xml(wrapped("")), 202, ""),
        (Script::xml(&fault), 400, "fault-client"),
        (Script::answer("500 Internal Server Error", "", &fault), 400, "fault-client"),
        (Script::answer("500 Internal Server Error", html, page), 502, "backend-status"),
        (Script::answer("200 OK", html, page), 502, "backend-not-soap"),
        (Script::Bytes(headed("Content-Length: 9\r\n", "<e")), 502, "backend-truncated"),
        (Script::Hang, 504, "backend-timeout"),
    ] {
        let what = format!("{script:?}");
        backend.play(script);
        let answer = facade.post("/api/v1/orders/43/shipment", body).await;
        assert_eq!(answer.status, status, "{what}: {answer:?}");
        if code.is_empty() {
            assert_eq!(answer.text, "");
        } else {
            assert_eq!(answer.problem(), code, "{what}");
        }
        assert_eq!(backend.requests().len(), 1);
    }
}

#[actix_web::test]
async fn a_circuit_opens_lets_one_probe_through_and_closes() {
    let backend = Scripted::new(Script::answer("500 Internal Server Error", "", "boom"));
    let mapping = MAPPING
        .replace("failures: 1000, open: 1s", "failures: 3, open: 700ms, probes: 1")
        .replace("total: 600ms", "total: 30s");
    let facade = Facade::of(&mapping, &Variables::shop(&backend.url()));
    for _ in 0..3 {
        assert_eq!(read(&facade).await.problem(), "backend-status");
    }
    let opened = Instant::now();
    for answer in [read(&facade).await, write(&facade).await] {
        assert_eq!((answer.status, &*answer.problem()), (503, "backend-circuit-open"));
        assert_eq!(answer.json()["outcome"], "not_sent");
        assert_eq!(answer.header("retry-after"), "1");
    }
    assert_eq!(backend.requests().len(), 3);
    let health = facade.get("/health/ready").await.json();
    assert_eq!(health["backends"]["shop"]["circuit"], "open");
    assert!(opened.elapsed() < Duration::from_millis(700), "too slow a machine for this test");
    let good = good("GetOrder", "one-line.res.xml");
    let Script::Bytes(bytes) = Script::xml(&good) else { unreachable!() };
    backend.play(Script::Held(bytes));
    // The first call after its time is the probe; while it is held, no other gets through.
    let address = facade.address;
    let probe = async {
        loop {
            let answer = read(&facade).await;
            if answer.status == 200 {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let meanwhile = async {
        let before = backend.requests().len();
        eventually("the probe", async || backend.requests().len() > before).await;
        for _ in 0..5 {
            let response = crate::rig::client()
                .get(format!("http://{address}/api/v1/orders/42"))
                .send()
                .await
                .unwrap();
            assert_eq!(Answer::of(response).await.problem(), "backend-circuit-open");
        }
        assert_eq!(backend.requests().len(), before + 1);
        backend.play(Script::xml(&good));
        backend.release();
    };
    let (answer, ()) = futures_util::future::join(probe, meanwhile).await;
    assert_eq!(answer.json()["orderId"], 44);
    assert_eq!(read(&facade).await.status, 200);
    let health = facade.get("/health/ready").await.json();
    assert_eq!(health["backends"]["shop"]["circuit"], "closed");
}

#[actix_web::test]
async fn the_real_shop_misbehaves_and_recovers() {
    let shop = LegacyShop::open();
    let facade = facade(&shop.url);
    for (mode, code) in [
        (Mode::Truncated, "backend-truncated"),
        (Mode::Cut, "backend-truncated"),
        (Mode::Trailing, "backend-not-xml"),
        (Mode::Doctype, "backend-dtd"),
        (Mode::Hang, "backend-timeout"),
        (Mode::Html, "backend-not-soap"),
        (Mode::Fault200, "fault-server"),
        (Mode::GzipGarbage, "backend-encoding"),
        (Mode::OtherAnswer, "backend-other-answer"),
        (Mode::Unavailable, "backend-status"),
        (Mode::Redirect, "backend-redirect"),
    ] {
        shop.misbehave(mode, 0);
        assert_eq!(read(&facade).await.problem(), code, "{mode:?}");
    }
    shop.misbehave(Mode::Result500, 0);
    assert_eq!(read(&facade).await.status, 200);
    shop.behave();
    assert_eq!(read(&facade).await.status, 200);
}
