//! `shadow`: how the side that does not answer is asked.

use std::time::Duration;

use super::super::fields::Fields;
use super::super::keys::{READBACK, SHADOW, WRITES};
use super::super::limits::duration;
use super::super::node::{Entry, Spanned, Value};
use super::super::reader::Context;
use super::super::values::parse_share;
use super::canary::SHARE;
use crate::diagnostic::Code;
use crate::strangler::Share;

/// How the side that does not answer is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shadow {
    /// The share of requests.
    pub sample: Option<Spanned<Share>>,
    /// How long it may take.
    pub timeout: Option<Spanned<Duration>>,
    /// Such calls at once.
    pub in_flight: Option<Spanned<u32>>,
    /// Pairs waiting at once.
    pub queue: Option<Spanned<u32>>,
    /// Extra calls of the legacy system.
    pub budget: Option<Spanned<Share>>,
    /// Reads the legacy system is asked twice.
    pub noise: Option<Spanned<Share>>,
    /// What is compared of a write.
    pub writes: Option<Spanned<Writes>>,
}

/// What is compared of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Writes {
    /// Nothing.
    Off,
    /// What each side would send.
    Render,
    /// The candidate's answer, by a header with which it only pretends.
    DryRun {
        /// The header, in lower case.
        name: String,
        /// Its value.
        value: String,
    },
    /// A read of both sides afterwards.
    ReadBack(ReadBack),
}

/// A read after a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadBack {
    /// The key of a route: `GET /orders/{orderId}`.
    pub route: Spanned<String>,
    /// How long after the write.
    pub settle: Option<Spanned<Duration>>,
}

pub(super) fn shadow(cx: &mut Context<'_>, fields: &Fields<'_>) -> Shadow {
    let Some(own) = fields.section(cx, "shadow", &SHADOW) else { return Shadow::default() };
    Shadow {
        sample: own.parsed(cx, "sample", SHARE, parse_share),
        timeout: duration(cx, &own, "timeout"),
        in_flight: own.integer(cx, "in_flight"),
        queue: own.integer(cx, "queue"),
        budget: own.parsed(cx, "budget", SHARE, parse_share),
        noise: own.parsed(cx, "noise", SHARE, parse_share),
        writes: own.get("writes").and_then(|entry| writes(cx, entry)),
    }
}

fn writes(cx: &mut Context<'_>, entry: &Entry) -> Option<Spanned<Writes>> {
    let span = entry.value.span;
    if !matches!(entry.value.value, Value::Mapping(_)) {
        let what = "`off`, `render`, `{ dry_run: … }` or `{ readback: … }`";
        return cx.typed(entry, what, |text| match text {
            "off" => Some(Writes::Off),
            "render" => Some(Writes::Render),
            _ => None,
        });
    }
    let own = cx.fields(&entry.value, entry.key.span, &WRITES)?;
    let dry_run = own.get("dry_run").map(|entry| dry_run(cx, entry));
    let readback = own.get("readback").map(|_| readback(cx, &own));
    own.only(cx)?;
    let writes = match (dry_run, readback) {
        (Some(dry_run), _) => dry_run?,
        (None, readback) => Writes::ReadBack(readback??),
    };
    Some(Spanned::new(writes, span))
}

fn dry_run(cx: &mut Context<'_>, entry: &Entry) -> Option<Writes> {
    let lines = cx.entries(&entry.value, entry.key.span, "a header and its value");
    let read: Vec<_> =
        lines.iter().map(|line| (line, cx.text(&line.value, line.key.span))).collect();
    let [(line, value)] = &read[..] else {
        if matches!(entry.value.value, Value::Mapping(_)) {
            cx.error(Code::MappingValue, entry.value.span, "a dry run is told by one header");
        }
        return None;
    };
    let value = value.as_ref()?.value.value.clone();
    let name = line.key.value.to_ascii_lowercase();
    let is_header = http::HeaderName::try_from(name.as_str()).is_ok();
    if !is_header || http::HeaderValue::try_from(value.as_str()).is_err() {
        let message = format!("`{}` and its value are no HTTP header", line.key.value);
        cx.error(Code::MappingValue, line.key.span, message);
        return None;
    }
    Some(Writes::DryRun { name, value })
}

fn readback(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<ReadBack> {
    let own = fields.section(cx, "readback", &READBACK)?;
    let (route, settle) = (own.string(cx, "route"), duration(cx, &own, "settle"));
    Some(ReadBack { route: route?, settle })
}
