//! The mock over a real socket: what a program that speaks SOAP itself gets.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use figleaf::cli::FileSource;
use figleaf::exchange::{Collection, Entry, Scenario, Simulated};
use figleaf::fixture::{Mock, Player, ReplayHow, Store, gather, mock};
use figleaf::reload::{self, Types};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::replaying::{entries, entry};
use crate::rig::{Answer, Variables, client, project};

/// A mock on a free port; it stops when dropped.
struct Mocked {
    address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Mocked {
    /// Of these fixtures, with these backends alone.
    fn of(entries: Vec<Entry>, backends: &[&str]) -> Self {
        let variables = Variables::shop("http://127.0.0.1:9/shop");
        let types = Types::Lock;
        let loaded =
            reload::load(&project("mappings"), &variables, &FileSource, &|_| Vec::new(), types);
        let mut ports = loaded.ports;
        ports.retain(|name, _| backends.contains(&name.as_str()));
        let empty = tempfile::TempDir::new().unwrap();
        let (collection, _) = gather(&Store::new(empty.path()), &loaded.plan.unwrap(), &ports);
        let Collection { vocabularies, redactors, .. } = collection;
        let collection = Arc::new(Collection::new(entries, vocabularies, redactors));
        let player = Arc::new(Player::new(collection, ReplayHow::Strict));
        let mocked = Mock::new(player, &ports);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let running = mock(listener, mocked).unwrap();
                sender.send(running.handle()).unwrap();
                running.await.unwrap();
            });
        });
        let handle = receiver.recv().unwrap();
        Self { address, handle, thread: Some(thread) }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn get(&self, path: &str) -> Answer {
        Answer::of(client().get(self.url(path)).send().await.unwrap()).await
    }

    async fn post(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
        let mut request = client().post(self.url(path)).body(body.into());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(request.send().await.unwrap()).await
    }
}

impl Drop for Mocked {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

const V11: &[(&str, &str)] = &[("content-type", "text/xml; charset=utf-8"), ("soapaction", "\"\"")];
const V12: &[(&str, &str)] = &[("content-type", "application/soap+xml; charset=utf-8")];

fn request_of(entry: &Entry) -> String {
    let path = project("fixtures").join(format!("{}.req.xml", entry.name));
    std::fs::read_to_string(path).unwrap()
}

fn order(id: &str) -> String {
    format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><s:GetOrder xmlns:s='http://legacy.shop.example/orders/2009/service/'><s:OrderID>{id}</s:OrderID></s:GetOrder></e:Body></e:Envelope>"
    )
}

#[actix_web::test]
async fn every_fixture_is_answered_with_its_bytes_and_the_status_of_its_version() {
    let entries = entries();
    let mocked = Mocked::of(entries.clone(), &["shop", "shop12"]);
    for entry in &entries {
        let request = request_of(entry);
        let is_v12 = request.contains("http://www.w3.org/2003/05/soap-envelope");
        let path = format!("/{}", entry.backend);
        let answer = mocked.post(&path, if is_v12 { V12 } else { V11 }, request).await;
        let name = &entry.name;
        assert_eq!(answer.text.as_bytes(), entry.response, "{name}");
        assert_eq!(answer.header("figleaf-replay"), format!("exact; fixture={name}"));
        let is_fault = answer.text.contains("Fault>");
        let expected = match (entry.fixture.response.status, is_fault, is_v12) {
            (Some(status), ..) => status,
            (None, false, _) => 200,
            (None, true, true) if answer.text.contains("Sender<") => 400,
            (None, true, _) => 500,
        };
        assert_eq!(answer.status, expected, "{name}");
        if !entry.response.is_empty() {
            let media = if is_v12 { "application/soap+xml" } else { "text/xml" };
            assert_eq!(answer.header("content-type"), format!("{media}; charset=utf-8"), "{name}");
        }
    }
    assert_eq!(mocked.get("/unused").await.json(), json!({ "unused": [] }));
}

#[actix_web::test]
async fn one_backend_alone_is_at_every_path() {
    let mocked = Mocked::of(vec![entry("GetOrder/one-line")], &["shop"]);
    for path in ["/", "/shop", "/any/thing"] {
        assert_eq!(mocked.post(path, V11, order("44")).await.status, 200, "{path}");
    }
    let mocked = Mocked::of(vec![entry("GetOrder/one-line")], &["shop", "shop12"]);
    assert_eq!(mocked.post("/shop/x", V11, order("44")).await.status, 200);
    let lost = mocked.post("/", V11, order("44")).await;
    assert_eq!(lost.status, 404);
    assert!(lost.text.contains("/shop?wsdl\n/shop12?wsdl\n"), "{}", lost.text);
    assert_eq!(mocked.get("/shop").await.status, 404);
    let put = client().put(mocked.url("/shop")).send().await.unwrap();
    assert_eq!(put.status(), 405);
}

#[actix_web::test]
async fn a_compressed_request_is_read() {
    let mocked = Mocked::of(vec![entry("GetOrder/one-line")], &["shop"]);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(order("44").as_bytes()).unwrap();
    let headers = [V11, &[("content-encoding", "gzip")]].concat();
    assert_eq!(mocked.post("/", &headers, gzip.finish().unwrap()).await.status, 200);
}

#[actix_web::test]
async fn a_miss_is_a_fault_of_the_request_that_explains_itself() {
    let mocked = Mocked::of(vec![entry("GetOrder/one-line")], &["shop"]);
    let answer = mocked.post("/", V11, order("4711 &amp; &lt;")).await;
    assert_eq!(answer.status, 500);
    let document = roxmltree::Document::parse(&answer.text).unwrap();
    let text = |name: &str| {
        let node = document.descendants().find(|node| node.tag_name().name() == name).unwrap();
        node.text().unwrap_or_default().to_owned()
    };
    assert_eq!(text("faultcode"), "soap:Client");
    assert!(text("faultstring").starts_with("no fixture answers GetOrder"), "{}", answer.text);
    assert!(text("miss").contains("shop/GetOrder/one-line"), "{}", answer.text);
    let v12 = order("1").replace(
        "http://schemas.xmlsoap.org/soap/envelope/",
        "http://www.w3.org/2003/05/soap-envelope",
    );
    let answer = mocked.post("/", V12, v12).await;
    assert_eq!(answer.header("content-type"), "application/soap+xml; charset=utf-8");
    assert!(answer.text.contains("<soap:Value>soap:Sender</soap:Value>"), "{}", answer.text);
    let answer = mocked.post("/", &[("content-type", "application/json")], "{}").await;
    assert_eq!(answer.status, 500);
    assert!(answer.text.contains("the request is no SOAP: it is no XML"), "{}", answer.text);
}

#[actix_web::test]
async fn the_contract_leads_to_this_server_and_its_documents_to_one_another() {
    let mocked = Mocked::of(Vec::new(), &["shop", "shop12"]);
    let wsdl = mocked.get("/shop?wsdl").await;
    assert_eq!(wsdl.header("content-type"), "text/xml; charset=utf-8");
    for address in ["/shop\"", "/shop12\""] {
        let location = format!("location=\"{}", mocked.url(address));
        assert_eq!(wsdl.text.matches(&location).count(), 1, "{location}");
    }
    // Everything can be fetched by following the references, and none leads elsewhere.
    let mut pending = vec![wsdl.text];
    let mut seen = std::collections::BTreeSet::new();
    let reference =
        regex::Regex::new(r#"(?:schemaLocation|<\w*:?import[^>]* location)=["']([^"']*)"#).unwrap();
    while let Some(text) = pending.pop() {
        roxmltree::Document::parse(&text).unwrap();
        for found in reference.captures_iter(&text) {
            let url = found[1].replace("&amp;", "&");
            assert!(url.starts_with(&mocked.url("/shop?file=")), "{url}");
            if seen.insert(url.clone()) {
                let answer = Answer::of(client().get(url).send().await.unwrap()).await;
                assert_eq!(answer.status, 200);
                pending.push(answer.text);
            }
        }
    }
    assert!(!seen.is_empty());
    assert_eq!(mocked.get("/shop?file=nothing").await.status, 404);
}

#[actix_web::test]
async fn scenarios_are_listed_and_reset() {
    let mut entry = entry("GetOrder/one-line");
    let sets = Some("seen".to_owned());
    entry.fixture.scenario = Some(Scenario { name: "once".to_owned(), needs: None, sets });
    let mocked = Mocked::of(vec![entry], &["shop"]);
    let session = [V11, &[("figleaf-session", "s1")]].concat();
    assert_eq!(mocked.post("/", &session, order("44")).await.status, 200);
    assert_eq!(mocked.post("/", &session, order("44")).await.status, 500);
    assert_eq!(mocked.post("/", V11, order("44")).await.status, 200);
    let expected = json!({ "": { "once": "seen" }, "s1": { "once": "seen" } });
    assert_eq!(mocked.get("/scenarios").await.json(), expected);
    let reset = client().delete(mocked.url("/scenarios?session=s1")).send().await.unwrap();
    assert_eq!(reset.status(), 204);
    assert_eq!(mocked.post("/", &session, order("44")).await.status, 200);
}

/// What a socket has read of the answer when its end comes, and how it ends.
async fn on_a_socket(simulated: Simulated) -> (String, Result<(), std::io::ErrorKind>) {
    let mut entry = entry("GetOrder/one-line");
    entry.fixture.response.simulate = Some(simulated);
    let mocked = Mocked::of(vec![entry], &["shop"]);
    let mut socket = tokio::net::TcpStream::connect(mocked.address).await.unwrap();
    let body = order("44");
    let request = format!(
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut read = Vec::new();
    let end = socket.read_to_end(&mut read).await.map(drop).map_err(|error| error.kind());
    (String::from_utf8(read).unwrap(), end)
}

#[actix_web::test]
async fn simulated_failures_are_real_on_a_socket() {
    let whole = String::from_utf8(entry("GetOrder/one-line").response).unwrap();
    let reset = on_a_socket(Simulated::Reset).await;
    assert_eq!(reset, (String::new(), Err(std::io::ErrorKind::ConnectionReset)));
    let (text, _) = on_a_socket(Simulated::HalfBody).await;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.to_ascii_lowercase().contains(&format!("content-length: {}", whole.len())));
    assert_eq!(body, &whole[..whole.len() / 2]);
    let (text, end) = on_a_socket(Simulated::Drip("20ms".to_owned())).await;
    assert_eq!((text.split_once("\r\n\r\n").unwrap().1, end), (whole.as_str(), Ok(())));
    let (text, end) = on_a_socket(Simulated::Malformed).await;
    let body = text.split_once("\r\n\r\n").unwrap().1;
    assert_eq!((roxmltree::Document::parse(body).is_err(), end), (true, Ok(())));
    let (text, _) = on_a_socket(Simulated::Status(503)).await;
    assert!(text.starts_with("HTTP/1.1 503 "), "{text}");
}
