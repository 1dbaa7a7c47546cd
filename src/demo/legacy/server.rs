//! The listener: what HTTP makes of a question, and of an answer.

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

use super::answers;
use super::chaos::{self, Chaos};
use super::contract;
use super::dispatch::{self, Answer};
use super::fault::{Fault, Soap};
use super::inbound::malformed;
use super::shop::Shop;
use super::stream;

/// The largest request taken.
const REQUEST_BYTES_MAX: usize = 2 * 1024 * 1024;
/// How long a stopping shop waits for its callers.
const SHUTDOWN_SECONDS_MAX: u64 = 1;

/// The legacy shop on this listener, with one worker and no signal handling of its own.
/// Nothing is served until the server is awaited or spawned.
///
/// # Errors
/// Where the listener cannot be used.
pub fn legacy(listener: TcpListener, shop: web::Data<Shop>) -> std::io::Result<Server> {
    let app = move || {
        App::new()
            .app_data(shop.clone())
            .app_data(web::PayloadConfig::new(REQUEST_BYTES_MAX))
            .app_data(web::JsonConfig::default().content_type_required(false))
            .route("/shop", web::post().to(post))
            .route("/shop", web::get().to(get))
            .route("/shop/_chaos", web::post().to(chaos_set))
            .route("/shop/_chaos", web::delete().to(chaos_clear))
            .route("/shop/_chaos", web::get().to(chaos_get))
            .route("/{file}", web::get().to(file))
    };
    let server = HttpServer::new(app)
        .workers(1)
        .disable_signals()
        .shutdown_timeout(SHUTDOWN_SECONDS_MAX)
        .listen(listener)?;
    Ok(server.run())
}

async fn get(request: HttpRequest) -> HttpResponse {
    if request.query_string().eq_ignore_ascii_case("wsdl") {
        return document(&request, "OrderService.wsdl");
    }
    HttpResponse::MethodNotAllowed().body("Order desk. Contract at ?wsdl\n")
}

async fn file(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    document(&request, &name)
}

fn document(request: &HttpRequest, name: &str) -> HttpResponse {
    match contract::document(name, request.connection_info().host()) {
        Some(text) => HttpResponse::Ok().content_type("text/xml; charset=utf-8").body(text),
        None => HttpResponse::NotFound().body("no such document\n"),
    }
}

async fn post(request: HttpRequest, body: web::Bytes, shop: web::Data<Shop>) -> HttpResponse {
    let content_type = header(&request, CONTENT_TYPE.as_str()).unwrap_or_default();
    let (soap, action) = match content_type.split(';').next().map(str::trim) {
        Some("text/xml") => (Soap::V11, header(&request, "soapaction")),
        Some("application/soap+xml") => (Soap::V12, parameter(content_type, "action")),
        _ => {
            return HttpResponse::UnsupportedMediaType().body("text/xml or application/soap+xml\n");
        }
    };
    let due = shop.arrive();
    if let Some((mode, millis)) = due
        && let Some(answer) = chaos::instead(mode, millis, soap).await
    {
        return answer;
    }
    match answer(&shop, soap, action, &body) {
        Ok(Answer::Body(body)) => {
            chaos::spoil(due.map(|(mode, _)| mode), answers::envelope(soap, &body), soap)
        }
        Ok(Answer::Nothing) => HttpResponse::Accepted().finish(),
        Ok(Answer::Orders(count)) => HttpResponse::Ok()
            .content_type(soap.content_type())
            .streaming(stream::orders(soap, count)),
        Err(fault) => HttpResponse::InternalServerError()
            .content_type(soap.content_type())
            .body(fault.envelope(soap)),
    }
}

fn answer(shop: &Shop, soap: Soap, action: Option<&str>, body: &[u8]) -> Result<Answer, Fault> {
    if soap == Soap::V11 && action.is_none() {
        return Err(malformed("SOAP 1.1 without a SOAPAction"));
    }
    let text = std::str::from_utf8(body).map_err(|_| malformed("not UTF-8"))?;
    let action = action.map(|it| it.trim_matches('"')).filter(|it| !it.is_empty());
    dispatch::answer(shop, soap, action, text)
}

async fn chaos_set(shop: web::Data<Shop>, chaos: web::Json<Chaos>) -> HttpResponse {
    shop.set_chaos(Some(*chaos));
    HttpResponse::Ok().json(shop.chaos())
}

async fn chaos_clear(shop: web::Data<Shop>) -> HttpResponse {
    shop.set_chaos(None);
    HttpResponse::NoContent().finish()
}

async fn chaos_get(shop: web::Data<Shop>) -> HttpResponse {
    HttpResponse::Ok().json(shop.chaos())
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

fn parameter<'a>(content_type: &'a str, name: &str) -> Option<&'a str> {
    let mut parameters = content_type.split(';').skip(1).filter_map(|it| it.split_once('='));
    parameters.find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
