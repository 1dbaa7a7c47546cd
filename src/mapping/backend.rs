//! Backends as they are written.

use std::time::Duration;

use super::document::map;
use super::fields::Fields;
use super::interpolate::Text;
use super::keys::{
    BACKEND, BASIC, BREAKER, LIMITS, RETRY, SECURITY, SOAP_ONLY, TIMEOUT, TLS, USERNAME_TOKEN,
};
use super::node::{Entry, Spanned, Value};
use super::reader::Context;
use super::values::{parse_duration, parse_size};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::plan::Secret;

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
    /// How JSON names are made.
    pub naming: Option<Spanned<Naming>>,
    /// How large numbers are written.
    pub numbers: Option<Spanned<Numbers>>,
    /// JSON names given by hand: schema name, JSON name.
    pub names: Vec<(Spanned<String>, Spanned<String>)>,
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

/// Limits in time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeout {
    /// To a usable connection.
    pub connect: Option<Spanned<Duration>>,
    /// The whole call.
    pub total: Option<Spanned<Duration>>,
}

/// The circuit breaker.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breaker {
    /// Failures in a row that open it.
    pub failures: Option<Spanned<u32>>,
    /// How long it stays open.
    pub open: Option<Spanned<Duration>>,
    /// Calls let through at once to see whether the backend has recovered.
    pub probes: Option<Spanned<u32>>,
}

/// Limits in number and size; sizes are bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// Calls at once.
    pub in_flight: Option<Spanned<u32>>,
    /// A caller's body.
    pub request_bytes: Option<Spanned<u64>>,
    /// An answer, decompressed.
    pub response_bytes: Option<Spanned<u64>>,
    /// Elements inside one another.
    pub depth: Option<Spanned<u32>>,
    /// Elements of one answer.
    pub elements: Option<Spanned<u64>>,
    /// Attributes of one element.
    pub attributes: Option<Spanned<u32>>,
    /// One attribute.
    pub attribute_bytes: Option<Spanned<u64>>,
    /// One text.
    pub text_bytes: Option<Spanned<u64>>,
}

/// Certificates, PEM. A value taken from `${file:…}` is the certificate or key itself, not
/// a path; `Text::outside` and the text's first line tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// Authorities to trust.
    pub ca: Option<Spanned<Text>>,
    /// Our certificate chain.
    pub cert: Option<Spanned<Text>>,
    /// Our key.
    pub key: Option<Spanned<Secret>>,
}

/// The UsernameToken profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsernameToken {
    /// The user.
    pub username: Spanned<Text>,
    /// The password.
    pub password: Spanned<Secret>,
    /// Whether the digest is sent.
    pub digest: Option<Spanned<bool>>,
}

/// User and password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basic {
    /// The user.
    pub username: Spanned<Text>,
    /// The password.
    pub password: Spanned<Secret>,
}

/// What a duration looks like.
pub(super) const DURATION: &str = "a duration such as `5s`";
/// What a size looks like.
const SIZE: &str = "a size such as `10MiB`";

pub(super) fn backend(cx: &mut Context<'_>, entry: &Entry) -> Option<Backend> {
    check_name(cx, &entry.key);
    let fields = cx.fields(&entry.value, entry.key.span, &BACKEND)?;
    let kind = kind(cx, &fields);
    if matches!(kind, Some(BackendKind::Http(_))) {
        fields.refuse(cx, SOAP_ONLY, "an HTTP backend");
    }
    Some(Backend {
        name: entry.key.clone(),
        kind,
        service: fields.string(cx, "service"),
        port: fields.string(cx, "port"),
        url: fields.text(cx, "url").and_then(|url| check_url(cx, url)),
        timeout: timeout(cx, fields.get("timeout")),
        attempts: section(cx, &fields, "retry", &RETRY).and_then(|f| f.integer(cx, "attempts")),
        breaker: breaker(cx, &fields),
        limits: limits(cx, &fields),
        tls: tls(cx, &fields),
        username_token: username_token(cx, &fields),
        basic: basic(cx, &fields),
        headers: map(cx, fields.get("headers"), |text| Secret::new(text.value)),
        naming: fields.word(cx, "naming", &[Naming::Camel, Naming::Preserve]),
        numbers: fields.word(cx, "numbers", &[Numbers::Exact, Numbers::String]),
        names: map(cx, fields.get("names"), |text| text.value),
        strict: fields.boolean(cx, "strict"),
        soap_action: fields.string(cx, "soap_action"),
        content_type: fields.string(cx, "content_type"),
    })
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
    if only.key.value == "soap" {
        return Some(BackendKind::Soap(text.map(|text| text.value)));
    }
    check_url(cx, text).map(BackendKind::Http)
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

fn section<'n>(
    cx: &mut Context<'_>,
    fields: &Fields<'n>,
    name: &str,
    shape: &'static super::keys::Shape,
) -> Option<Fields<'n>> {
    let entry = fields.get(name)?;
    cx.fields(&entry.value, entry.key.span, shape)
}

/// A duration above zero.
pub(super) fn duration(
    cx: &mut Context<'_>,
    fields: &Fields<'_>,
    name: &str,
) -> Option<Spanned<Duration>> {
    let read = fields.parsed(cx, name, DURATION, parse_duration)?;
    positive(cx, read)
}

/// The longest any wait may be.
const DURATION_MAX: Duration = Duration::from_secs(24 * 60 * 60);

fn positive(cx: &mut Context<'_>, read: Spanned<Duration>) -> Option<Spanned<Duration>> {
    if !read.value.is_zero() && read.value <= DURATION_MAX {
        return Some(read);
    }
    cx.error(Code::MappingValue, read.span, "a time must be above zero and at most a day");
    None
}

fn timeout(cx: &mut Context<'_>, entry: Option<&Entry>) -> Timeout {
    let Some(entry) = entry else { return Timeout::default() };
    if matches!(entry.value.value, Value::Mapping(_)) {
        let Some(fields) = cx.fields(&entry.value, entry.key.span, &TIMEOUT) else {
            return Timeout::default();
        };
        return Timeout {
            connect: duration(cx, &fields, "connect"),
            total: duration(cx, &fields, "total"),
        };
    }
    let read = cx.typed(entry, DURATION, parse_duration);
    Timeout { connect: None, total: read.and_then(|read| positive(cx, read)) }
}

fn breaker(cx: &mut Context<'_>, fields: &Fields<'_>) -> Breaker {
    let Some(fields) = section(cx, fields, "breaker", &BREAKER) else {
        return Breaker::default();
    };
    Breaker {
        failures: fields.integer(cx, "failures"),
        open: duration(cx, &fields, "open"),
        probes: fields.integer(cx, "probes"),
    }
}

fn limits(cx: &mut Context<'_>, fields: &Fields<'_>) -> Limits {
    let Some(fields) = section(cx, fields, "limits", &LIMITS) else {
        return Limits::default();
    };
    let size = |name: &str, cx: &mut Context<'_>| fields.parsed(cx, name, SIZE, parse_size);
    let (request_bytes, response_bytes) = (size("request", cx), size("response", cx));
    let (attribute_bytes, text_bytes) = (size("attribute", cx), size("text", cx));
    Limits {
        in_flight: fields.integer(cx, "in_flight"),
        request_bytes,
        response_bytes,
        depth: fields.integer(cx, "depth"),
        elements: fields.integer(cx, "elements"),
        attributes: fields.integer(cx, "attributes"),
        attribute_bytes,
        text_bytes,
    }
}

fn spanned<T>(fields: &Fields<'_>, name: &str, value: T) -> Option<Spanned<T>> {
    let span: Span = fields.get(name)?.value.span;
    Some(Spanned::new(value, span))
}

fn tls(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Spanned<Tls>> {
    let inner = section(cx, fields, "tls", &TLS)?;
    let tls = Tls {
        ca: inner.text(cx, "ca"),
        cert: inner.text(cx, "cert"),
        key: secret(cx, &inner, "key"),
    };
    for (one, other) in [("cert", "key"), ("key", "cert")] {
        if let (Some(entry), None) = (inner.get(one), inner.get(other)) {
            let message = format!("`{one}` without `{other}`");
            cx.error(Code::MappingMissing, entry.key.span, message);
        }
    }
    spanned(fields, "tls", tls)
}

fn secret(cx: &mut Context<'_>, fields: &Fields<'_>, name: &str) -> Option<Spanned<Secret>> {
    Some(fields.text(cx, name)?.map(|text| Secret::new(text.value)))
}

fn username_token(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Spanned<UsernameToken>> {
    let security = section(cx, fields, "security", &SECURITY)?;
    let inner = section(cx, &security, "username_token", &USERNAME_TOKEN)?;
    let username = inner.text(cx, "username");
    let password = secret(cx, &inner, "password");
    let digest = inner.boolean(cx, "digest");
    let token = UsernameToken { username: username?, password: password?, digest };
    spanned(&security, "username_token", token)
}

fn basic(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Spanned<Basic>> {
    let inner = section(cx, fields, "basic", &BASIC)?;
    let (username, password) = (inner.text(cx, "username"), secret(cx, &inner, "password"));
    spanned(fields, "basic", Basic { username: username?, password: password? })
}
