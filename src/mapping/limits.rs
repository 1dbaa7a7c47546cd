//! Limits of a backend as they are written: time, attempts, sizes.

use std::time::Duration;

use super::fields::Fields;
use super::keys::{BREAKER, LIMITS, TIMEOUT};
use super::node::{Entry, Spanned, Value};
use super::reader::Context;
use super::values::{parse_duration, parse_size};
use crate::diagnostic::Code;

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

/// What a duration looks like.
pub(super) const DURATION: &str = "a duration such as `5s`";
/// What a size looks like.
const SIZE: &str = "a size such as `10MiB`";

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

pub(super) fn timeout(cx: &mut Context<'_>, entry: Option<&Entry>) -> Timeout {
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

pub(super) fn breaker(cx: &mut Context<'_>, fields: &Fields<'_>) -> Breaker {
    let Some(fields) = fields.section(cx, "breaker", &BREAKER) else {
        return Breaker::default();
    };
    Breaker {
        failures: fields.integer(cx, "failures"),
        open: duration(cx, &fields, "open"),
        probes: fields.integer(cx, "probes"),
    }
}

pub(super) fn limits(cx: &mut Context<'_>, fields: &Fields<'_>) -> Limits {
    let Some(fields) = fields.section(cx, "limits", &LIMITS) else {
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
