//! One route.

use std::collections::HashMap;
use std::sync::Arc;

use super::Compiler;
use super::ports::Ports;
use crate::codec::{Graph, Member, MemberSource};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::mapping::{ApiVersion, Date, Effect as AuthoredEffect, Route, Segment, Spanned, Target};
use crate::plan::{self, AttachmentPart, Plan, Retirement, RoutePlan, SoapCall, Translator};
use crate::soap::{EnvelopePlan, OperationNodes, content_type};
use crate::wsdl::{Attachment, SoapVersion};

/// Bytes of a request body, where the mapping says nothing.
const REQUEST_BYTES_DEFAULT: usize = 1 << 20;
/// Bytes of JSON kept back until an answer is known to be whole.
const WHOLE_BYTES_DEFAULT: usize = 1 << 20;

impl<'c> Compiler<'c> {
    pub(super) fn route(
        &mut self,
        version: &ApiVersion,
        route: &'c Route,
        ports: &mut Ports,
    ) -> Option<RoutePlan> {
        let method = route.key.method.value;
        let effect = effect(route);
        let translator = match route.target.as_ref()? {
            Target::Soap { backend, operation } => {
                self.soap(version, route, backend, operation, ports)?
            }
            Target::Http { backend, path, query } => {
                self.http(&route.key, backend, path.as_ref(), query)?
            }
            Target::Sql(target) => self.sql(version, route, route.key.span, target, effect)?,
            Target::Compose(all) => self.compose(version, route, all, ports)?,
            Target::Removed(_) => return None,
        };
        let backend = translator.backend().and_then(|id| self.set.backends.get(id.0 as usize));
        let prefix = format!("/api/v{}", version.version.value.0);
        let path = route.key.segments.iter().fold(prefix, |path, segment| match &segment.value {
            Segment::Literal(text) => format!("{path}/{text}"),
            Segment::Parameter(name) => format!("{path}/{{{name}}}"),
        });
        let timeout = route
            .timeout
            .as_ref()
            .map(|t| t.value)
            .or_else(|| backend.and_then(|b| b.timeout.total.as_ref().map(|t| t.value)))
            .or_else(|| longest_part(&translator))
            .unwrap_or(plan::Timeouts::default().total);
        let request_bytes = backend.and_then(|b| b.limits.request_bytes.as_ref());
        Some(RoutePlan {
            id: format!("{} {path}", method.as_str()),
            method: method.as_str().to_owned(),
            path,
            version: format!("v{}", version.version.value.0),
            operation_id: Self::operation_id(route, &translator),
            summary: route.docs.summary.as_ref().map(|s| s.value.clone()),
            description: Self::description(route, ports),
            tags: match &route.docs.tags[..] {
                [] => vec![version.api.value.clone()],
                tags => tags.iter().map(|t| t.value.clone()).collect(),
            },
            auth: version.auth.as_ref().map(|auth| Arc::new(auth.value.clone())),
            retirement: retirement(
                route.deprecated.as_ref().or(version.deprecated.as_ref()),
                route.sunset.as_ref().or(version.sunset.as_ref()),
            ),
            effect,
            timeout,
            request_bytes: request_bytes
                .map_or(REQUEST_BYTES_DEFAULT, |l| usize::try_from(l.value).unwrap_or(usize::MAX)),
            place: self.sources.place(route.key.span),
            translator,
            migration: None,
            is_candidate: false,
        })
    }

    pub(super) fn soap(
        &mut self,
        version: &ApiVersion,
        route: &'c Route,
        backend: &Spanned<String>,
        operation: &Spanned<String>,
        ports: &mut Ports,
    ) -> Option<Translator> {
        let (authored, id) = self.named_backend(backend, "soap")?;
        let port = ports.get_mut(&backend.value)?;
        let Some(found) = port.operation(&operation.value) else {
            self.unknown_operation(operation, port);
            return None;
        };
        if let Some(refusal) = port.refused.get(&operation.value) {
            let mut message =
                format!("`{}` cannot be served: {}", operation.value, refusal.message);
            if let Some(span) = refusal.span {
                let place = port.contract.sources.place(span);
                message += &format!(" ({}, {}:{})", refusal.code, place.file, place.line);
            }
            let help = refusal.help.clone().unwrap_or_else(|| refusal.code.fix().to_owned());
            let code = Code::MappingOperationRefused;
            self.report.push(Diagnostic::error(code, operation.span, message).help(help));
            return None;
        }
        let found = found.clone();
        self.idempotency(route);
        let nodes = port.operations.get(&operation.value)?.clone();
        let action = route.soap_action.as_ref().or(authored.soap_action.as_ref());
        let action = action.map(|a| a.value.trim_matches('"').to_owned());
        let action = action.or_else(|| found.soap_action.as_deref().map(str::to_owned));
        let envelope = EnvelopePlan { version: port.port().version, action };
        let errors = self.report.error_count();
        let bind = self.bind(route, &nodes, &mut port.graph);
        let answer = self.answer(version, route, &nodes, &bind, &mut port.graph);
        let fault_rules = self.fault_rules(route, &nodes.faults, &port.graph);
        if self.report.error_count() != errors {
            return None;
        }
        let answer = answer?;
        let one_way = found.output.is_none();
        let attachments = attachments(&nodes, &port.graph);
        let call = SoapCall {
            backend: id,
            operation: operation.value.clone(),
            service: port.service().name.local.to_string(),
            port: port.port().name.to_string(),
            graph: std::sync::Arc::new(crate::codec::Graph::empty()),
            content_type: authored
                .content_type
                .as_ref()
                .map_or_else(|| content_type(&envelope), |c| c.value.clone()),
            soap_action: (envelope.version == SoapVersion::V11)
                .then(|| format!("\"{}\"", envelope.action.as_deref().unwrap_or(""))),
            envelope,
            request: nodes.request,
            headers: nodes.headers,
            bind,
            response: answer.response.filter(|_| !one_way),
            shown: answer.shown.filter(|_| !one_way),
            header: std::sync::Arc::new(answer.header),
            answer_attachments: answer.attachments.into(),
            attachments,
            faults: nodes.faults.iter().map(|f| f.child.clone()).collect(),
            fault_elements: nodes.faults,
            fault_rules,
            status: route.status.as_ref().map_or(if one_way { 202 } else { 200 }, |s| s.value),
            location: answer.location,
            strict: route.strict.as_ref().or(authored.strict.as_ref()).is_some_and(|s| s.value),
            expose_fault_text: route.expose_fault_text.as_ref().is_some_and(|e| e.value),
            xml_limits: port.limits,
            whole_bytes: WHOLE_BYTES_DEFAULT,
        };
        Some(Translator::Soap(Box::new(call)))
    }

    fn idempotency(&mut self, route: &Route) {
        if let Some(idempotency) = &route.idempotency {
            let message = "`idempotency` is read and has no effect yet";
            self.report.push(
                Diagnostic::warning(Code::MappingNotYet, idempotency.span, message)
                    .help("writes are never repeated by figleaf; callers may still send the key"),
            );
        }
    }

    fn unknown_operation(&mut self, operation: &Spanned<String>, port: &super::ports::SoapPort) {
        let names: Vec<&str> = port.port().operations.iter().map(|o| &*o.name).collect();
        let message = format!("port `{}` has no operation `{}`", port.port().name, operation.value);
        let help = match did_you_mean(&operation.value, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it has {}", names.join(", ")),
        };
        let code = Code::MappingOperationUnknown;
        self.report.push(Diagnostic::error(code, operation.span, message).help(help));
    }

    fn operation_id(route: &Route, translator: &Translator) -> String {
        match (&route.docs.operation_id, translator) {
            (Some(id), _) => id.value.clone(),
            (None, Translator::Soap(call)) => crate::codec::camel(&call.operation),
            (None, _) => {
                let words = route.key.segments.iter().map(|s| match &s.value {
                    Segment::Literal(text) | Segment::Parameter(text) => text.as_str(),
                });
                let words: Vec<&str> =
                    std::iter::once(route.key.method.value.as_str()).chain(words).collect();
                crate::codec::camel(&words.join("-"))
            }
        }
    }

    fn description(route: &Route, ports: &Ports) -> Option<String> {
        if let Some(description) = &route.docs.description {
            return Some(description.value.clone());
        }
        let Some(Target::Soap { backend, operation }) = &route.target else { return None };
        let operation = ports.get(&backend.value)?.operation(&operation.value)?;
        operation.documentation.as_deref().map(str::to_owned)
    }
}

/// What a call does, by its method where the mapping does not say.
pub(super) fn effect(route: &Route) -> plan::Effect {
    match route.effect.as_ref().map(|effect| effect.value) {
        Some(AuthoredEffect::Read) => plan::Effect::Read,
        None if route.key.method.value.is_read() => plan::Effect::Read,
        _ => plan::Effect::Write,
    }
}

/// Members of the request that are sent as attachments.
fn attachments(nodes: &OperationNodes, graph: &Graph) -> Vec<AttachmentPart> {
    let members = graph.object(nodes.request).map_or(&[][..], |(object, _)| &object.members);
    let members = members.iter().filter(|m| m.source == MemberSource::Attachment);
    let part = |(attachment, member): (&Attachment, &Member)| AttachmentPart {
        member: Arc::clone(&member.name),
        part: Arc::clone(&attachment.part),
        content_type: media_type(&attachment.content_type),
    };
    nodes.attachments.iter().zip(members).map(part).collect()
}

/// The media type a binding says, if it is one: `image/*` is not.
fn media_type(bound: &str) -> String {
    let is_token = |part: &str| {
        let may_be = |b: u8| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b);
        !part.is_empty() && part.bytes().all(may_be)
    };
    match bound.trim().split_once('/') {
        Some((kind, sub)) if is_token(kind) && is_token(sub) => bound.trim().to_owned(),
        _ => "application/octet-stream".to_owned(),
    }
}

/// What a composed answer takes where its parts run side by side.
fn longest_part(translator: &Translator) -> Option<std::time::Duration> {
    let Translator::Compose(call) = translator else { return None };
    call.parts.iter().map(|part| part.timeout).max()
}

/// Header values of RFC 9745 (a structured date) and RFC 8594 (an HTTP date).
fn retirement(
    deprecated: Option<&Spanned<Date>>,
    sunset: Option<&Spanned<Date>>,
) -> Option<Retirement> {
    if deprecated.is_none() && sunset.is_none() {
        return None;
    }
    let midnight = |date: Date| date.to_zoned(jiff::tz::TimeZone::UTC).ok();
    let deprecation = deprecated
        .and_then(|d| midnight(d.value))
        .map(|at| format!("@{}", at.timestamp().as_second()));
    let sunset = sunset
        .and_then(|d| midnight(d.value))
        .map(|at| at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
    Some(Retirement { deprecation, sunset })
}

/// Two routes of one operation get a number; the first keeps the plain name.
pub(super) fn unique_operation_ids(plan: &mut Plan) {
    let mut seen: HashMap<(String, String), u32> = HashMap::new();
    for route in &mut plan.routes {
        let count = seen.entry((route.version.clone(), route.operation_id.clone())).or_default();
        *count += 1;
        if *count > 1 {
            route.operation_id = format!("{}{count}", route.operation_id);
        }
    }
}
