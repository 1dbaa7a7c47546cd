//! One request, from top to bottom: by what name, who, what.

use std::time::Duration;

use actix_web::http::{Method, StatusCode, header};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::StreamExt;

use super::form::Form;
use super::listener::Console;
use super::principal::{Principal, principal};
use super::{Access, action, link, login, metrics, page, respond, same_origin};
use crate::migration::{MigrationError, status_json};

/// Bytes of a form.
const FORM_BYTES_MAX: usize = 16 * 1024;
/// A form must be here in this time.
const FORM_TIME_MAX: Duration = Duration::from_secs(5);
/// The form browsers send.
const FORM_TYPE: &str = "application/x-www-form-urlencoded";
/// Why a console without tokens does not answer to another name, and what to do.
const LOCAL_ONLY: &str = "This console knows nobody by a token, so it answers to localhost and \
                          127.0.0.1 alone. For another name: figleaf serve --console-tokens FILE.\n";
/// Prometheus' text format.
const METRICS_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Answers one request.
pub(super) async fn handle(
    request: HttpRequest,
    payload: Payload,
    console: Data<Console>,
) -> HttpResponse {
    let path = request.uri().path();
    let (gets, posts) =
        (matches!(*request.method(), Method::GET | Method::HEAD), request.method() == Method::POST);
    if matches!(console.access, Access::Local) && !same_origin::is_local_name(&request) {
        return plain(StatusCode::MISDIRECTED_REQUEST, LOCAL_ONLY);
    }
    match path {
        "/style.css" if gets => return respond::fixed("text/css; charset=utf-8", page::STYLE),
        "/icon.svg" if gets => return respond::fixed("image/svg+xml", page::ICON),
        "/login" if gets => return login::page(&console, StatusCode::OK, None),
        "/login" | "/logout" if posts => {
            return match form(&request, payload).await {
                Ok(form) if path == "/login" => login::enter(&console, &request, &form),
                Ok(_) => login::leave(&console, &request),
                Err(answer) => answer,
            };
        }
        "/login" => return respond::not_allowed("GET, POST"),
        "/logout" => return respond::not_allowed("POST"),
        _ => {}
    }
    let Some(who) = principal(&console.access, &console.sessions, &request) else {
        return login::needed(&request);
    };
    let is_route = path.starts_with(link::ROUTES);
    if posts && is_route {
        return match form(&request, payload).await {
            Ok(form) => action::act(&console, &who, path, &form).await,
            Err(answer) => answer,
        };
    }
    let known = is_route || matches!(path, "/" | "/audit" | "/api/status" | "/metrics");
    if known && !gets {
        return respond::not_allowed(if is_route { "GET, POST" } else { "GET" });
    }
    let shown = match path {
        "/" => page::overview(&console, &who).await,
        "/audit" => page::audit(&console, &who, request.query_string()).await,
        "/api/status" => Ok(status(&console).await),
        "/metrics" => {
            let text = metrics::metrics(&console).await;
            Ok(respond::text(StatusCode::OK, METRICS_TYPE, text))
        }
        _ if is_route => page::route(&console, &who, path, request.query_string()).await,
        _ => Ok(not_found(&who)),
    };
    shown.unwrap_or_else(|error| unavailable(&who, &error))
}

/// What there is to see, as JSON.
async fn status(console: &Console) -> HttpResponse {
    let routes = match console.migrations() {
        Some(migrations) => match migrations.status().await {
            Ok(routes) => routes,
            Err(error) => {
                tracing::warn!(%error, "the console cannot tell where routes are");
                let said = serde_json::json!({ "error": "the store does not answer" });
                return respond::json(StatusCode::SERVICE_UNAVAILABLE, &said);
            }
        },
        None => Vec::new(),
    };
    respond::json(StatusCode::OK, &status_json(&routes))
}

/// Reads a form that a page of this console sent, and nothing else.
async fn form(request: &HttpRequest, mut payload: Payload) -> Result<Form, HttpResponse> {
    if !same_origin::is_same_origin(request) {
        tracing::warn!(path = request.uri().path(), "a form of another origin was refused");
        let words = "This form was not sent by a page of this console.\n";
        return Err(plain(StatusCode::FORBIDDEN, words));
    }
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let media_type = media_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case(FORM_TYPE) {
        return Err(plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Only forms are taken here.\n"));
    }
    let read = async {
        let mut bytes = Vec::new();
        while let Some(Ok(chunk)) = payload.next().await {
            if bytes.len() + chunk.len() > FORM_BYTES_MAX {
                return None;
            }
            bytes.extend_from_slice(&chunk);
        }
        Some(bytes)
    };
    match tokio::time::timeout(FORM_TIME_MAX, read).await {
        Ok(Some(bytes)) => Ok(Form::parse(&String::from_utf8_lossy(&bytes))),
        Ok(None) => Err(plain(StatusCode::PAYLOAD_TOO_LARGE, "The form is too large.\n")),
        Err(_) => Err(plain(StatusCode::REQUEST_TIMEOUT, "The form took too long.\n")),
    }
}

fn plain(status: StatusCode, words: &str) -> HttpResponse {
    respond::text(status, "text/plain; charset=utf-8", words)
}

/// There is no such page.
pub(super) fn not_found(who: &Principal) -> HttpResponse {
    let words = "There is no such page, or no such route with a candidate.";
    respond::page(StatusCode::NOT_FOUND, page::message(who, "Not found", words))
}

/// The store does not answer: nothing can be shown, and nothing moves.
pub(super) fn unavailable(who: &Principal, error: &MigrationError) -> HttpResponse {
    tracing::warn!(%error, "the console cannot show what it is asked for");
    let words = "The store of stages and evidence does not answer. Every route stays where it is \
                 until it does; the log says why.";
    respond::page(StatusCode::SERVICE_UNAVAILABLE, page::message(who, "No answer", words))
}
