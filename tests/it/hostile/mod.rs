//! Backends that misbehave: each way has its own code, none gives a 200, and no write is
//! ever sent twice.

mod cases;

use std::time::{Duration, Instant};

use crate::rig::{Answer, Facade, LegacyShop, Script, Scripted, Variables, eventually};
use cases::{cases, chunked, good, gzip, gzipped, headed, wrapped};
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
        for (what, script, code) in cases(&good) {
            let outcome = match code {
                "backend-redirect" | "fault-protocol" | "fault-security" => "rejected",
                _ => "unknown",
            };
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
        Script::xml(format!("\u{feff}{good}")),
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
