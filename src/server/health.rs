//! Whether the process lives, and whether it should get traffic.

use std::sync::atomic::Ordering;

use actix_web::HttpResponse;
use serde_json::json;

use super::running::{Running, Shared};
use crate::backend::CircuitState;

/// The event loop turns: that is all liveness means. A dead backend must not restart us.
pub(super) fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "live"}))
}

/// A plan is loaded and we are not shutting down. Backends are listed, not judged: one that
/// is down makes its routes fail, not the others.
pub(super) fn ready(running: &Running, shared: &Shared) -> HttpResponse {
    let draining = shared.draining.load(Ordering::Relaxed);
    let backends: serde_json::Map<String, serde_json::Value> = running
        .backends
        .iter()
        .map(|backend| {
            let state = match backend.guard().state() {
                CircuitState::Closed => "closed",
                CircuitState::Open => "open",
                CircuitState::HalfOpen => "half-open",
            };
            (backend.name().to_owned(), json!({"circuit": state}))
        })
        .collect();
    let mut builder =
        if draining { HttpResponse::ServiceUnavailable() } else { HttpResponse::Ok() };
    builder.json(json!({
        "status": if draining { "draining" } else { "ready" },
        "routes": running.plan.served(),
        "backends": backends,
    }))
}
