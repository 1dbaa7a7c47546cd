//! Messages as a binding uses them (WSDL 1.1, sections 2.3, 3.5 and 3.7).

use std::sync::Arc;

use super::{Resolving, lookup};
use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::wsdl::authored::{
    AuthoredMessage, AuthoredPart, BoundMessage, Encoding, Reference, SoapHeader,
};
use crate::wsdl::model::{Attachment, BindingStyle, Message, Part, PartContent, SoapVersion, Use};
use crate::xml::{QName, ns};
use crate::xsd::current_name;

/// What was found out about an operation on the way.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    pub refusals: Vec<Diagnostic>,
    pub losses: Vec<Diagnostic>,
}

/// One direction of an operation, abstract and bound.
pub(super) struct Direction<'a> {
    pub message: Option<&'a Reference>,
    pub bound: Option<&'a BoundMessage>,
    pub style: BindingStyle,
    pub version: SoapVersion,
    pub addressing_action: Option<Arc<str>>,
    pub span: Span,
}

impl Resolving<'_> {
    pub(super) fn message(&self, of: &Direction<'_>, verdict: &mut Verdict) -> Message {
        let body = of.bound.and_then(|bound| bound.body.as_ref());
        let use_ = use_of(body.and_then(|body| body.encoding.as_ref()), of.version, verdict);
        let mut message = Message {
            name: of.message.map_or_else(|| QName::new("", ""), |m| m.name.clone()),
            use_,
            parts: Vec::new(),
            namespace: body.and_then(|body| body.namespace.clone()),
            headers: Vec::new(),
            header_faults: Vec::new(),
            attachments: Vec::new(),
            addressing_action: of.addressing_action.clone(),
            span: of.bound.map_or(of.span, |bound| bound.span),
        };
        let headers = of.bound.map_or(&[][..], |bound| &bound.headers);
        let own = self.abstract_message(of, verdict);
        if let Some((name, own)) = own {
            message.name = name;
            message.attachments = attachments(own, of, verdict);
            for part in body_parts(own, of, headers, verdict) {
                message.parts.extend(self.body_part(part, of.style, use_, verdict));
            }
        }
        for header in headers {
            message.headers.extend(self.header(header, of.version, verdict));
            let faults = header.faults.iter().filter_map(|f| self.header(f, of.version, verdict));
            message.header_faults.extend(faults);
        }
        message
    }

    fn abstract_message(
        &self,
        of: &Direction<'_>,
        verdict: &mut Verdict,
    ) -> Option<(QName, &AuthoredMessage)> {
        let messages = &self.components.messages;
        let Some(reference) = of.message else {
            verdict.refusals.push(
                Diagnostic::error(Code::ContractReferenceMissing, of.span, "no message is named")
                    .label("no `message`")
                    .help("name the message this input or output carries"),
            );
            return None;
        };
        let found = messages.get_key_value(&reference.name).or_else(|| {
            reference.fallback.as_ref().and_then(|fallback| messages.get_key_value(fallback))
        });
        if found.is_none() {
            verdict.refusals.push(lookup::missing("message", reference, &messages.keys()));
        }
        found.map(|(name, message)| (name.clone(), message))
    }

    fn body_part(
        &self,
        part: &AuthoredPart,
        style: BindingStyle,
        use_: Use,
        verdict: &mut Verdict,
    ) -> Option<Part> {
        let resolved = match self.part(part, use_) {
            Ok(resolved) => resolved,
            Err(missing) => {
                verdict.refusals.push(*missing);
                return None;
            }
        };
        let bare = style == BindingStyle::Document && use_ == Use::Literal;
        if bare && matches!(resolved.content, PartContent::Type(_)) {
            let message = format!("part `{}` names a type, not an element", part.name);
            verdict.losses.push(
                Diagnostic::warning(Code::ContractPartType, part.span, message)
                    .label("`type` in document style")
                    .help("the body holds the type's content, without an element of its own"),
            );
        }
        Some(resolved)
    }

    /// A part with its element or type looked up.
    pub(super) fn part(&self, part: &AuthoredPart, use_: Use) -> Result<Part, Box<Diagnostic>> {
        let content = match (&part.element, &part.ty) {
            (Some(element), _) => {
                let names = &self.schema.element_by_name;
                let found = lookup::find(names, element).copied().map(PartContent::Element);
                found.ok_or_else(|| lookup::missing("element", element, &names.keys()))
            }
            (None, Some(ty)) => {
                let names = &self.schema.type_by_name;
                let current = Reference { name: current_name(ty.name.clone()), ..ty.clone() };
                let found = lookup::find(names, &current).copied().map(PartContent::Type);
                found.ok_or_else(|| lookup::missing("type", ty, &names.keys()))
            }
            (None, None) => {
                let message = format!("part `{}` names neither element nor type", part.name);
                Err(Diagnostic::error(Code::ContractReferenceMissing, part.span, message)
                    .label("what is in it?")
                    .help("add `element` in document style, `type` in rpc style"))
            }
        };
        let content = content.map_err(Box::new)?;
        Ok(Part { name: Arc::clone(&part.name), content, use_, namespace: None, span: part.span })
    }

    fn header(
        &self,
        header: &SoapHeader,
        version: SoapVersion,
        verdict: &mut Verdict,
    ) -> Option<Part> {
        let use_ = use_of(header.encoding.as_ref(), version, verdict);
        let messages = &self.components.messages;
        let found = match &header.message {
            Some(reference) => lookup::find(messages, reference)
                .ok_or_else(|| Box::new(lookup::missing("message", reference, &messages.keys()))),
            None => Err(Box::new(no_part(header, "the header names no message"))),
        };
        let part = found.and_then(|message| {
            let part = message.parts.iter().find(|part| part.name == header.part);
            let alone = (message.parts.len() == 1).then(|| message.parts.first()).flatten();
            let part = part.or_else(|| alone.filter(|_| header.part.is_empty()));
            let missing = || format!("the header's message has no part `{}`", header.part);
            self.part(part.ok_or_else(|| Box::new(no_part(header, missing())))?, use_)
        });
        match part {
            Ok(part) => Some(Part { namespace: header.namespace.clone(), ..part }),
            // Most headers can be done without; which cannot, only the backend knows.
            Err(missing) => {
                verdict.losses.push(Diagnostic { severity: Severity::Warning, ..*missing });
                None
            }
        }
    }
}

/// The parts of the body: those listed, or all that are neither header nor attachment.
///
/// Their order is the message's. `parameterOrder` is the order of a method's signature
/// and never that of the wire (WS-I Basic Profile 1.1, R2301 and R2302).
fn body_parts<'m>(
    message: &'m AuthoredMessage,
    of: &Direction<'_>,
    headers: &[SoapHeader],
    verdict: &mut Verdict,
) -> Vec<&'m AuthoredPart> {
    let body = of.bound.and_then(|bound| bound.body.as_ref());
    let mut parts: Vec<&AuthoredPart> = message.parts.iter().collect();
    if let Some((body, listed)) = body.and_then(|body| Some((body, body.parts.as_ref()?))) {
        for name in listed.iter().filter(|name| parts.iter().all(|part| part.name != **name)) {
            let message = format!("the message has no part `{name}`");
            verdict.losses.push(
                Diagnostic::warning(Code::ContractReferenceMissing, body.span, message)
                    .label("`parts` names it")
                    .help("list parts of the message under `parts`; the name is passed over"),
            );
        }
        if listed.is_empty() || parts.iter().any(|part| listed.contains(&part.name)) {
            parts.retain(|part| listed.contains(&part.name));
        }
    } else {
        let mime_parts = of.bound.map_or(&[][..], |bound| &bound.mime_parts);
        let own = |header: &SoapHeader| {
            header.message.as_ref().map(|m| &m.name) == of.message.map(|m| &m.name)
        };
        parts.retain(|part| {
            !mime_parts.iter().any(|content| content.part.as_ref() == Some(&part.name))
                && !headers.iter().any(|header| own(header) && header.part == part.name)
        });
    }
    parts
}

/// The parts of a message that are bound to attachments.
fn attachments(
    message: &AuthoredMessage,
    of: &Direction<'_>,
    verdict: &mut Verdict,
) -> Vec<Attachment> {
    let contents = of.bound.map_or(&[][..], |bound| &bound.mime_parts);
    let mut found: Vec<Attachment> = Vec::new();
    for content in contents {
        let part = message.parts.iter().find(|part| content.part.as_ref() == Some(&part.name));
        let Some(part) = part else {
            let name = content.part.as_deref().unwrap_or_default();
            let what = format!("an attachment is bound to the part `{name}`, which there is not");
            verdict.losses.push(
                Diagnostic::warning(Code::ContractMime, content.span, what)
                    .label("`mime:content`")
                    .help("name a part of the message; the attachment is not sent"),
            );
            continue;
        };
        let (part, content_type) = (Arc::clone(&part.name), Arc::clone(&content.content_type));
        if found.iter().all(|attachment| attachment.part != part) {
            found.push(Attachment { part, content_type });
        }
    }
    found
}

fn no_part(header: &SoapHeader, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::ContractReferenceMissing, header.span, message)
        .label("header")
        .help("name a message and one of its parts")
}

/// The use that a binding asks for; an encoding that is none of SOAP's is refused.
fn use_of(encoding: Option<&Encoding>, version: SoapVersion, verdict: &mut Verdict) -> Use {
    let Some(encoding) = encoding else { return Use::Literal };
    let styles = encoding.style.as_deref().unwrap_or_default();
    let names = |uri: &str| styles.split_whitespace().any(|s| s.trim_end_matches('/') == uri);
    if names(ns::SOAPENC11.trim_end_matches('/')) {
        return Use::Encoded(SoapVersion::V11);
    }
    if names(ns::SOAPENC12) || names(SOAPENC12_DRAFT) {
        return Use::Encoded(SoapVersion::V12);
    }
    if !styles.trim().is_empty() {
        let message = format!("the encoding is `{styles}`");
        verdict.refusals.push(
            Diagnostic::error(Code::ContractEncoded, encoding.span, message)
                .label("not an encoding of SOAP")
                .help("use a port whose binding is literal, where the service has one"),
        );
    }
    Use::Encoded(version)
}

/// What SOAP 1.2's encoding was called before it was a recommendation.
const SOAPENC12_DRAFT: &str = "http://www.w3.org/2001/12/soap-encoding";
