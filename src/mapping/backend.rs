//! Backends as they are written.

use std::time::Duration;

use super::credentials::{Basic, Tls, UsernameToken, basic, tls, username_token};
use super::document::map;
use super::fields::Fields;
use super::interpolate::Text;
use super::keys::{
    BACKEND, LIMITS, LIMITS_NOT_OF_SQL, NOT_OF_HTTP, NOT_OF_SOAP, NOT_OF_SQL, POOL, RETRY,
};
use super::limits::{Breaker, Limits, Timeout, breaker, duration, limits, timeout};
use super::node::{Entry, Spanned};
use super::open::{AnyForms, Open, any, open};
use super::reader::Context;
use super::redact::{Redact, redact};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::Secret;
use crate::sql::Dialect;

/// One backend. What is `None` or empty was not written, or was wrong and is reported.
#[derive(Debug, Clone, PartialEq)]
pub struct Backend {
    /// Its name in routes.
    pub name: Spanned<String>,
    /// What is spoken with it; `None` only where that was wrong and is reported.
    pub kind: Option<BackendKind>,
    /// The service of the contract.
    pub service: Option<Spanned<String>>,
    /// The port of the service.
    pub port: Option<Spanned<String>>,
    /// The address of a SOAP backend, instead of the contract's.
    pub url: Option<Spanned<Text>>,
    /// Limits in time.
    pub timeout: Timeout,
    /// Attempts in all.
    pub attempts: Option<Spanned<u32>>,
    /// The circuit breaker.
    pub breaker: Breaker,
    /// Limits in number and size.
    pub limits: Limits,
    /// Certificates.
    pub tls: Option<Spanned<Tls>>,
    /// The UsernameToken of WS-Security.
    pub username_token: Option<Spanned<UsernameToken>>,
    /// `Authorization: Basic`.
    pub basic: Option<Spanned<Basic>>,
    /// Headers sent with each call.
    pub headers: Vec<(Spanned<String>, Spanned<Secret>)>,
    /// What is a secret in recordings.
    pub redact: Redact,
    /// Connections of a database.
    pub pool: Pool,
    /// How JSON names are made.
    pub naming: Option<Spanned<Naming>>,
    /// How large numbers are written.
    pub numbers: Option<Spanned<Numbers>>,
    /// JSON names given by hand: schema name, JSON name.
    pub names: Vec<(Spanned<String>, Spanned<String>)>,
    /// How what no schema describes is carried.
    pub any: AnyForms,
    /// Members that hold a document of their own.
    pub open: Vec<Open>,
    /// Whether an answer that deviates from the contract is refused.
    pub strict: Option<Spanned<bool>>,
    /// Sent instead of the contract's SOAPAction.
    pub soap_action: Option<Spanned<String>>,
    /// Sent instead of the SOAP version's Content-Type.
    pub content_type: Option<Spanned<String>>,
}

/// What is spoken with a backend.
#[derive(Debug, Clone, PartialEq)]
pub enum BackendKind {
    /// SOAP, by this contract: a path relative to the mapping file.
    Soap(Spanned<String>),
    /// HTTP, at this address.
    Http(Spanned<Text>),
    /// PostgreSQL, at this address.
    Postgres(Spanned<Text>),
    /// SQLite, in this file: a path relative to the mapping file.
    Sqlite(Spanned<Text>),
}

impl BackendKind {
    /// The key it is written as.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Soap(_) => "soap",
            Self::Http(_) => "http",
            Self::Postgres(_) => "postgres",
            Self::Sqlite(_) => "sqlite",
        }
    }

    /// The key of routes that use it.
    pub const fn route_key(&self) -> &'static str {
        match self {
            Self::Soap(_) => "soap",
            Self::Http(_) => "http",
            Self::Postgres(_) | Self::Sqlite(_) => "sql",
        }
    }

    /// What statements for it are written in; `None` where it takes none.
    pub const fn dialect(&self) -> Option<Dialect> {
        match self {
            Self::Postgres(_) => Some(Dialect::Postgres),
            Self::Sqlite(_) => Some(Dialect::Sqlite),
            Self::Soap(_) | Self::Http(_) => None,
        }
    }
}

/// Connections of a database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pool {
    /// Of reads, and as many of writes.
    pub size: Option<Spanned<u32>>,
    /// Of long answers.
    pub stream: Option<Spanned<u32>>,
    /// How long a call waits for a free one.
    pub wait: Option<Spanned<Duration>>,
}

/// How JSON names are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// `lowerCamelCase`, acronyms included.
    Camel,
    /// As in the schema.
    Preserve,
}

/// How large numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// The digits the backend sent, as a JSON number.
    Exact,
    /// As strings.
    String,
}

pub(super) fn backend(cx: &mut Context<'_>, entry: &Entry) -> Option<Backend> {
    check_name(cx, &entry.key);
    let fields = cx.fields(&entry.value, entry.key.span, &BACKEND)?;
    let kind = kind(cx, &fields);
    match &kind {
        Some(BackendKind::Soap(_)) => fields.refuse(cx, NOT_OF_SOAP, "a SOAP backend"),
        Some(BackendKind::Http(_)) => fields.refuse(cx, NOT_OF_HTTP, "an HTTP backend"),
        Some(BackendKind::Postgres(_)) => refuse_of_sql(cx, &fields),
        Some(BackendKind::Sqlite(_)) => {
            refuse_of_sql(cx, &fields);
            fields.refuse(cx, &["tls"], "a file");
        }
        None => {}
    }
    Some(Backend {
        name: entry.key.clone(),
        kind,
        service: fields.string(cx, "service"),
        port: fields.string(cx, "port"),
        url: fields.text(cx, "url").and_then(|url| check_url(cx, url)),
        timeout: timeout(cx, fields.get("timeout")),
        attempts: fields.section(cx, "retry", &RETRY).and_then(|f| f.integer(cx, "attempts")),
        breaker: breaker(cx, &fields),
        limits: limits(cx, &fields),
        tls: tls(cx, &fields),
        username_token: username_token(cx, &fields),
        basic: basic(cx, &fields),
        headers: map(cx, fields.get("headers"), |text| Secret::new(text.value)),
        redact: redact(cx, &fields),
        pool: pool(cx, &fields),
        naming: fields.word(cx, "naming", &[Naming::Camel, Naming::Preserve]),
        numbers: fields.word(cx, "numbers", &[Numbers::Exact, Numbers::String]),
        names: map(cx, fields.get("names"), |text| text.value),
        any: any(cx, &fields),
        open: open(cx, &fields),
        strict: fields.boolean(cx, "strict"),
        soap_action: fields.string(cx, "soap_action"),
        content_type: fields.string(cx, "content_type"),
    })
}

fn refuse_of_sql(cx: &mut Context<'_>, fields: &Fields<'_>) {
    fields.refuse(cx, NOT_OF_SQL, "a database");
    if let Some(limits) = fields.known_section("limits", &LIMITS) {
        limits.refuse(cx, LIMITS_NOT_OF_SQL, "a database");
    }
}

fn pool(cx: &mut Context<'_>, fields: &Fields<'_>) -> Pool {
    let Some(fields) = fields.section(cx, "pool", &POOL) else { return Pool::default() };
    Pool {
        size: fields.integer(cx, "size"),
        stream: fields.integer(cx, "stream"),
        wait: duration(cx, &fields, "wait"),
    }
}

fn check_name(cx: &mut Context<'_>, name: &Spanned<String>) {
    let mut chars = name.value.chars();
    let head = chars.next().is_some_and(|c| c.is_ascii_alphabetic());
    if !head || !chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
        let message = format!("`{}` is not a name for a backend", name.value);
        let help = "letters, digits, `_` and `-`, a letter first";
        cx.report.push(Diagnostic::error(Code::MappingValue, name.span, message).help(help));
    }
}

fn kind(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<BackendKind> {
    let only = fields.only(cx)?;
    let text = cx.text(&only.value, only.key.span)?;
    match only.key.value.as_str() {
        "soap" => Some(BackendKind::Soap(text.map(|text| text.value))),
        "postgres" => check_postgres(cx, text).map(BackendKind::Postgres),
        "sqlite" => Some(BackendKind::Sqlite(text)),
        _ => check_url(cx, text).map(BackendKind::Http),
    }
}

/// The scheme alone: what else an address may have is its driver's business.
fn check_postgres(cx: &mut Context<'_>, address: Spanned<Text>) -> Option<Spanned<Text>> {
    let text = address.value.value.as_str();
    if ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
        return Some(address);
    }
    let message = "the address is not a PostgreSQL URL";
    let help = "write `postgres://user:password@host/database`, or ${NAME} for all of it";
    cx.report.push(Diagnostic::error(Code::MappingValue, address.span, message).help(help));
    None
}

/// An address must be absolute http or https, with a host.
fn check_url(cx: &mut Context<'_>, url: Spanned<Text>) -> Option<Spanned<Text>> {
    let text = url.value.value.as_str();
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let good = host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']))
        && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    if good {
        return Some(url);
    }
    let message = "the address is not an absolute http or https URL";
    let help = "write it out, `https://erp.example/service`";
    cx.report.push(Diagnostic::error(Code::MappingValue, url.span, message).help(help));
    None
}
