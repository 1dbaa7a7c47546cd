//! Callers that are wrong, and headers that every answer has.

use std::time::Duration;

use crate::rig::{Answer, Facade, LegacyShop, Raw, Script, Scripted, client};
use serde_json::{Value, json};

const ORDER: &str = r#"{"customerId":"00018","channel":"WEB","payment":{"invoice":{"dueDays":14}},
    "shipTo":{"city":"Dresden","zipCode":"01099","street":["Kai 5"]},"lines":[]}"#;

struct Both {
    facade: Facade,
    shop: LegacyShop,
}

fn both() -> Both {
    let shop = LegacyShop::open();
    Both { facade: Facade::shop(&shop.url), shop }
}

/// The places and words of a problem, one a line.
fn errors(answer: &Answer) -> String {
    let json = answer.json();
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let rows = json["errors"].as_array().cloned().unwrap_or_default();
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| match row.get("pointer") {
            Some(pointer) => format!("{:?} {}", text(pointer), text(&row["detail"])),
            None => {
                format!("{}.{} {}", text(&row["in"]), text(&row["parameter"]), text(&row["detail"]))
            }
        })
        .collect();
    lines.sort();
    lines.join("\n")
}

#[actix_web::test]
async fn a_body_that_is_no_json_is_malformed() {
    let Both { facade, shop } = both();
    for (body, pointer) in [
        ("{", ""),
        ("", ""),
        ("nonsense", ""),
        ("{\"a\":1}}", ""),
        ("{\"a\":01}", ""),
        ("{'a':1}", ""),
        ("{\"a\":\"\u{1}\"}", ""),
        ("{\"a\":\"\\ud800\"}", ""),
        ("{\"customerId\":\"1\",\"customerId\":\"2\"}", "/customerId"),
        (&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)), ""),
    ] {
        let answer = facade.post("/api/v1/orders", body).await;
        let code = if body.is_empty() { "request-invalid" } else { "request-malformed" };
        assert_eq!((answer.status, &*answer.problem()), (400, code), "{body:.40}: {answer:?}");
        if !pointer.is_empty() {
            assert_eq!(answer.json()["errors"][0]["pointer"], pointer);
        }
    }
    let bytes = client()
        .post(facade.url("/api/v1/orders"))
        .header("content-type", "application/json")
        .body(b"{\"a\":\"\xff\"}".to_vec());
    let answer = Answer::of(bytes.send().await.unwrap()).await;
    assert_eq!(answer.problem(), "request-malformed");
    assert_eq!(shop.shop.calls(), 0, "nothing was sent");
}

#[actix_web::test]
async fn every_problem_of_a_request_is_told_at_once_with_its_place() {
    let Both { facade, shop } = both();
    let body = json!({
        "customerID": "00018",
        "channel": "PIGEON",
        "deliveryDate": "tomorrow",
        "shipTo": {"city": 7, "street": "Kai 5", "zipcode": "01099"},
        "lines": [{"lineNo": 1.5, "quantity": "12", "gift": "maybe", "a/b~c": 1}, 7, null],
        "payment": {"invoice": {"dueDays": 14}, "voucher": {"voucherCode": "x"}},
    });
    let answer = facade.post("/api/v1/orders", &body.to_string()).await;
    assert_eq!((answer.status, &*answer.problem()), (400, "request-invalid"));
    insta::assert_snapshot!(errors(&answer), @r#"
    "/channel" must be one of `WEB`, `PHONE`, `EDI`
    "/customerID" is not a member here; did you mean `customerId`?
    "/customerId" is required
    "/deliveryDate" must look like `2026-11-21`
    "/lines/0/articleNumber" is required
    "/lines/0/a~1b~0c" is not a member here
    "/lines/0/gift" must be a boolean, is a string
    "/lines/0/lineNo" must be a whole number
    "/lines/0/quantity" must be a number, is a string
    "/lines/0/unit" is required
    "/lines/0/unitPrice" is required
    "/lines/1" must be an object, is a number
    "/lines/2" must not be null here
    "/payment" may have only one of `invoice`, `voucher`
    "/shipTo/city" must be a string, is a number
    "/shipTo/street" must be an array, is a string
    "/shipTo/zipCode" is required
    "/shipTo/zipcode" is not a member here; did you mean `zipCode`?
    "#);
    assert_eq!(shop.shop.calls(), 0);
}

#[actix_web::test]
async fn parameters_are_checked_like_members() {
    let Both { facade, shop } = both();
    for (target, expected) in [
        ("/api/v1/orders/abc", "path.orderId"),
        ("/api/v1/orders/1.5", "path.orderId"),
        ("/api/v1/orders/99999999999999999999999", "path.orderId"),
        ("/api/v1/orders/42?orderid=7", "query.orderid"),
        ("/api/v1/orders?customer=1&limits=5", "did you mean `limit`?"),
        ("/api/v1/orders?customer=1&limit=501", "query.limit must be at most 500"),
        ("/api/v1/orders?customer=1&limit=%20501%20", "query.limit must be at most 500"),
        ("/api/v1/orders?customer=1&limit=%2B501", "query.limit must be at most 500"),
        ("/api/v1/orders?customer=1&limit=99999999999999999999", "query.limit must be at most 500"),
        ("/api/v1/orders?customer=1&limit=x", "query.limit"),
        ("/api/v1/orders?customer=1&limit=", "query.limit"),
        ("/api/v1/orders?customer=1&customer=2", "query.customer may stand only once"),
        ("/api/v1/orders?customer=1&status=LOST", "query.status"),
        ("/api/v1/orders?customer=1&from=yesterday", "query.from"),
    ] {
        let answer = facade.get(target).await;
        assert_eq!((answer.status, &*answer.problem()), (400, "request-invalid"), "{target}");
        let errors = errors(&answer);
        assert!(errors.contains(expected), "{target}: {errors}");
    }
    let answer = facade.get("/api/v1/orders?customer=%ff").await;
    assert_eq!(answer.problem(), "request-invalid");
    assert_eq!(facade.get("/api/v1/orders/%ff").await.problem(), "request-not-found");
    assert_eq!(shop.shop.calls(), 0);
    assert_eq!(facade.get("/api/v1/orders/%34%32").await.json()["orderId"], 42);
}

#[actix_web::test]
async fn a_path_parameter_is_not_sent_again_in_the_body() {
    let Both { facade, shop: _shop } = both();
    let answer = facade.post("/api/v1/orders/44/cancel", r#"{"orderId":45,"reason":"x"}"#).await;
    assert_eq!((answer.status, &*answer.problem()), (400, "request-invalid"));
    assert!(errors(&answer).starts_with("\"/orderId\""), "{answer:?}");
    for body in ["[]", "7", "null", "\"x\""] {
        let answer = facade.post("/api/v1/orders/44/cancel", body).await;
        assert_eq!((answer.status, &*answer.problem()), (400, "request-invalid"), "{body}");
    }
    let answer = facade.send("GET", "/api/v1/orders/44", "{}").await;
    assert_eq!(answer.problem(), "request-invalid");
}

#[actix_web::test]
async fn bodies_are_bounded_in_size_and_time_and_must_be_json() {
    let shop = LegacyShop::open();
    let facade = Facade::with(Facade::shop_plan(&shop.url), |shared| {
        shared.body_time_max = Duration::from_millis(200);
    });
    let large = format!("{{\"note\":[\"{}\"]}}", "x".repeat(2 << 20));
    let answer = facade.post("/api/v1/orders", &large).await;
    assert_eq!((answer.status, &*answer.problem()), (413, "request-too-large"));

    let mut raw = Raw::to(facade.address).await;
    let head = "POST /api/v1/orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    raw.send(format!("{head}Transfer-Encoding: chunked\r\n\r\n").as_bytes()).await;
    let piece = "x".repeat(1 << 16);
    for _ in 0..20 {
        raw.send(format!("10000\r\n{piece}\r\n").as_bytes()).await;
    }
    let answer = raw.answer().await;
    assert_eq!(answer.status, 413, "{answer:?}");

    let mut raw = Raw::to(facade.address).await;
    raw.send(format!("{head}Content-Length: 100\r\n\r\n{{\"a\":").as_bytes()).await;
    let answer = raw.answer().await;
    assert_eq!((answer.status, &*answer.problem()), (408, "request-timeout"));

    for kind in ["text/plain", "text/xml", "application/x-www-form-urlencoded", ""] {
        let request = client().post(facade.url("/api/v1/orders")).body(ORDER);
        let request = if kind.is_empty() { request } else { request.header("content-type", kind) };
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!((answer.status, &*answer.problem()), (415, "request-media-type"), "{kind}");
    }
    let request = client()
        .post(facade.url("/api/v1/orders"))
        .header("content-type", "application/json")
        .header("content-encoding", "gzip")
        .body(ORDER);
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!((answer.status, &*answer.problem()), (415, "request-media-type"));
    assert_eq!(shop.shop.calls(), 0);
    for kind in
        ["application/json; charset=utf-8", "APPLICATION/JSON", "application/merge-patch+json"]
    {
        let request = client().post(facade.url("/api/v1/orders")).body(ORDER);
        let answer = Answer::of(request.header("content-type", kind).send().await.unwrap()).await;
        assert_eq!(answer.status, 201, "{kind}: {answer:?}");
    }
}

#[actix_web::test]
async fn paths_and_methods_nobody_serves_are_problems() {
    let Both { facade, shop: _shop } = both();
    for target in [
        "/api/v1/nothing",
        "/api/v9/orders/42",
        "/api",
        "/api/v1/orders/",
        "/api/v1/orders/42/",
        "/nothing",
        "/problems/nothing",
        "/docs/nothing",
        "/api/v1//orders",
    ] {
        let answer = facade.get(target).await;
        assert_eq!((answer.status, &*answer.problem()), (404, "request-not-found"), "{target}");
        assert_eq!(answer.json()["instance"], target);
    }
    let answer = facade.send("DELETE", "/api/v1/orders/42", "").await;
    assert_eq!((answer.status, &*answer.problem()), (405, "request-method"));
    assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    for own in ["/openapi.json", "/health/live", "/", "/docs/"] {
        let answer = facade.post(own, "{}").await;
        assert_eq!((answer.status, &*answer.problem()), (405, "request-method"), "{own}");
        assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    }
    let answer = facade.send("OPTIONS", "/api/v1/orders", "").await;
    assert_eq!((answer.status, &*answer.text), (204, ""));
    assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS, POST");
    let long = format!("/api/v1/orders?customer={}", "x".repeat(9_000));
    let answer = facade.get(&long).await;
    assert_eq!((answer.status, &*answer.problem()), (414, "request-uri-too-long"));
}

#[actix_web::test]
async fn head_is_get_without_its_body() {
    let Both { facade, shop: _shop } = both();
    let get = facade.get("/api/v1/orders/42").await;
    let head = facade.send("HEAD", "/api/v1/orders/42", "").await;
    assert_eq!((head.status, &*head.text), (200, ""));
    assert_eq!(head.header("content-length"), get.text.len().to_string());
    assert_eq!(head.header("content-type"), "application/json");
    let head = facade.send("HEAD", "/api/v1/orders/999", "").await;
    assert_eq!((head.status, &*head.text), (404, ""));
    let head = facade.send("HEAD", "/api/v1/exports/orders?count=5000", "").await;
    assert_eq!((head.status, &*head.text), (200, ""));
    let head = facade.send("HEAD", "/openapi.json", "").await;
    assert_eq!((head.status, &*head.text), (200, ""));
}

#[actix_web::test]
async fn an_answer_is_json_or_nothing() {
    let Both { facade, shop: _shop } = both();
    for (accept, status) in [
        ("application/json", 200),
        ("*/*", 200),
        ("application/*;q=0.5", 200),
        ("text/html, application/xml;q=0.9, */*;q=0.8", 200),
        ("application/problem+json, application/json", 200),
        ("text/html", 406),
        ("application/xml", 406),
        ("application/json;q=0", 406),
        ("application/json;q=0.000", 406),
    ] {
        let request = client().get(facade.url("/api/v1/orders/42")).header("accept", accept);
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status, status, "{accept}");
        if status == 406 {
            assert_eq!(answer.problem(), "request-not-acceptable");
        }
    }
}

#[actix_web::test]
async fn ids_are_taken_made_returned_and_sent_on() {
    let recorded = std::fs::read(crate::rig::project("fixtures/shop/GetOrder/one-line.res.xml"));
    let backend = Scripted::new(Script::xml(recorded.unwrap()));
    let facade = Facade::shop(&backend.url());
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let parent = format!("00-{trace}-b7ad6b7169203331-01");
    let ask = async |headers: &[(&str, &str)]| {
        let mut request = client().get(facade.url("/api/v1/orders/44"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status, 200);
        (answer.header("x-request-id").to_owned(), backend.requests().pop().unwrap())
    };
    let (id, sent) = ask(&[("x-request-id", "mine-1"), ("traceparent", &parent)]).await;
    assert_eq!(id, "mine-1");
    assert!(sent.contains("x-request-id: mine-1\r\n"), "{sent}");
    assert!(sent.contains(&format!("traceparent: 00-{trace}-")), "{sent}");
    assert!(!sent.contains("b7ad6b7169203331"), "{sent}");
    let (id, _) = ask(&[("traceparent", &parent)]).await;
    assert_eq!(id, trace);
    for bad in ["a b", "<x>", &"x".repeat(200), "\"quoted\""] {
        let (id, sent) = ask(&[("x-request-id", bad)]).await;
        assert!(id.len() == 32 && sent.contains(&format!("x-request-id: {id}\r\n")), "{id}");
    }
    let (first, _) = ask(&[]).await;
    let (second, _) = ask(&[]).await;
    assert_ne!(first, second);
    assert!(!backend.requests().iter().any(|r| r.to_ascii_lowercase().contains("cookie")));
}

#[actix_web::test]
async fn versions_retire_writes_have_a_place_and_one_way_calls_no_body() {
    let Both { facade, shop: _shop } = both();
    for target in ["/api/v1/orders/42", "/api/v1/orders/999", "/api/v1/orders/x"] {
        let answer = facade.get(target).await;
        assert_eq!(answer.header("deprecation"), "@1782864000", "{answer:?}");
        assert_eq!(answer.header("sunset"), "Thu, 01 Jul 2027 00:00:00 GMT");
    }
    let answer = facade.get("/api/v2/orders/42").await;
    assert_eq!(answer.header("deprecation"), "");
    assert!(answer.json().get("shippingAddress").is_some());
    assert!(facade.get("/api/v2/orders?customer=00017").await.status == 200, "taken over");
    let answer = facade.post("/api/v1/orders", ORDER).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let id = answer.json()["orderId"].to_string();
    assert_eq!(answer.header("location"), format!("/api/v1/orders/{id}"));
    assert_eq!(facade.get(answer.header("location")).await.status, 200);
    let answer = facade.post("/api/v2/orders", ORDER).await;
    assert!(answer.header("location").starts_with("/api/v2/orders/"), "{answer:?}");
    let body = r#"{"carrier":"C","trackingNumber":1,"shippedAt":"2009-07-01T00:00:00Z"}"#;
    let answer = facade.post("/api/v1/orders/43/shipment", body).await;
    assert_eq!((answer.status, &*answer.text, answer.header("content-type")), (202, "", ""));
}

#[actix_web::test]
async fn text_that_looks_like_xml_stays_text() {
    let Both { facade, shop: _shop } = both();
    for evil in [
        "</x>",
        "</o:Note></s:Order><evil/>",
        "<![CDATA[x]]>",
        "]]>",
        "&lt;&amp;&#60;&xxe;",
        "a\tb\nc",
        "a\r\nb",
        " padded ",
        "\u{1f600}\u{fffd}\u{85}\u{2028}",
        "'\"`--;DROP TABLE",
        "${SHOP_URL} {{x}} %s %00",
    ] {
        let mut order: Value = serde_json::from_str(ORDER).unwrap();
        order["note"] = json!([evil]);
        order["shipTo"]["city"] = json!("x<y&z>\"'");
        let answer = facade.post("/api/v1/orders", &order.to_string()).await;
        assert_eq!(answer.status, 201, "{evil:?}: {answer:?}");
        let back = facade.get(answer.header("location")).await.json();
        assert_eq!(back["note"], json!([evil]), "{back}");
        assert_eq!(back["shipTo"]["city"], "x<y&z>\"'");
    }
    for impossible in ["\u{0}", "\u{8}", "\u{b}", "\u{1f}", "\u{ffff}"] {
        let mut order: Value = serde_json::from_str(ORDER).unwrap();
        order["note"] = json!(["ok", impossible]);
        let answer = facade.post("/api/v1/orders", &order.to_string()).await;
        assert_eq!((answer.status, &*answer.problem()), (400, "request-invalid"));
        assert!(errors(&answer).contains("\"/note/1\""), "{answer:?}");
    }
    let answer = facade.get("/api/v1/customers/%00").await;
    assert_eq!(answer.problem(), "request-invalid");
    let answer = facade.get("/api/v1/customers/..%2F..%2Fetc").await;
    assert!(matches!(answer.status, 400 | 404 | 422), "{answer:?}");
}

#[actix_web::test]
async fn too_many_requests_at_once_are_shed_and_health_is_not() {
    let backend = Scripted::new(Script::Hang);
    let mapping = crate::rig::shop_mapping("shop.yaml");
    let folder = crate::rig::mapping_folder(&[("shop.yaml", &mapping)]);
    let plan = crate::rig::compile(folder.path(), &crate::rig::Variables::shop(&backend.url()));
    let facade = Facade::with(plan, |shared| shared.in_flight_max = 1);
    let (url, address) = (facade.url("/api/v1/orders/42"), facade.address);
    let held = actix_web::rt::spawn(async move { client().get(url).send().await });
    crate::rig::eventually("a held call", async || !backend.requests().is_empty()).await;
    let answer = facade.get("/api/v1/orders/42").await;
    assert_eq!((answer.status, &*answer.problem()), (503, "request-overload"));
    assert_eq!(answer.header("retry-after"), "1");
    let live = client().get(format!("http://{address}/health/live")).send().await.unwrap();
    assert_eq!(live.status(), 200);
    held.abort();
}
