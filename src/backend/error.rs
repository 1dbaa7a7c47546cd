//! What went wrong with a call, and what is known of its effect.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::diagnostic::Code;
use crate::plan::Outcome;

/// A call that gave no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendError {
    /// Its row in the table of codes.
    pub code: Code,
    /// What is known of its effect.
    pub outcome: Outcome,
    /// For the log: a lower-case fragment without addresses, headers or bodies.
    pub detail: String,
    /// When trying again makes sense; `None` where nothing is known.
    pub retry_after: Option<Duration>,
    /// What whoever stood in for the backend tells the caller; nothing in production.
    pub told: Option<Arc<Told>>,
}

/// What the caller of the facade is told beside the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The `detail` of the problem.
    pub detail: String,
    /// Its extension members (RFC 9457, section 3.2).
    pub members: Map<String, Value>,
}

impl BackendError {
    pub(crate) fn new(code: Code, outcome: Outcome, detail: impl Into<String>) -> Self {
        Self { code, outcome, detail: detail.into(), retry_after: None, told: None }
    }

    pub(crate) fn not_sent(code: Code, detail: impl Into<String>) -> Self {
        Self::new(code, Outcome::NotSent, detail)
    }

    pub(crate) fn unknown(code: Code, detail: impl Into<String>) -> Self {
        Self::new(code, Outcome::Unknown, detail)
    }

    pub(crate) fn after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// What the caller of the facade is to be told beside the code.
    pub(crate) fn telling(mut self, told: Told) -> Self {
        self.told = Some(Arc::new(told));
        self
    }

    /// Whether the backend is not to blame: the caller of the facade is, or a missing fixture.
    pub(super) fn is_callers(&self) -> bool {
        self.code.group() == crate::diagnostic::Group::Request || self.code == Code::ReplayMiss
    }
}

impl fmt::Display for BackendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.code, self.outcome.as_str(), self.detail)
    }
}

impl StdError for BackendError {}

/// Why the body of a *request* broke off while it was being sent on: the caller's doing.
/// A request body stream yields it; [`Backend::call`](super::Backend::call) gives its code
/// back and does not blame the backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyError(
    /// A code of the request group.
    pub Code,
);

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the request body broke off: {}", self.0)
    }
}

impl StdError for BodyError {}

/// Where a call was when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Before the answer's head; `sent` is false only where it is certain that no byte of
    /// the request was written.
    Head {
        /// Whether a byte may have been written.
        sent: bool,
    },
    /// In the answer's body.
    Body,
}

/// What the chain of causes under a client error says.
#[derive(Default)]
struct Causes {
    io: Option<io::ErrorKind>,
    tls: Option<rustls::Error>,
    callers: Option<BodyError>,
    incomplete: bool,
    parse: bool,
    text: String,
}

/// Links of a chain that are followed, in number.
const CAUSES_MAX: usize = 16;

impl Causes {
    fn of(error: &reqwest::Error) -> Self {
        let mut causes = Self::default();
        let mut next: Option<&(dyn StdError + 'static)> = error.source();
        for _ in 0..CAUSES_MAX {
            let Some(error) = next else { break };
            causes.note(error);
            next = step(error);
        }
        causes
    }

    fn note(&mut self, error: &(dyn StdError + 'static)) {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            self.io = Some(error.kind());
        } else if let Some(error) = error.downcast_ref::<rustls::Error>() {
            self.tls = Some(error.clone());
        } else if let Some(error) = error.downcast_ref::<BodyError>() {
            self.callers = Some(*error);
        } else if let Some(error) = error.downcast_ref::<hyper::Error>() {
            self.parse |= error.is_parse();
            self.incomplete |= error.is_incomplete_message();
        } else if error.is::<reqwest::Error>() {
            return; // its text may hold the address
        }
        let text = error.to_string();
        if self.text.ends_with(&text) {
            return; // a cause that only repeats what wraps it
        }
        if !self.text.is_empty() {
            self.text.push_str(": ");
        }
        self.text.push_str(&text);
    }
}

/// The next link. An `io::Error` that wraps another hides it from `source()`.
fn step<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

/// Turns a client error into ours.
pub(super) fn classify(error: &reqwest::Error, phase: Phase, https: bool) -> BackendError {
    let causes = Causes::of(error);
    if let Some(BodyError(code)) = causes.callers {
        return BackendError::unknown(code, "the caller's request body broke off");
    }
    if error.is_builder() {
        return BackendError::not_sent(Code::BackendRefused, "the request could not be built");
    }
    if error.is_dns() {
        return BackendError::not_sent(Code::BackendDns, causes.text);
    }
    if error.is_connect() {
        return connecting(error, causes, https);
    }
    match phase {
        Phase::Body => reading(causes),
        Phase::Head { sent } => waiting(causes, sent),
    }
}

fn connecting(error: &reqwest::Error, causes: Causes, https: bool) -> BackendError {
    if causes.tls.is_some() {
        return BackendError::not_sent(Code::BackendTls, causes.text);
    }
    if error.is_timeout() {
        let detail = "no connection within the connect timeout";
        return BackendError::not_sent(Code::BackendRefused, detail);
    }
    let code = match causes.io {
        Some(
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::InvalidData
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::BrokenPipe,
        ) if https => Code::BackendTls,
        _ => Code::BackendRefused,
    };
    BackendError::not_sent(code, causes.text)
}

fn waiting(causes: Causes, sent: bool) -> BackendError {
    if let Some(rustls::Error::AlertReceived(alert)) = &causes.tls {
        let detail = format!(
            "the backend closed TLS with `{alert:?}`: it may want a client certificate, or \
             another one"
        );
        return BackendError::new(Code::BackendTls, Outcome::Rejected, detail);
    }
    if causes.parse {
        return BackendError::unknown(Code::BackendNotHttp, causes.text);
    }
    let outcome = if sent { Outcome::Unknown } else { Outcome::NotSent };
    BackendError::new(Code::BackendReset, outcome, causes.text)
}

fn reading(causes: Causes) -> BackendError {
    let code = match causes.io {
        Some(io::ErrorKind::UnexpectedEof) => Code::BackendTruncated,
        Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => Code::BackendNotHttp,
        None if causes.incomplete => Code::BackendTruncated,
        _ => Code::BackendReset,
    };
    BackendError::unknown(code, causes.text)
}
