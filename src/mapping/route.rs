//! Routes as they are written.

use std::time::Duration;

use super::binding::{Input, MemberPath, Source, inputs, member_path};
use super::document::date;
use super::fault::{FaultRule, faults};
use super::fields::Fields;
use super::keys::{ROUTE, ROUTE_KEYS_OF};
use super::limits::duration;
use super::migration::{Migration, migration};
use super::node::{Entry, Spanned, Value};
use super::output::{Output, ResponseHeader, outputs, response_headers};
use super::reader::{Context, describe};
use super::route_key::{RouteKey, route_key};
use super::sql::{Part, SqlTarget, parts, sql_target};
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
    /// HTTP headers that come from header parts of the answer.
    pub response_headers: Vec<ResponseHeader>,
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
    /// What is to take its place.
    pub migration: Option<Box<Migration>>,
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
    /// `sql: backend`, with a statement or steps. What `in` and `out` say is theirs.
    Sql(Box<SqlTarget>),
    /// `compose:`, several calls.
    Compose(Vec<Part>),
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
    let target = target(cx, &fields, key.as_ref());
    let location = fields.string(cx, "location").and_then(|read| template(cx, read));
    // A statement has read its own.
    let own = |name| if fields.get("sql").is_none() { fields.get(name) } else { None };
    let mut route = Route {
        inputs: inputs(cx, own("in")),
        body: member(cx, &fields, "body"),
        returns: member(cx, &fields, "returns"),
        outputs: outputs(cx, own("out")),
        response_headers: response_headers(cx, fields.get("response_headers")),
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
        migration: migration(cx, &fields, key.as_ref()),
        target,
        key: key?,
    };
    check_parameters(cx, &route);
    if let Some(migration) = &mut route.migration {
        migration.candidate.effect = route.effect;
    }
    Some(route)
}

impl Route {
    /// A route that says nothing but its key.
    pub(super) fn bare(key: RouteKey) -> Self {
        Self {
            key,
            target: None,
            inputs: Vec::new(),
            body: None,
            returns: None,
            outputs: Vec::new(),
            response_headers: Vec::new(),
            status: None,
            location: None,
            effect: None,
            idempotency: None,
            faults: Vec::new(),
            deprecated: None,
            sunset: None,
            timeout: None,
            strict: None,
            soap_action: None,
            expose_fault_text: None,
            docs: RouteDocs::default(),
            migration: None,
        }
    }

    /// Every line that feeds something, wherever it stands.
    fn all_inputs(&self) -> Vec<&Input> {
        let mut all: Vec<&Input> = self.inputs.iter().collect();
        match &self.target {
            Some(Target::Http { query, .. }) => all.extend(query),
            Some(Target::Sql(sql)) => {
                let steps = sql.steps.iter().map(|step| &step.query);
                for query in steps.chain([&sql.query]) {
                    all.extend(&query.inputs);
                    all.extend(query.include.iter().flat_map(|include| &include.inputs));
                }
                all.extend(&sql.session);
            }
            Some(Target::Compose(parts)) => {
                all.extend(parts.iter().flat_map(|part| part.route.all_inputs()));
            }
            Some(Target::Soap { .. } | Target::Removed(_)) | None => {}
        }
        all
    }
}

/// `path.x` must name a parameter of the route's own path.
pub(super) fn check_parameters(cx: &mut Context<'_>, route: &Route) {
    for input in route.all_inputs() {
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

pub(super) fn target(
    cx: &mut Context<'_>,
    fields: &Fields<'_>,
    key: Option<&RouteKey>,
) -> Option<Target> {
    // Read before anything is refused, so that every problem in them is found.
    let path = fields.string(cx, "path").and_then(|read| template(cx, read));
    let query = inputs(cx, fields.get("query_string"));
    let only = fields.only(cx)?;
    let kind = only.key.value.as_str();
    if kind != "removed" {
        let foreign = ROUTE_KEYS_OF.iter().filter(|(_, kinds)| !kinds.contains(&kind));
        let names = foreign.map(|(name, _)| *name).filter(|name| fields.knows(name));
        let names: Vec<&str> = names.collect();
        let article = if kind == "http" { "an" } else { "a" };
        let noun = fields.shape.noun.trim_start_matches("a ");
        fields.refuse(cx, &names, &format!("{article} `{kind}` {noun}"));
    }
    match kind {
        "soap" => soap(cx, only),
        "http" => {
            let backend = cx.text(&only.value, only.key.span)?.map(|text| text.value);
            Some(Target::Http { backend, path, query })
        }
        "sql" => sql_target(cx, fields, only).map(|sql| Target::Sql(Box::new(sql))),
        "compose" => Some(Target::Compose(parts(cx, key, only))),
        _ => fields.truth(cx, "removed").map(Target::Removed),
    }
}

pub(super) fn soap(cx: &mut Context<'_>, entry: &Entry) -> Option<Target> {
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

pub(super) fn member(
    cx: &mut Context<'_>,
    fields: &Fields<'_>,
    name: &str,
) -> Option<Spanned<MemberPath>> {
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
