//! One plan, running.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;

use super::auth::Verifier;
use super::table::Table;
use crate::backend::Backend;
use crate::plan::{AuthPlan, Plan, Translator};

/// How long a request's body may take.
const BODY_TIME_MAX: Duration = Duration::from_secs(15);

/// A plan with everything it needs to answer: never changed, only swapped.
pub struct Running {
    /// The plan.
    pub plan: Plan,
    /// Its routes by method and path.
    pub table: Table,
    /// Its backends, by id.
    pub backends: Vec<Arc<Backend>>,
    /// What is fixed of every route's call, by route id.
    pub calls: Vec<FixedCall>,
    /// Who verifies a route's callers, by route id; `None` lets all through.
    pub verifiers: Vec<Option<Arc<Verifier>>>,
    /// `/openapi.json`
    pub openapi: Bytes,
    /// Its validator.
    pub openapi_tag: String,
}

/// Headers and address of a route's call, built once.
#[derive(Debug, Clone)]
pub struct FixedCall {
    /// Headers every call of the route has.
    pub headers: reqwest::header::HeaderMap,
}

impl Running {
    /// Starts a plan. Backends that did not change are taken over from `before`, so their
    /// connections and circuit breakers live on.
    pub fn start(plan: Plan, before: Option<&Self>) -> Result<Self, String> {
        let table = Table::new(&plan)?;
        let mut backends = Vec::with_capacity(plan.backends.len());
        for backend in &plan.backends {
            let kept = before.and_then(|before| {
                let at = before.plan.backends.iter().position(|b| b == backend)?;
                before.backends.get(at).cloned()
            });
            backends.push(match kept {
                Some(kept) => kept,
                None => {
                    Arc::new(Backend::new(backend).map_err(|error| {
                        format!("backend `{}`: {}", backend.name, error.message)
                    })?)
                }
            });
        }
        let calls = plan.routes.iter().map(fixed_call).collect::<Result<Vec<_>, _>>()?;
        let verifiers = verifiers(&plan)?;
        let openapi = Bytes::from(crate::openapi::to_json(&crate::openapi::combined(&plan)));
        let openapi_tag = tag(&openapi);
        Ok(Self { plan, table, backends, calls, verifiers, openapi, openapi_tag })
    }
}

/// One verifier for each way of asking, shared by the routes that ask so.
fn verifiers(plan: &Plan) -> Result<Vec<Option<Arc<Verifier>>>, String> {
    let mut known: Vec<(&AuthPlan, Arc<Verifier>)> = Vec::new();
    let mut of = |auth| -> Result<Arc<Verifier>, String> {
        if let Some((_, verifier)) = known.iter().find(|(plan, _)| *plan == auth) {
            return Ok(Arc::clone(verifier));
        }
        let verifier = Arc::new(Verifier::new(auth).map_err(|error| format!("`auth`: {error}"))?);
        known.push((auth, Arc::clone(&verifier)));
        Ok(verifier)
    };
    plan.routes.iter().map(|route| route.auth.as_deref().map(&mut of).transpose()).collect()
}

fn fixed_call(route: &crate::plan::RoutePlan) -> Result<FixedCall, String> {
    use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
    let mut headers = HeaderMap::new();
    if let Translator::Soap(call) = &route.translator {
        let value = |text: &str| {
            HeaderValue::from_str(text).map_err(|_| format!("`{text}` is not a header value"))
        };
        headers.insert(CONTENT_TYPE, value(&call.content_type)?);
        headers.insert(
            ACCEPT,
            HeaderValue::from_static("text/xml, application/soap+xml, application/xml;q=0.9"),
        );
        if let Some(action) = &call.soap_action {
            headers.insert(HeaderName::from_static("soapaction"), value(action)?);
        }
    }
    Ok(FixedCall { headers })
}

/// What all workers share.
pub struct Shared {
    /// The plan in force.
    pub running: ArcSwap<Running>,
    /// Whether new requests should go elsewhere: shutting down.
    pub draining: AtomicBool,
    /// Requests being answered.
    pub in_flight: AtomicUsize,
    /// Writes being done whose callers have left.
    pub alone: AtomicUsize,
    /// The most requests that may be answered at once.
    pub in_flight_max: usize,
    /// A request's body must be here this long after its head.
    pub body_time_max: Duration,
}

impl Shared {
    /// State around a first plan.
    #[must_use]
    pub fn new(running: Running, in_flight_max: usize) -> Self {
        Self {
            running: ArcSwap::from_pointee(running),
            draining: AtomicBool::new(false),
            in_flight: AtomicUsize::new(0),
            alone: AtomicUsize::new(0),
            in_flight_max,
            body_time_max: BODY_TIME_MAX,
        }
    }
}

/// A strong validator of a document (RFC 9110, section 8.8.3).
fn tag(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(bytes);
    let hex: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}
