//! Pages for people: the interactive documentation, the OpenAPI document, problem codes.

use std::sync::{Arc, LazyLock};

use actix_web::http::header::{CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH, LOCATION};
use actix_web::{HttpRequest, HttpResponse};
use utoipa_swagger_ui::Config;

use super::running::Running;
use crate::diagnostic::Code;

/// `/openapi.json`, with a validator so that tools can poll it cheaply.
pub(super) fn openapi(request: &HttpRequest, running: &Running) -> HttpResponse {
    let tag = running.openapi_tag.as_str();
    let known = request.headers().get(IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    // Weak comparison (RFC 9110, section 13.1.2): a proxy may have weakened the tag.
    let same = |t: &str| t == "*" || t.strip_prefix("W/").unwrap_or(t) == tag;
    if known.is_some_and(|known| known.split(',').any(|t| same(t.trim()))) {
        return HttpResponse::NotModified().insert_header((ETAG, tag)).finish();
    }
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((ETAG, tag))
        .insert_header(("Access-Control-Allow-Origin", "*"))
        .body(running.openapi.clone())
}

/// The interactive page; everything it needs is in this binary.
pub(super) fn page(rest: &str) -> Option<HttpResponse> {
    static CONFIG: LazyLock<Arc<Config<'static>>> =
        LazyLock::new(|| Arc::new(Config::from("/openapi.json").try_it_out_enabled(true)));
    let tail = match rest {
        "" => {
            return Some(
                HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish(),
            );
        }
        rest => rest.strip_prefix('/')?,
    };
    let file = utoipa_swagger_ui::serve(tail, Arc::clone(&CONFIG)).ok()??;
    Some(
        HttpResponse::Ok()
            .content_type(file.content_type)
            .insert_header((
                CONTENT_SECURITY_POLICY,
                "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; script-src 'self' 'unsafe-inline'",
            ))
            .body(file.bytes.into_owned()),
    )
}

/// What a problem code means: the page its `type` leads to.
pub(super) fn problem_page(code: &str) -> Option<HttpResponse> {
    let code = Code::ALL.iter().find(|c| c.as_str() == code && c.status() != 0)?;
    let text = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{code}</title>\
         <h1>{}</h1><p><code>{code}</code>, status {}</p><p>{}</p>",
        code.title(),
        code.status(),
        code.fix()
    );
    Some(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(text))
}

/// `/`: where to go.
pub(super) fn home(running: &Running) -> HttpResponse {
    let versions: Vec<serde_json::Value> = running
        .plan
        .versions
        .iter()
        .map(|v| serde_json::json!({"api": v.api, "version": v.version, "base": format!("/api/{}", v.version), "routes": v.routes.len()}))
        .collect();
    HttpResponse::Ok().json(serde_json::json!({
        "versions": versions,
        "openapi": "/openapi.json",
        "docs": "/docs/",
        "health": ["/health/live", "/health/ready"],
    }))
}
