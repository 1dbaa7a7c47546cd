//! Answers and problems as HTTP: the only place that writes a status.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};

use super::correlation::Correlation;
use crate::engine::Problem;
use crate::plan::{Retirement, RoutePlan};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// Turns a problem into its answer.
pub fn problem(
    request: &HttpRequest,
    correlation: &Correlation,
    route: Option<&RoutePlan>,
    problem: &Problem,
) -> HttpResponse {
    let mut builder = builder(problem.status, correlation, route);
    builder.insert_header((CONTENT_TYPE, PROBLEM_JSON));
    builder.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    if let Some(after) = problem.retry_after {
        let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
        builder.insert_header((RETRY_AFTER, HeaderValue::from(seconds.max(1))));
    }
    if let Some(allow) = problem.allow.as_deref().and_then(|a| HeaderValue::from_str(a).ok()) {
        builder.insert_header((ALLOW, allow));
    }
    if problem.status == 401 {
        // RFC 9110, section 15.5.2, and RFC 6750, section 3.
        builder.insert_header((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
    }
    builder.body(problem.body(request.uri().path(), &correlation.id))
}

/// An answer under construction, with the headers every answer has.
pub fn builder(
    status: u16,
    correlation: &Correlation,
    route: Option<&RoutePlan>,
) -> HttpResponseBuilder {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut builder = HttpResponse::build(status);
    if let Ok(id) = HeaderValue::from_str(&correlation.id) {
        builder.insert_header((X_REQUEST_ID, id));
    }
    if let Some(retirement) = route.and_then(|r| r.retirement.as_ref()) {
        retire(&mut builder, retirement);
    }
    builder
}

/// A JSON answer under construction.
pub fn json(status: u16, correlation: &Correlation, route: &RoutePlan) -> HttpResponseBuilder {
    let mut builder = builder(status, correlation, Some(route));
    builder.insert_header((CONTENT_TYPE, JSON));
    builder
}

fn retire(builder: &mut HttpResponseBuilder, retirement: &Retirement) {
    let mut insert = |name: HeaderName, value: &Option<String>| {
        if let Some(value) = value.as_deref().and_then(|v| HeaderValue::from_str(v).ok()) {
            builder.insert_header((name, value));
        }
    };
    insert(DEPRECATION, &retirement.deprecation);
    insert(SUNSET, &retirement.sunset);
}
