//! WSDL components as authors wrote them (WSDL 1.1, section 2), names not looked up.

use std::collections::HashMap;
use std::sync::Arc;

use super::model::{BindingStyle, SoapVersion};
use crate::diagnostic::Span;
use crate::xml::QName;

/// Everything that was parsed, over all documents.
#[derive(Debug, Default)]
pub(super) struct Components {
    pub messages: HashMap<QName, AuthoredMessage>,
    pub port_types: HashMap<QName, AuthoredPortType>,
    pub bindings: HashMap<QName, AuthoredBinding>,
    /// Bindings in document order.
    pub binding_order: Vec<QName>,
    pub services: Vec<AuthoredService>,
}

/// A name used somewhere.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    pub name: QName,
    /// The same local name in the document's own namespace, where the author wrote no
    /// prefix: contracts forget it.
    pub fallback: Option<QName>,
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct AuthoredMessage {
    pub parts: Vec<AuthoredPart>,
    pub fingerprint: u64,
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct AuthoredPart {
    pub name: Arc<str>,
    pub element: Option<Reference>,
    pub ty: Option<Reference>,
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct AuthoredPortType {
    pub operations: Vec<AuthoredOperation>,
    pub fingerprint: u64,
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct AuthoredOperation {
    pub name: Arc<str>,
    pub documentation: Option<Arc<str>>,
    pub input: Option<AuthoredTransfer>,
    pub output: Option<AuthoredTransfer>,
    /// Whether the output is written before the input.
    pub output_first: bool,
    pub faults: Vec<AuthoredFault>,
    pub span: Span,
}

/// The input or output of a port type's operation.
#[derive(Debug)]
pub(super) struct AuthoredTransfer {
    pub name: Option<Arc<str>>,
    pub message: Option<Reference>,
    pub addressing_action: Option<Arc<str>>,
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct AuthoredFault {
    pub name: Arc<str>,
    pub message: Option<Reference>,
    pub documentation: Option<Arc<str>>,
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct AuthoredBinding {
    pub port_type: Option<Reference>,
    /// `None`: not a SOAP binding.
    pub soap: Option<SoapBinding>,
    pub operations: Vec<BoundOperation>,
    pub fingerprint: u64,
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct SoapBinding {
    pub version: SoapVersion,
    pub style: Option<BindingStyle>,
    pub transport: Option<Arc<str>>,
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct BoundOperation {
    pub name: Arc<str>,
    pub soap_action: Option<Arc<str>>,
    pub style: Option<BindingStyle>,
    pub input: Option<BoundMessage>,
    pub output: Option<BoundMessage>,
    pub span: Span,
}

/// The input or output of a binding's operation.
#[derive(Debug)]
pub(super) struct BoundMessage {
    pub name: Option<Arc<str>>,
    pub body: Option<SoapBody>,
    pub headers: Vec<SoapHeader>,
    /// Where it is bound to MIME parts.
    pub mime: Option<Span>,
    /// Parts that are attachments.
    pub mime_parts: Vec<MimeContent>,
    pub span: Span,
}

/// `mime:content`
#[derive(Debug)]
pub(super) struct MimeContent {
    /// The part of the message.
    pub part: Option<Arc<str>>,
    /// The `type`; empty where there is none.
    pub content_type: Arc<str>,
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct SoapBody {
    pub parts: Option<Vec<Arc<str>>>,
    pub encoding: Option<Encoding>,
    pub namespace: Option<Arc<str>>,
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct SoapHeader {
    pub message: Option<Reference>,
    pub part: Arc<str>,
    pub encoding: Option<Encoding>,
    pub namespace: Option<Arc<str>>,
    /// Its `soap:headerfault` elements, which have no faults of their own.
    pub faults: Vec<SoapHeader>,
    pub span: Span,
}

/// `use="encoded"`.
#[derive(Debug, Clone)]
pub(super) struct Encoding {
    /// The `encodingStyle`: encodings that may be used, separated by spaces.
    pub style: Option<Arc<str>>,
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct AuthoredService {
    pub name: QName,
    pub ports: Vec<AuthoredPort>,
    pub documentation: Option<Arc<str>>,
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct AuthoredPort {
    pub name: Arc<str>,
    pub binding: Option<Reference>,
    pub address: Option<Arc<str>>,
    pub span: Span,
}
