//! Answers of the console, with the headers every one has.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION,
    REFERRER_POLICY, SET_COOKIE, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::{HttpResponse, HttpResponseBuilder};
use maud::Markup;

/// Nothing but what this console serves itself; no script at all.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// How long a browser keeps the style sheet.
const KEPT: &str = "max-age=300";

/// Headers that every answer has. The referrer is kept within the console: without any,
/// browsers say nothing in `Origin`, by which forms are known.
fn builder(status: StatusCode, media_type: &'static str) -> HttpResponseBuilder {
    let mut builder = HttpResponse::build(status);
    for (name, value) in [
        (CONTENT_TYPE, media_type),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (OPENER, "same-origin"),
        (RESOURCE, "same-origin"),
    ] {
        builder.insert_header((name, HeaderValue::from_static(value)));
    }
    builder
}

/// A page.
pub(super) fn page(status: StatusCode, page: Markup) -> HttpResponse {
    builder(status, "text/html; charset=utf-8").body(page.into_string())
}

/// JSON.
pub(super) fn json(status: StatusCode, value: &serde_json::Value) -> HttpResponse {
    builder(status, "application/json").body(format!("{value}\n"))
}

/// A text: for Prometheus, or for who does not read pages.
pub(super) fn text(
    status: StatusCode,
    media_type: &'static str,
    text: impl Into<String>,
) -> HttpResponse {
    builder(status, media_type).body(text.into())
}

/// A part of pages that never changes.
pub(super) fn fixed(media_type: &'static str, text: &'static str) -> HttpResponse {
    let mut builder = builder(StatusCode::OK, media_type);
    builder.insert_header((CACHE_CONTROL, HeaderValue::from_static(KEPT)));
    builder.body(text)
}

/// Another page, by `GET`; with a cookie to keep.
pub(super) fn see_other(location: &str, cookie: Option<&str>) -> HttpResponse {
    let mut builder = builder(StatusCode::SEE_OTHER, "text/plain; charset=utf-8");
    if let Ok(location) = HeaderValue::from_str(location) {
        builder.insert_header((LOCATION, location));
    }
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(cookie).ok()) {
        builder.insert_header((SET_COOKIE, cookie));
    }
    builder.finish()
}

/// A token is needed (RFC 6750, section 3).
pub(super) fn unauthorized() -> HttpResponse {
    let mut builder = builder(StatusCode::UNAUTHORIZED, "text/plain; charset=utf-8");
    builder.insert_header((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
    builder.body("A token is needed: Authorization: Bearer <token>, or the page /login.\n")
}

/// Another method is needed.
pub(super) fn not_allowed(allow: &'static str) -> HttpResponse {
    let mut builder = builder(StatusCode::METHOD_NOT_ALLOWED, "text/plain; charset=utf-8");
    builder.insert_header((ALLOW, HeaderValue::from_static(allow)));
    builder.body(format!("Only {allow} here.\n"))
}
