//! The program a good engineer writes by hand for the two operations of `benches/load/wsdl`:
//! actix-web in front, reqwest behind, quick-xml into serde structs, serde_json out.
//!
//! `load-handwritten LISTEN SOAP_URL`; prints `listening on URL`.

mod message;

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{App, HttpResponse, HttpServer, ResponseError, web};
use reqwest::{Client, Url};
use serde::de::DeserializeOwned;

use message::{Envelope, GetOrderResponse, ListOrdersResponse};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CONNECT_SECONDS_MAX: u64 = 1;
const TOTAL_SECONDS_MAX: u64 = 60;

struct Backend {
    client: Client,
    url: Url,
}

#[derive(Debug)]
enum Problem {
    Call(reqwest::Error),
    Status(StatusCode),
    Answer(String),
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Call(error) => write!(f, "the backend cannot be reached: {error}"),
            Self::Status(status) => write!(f, "the backend answered {status}"),
            Self::Answer(error) => write!(f, "the backend's answer cannot be read: {error}"),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Call(error) if error.is_timeout() => StatusCode::GATEWAY_TIMEOUT,
            Self::Call(error) if error.is_connect() => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_GATEWAY,
        }
    }
}

impl Backend {
    async fn call<T: DeserializeOwned>(
        &self,
        operation: &str,
        content: &str,
    ) -> Result<T, Problem> {
        let envelope = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
             <soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>\
             <{operation} xmlns=\"urn:figleaf:load:orders\">{content}</{operation}>\
             </soap:Body></soap:Envelope>"
        );
        let answer = self
            .client
            .post(self.url.clone())
            .header("Content-Type", "text/xml; charset=utf-8")
            .header("SOAPAction", format!("\"urn:figleaf:load:orders/{operation}\""))
            .body(envelope)
            .send()
            .await
            .map_err(Problem::Call)?;
        if !answer.status().is_success() {
            let status = StatusCode::from_u16(answer.status().as_u16());
            return Err(Problem::Status(status.unwrap_or(StatusCode::BAD_GATEWAY)));
        }
        let bytes = answer.bytes().await.map_err(Problem::Call)?;
        let text =
            std::str::from_utf8(&bytes).map_err(|error| Problem::Answer(error.to_string()))?;
        let envelope: Envelope<T> =
            quick_xml::de::from_str(text).map_err(|error| Problem::Answer(error.to_string()))?;
        Ok(envelope.body.content)
    }
}

async fn get_order(
    backend: web::Data<Backend>,
    order_id: web::Path<i64>,
) -> Result<HttpResponse, Problem> {
    let content = format!("<orderId>{order_id}</orderId>");
    let answer: GetOrderResponse = backend.call("GetOrder", &content).await?;
    Ok(HttpResponse::Ok().json(answer.result))
}

#[derive(serde::Deserialize)]
struct ListQuery {
    count: i32,
}

async fn list_orders(
    backend: web::Data<Backend>,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, Problem> {
    let content = format!("<count>{}</count>", query.count);
    let answer: ListOrdersResponse = backend.call("ListOrders", &content).await?;
    Ok(HttpResponse::Ok().json(answer.result.orders))
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(listen), Some(url)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: load-handwritten LISTEN SOAP_URL");
        std::process::exit(2);
    };
    let url = url.parse().map_err(std::io::Error::other)?;
    let client = Client::builder()
        .connect_timeout(Duration::from_secs(CONNECT_SECONDS_MAX))
        .timeout(Duration::from_secs(TOTAL_SECONDS_MAX))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .tcp_nodelay(true)
        .build()
        .map_err(std::io::Error::other)?;
    let backend = web::Data::new(Backend { client, url });
    let server = HttpServer::new(move || {
        App::new()
            .app_data(backend.clone())
            .route("/api/v1/orders/{orderId}", web::get().to(get_order))
            .route("/api/v1/orders", web::get().to(list_orders))
    })
    .bind(listen)?;
    for address in server.addrs() {
        println!("listening on http://{address}");
    }
    server.run().await
}
