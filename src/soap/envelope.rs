//! Envelopes we send.

use crate::codec::Graph;
use crate::wsdl::SoapVersion;
use crate::xml::{NsId, write_attribute_value};

/// What of an envelope is known before a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopePlan {
    /// The version of the port.
    pub version: SoapVersion,
    /// The action, without quotes; `None` sends an empty one with 1.1 and none with 1.2.
    pub action: Option<String>,
}

/// The envelope's namespace in the table every graph starts with.
#[must_use]
pub fn envelope_namespace(version: SoapVersion) -> NsId {
    match version {
        SoapVersion::V11 => NsId::SOAP11,
        SoapVersion::V12 => NsId::SOAP12,
    }
}

/// The media type of an envelope, without parameters.
#[must_use]
pub fn media_type(plan: &EnvelopePlan) -> &'static str {
    match plan.version {
        SoapVersion::V11 => "text/xml",
        SoapVersion::V12 => "application/soap+xml",
    }
}

/// The `Content-Type` of a request (SOAP 1.1, section 6.1; SOAP 1.2 part 2, section 7.1.4).
#[must_use]
pub fn content_type(plan: &EnvelopePlan) -> String {
    match (plan.version, &plan.action) {
        (SoapVersion::V11, _) => "text/xml; charset=utf-8".to_owned(),
        (SoapVersion::V12, Some(action)) if !action.is_empty() => {
            format!(
                "application/soap+xml; charset=utf-8; action=\"{}\"",
                action.replace('"', "%22")
            )
        }
        (SoapVersion::V12, _) => "application/soap+xml; charset=utf-8".to_owned(),
    }
}

/// Puts header blocks and body content, already written as XML, into an envelope.
/// `used` are the namespaces they use; each is declared once, on the envelope.
#[must_use]
pub fn write_envelope(
    graph: &Graph,
    version: SoapVersion,
    used: &[NsId],
    header: &[u8],
    body: &[u8],
) -> Vec<u8> {
    let namespace = envelope_namespace(version);
    let prefix = graph.namespaces.prefix(namespace);
    let mut out = Vec::with_capacity(256 + header.len() + body.len() + used.len() * 48);
    out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    tag(&mut out, "<", prefix, "Envelope");
    let all = std::iter::once(&namespace).chain(used.iter().filter(|id| **id != namespace));
    for id in all.filter(|id| **id != NsId::NONE && **id != NsId::XML) {
        out.extend_from_slice(b" xmlns:");
        out.extend_from_slice(graph.namespaces.prefix(*id).as_bytes());
        out.extend_from_slice(b"=\"");
        // Namespace names came out of XML, so they can go into it.
        let _ = write_attribute_value(&mut out, graph.namespaces.uri(*id));
        out.push(b'"');
    }
    out.push(b'>');
    if !header.is_empty() {
        tag(&mut out, "<", prefix, "Header>");
        out.extend_from_slice(header);
        tag(&mut out, "</", prefix, "Header>");
    }
    tag(&mut out, "<", prefix, "Body>");
    out.extend_from_slice(body);
    tag(&mut out, "</", prefix, "Body>");
    tag(&mut out, "</", prefix, "Envelope>");
    out
}

fn tag(out: &mut Vec<u8>, open: &str, prefix: &str, rest: &str) {
    out.extend_from_slice(open.as_bytes());
    out.extend_from_slice(prefix.as_bytes());
    out.push(b':');
    out.extend_from_slice(rest.as_bytes());
}
