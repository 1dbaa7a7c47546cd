//! Routes as they are written.

use std::time::Duration;

use super::binding::{Input, MemberPath, Output, Source, inputs, member_path, outputs};
use super::document::date;
use super::fault::{FaultRule, faults};
use super::fields::Fields;
use super::keys::{ROUTE, ROUTE_HTTP_ONLY, ROUTE_SOAP_ONLY};
use super::limits::duration;
use super::node::{Entry, Spanned, Value};
use super::reader::{Context, describe};
use super::route_key::{RouteKey, route_key};
use super::template::{Template, template};
use super::values::Date;
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean};

/// One route. What is `None` or empty was not written, or was wrong and is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// What it answers.
    pub key: RouteKey,
    /// Who does the work; `None` only where that was wrong and is reported.
    pub target: Option<Target>,
    /// Members of the request and where they come from.
    pub inputs: Vec<Input>,
    /// The member of the request that is the body.
    pub body: Option<Spanned<MemberPath>>,
    /// The member of the answer that is the body.
    pub returns: Option<Spanned<MemberPath>>,
    /// Changes to members of the body.
    pub outputs: Vec<Output>,
    /// The status of a success, 200 to 299.
    pub status: Option<Spanned<u16>>,
    /// The Location header, filled from the answer.
    pub location: Option<Spanned<Template>>,
    /// Whether a call changes anything.
    pub effect: Option<Spanned<Effect>>,
    /// How a repeated call is recognised.
    pub idempotency: Option<Spanned<Idempotency>>,
    /// Statuses of faults, in the order written.
    pub faults: Vec<FaultRule>,
    /// The day it is deprecated.
    pub deprecated: Option<Spanned<Date>>,
    /// The day it ends.
    pub sunset: Option<Spanned<Date>>,
    /// The whole call.
    pub timeout: Option<Spanned<Duration>>,
    /// Whether an answer that deviates from the contract is refused.
    pub strict: Option<Spanned<bool>>,
    /// Sent instead of the contract's SOAPAction.
    pub soap_action: Option<Spanned<String>>,
    /// Whether callers see the text of faults.
    pub expose_fault_text: Option<Spanned<bool>>,
    /// For the documentation.
    pub docs: RouteDocs,
}

/// What a route says to its documentation only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RouteDocs {
    /// A line.
    pub summary: Option<Spanned<String>>,
    /// More than a line.
    pub description: Option<Spanned<String>>,
    /// Groups.
    pub tags: Vec<Spanned<String>>,
    /// The operationId.
    pub operation_id: Option<Spanned<String>>,
}

/// Who does the work of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `soap: backend.Operation`.
    Soap {
        /// The name of the backend.
        backend: Spanned<String>,
        /// The name of the operation.
        operation: Spanned<String>,
    },
    /// `http: backend`.
    Http {
        /// The name of the backend.
        backend: Spanned<String>,
        /// The path there; the route's own where it is `None`.
        path: Option<Spanned<Template>>,
        /// The query there; the caller's own where it is empty.
        query: Vec<Input>,
    },
    /// `removed: true`, with `extends`: the route is not taken over.
    Removed(Span),
}

/// Whether a call changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It does not, and may be repeated.
    Read,
    /// It does.
    Write,
}

/// How a repeated call is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// By the caller's Idempotency-Key.
    Key,
}

pub(super) fn route(cx: &mut Context<'_>, entry: &Entry) -> Option<Route> {
    let key = route_key(cx, &entry.key);
    let fields = cx.fields(&entry.value, entry.key.span, &ROUTE)?;
    // With a key of a later version, the other keys are that version's as well.
    if fields.later && ROUTE.one_of.iter().all(|name| fields.get(name).is_none()) {
        return None;
    }
    let target = target(cx, &fields);
    let location = fields.string(cx, "location").and_then(|read| template(cx, read));
    let route = Route {
        inputs: inputs(cx, fields.get("in")),
        body: member(cx, &fields, "body"),
        returns: member(cx, &fields, "returns"),
        outputs: outputs(cx, fields.get("out")),
        status: fields.integer(cx, "status"),
        location,
        effect: fields.word(cx, "effect", &[Effect::Read, Effect::Write]),
        idempotency: fields.word(cx, "idempotency", &[Idempotency::Key]),
        faults: faults(cx, fields.get("faults")),
        deprecated: date(cx, &fields, "deprecated"),
        sunset: date(cx, &fields, "sunset"),
        timeout: duration(cx, &fields, "timeout"),
        strict: fields.boolean(cx, "strict"),
        soap_action: fields.string(cx, "soap_action"),
        expose_fault_text: fields.boolean(cx, "expose_fault_text"),
        docs: docs(cx, &fields),
        target,
        key: key?,
    };
    check_parameters(cx, &route);
    Some(route)
}

/// `path.x` must name a parameter of the route's own path.
fn check_parameters(cx: &mut Context<'_>, route: &Route) {
    let query = match &route.target {
        Some(Target::Http { query, .. }) => query.as_slice(),
        _ => &[],
    };
    for input in route.inputs.iter().chain(query) {
        let Source::Path(name) = &input.source.value else { continue };
        let names = || route.key.parameters().map(|parameter| parameter.value);
        if names().any(|known| known == name.value) {
            continue;
        }
        let message = format!("the path has no parameter `{}`", name.value);
        let diagnostic = Diagnostic::error(Code::MappingMemberUnknown, name.span, message)
            .note(route.key.span, "the path");
        cx.report.push(match did_you_mean(&name.value, names()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        });
    }
}

fn target(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Target> {
    // Read before anything is refused, so that every problem in them is found.
    let path = fields.string(cx, "path").and_then(|read| template(cx, read));
    let query = inputs(cx, fields.get("query"));
    let only = fields.only(cx)?;
    match only.key.value.as_str() {
        "soap" => {
            fields.refuse(cx, ROUTE_HTTP_ONLY, "a `soap` route");
            soap(cx, only)
        }
        "http" => {
            fields.refuse(cx, ROUTE_SOAP_ONLY, "an `http` route");
            let backend = cx.text(&only.value, only.key.span)?.map(|text| text.value);
            Some(Target::Http { backend, path, query })
        }
        _ => fields.truth(cx, "removed").map(Target::Removed),
    }
}

fn soap(cx: &mut Context<'_>, entry: &Entry) -> Option<Target> {
    let read = cx.text(&entry.value, entry.key.span)?.map(|text| text.value);
    let text = read.value.as_str();
    let Some((backend, operation)) =
        text.split_once('.').filter(|(b, o)| !b.is_empty() && !o.is_empty())
    else {
        let message = format!("{} names no operation", describe(&entry.value));
        let help = "write `backend.Operation`";
        cx.report.push(Diagnostic::error(Code::MappingValue, read.span, message).help(help));
        return None;
    };
    let dot = backend.len();
    Some(Target::Soap {
        backend: Spanned::new(backend.to_owned(), cx.inside(read.span, text, 0, dot)),
        operation: Spanned::new(
            operation.to_owned(),
            cx.inside(read.span, text, dot + 1, text.len()),
        ),
    })
}

fn member(cx: &mut Context<'_>, fields: &Fields<'_>, name: &str) -> Option<Spanned<MemberPath>> {
    let read = fields.string(cx, name)?;
    let path = member_path(cx, Spanned::new(read.value.as_str(), read.span), 0)?;
    Some(Spanned::new(path, read.span))
}

fn docs(cx: &mut Context<'_>, fields: &Fields<'_>) -> RouteDocs {
    RouteDocs {
        summary: fields.string(cx, "summary"),
        description: fields.string(cx, "description"),
        tags: fields.get("tags").map(|entry| tags(cx, entry)).unwrap_or_default(),
        operation_id: fields.string(cx, "operation_id"),
    }
}

fn tags(cx: &mut Context<'_>, entry: &Entry) -> Vec<Spanned<String>> {
    let Value::Sequence(items) = &entry.value.value else {
        cx.expected(&entry.value, entry.key.span, "a list such as `[orders]`");
        return Vec::new();
    };
    let texts = items.iter().filter_map(|item| cx.text(item, entry.key.span));
    texts.map(|text| text.map(|text| text.value)).collect()
}
