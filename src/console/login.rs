//! Coming in by a browser, and leaving.

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, ORIGIN};
use actix_web::{HttpRequest, HttpResponse};

use super::form::Form;
use super::listener::Console;
use super::principal::{COOKIE_NAME, session};
use super::sessions::SESSION_TIME_MAX;
use super::{Access, page, respond};

/// The page that asks for a token.
pub(super) fn page(console: &Console, status: StatusCode, wrong: Option<&str>) -> HttpResponse {
    match console.access {
        Access::Local => respond::see_other("/", None),
        Access::Tokens(_) => respond::page(status, page::login(wrong)),
    }
}

/// Takes a token, and gives a cookie for it.
pub(super) fn enter(console: &Console, request: &HttpRequest, form: &Form) -> HttpResponse {
    let Access::Tokens(tokens) = &console.access else { return respond::see_other("/", None) };
    let Some(holder) = tokens.holder(form.get("token").trim()) else {
        let peer = request.peer_addr().map(|address| address.to_string()).unwrap_or_default();
        tracing::warn!(peer, "somebody came to the console with a token that is none");
        return page(console, StatusCode::FORBIDDEN, Some("Nobody has this token."));
    };
    let Some(name) = console.sessions.begin(&holder.name, holder.role) else {
        let words = "This system has no random numbers for a session.";
        return page(console, StatusCode::SERVICE_UNAVAILABLE, Some(words));
    };
    tracing::info!(name = holder.name, role = %holder.role, "somebody came to the console");
    respond::see_other("/", Some(&cookie(request, &name, SESSION_TIME_MAX.as_secs())))
}

/// Forgets the session.
pub(super) fn leave(console: &Console, request: &HttpRequest) -> HttpResponse {
    if let Some(name) = session(request) {
        console.sessions.end(name);
    }
    respond::see_other("/login", Some(&cookie(request, "", 0)))
}

/// People are led to the form; programs are told.
pub(super) fn needed(request: &HttpRequest) -> HttpResponse {
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/html")) {
        return respond::see_other("/login", None);
    }
    respond::unauthorized()
}

/// RFC 6265; no script reads it and no other site sends it. A page that came over TLS keeps it
/// there.
fn cookie(request: &HttpRequest, name: &str, seconds: u64) -> String {
    let origin = request.headers().get(ORIGIN).and_then(|value| value.to_str().ok());
    let secure = if origin.is_some_and(|o| o.starts_with("https://")) { "; Secure" } else { "" };
    format!("{COOKIE_NAME}={name}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}
