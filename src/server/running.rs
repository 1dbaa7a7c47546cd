//! One plan, running.

use std::hash::BuildHasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;
use ring::rand::SecureRandom;
use tokio::sync::Semaphore;

use super::auth::Verifier;
use super::hooks::Hooks;
use super::table::Table;
use crate::backend::{Backend, Guard};
use crate::database::Database;
use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::migration::Migrations;
use crate::plan::{AuthPlan, BackendId, BackendKind, BackendPlan, Plan, SoapCall, Translator};
use crate::sql::CursorKey;

/// How long a request's body may take.
const BODY_TIME_MAX: Duration = Duration::from_secs(15);
/// What cursors are signed with where a recording and its replay have to give the same ones: no
/// secret. Nothing is lost by it, a cursor chooses where a page begins and no more.
const RECORDED_CURSORS: &[u8] = b"cursors of figleaf's recordings";
/// Bytes of answers that are kept to be compared, of all routes together.
const KEPT_BYTES_MAX: usize = 64 << 20;
/// Bytes of a key made here.
const CURSOR_KEY_BYTES: usize = 32;

/// A plan with everything it needs to answer: never changed, only swapped.
pub struct Running {
    /// The plan.
    pub plan: Plan,
    /// Its routes by method and path.
    pub table: Table,
    /// Its backends, by id.
    pub backends: Vec<Connected>,
    /// What is fixed of every route's calls, by route id.
    pub calls: Vec<FixedCalls>,
    /// Who verifies a route's callers, by route id; `None` lets all through.
    pub verifiers: Vec<Option<Arc<Verifier>>>,
    /// What record and replay hang on it.
    pub hooks: Hooks,
    /// Where routes with a candidate are; `None` where there is none.
    pub migrations: Option<Arc<Migrations>>,
    /// Room for answers kept to be compared, in bytes.
    pub(super) room: Arc<Semaphore>,
    /// `/openapi.json`
    pub openapi: Bytes,
    /// Its validator.
    pub openapi_tag: String,
}

/// What is fixed of a route's calls, built once.
#[derive(Debug, Clone, Default)]
pub struct FixedCalls {
    /// Headers every SOAP call has, by part; a route that is not composed is its only part.
    pub headers: Vec<reqwest::header::HeaderMap>,
}

/// A backend that can be called, shared by all workers.
#[derive(Clone)]
pub enum Connected {
    /// Over HTTP: SOAP, or a modern service.
    Http(Arc<Backend>),
    /// A SQL database.
    Sql(Arc<Database>),
}

impl Connected {
    fn new(plan: &BackendPlan, hooks: &Hooks) -> Result<Self, String> {
        let connected = match plan.kind {
            BackendKind::Sql => match &hooks.databases {
                Some(stand_in) => Ok(Database::with_stand_in(plan, Arc::clone(stand_in))),
                None => Database::new(plan),
            }
            .map(|database| Self::Sql(Arc::new(database))),
            BackendKind::Soap | BackendKind::Http => {
                let stand_in = hooks.backends.clone();
                Backend::new(plan).map(|b| Self::Http(Arc::new(b.with_stand_in(stand_in))))
            }
        };
        connected.map_err(|error| format!("backend `{}`: {}", plan.name, error.message))
    }

    /// Its name in the mapping.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Http(backend) => backend.name(),
            Self::Sql(database) => database.name(),
        }
    }

    /// Its breaker and bulkhead, to be looked at.
    #[must_use]
    pub fn guard(&self) -> &Guard {
        match self {
            Self::Http(backend) => backend.guard(),
            Self::Sql(database) => database.guard(),
        }
    }
}

impl Running {
    /// Starts a plan. Backends that did not change are taken over from `before`, so their
    /// connections and circuit breakers live on.
    pub fn start(plan: Plan, before: Option<&Self>) -> Result<Self, String> {
        let hooks = before.map(|before| before.hooks.clone()).unwrap_or_default();
        Self::hooked(plan, before, hooks)
    }

    /// The same, with who records it or stands in for its backends.
    pub fn hooked(plan: Plan, before: Option<&Self>, hooks: Hooks) -> Result<Self, String> {
        let table = Table::new(&plan)?;
        let mut backends = Vec::with_capacity(plan.backends.len());
        for backend in &plan.backends {
            let kept = before.and_then(|before| {
                let at = before.plan.backends.iter().position(|b| b == backend)?;
                before.backends.get(at).cloned()
            });
            backends.push(match kept {
                Some(kept) => kept,
                None => Connected::new(backend, &hooks)?,
            });
        }
        let calls = plan.routes.iter().map(fixed_calls).collect::<Result<Vec<_>, _>>()?;
        let verifiers = verifiers(&plan)?;
        let openapi = Bytes::from(crate::openapi::to_json(&crate::openapi::combined(&plan)));
        let openapi_tag = tag(&openapi);
        let migrations = before.and_then(|before| before.migrations.clone());
        let room = before.map(|before| Arc::clone(&before.room));
        let room = room.unwrap_or_else(|| Arc::new(Semaphore::new(KEPT_BYTES_MAX)));
        Ok(Self {
            plan,
            table,
            backends,
            calls,
            verifiers,
            hooks,
            migrations,
            room,
            openapi,
            openapi_tag,
        })
    }

    /// A backend over HTTP.
    pub(super) fn http(&self, id: BackendId) -> Result<&Arc<Backend>, Box<Problem>> {
        match self.backends.get(id.0 as usize) {
            Some(Connected::Http(backend)) => Ok(backend),
            _ => Err(other_kind(id)),
        }
    }

    /// A database.
    pub(super) fn database(&self, id: BackendId) -> Result<&Arc<Database>, Box<Problem>> {
        match self.backends.get(id.0 as usize) {
            Some(Connected::Sql(database)) => Ok(database),
            _ => Err(other_kind(id)),
        }
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

/// Plans are compiled so that this cannot be.
fn other_kind(id: BackendId) -> Box<Problem> {
    let internal = format!("backend number {} is of another kind than its route", id.0);
    Problem::new(Code::RequestInternal, "").internal(internal).into()
}

fn fixed_calls(route: &crate::plan::RoutePlan) -> Result<FixedCalls, String> {
    let of = |translator: &Translator| match translator {
        Translator::Soap(call) => fixed_headers(call),
        _ => Ok(reqwest::header::HeaderMap::new()),
    };
    let headers = match &route.translator {
        Translator::Compose(call) => call.parts.iter().map(|part| of(&part.translator)).collect(),
        translator => of(translator).map(|headers| vec![headers]),
    };
    Ok(FixedCalls { headers: headers? })
}

fn fixed_headers(call: &SoapCall) -> Result<reqwest::header::HeaderMap, String> {
    use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
    let mut headers = HeaderMap::new();
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
    Ok(headers)
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
    /// What cursors of paging are signed with: random, so cursors end with the process,
    /// where it is not set.
    pub cursors: Arc<CursorKey>,
}

impl Shared {
    /// State around a first plan.
    #[must_use]
    pub fn new(running: Running, in_flight_max: usize) -> Self {
        let cursors = if running.hooks.keep_statements() {
            CursorKey::new(RECORDED_CURSORS)
        } else {
            random_key()
        };
        Self {
            running: ArcSwap::from_pointee(running),
            draining: AtomicBool::new(false),
            in_flight: AtomicUsize::new(0),
            alone: AtomicUsize::new(0),
            in_flight_max,
            body_time_max: BODY_TIME_MAX,
            cursors: Arc::new(cursors),
        }
    }
}

/// A key nobody knows. Where the system's generator fails, what the standard library seeds
/// its maps with has to do.
fn random_key() -> CursorKey {
    let mut secret = [0; CURSOR_KEY_BYTES];
    if ring::rand::SystemRandom::new().fill(&mut secret).is_err() {
        let seed = std::hash::RandomState::new();
        for (at, bytes) in secret.chunks_mut(8).enumerate() {
            bytes.copy_from_slice(&seed.hash_one(at).to_be_bytes()[..bytes.len()]);
        }
    }
    CursorKey::new(&secret)
}

/// A strong validator of a document (RFC 9110, section 8.8.3).
fn tag(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(bytes);
    let hex: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}
