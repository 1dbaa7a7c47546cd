//! `canary`: whom a candidate answers first.

use super::super::fields::Fields;
use super::super::keys::CANARY;
use super::super::node::{Entry, Node, Spanned, Value};
use super::super::reader::{Context, describe};
use super::super::values::parse_share;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::plan::AssignmentKey;
use crate::strangler::Share;

/// Whom a candidate answers first. What is empty was not written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Canary {
    /// The shares, rising.
    pub steps: Vec<Spanned<Share>>,
    /// What tells callers apart, the first that is there.
    pub keys: Vec<CanaryKey>,
    /// `waive: true`: there is none.
    pub waive: Option<Span>,
}

/// A part of a request that tells who calls, or what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanaryKey {
    /// What it is.
    pub key: AssignmentKey,
    /// Where its name is written.
    pub name: Span,
    /// Where all of it is written.
    pub span: Span,
}

/// What a share looks like.
pub(super) const SHARE: &str = "a share such as `5%`";
/// Steps of a canary.
const STEPS_MAX: usize = 20;

pub(super) fn canary(cx: &mut Context<'_>, fields: &Fields<'_>) -> Canary {
    let Some(own) = fields.section(cx, "canary", &CANARY) else { return Canary::default() };
    let steps = own.get("steps").map(|entry| steps(cx, entry)).unwrap_or_default();
    let keys = own.get("key").map(|entry| keys(cx, entry)).unwrap_or_default();
    let waive = own.truth(cx, "waive");
    if waive.is_some() {
        own.refuse(cx, &["steps", "key"], "a canary that is waived");
    }
    Canary { steps, keys, waive }
}

fn steps(cx: &mut Context<'_>, entry: &Entry) -> Vec<Spanned<Share>> {
    let Value::Sequence(items) = &entry.value.value else {
        cx.expected(&entry.value, entry.key.span, "a list such as `[5%, 25%, 50%]`");
        return Vec::new();
    };
    if items.is_empty() || items.len() > STEPS_MAX {
        let message = format!("a canary has 1 to {STEPS_MAX} steps");
        let help = "a read that needs none says `waive: true`";
        let at = entry.key.span;
        cx.report.push(Diagnostic::error(Code::MappingValue, at, message).help(help));
    }
    let mut steps: Vec<Spanned<Share>> = Vec::new();
    for item in items {
        let Some(step) = cx.typed_node(item, entry.key.span, SHARE, parse_share) else { continue };
        let before = steps.last().map_or(Share::NONE, |step| step.value);
        if step.value <= before || step.value >= Share::ALL {
            let message = format!("`{}` is no step: they rise, and stay below 100%", step.value);
            cx.error(Code::MappingValue, step.span, message);
        }
        steps.push(step);
    }
    steps
}

fn keys(cx: &mut Context<'_>, entry: &Entry) -> Vec<CanaryKey> {
    let Value::Sequence(items) = &entry.value.value else {
        cx.expected(&entry.value, entry.key.span, "a list such as `[header.X-Tenant]`");
        return Vec::new();
    };
    if items.is_empty() {
        cx.error(Code::MappingMissing, entry.key.span, "the key of a canary names nothing");
    }
    items.iter().filter_map(|item| canary_key(cx, item, entry.key.span)).collect()
}

fn canary_key(cx: &mut Context<'_>, node: &Node, at: Span) -> Option<CanaryKey> {
    let read = cx.text(node, at)?.map(|text| text.value);
    let text = read.value.as_str();
    if let Some((place, name)) = text.split_once('.').filter(|(_, name)| !name.is_empty()) {
        let key = match place {
            "claim" => Some(AssignmentKey::Claim(name.to_owned())),
            "header" if http::HeaderName::try_from(name).is_ok() => {
                Some(AssignmentKey::Header(name.to_ascii_lowercase()))
            }
            "path" => Some(AssignmentKey::Path(name.to_owned())),
            "body" if name.split('.').all(|name| !name.is_empty()) => {
                Some(AssignmentKey::Body(name.split('.').map(str::to_owned).collect()))
            }
            _ => None,
        };
        if let Some(key) = key {
            let name = cx.inside(read.span, text, place.len() + 1, text.len());
            return Some(CanaryKey { key, name, span: read.span });
        }
    }
    let message = format!("{} tells no callers apart", describe(node));
    let help = "write `claim.x`, `header.X`, `path.x` or `body.x`";
    cx.report.push(Diagnostic::error(Code::MappingCanary, read.span, message).help(help));
    None
}
