//! What record and replay hang on a server: who hears of requests, who stands in for backends.

use std::sync::Arc;

use bytes::Bytes;

use crate::backend;
use crate::database;

/// Everything that is hung on a server; nothing in production.
#[derive(Clone, Default)]
pub struct Hooks {
    /// Hears of every request.
    pub recorder: Option<Arc<dyn Recorder>>,
    /// Answers in the place of SOAP and HTTP backends.
    pub backends: Option<Arc<dyn backend::StandIn>>,
    /// Answers in the place of databases.
    pub databases: Option<Arc<dyn database::StandIn>>,
    /// What can be asked and reset of who stands in, at `/replay/`.
    pub replay: Option<Arc<dyn Replay>>,
}

/// What can be asked and reset of who stands in.
pub trait Replay: Send + Sync {
    /// The states of scenarios: of one session, or of all.
    fn states(&self, session: Option<&str>) -> serde_json::Value;

    /// Puts every scenario of one session, or of all, back to its start.
    fn reset(&self, session: Option<&str>);

    /// The fixtures that have answered nothing yet, by name.
    fn unused(&self) -> Vec<String>;
}

/// A request as its caller sent it.
#[derive(Debug, Clone)]
pub struct Received {
    /// The route, as `GET /api/v1/orders/{orderId}`.
    pub route: String,
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
}

/// An answer as the caller got it.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Its status.
    pub status: u16,
    /// Its body, in the pieces it was sent in.
    pub body: Vec<Bytes>,
    /// Whether all of it was sent.
    pub is_whole: bool,
}

/// Hears of requests.
pub trait Recorder: Send + Sync {
    /// A request of a route has come; `None` where nobody wants to hear of it.
    fn begin(&self, request: Received) -> Option<Arc<dyn Recording>>;
}

/// Hears of one request: its body, its calls, its answer. Dropped, it is over.
pub trait Recording: backend::Witness + database::Witness {
    /// The body the caller sent.
    fn body(&self, text: &str);

    /// The answer the caller got. It must return at once.
    fn answered(&self, answer: Answered);
}
