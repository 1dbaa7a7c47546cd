//! What a server says and does only where fixtures answer in the place of its backends.

use std::cell::RefCell;
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::correlation::Correlation;
use super::hooks::Replay;
use super::respond;
use crate::diagnostic::Code;
use crate::engine::Problem;

/// Tells callers apart whose scenarios are not to be mixed.
const FIGLEAF_SESSION: &str = "figleaf-session";
/// Bytes of its value.
const SESSION_BYTES_MAX: usize = 128;
/// How an answer was found: `exact; fixture=shop/GetOrder/one-line`.
const FIGLEAF_REPLAY: HeaderName = HeaderName::from_static("figleaf-replay");
/// Fixtures of one answer that are named in its header.
const NAMED_MAX: usize = 16;

tokio::task_local! {
    /// How the calls of the request at hand were answered.
    static PLAYED: RefCell<Vec<String>>;
}

/// Notes how a call of the request at hand was answered. It is shown in a header of the answer;
/// a call that no longer belongs to a request is not noted.
pub fn played(how: impl FnOnce() -> String) {
    let _ = PLAYED.try_with(|played| {
        let mut played = played.borrow_mut();
        if played.len() < NAMED_MAX {
            played.push(how());
        }
    });
}

/// Answers a request whose calls fixtures answer, and says which did.
pub(super) async fn told(answer: impl Future<Output = HttpResponse>) -> HttpResponse {
    let told = async {
        let mut response = answer.await;
        let played = PLAYED.with(|played| played.borrow().join(", "));
        if let Some(value) = HeaderValue::from_str(&played).ok().filter(|v| !v.is_empty()) {
            response.headers_mut().insert(FIGLEAF_REPLAY, value);
        }
        response
    };
    PLAYED.scope(RefCell::default(), told).await
}

/// The session a request belongs to.
///
/// # Errors
/// Where its name is too long, or not visible ASCII.
pub(super) fn session(request: &HttpRequest) -> Result<Option<Arc<str>>, Box<Problem>> {
    let Some(value) = request.headers().get(FIGLEAF_SESSION) else { return Ok(None) };
    let name = value.to_str().ok().filter(|name| name.len() <= SESSION_BYTES_MAX);
    let name = name.ok_or_else(|| {
        let detail = format!(
            "{FIGLEAF_SESSION} takes up to {SESSION_BYTES_MAX} visible characters of ASCII"
        );
        Box::new(Problem::new(Code::RequestInvalid, detail))
    })?;
    Ok((!name.is_empty()).then(|| name.into()))
}

/// `/replay/scenarios` and `/replay/unused`.
pub(super) fn page(request: &HttpRequest, replay: &dyn Replay) -> Option<HttpResponse> {
    let path = request.uri().path().strip_prefix("/replay/")?;
    let session = request.uri().query().and_then(session_of);
    let session = session.as_deref();
    let answer = match (path, request.method()) {
        ("scenarios", &Method::GET) => json(&replay.states(session)),
        ("scenarios", &Method::DELETE) => {
            replay.reset(session);
            HttpResponse::NoContent().finish()
        }
        ("unused", &Method::GET) => json(&json!({ "unused": replay.unused() })),
        ("scenarios" | "unused", _) => {
            let allow = if path == "unused" { "GET" } else { "GET, DELETE" };
            let mut problem = Problem::new(Code::RequestMethod, format!("it answers {allow}"));
            problem.allow = Some(allow.to_owned());
            respond::problem(request, &Correlation::of(request), None, &problem)
        }
        _ => return None,
    };
    Some(answer)
}

/// The value of `session=` in a query.
fn session_of(query: &str) -> Option<String> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("session="))?;
    Some(percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned())
}

fn json(value: &serde_json::Value) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(value.to_string())
}
