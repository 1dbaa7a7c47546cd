//! The shop from outside: a real listener, a real client, and the recorded exchanges.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use actix_web::web::Data;
use reqwest::{Client, Response};

use super::answers::SVC;
use super::{CONTRACT, Chaos, Mode, Shop, legacy};

/// Set to write `.res.xml` from the running shop in place of comparing with it.
const RECORD: &str = "FIGLEAF_RECORD_SHOP";

struct Running {
    shop: Data<Shop>,
    url: String,
    client: Client,
}

/// A shop on a free port; it ends with the runtime of the test.
fn start() -> Running {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let shop = Data::new(Shop::new());
    actix_web::rt::spawn(legacy(listener, shop.clone()).unwrap());
    Running { shop, url, client: Client::builder().no_proxy().build().unwrap() }
}

impl Running {
    async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    async fn post(&self, operation: &str, envelope: &str) -> Response {
        let action = format!("{SVC}{operation}");
        let request = self.client.post(format!("{}/shop", self.url)).body(envelope.to_owned());
        let request = if envelope.contains("http://www.w3.org/2003/05/soap-envelope") {
            let kind = format!("application/soap+xml; charset=utf-8; action=\"{action}\"");
            request.header("content-type", kind)
        } else {
            request
                .header("content-type", "text/xml; charset=utf-8")
                .header("soapaction", format!("\"{action}\""))
        };
        request.send().await.unwrap()
    }

    async fn get_order(&self, id: &str) -> Response {
        self.post(
            "GetOrder",
            &v11(&format!("<g:GetOrder xmlns:g='{SVC}'><g:OrderID>{id}</g:OrderID></g:GetOrder>")),
        )
        .await
    }
}

fn v11(body: &str) -> String {
    format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>{body}</e:Body></e:Envelope>"
    )
}

fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let list = |path: PathBuf| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let operations = ["shop", "shop12"].into_iter().flat_map(|backend| list(root.join(backend)));
    let mut paths: Vec<_> = operations.flat_map(list).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(".req.xml"));
    paths.sort();
    paths
}

#[actix_web::test]
async fn recorded_exchanges_are_what_the_shop_says() {
    let paths = fixtures();
    assert!(paths.len() >= 12, "{} fixtures", paths.len());
    for path in paths {
        let shop = start();
        let operation = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let request = std::fs::read_to_string(&path).unwrap();
        let answer = shop.post(operation, &request).await.text().await.unwrap();
        let beside = PathBuf::from(path.to_string_lossy().replace(".req.xml", ".res.xml"));
        // A one-way message has no answer, and no file for one.
        if std::env::var_os(RECORD).is_some() && !answer.is_empty() {
            std::fs::write(&beside, &answer).unwrap();
        }
        let recorded = if beside.exists() || !answer.is_empty() {
            std::fs::read_to_string(&beside).unwrap()
        } else {
            String::new()
        };
        assert!(answer == recorded, "{}: the shop now says\n{answer}", path.display());
    }
}

#[actix_web::test]
async fn the_contract_is_served_with_its_address_and_every_import_beside_it() {
    let shop = start();
    let wsdl = shop.get("/shop?wsdl").await.text().await.unwrap();
    assert_eq!(wsdl.matches(&format!("location=\"{}/shop\"", shop.url)).count(), 2);
    for (name, text) in CONTRACT {
        let served = shop.get(&format!("/{name}")).await.text().await.unwrap();
        assert_eq!(served.replace(&shop.url, "http://127.0.0.1:8081"), *text, "{name}");
    }
    assert_eq!(shop.get("/nothing.xsd").await.status(), 404);
    assert_eq!(shop.get("/shop").await.status(), 405);
}

async fn check_fault(shop: &Running, operation: &str, request: &str, expected: &str) {
    let answer = shop.post(operation, request).await;
    assert_eq!(answer.status(), 500, "{request}");
    let text = answer.text().await.unwrap();
    assert!(text.contains(expected), "{expected} is not in {text}");
}

#[actix_web::test]
async fn wrong_requests_are_the_clients_fault() {
    let shop = start();
    let client = "<faultcode>E_:Client</faultcode>";
    let order = |inner: &str| v11(&format!("<GetOrder xmlns='{SVC}'>{inner}</GetOrder>"));
    check_fault(&shop, "GetOrder", &v11("<GetOrder/>"), client).await;
    check_fault(&shop, "GetOrder", &order("<OrderID>x</OrderID>"), client).await;
    check_fault(&shop, "GetOrder", &order("<OrderID>42</OrderID><More/>"), client).await;
    check_fault(&shop, "GetOrder", &order("<OrderID xmlns=''>42</OrderID>"), client).await;
    check_fault(&shop, "Sing", &v11(&format!("<Sing xmlns='{SVC}'/>")), "no operation for").await;
    check_fault(&shop, "CancelOrder", &order("<OrderID>42</OrderID>"), "action does not fit").await;
    check_fault(
        &shop,
        "GetOrder",
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'>",
        client,
    )
    .await;
    check_fault(
        &shop,
        "GetOrder",
        &format!("<!DOCTYPE a>{}", order("<OrderID>42</OrderID>")),
        client,
    )
    .await;
    check_fault(&shop, "GetOrder", "<Envelope xmlns='urn:other'/>", "E_:VersionMismatch").await;
    let header =
        v11("").replace("<e:Body>", "<e:Header><x e:mustUnderstand='1'/></e:Header><e:Body>");
    check_fault(&shop, "GetOrder", &header, "E_:MustUnderstand").await;
}

#[actix_web::test]
async fn a_soap_11_request_needs_its_action_and_a_known_content_type() {
    let shop = start();
    let post = |kind: &str| {
        let request = shop.client.post(format!("{}/shop", shop.url)).header("content-type", kind);
        request.body(v11("")).send()
    };
    let answer = post("text/xml").await.unwrap().text().await.unwrap();
    assert!(answer.contains("without a SOAPAction"), "{answer}");
    assert_eq!(post("application/json").await.unwrap().status(), 415);
}

#[actix_web::test]
async fn a_cancelled_order_stays_cancelled() {
    let shop = start();
    let cancel = v11(&format!(
        "<CancelOrder xmlns='{SVC}'><OrderID>43</OrderID><Reason>no</Reason></CancelOrder>"
    ));
    assert_eq!(shop.post("CancelOrder", &cancel).await.status(), 200);
    let order = shop.get_order("43").await.text().await.unwrap();
    assert!(order.contains("<Status>CANCELLED</Status>") && order.contains("Version='2'"));
    check_fault(&shop, "CancelOrder", &cancel, "<OrderLockedDetail").await;
}

#[actix_web::test]
async fn a_shipment_is_noted_without_an_answer() {
    let shop = start();
    let fields = "<OrderID>43</OrderID><Carrier>C</Carrier><TrackingNumber>9007199254740993</TrackingNumber><ShippedAt>2009-07-01T00:00:00Z</ShippedAt>";
    let notice = v11(&format!("<NotifyShipment xmlns='{SVC}'>{fields}</NotifyShipment>"));
    let answer = shop.post("NotifyShipment", &notice).await;
    assert_eq!(answer.status(), 202);
    assert_eq!(answer.text().await.unwrap(), "");
    let order = shop.get_order("43").await.text().await.unwrap();
    assert!(order.contains("<TrackingNumber>9007199254740993</TrackingNumber>"));
    assert!(order.contains("<ShippedAt>2009-07-01T00:00:00Z</ShippedAt>"));
}

#[actix_web::test]
async fn a_long_list_is_sent_in_chunks_and_in_full() {
    let shop = start();
    for count in [0, 1, 32, 33, 2_000] {
        let list = v11(&format!("<ListOrders xmlns='{SVC}'><Count>{count}</Count></ListOrders>"));
        let answer = shop.post("ListOrders", &list).await;
        assert_eq!(answer.headers()["transfer-encoding"], "chunked");
        let text = answer.text().await.unwrap();
        assert_eq!(text.matches("<OrderID>").count(), count);
        assert!(text.ends_with("</E_:Body>\n</E_:Envelope>\n"));
    }
}

#[actix_web::test]
async fn chaos_comes_for_as_many_requests_as_it_was_ordered_for() {
    let shop = start();
    let chaos = format!("{}/shop/_chaos", shop.url);
    let order = shop.client.post(&chaos).body("{\"mode\": \"html\", \"times\": 2}");
    assert_eq!(order.send().await.unwrap().status(), 200);
    for _ in 0..2 {
        assert!(shop.get_order("42").await.text().await.unwrap().starts_with("<html>"));
    }
    assert!(shop.get_order("42").await.text().await.unwrap().contains("<OrderID>42<"));
    assert_eq!(shop.shop.calls(), 3);
    let unknown = shop.client.post(&chaos).body("{\"mode\": \"nice\"}").send().await.unwrap();
    assert_eq!(unknown.status(), 400);
}

#[actix_web::test]
async fn every_mode_spoils_the_answer_in_its_way() {
    let shop = start();
    let spoilt = async |mode| {
        shop.shop.set_chaos(Some(Chaos { mode, millis: 1, times: Some(1) }));
        let answer = shop.get_order("42").await;
        (answer.status().as_u16(), answer.text().await.unwrap_or_else(|_| "broken".to_owned()))
    };
    let (_, good) = spoilt(Mode::Delay).await;
    let (status, half) = spoilt(Mode::Truncated).await;
    assert!(status == 200 && good.starts_with(&half) && half.len() < good.len());
    assert_eq!(spoilt(Mode::Cut).await, (200, "broken".to_owned()));
    assert_eq!(spoilt(Mode::Result500).await, (500, good.clone()));
    assert_eq!(spoilt(Mode::Trailing).await.1, format!("{good}<trailer/>\n"));
    assert!(spoilt(Mode::Doctype).await.1.contains("<!DOCTYPE"));
    let (status, fault) = spoilt(Mode::Fault200).await;
    assert!(status == 200 && fault.contains("<E_:Fault>"));
    assert_eq!(spoilt(Mode::GzipGarbage).await.0, 200);
    assert!(spoilt(Mode::OtherAnswer).await.1.contains("<StockReport"));
    assert_eq!(spoilt(Mode::Unavailable).await.0, 503);
    assert_eq!(spoilt(Mode::Html).await.0, 200);
}

#[actix_web::test]
async fn a_hanging_answer_never_comes() {
    let shop = start();
    shop.shop.set_chaos(Some(Chaos { mode: Mode::Hang, millis: 0, times: None }));
    let patience = std::time::Duration::from_millis(50);
    assert!(tokio::time::timeout(patience, shop.get_order("42")).await.is_err());
    shop.shop.set_chaos(None);
    assert_eq!(shop.get_order("42").await.status(), 200);
}
