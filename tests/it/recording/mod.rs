//! Recording: what a caller of the facade asked becomes fixtures that people read, and no request
//! notices.

mod disk;
mod exchanges;
mod rig;

use figleaf::fixture::{RecordCounts, RecordWhat, ReplayHow, Store};

use crate::rig::{Facade, LegacyShop, Serving, mapping_folder, shop_mapping};
use rig::Recorded;

#[actix_web::test]
async fn an_exchange_becomes_files_that_people_read() {
    let shop = LegacyShop::open();
    let recorded = Recorded::start(&shop.url, RecordWhat::Missing);
    for path in ["/api/v1/stock/00042?warehouse=DRS", "/api/v1/stock/00042?warehouse=DRS"] {
        assert_eq!(recorded.facade.get(path).await.status, 200);
    }
    let (folder, counts) = recorded.finish();
    assert_eq!(counts.to_string(), "recorded 1 fixture, 1 known, 0 dropped, 0 refused");
    let expected = r#"== shop/CheckStock/article-00042-drs.req.xml
<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:svc="http://legacy.shop.example/orders/2009/service/">
  <soap:Body>
    <svc:StockRequest Warehouse="DRS">
      <svc:ArticleNumber>00042</svc:ArticleNumber>
    </svc:StockRequest>
  </soap:Body>
</soap:Envelope>
== shop/CheckStock/article-00042-drs.res.json
{
  "articleNumber": "00042",
  "available": 12.340,
  "stock": [
    {
      "warehouse": "DRS",
      "reserved": true,
      "value": 12.340
    }
  ]
}
== shop/CheckStock/article-00042-drs.res.xml
"#;
    let written = rig::files(folder.path());
    assert!(written.starts_with(expected), "{written}");
    let yaml = r"== shop/CheckStock/article-00042-drs.yaml
fixture: 1
operation: CheckStock
recorded:
  at: NOW
  by: figleaf 0.1.0
  contract: CONTRACT
  took_ms: 0
  leaves: F+m5VRdDW1HClRz766Ox/018
rest:
  - request: GET /api/v1/stock/00042?warehouse=DRS
    status: 200
    golden: article-00042-drs.res.json
";
    assert!(written.ends_with(yaml), "{written}");
}

#[actix_web::test]
async fn another_route_over_the_same_exchange_is_added_to_its_fixture() {
    let shop = LegacyShop::open();
    let recorded = Recorded::of(
        "figleaf: 1\napi: shop\nversion: v1\nbackends:\n  shop: { soap: ../wsdl/shop/OrderService.wsdl, port: OrderServiceSoap11, url: \"${SHOP_URL}\" }\n\
         routes:\n  GET /orders/{orderId}: { soap: shop.GetOrder, returns: order }\n  GET /bestellungen/{orderId}: { soap: shop.GetOrder }\n",
        &shop.url,
        RecordWhat::Missing,
    );
    for path in ["/api/v1/orders/44", "/api/v1/bestellungen/44", "/api/v1/orders/44"] {
        assert_eq!(recorded.facade.get(path).await.status, 200, "{path}");
    }
    let (folder, counts) = recorded.finish();
    assert_eq!((counts.written, counts.known), (1, 2));
    let entry = Store::new(folder.path()).read_one("shop/GetOrder/order-44").unwrap();
    let rest: Vec<(&str, Option<&str>)> =
        entry.fixture.rest.iter().map(|r| (r.request.as_str(), r.golden.as_deref())).collect();
    let expected = [
        ("GET /api/v1/orders/44", Some("order-44.res.json")),
        ("GET /api/v1/bestellungen/44", Some("order-44.2.res.json")),
    ];
    assert_eq!(rest, expected);
}

#[actix_web::test]
async fn what_is_missing_is_written_and_what_people_wrote_stays() {
    let shop = LegacyShop::open();
    let recorded = Recorded::start(&shop.url, RecordWhat::Missing);
    recorded.facade.get("/api/v1/orders/44").await;
    let (folder, _) = recorded.finish();
    let path = folder.path().join("shop/GetOrder/order-44.yaml");
    let answer = path.with_extension("res.xml");
    let edited = std::fs::read_to_string(&path).unwrap().replace(
        "operation: GetOrder\n",
        "note: >\n  Ada's order # kept\noperation: GetOrder   # by hand\nresponse:\n  delay: { fixed: 5ms }\n",
    );
    std::fs::write(&path, &edited).unwrap();
    let old = std::fs::read_to_string(&answer).unwrap().replace("IN_PROGRESS", "LOST");
    std::fs::write(&answer, &old).unwrap();

    let recorded = Recorded::into(folder, &shop.url, RecordWhat::Missing);
    recorded.facade.get("/api/v1/orders/44").await;
    let (folder, counts) = recorded.finish();
    assert_eq!((counts.written, counts.known), (0, 1));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), edited);
    assert_eq!(std::fs::read_to_string(&answer).unwrap(), old);

    let recorded = Recorded::into(folder, &shop.url, RecordWhat::All);
    recorded.facade.get("/api/v1/orders/44").await;
    let (folder, counts) = recorded.finish();
    assert_eq!((counts.written, counts.known), (1, 0));
    let after = std::fs::read_to_string(&path).unwrap();
    let without_times = |text: &str| rig::masked(text);
    assert_eq!(without_times(&after), without_times(&edited));
    assert_ne!(std::fs::read_to_string(&answer).unwrap(), old);

    // The system says what it said: nothing is written, not even when it was asked.
    let recorded = Recorded::into(folder, &shop.url, RecordWhat::All);
    recorded.facade.get("/api/v1/orders/44").await;
    let (_folder, counts) = recorded.finish();
    assert_eq!((counts.written, counts.known), (0, 1));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), after);
}

#[actix_web::test]
async fn what_was_recorded_answers_the_same_bytes() {
    let shop = LegacyShop::open();
    let recorded = Recorded::start(&shop.url, RecordWhat::Missing);
    let cancel = r#"{"reason":"CUSTOMER_REQUEST"}"#;
    let requests = [
        ("GET", "/api/v1/orders/42", ""),
        ("GET", "/api/v2/orders/42", ""),
        ("GET", "/api/v1/orders?customer=00017&limit=2", ""),
        ("GET", "/api/v1/customers/00018", ""),
        ("GET", "/api/v1/orders/999", ""),
        ("GET", "/api/v1/exports/orders?count=200", ""),
        ("POST", "/api/v1/orders/44/cancel", cancel),
    ];
    let mut live = Vec::new();
    for (method, path, body) in requests {
        live.push(recorded.facade.send(method, path, body).await);
    }
    drop(shop);
    let (folder, counts) = recorded.finish();
    assert_eq!(counts, RecordCounts { written: 7, ..RecordCounts::default() });
    let replayed: Facade = rig::replay(folder.path(), ReplayHow::Strict);
    for ((method, path, body), live) in requests.into_iter().zip(live) {
        let again = replayed.send(method, path, body).await;
        assert_eq!(again.status, live.status, "{path}: {again:?}");
        if live.status < 400 {
            assert_eq!(again.text, live.text, "{path}");
        }
    }
}

#[actix_web::test]
async fn a_reload_goes_on_recording_with_the_routes_there_are_now() {
    let shop = LegacyShop::open();
    let folder = mapping_folder(&[("shop.yaml", &shop_mapping("shop.yaml"))]);
    let mapping = folder.path().join("shop.yaml");
    let whole = std::fs::read_to_string(&mapping).unwrap();
    let start = whole.find("  GET /stock/").unwrap();
    let end = whole.find("  GET /exports/").unwrap();
    std::fs::write(&mapping, format!("{}{}", &whole[..start], &whole[end..])).unwrap();
    let (mappings, fixtures) = (folder.path().display().to_string(), folder.path().join("fx"));
    let fixtures_text = fixtures.display().to_string();
    let arguments =
        ["--mappings", &mappings, "--no-watch", "--record", "--fixtures", &fixtures_text];
    let mut serving = Serving::start(folder.path(), &arguments, &[("SHOP_URL", &shop.url)]);
    let get = async |path: &str| {
        crate::rig::client().get(serving.url(path)).send().await.unwrap().status()
    };
    assert_eq!(get("/api/v1/orders/44").await, 200);
    assert_eq!(get("/api/v1/stock/00042").await, 404);
    std::fs::write(&mapping, whole).unwrap();
    serving.signal("HUP");
    serving.line("reloaded");
    let get = async |path: &str| {
        crate::rig::client().get(serving.url(path)).send().await.unwrap().status()
    };
    assert_eq!(get("/api/v1/stock/00042").await, 200);
    assert_eq!(get("/api/v1/orders/44").await, 200);
    serving.signal("INT");
    let said = serving.line("recorded ");
    assert_eq!(said, "recorded 2 fixtures, 1 known, 0 dropped, 0 refused");
    let names = Store::new(&fixtures).names().0;
    assert_eq!(names, ["shop/CheckStock/article-00042", "shop/GetOrder/order-44"]);
}
