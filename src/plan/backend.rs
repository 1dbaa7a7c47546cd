//! Backends as data.

use std::path::PathBuf;
use std::time::Duration;

use super::Secret;
use crate::redact::RedactRules;

/// Index into the plan's backends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BackendId(pub u32);

/// One legacy or modern system and how it is called.
#[derive(Debug, Clone, PartialEq)]
pub struct BackendPlan {
    /// Its name in the mapping.
    pub name: String,
    /// What is spoken with it.
    pub kind: BackendKind,
    /// Its address: absolute http or https. A SOAP backend is posted to exactly this; an
    /// HTTP backend has the route's path appended. Of a database only what may be shown.
    pub url: String,
    /// Set where it is a database.
    pub database: Option<super::DatabasePlan>,
    /// Limits in time.
    pub timeout: Timeouts,
    /// Repeated attempts of reads.
    pub retry: Retry,
    /// When to leave it alone.
    pub breaker: Breaker,
    /// Limits in number and size.
    pub limits: BackendLimits,
    /// Certificates; `None` trusts the platform's.
    pub tls: Option<Tls>,
    /// `Authorization: Basic`.
    pub basic: Option<(String, Secret)>,
    /// What is a secret in its messages, beside what always is.
    pub redact: RedactRules,
    /// Fixed headers sent with each call.
    pub headers: Vec<(String, Secret)>,
}

/// The kinds of backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackendKind {
    /// SOAP over HTTP.
    Soap,
    /// A modern HTTP service that is passed through.
    Http,
    /// A SQL database.
    Sql,
}

/// Limits in time; both always set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// To a usable connection, TLS included.
    pub connect: Duration,
    /// From the first attempt's start to the last byte of the answer.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(1), total: Duration::from_secs(5) }
    }
}

/// Repeated attempts, of operations declared safe only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Attempts in all; 1 means no retry.
    pub attempts: u32,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 2 }
    }
}

/// The circuit breaker's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breaker {
    /// Failures in a row that open it.
    pub failures: u32,
    /// How long it stays open before a probe is let through.
    pub open: Duration,
    /// Probes let through at once while half-open.
    pub probes: u32,
}

impl Default for Breaker {
    fn default() -> Self {
        Self { failures: 5, open: Duration::from_secs(10), probes: 1 }
    }
}

/// Limits in number and size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackendLimits {
    /// Calls at once.
    pub in_flight: u32,
    /// Bytes of an answer after decompression; 0 is no limit.
    pub response_bytes: u64,
}

impl Default for BackendLimits {
    fn default() -> Self {
        Self { in_flight: 64, response_bytes: 1 << 30 }
    }
}

/// Certificates of one backend, PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// Authorities to trust instead of the platform's.
    pub ca: Option<PathBuf>,
    /// Our certificate chain.
    pub cert: Option<PathBuf>,
    /// Our key.
    pub key: Option<PathBuf>,
}
