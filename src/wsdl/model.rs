//! A resolved contract: services, ports and operations with everything looked up.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Report, Sources, Span};
use crate::xml::QName;
use crate::xsd::{ElementId, SchemaSet, TypeId};

/// A WSDL 1.1 contract with its schemas.
#[derive(Debug)]
pub struct Contract {
    /// The documents it was read from, for places.
    pub sources: Sources,
    /// The `name` of the root definitions, or the root file's stem.
    pub name: String,
    /// Its target namespace.
    pub target_namespace: Arc<str>,
    /// All schema components.
    pub schema: SchemaSet,
    /// Services in document order, with their SOAP ports only.
    pub services: Vec<Service>,
    /// Everything found wrong or doubtful that concerns no single operation.
    pub report: Report,
    /// Prefix → namespace as the authors wrote them, for readable envelopes. First wins.
    pub prefixes: Vec<(Arc<str>, Arc<str>)>,
}

/// A service (WSDL 1.1, section 2.7).
#[derive(Debug, Clone)]
pub struct Service {
    /// Its name.
    pub name: QName,
    /// Its ports with a SOAP binding, in document order.
    pub ports: Vec<Port>,
    /// Its `wsdl:documentation`.
    pub documentation: Option<Arc<str>>,
    /// Where it is defined.
    pub span: Span,
}

/// A port with a SOAP binding (WSDL 1.1, sections 2.6 and 3).
#[derive(Debug, Clone)]
pub struct Port {
    /// Its name.
    pub name: Arc<str>,
    /// Which SOAP its binding speaks.
    pub version: SoapVersion,
    /// The `location` of its `soap:address`.
    pub address: Option<Arc<str>>,
    /// Its operations in the order of the binding.
    pub operations: Vec<Operation>,
    /// Where it is defined.
    pub span: Span,
}

/// The version of SOAP a binding speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SoapVersion {
    /// SOAP 1.1
    V11,
    /// SOAP 1.2
    V12,
}

impl SoapVersion {
    /// `SOAP 1.1`
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V11 => "SOAP 1.1",
            Self::V12 => "SOAP 1.2",
        }
    }
}

/// An operation as one binding offers it.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its name; that of no other operation of the port. Where several are overloaded, the
    /// first has the name they share, each other that of its input, or a number behind.
    pub name: Arc<str>,
    /// The name in the contract, which the wrapper of rpc style has.
    pub wire_name: Arc<str>,
    /// The name of its `wsdl:input`, in the binding or else in the port type: what tells
    /// overloaded operations apart (WSDL 1.1, section 2.4.5).
    pub input_name: Option<Arc<str>>,
    /// Style of the binding: document or rpc.
    pub style: BindingStyle,
    /// The `soapAction`; `None` where the binding has none.
    pub soap_action: Option<Arc<str>>,
    /// What is sent.
    pub input: Message,
    /// What comes back; `None` for a one-way operation.
    pub output: Option<Message>,
    /// Declared faults.
    pub faults: Vec<Fault>,
    /// The `wsdl:documentation` of the port type's operation.
    pub documentation: Option<Arc<str>>,
    /// Where the binding names it.
    pub span: Span,
    /// Why it cannot be served as far as the WSDL alone tells (transport, pattern,
    /// encoded use, missing message). Empty for an operation that can be.
    pub refusals: Vec<Diagnostic>,
    /// What is lost when it is served, as far as the WSDL alone tells.
    pub losses: Vec<Diagnostic>,
}

/// The style of an operation (WSDL 1.1, section 3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindingStyle {
    /// Parts are the content of the body.
    Document,
    /// Parts are inside a wrapper named after the operation.
    Rpc,
}

/// How parts are written (WSDL 1.1, section 3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// By their schema.
    Literal,
    /// By SOAP encoding: that of SOAP 1.1 (section 5) or of SOAP 1.2 (part 2, section 3).
    Encoded(SoapVersion),
}

/// A message as a binding uses it.
#[derive(Debug, Clone)]
pub struct Message {
    /// The name of the `wsdl:message`.
    pub name: QName,
    /// Literal or encoded.
    pub use_: Use,
    /// The parts of the body (`parts=` applied), header parts not included, in the order of
    /// the wire: that of the message, whatever `parameterOrder` says (Basic Profile R2301).
    pub parts: Vec<Part>,
    /// The `namespace` of `soap:body`: the wrapper's namespace of rpc style.
    pub namespace: Option<Arc<str>>,
    /// Parts sent as SOAP header blocks.
    pub headers: Vec<Part>,
    /// The WS-Addressing action of this message, where declared.
    pub addressing_action: Option<Arc<str>>,
    /// Where the binding names it.
    pub span: Span,
}

/// A message part.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its name.
    pub name: Arc<str>,
    /// An element or a type.
    pub content: PartContent,
    /// How it is written.
    pub use_: Use,
    /// The namespace of a header block that has no element, from `soap:header`.
    pub namespace: Option<Arc<str>>,
    /// Where it is defined.
    pub span: Span,
}

/// What a part refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartContent {
    /// `element=`
    Element(ElementId),
    /// `type=`
    Type(TypeId),
}

/// A declared fault.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The name in the port type.
    pub name: Arc<str>,
    /// Its one part.
    pub part: Part,
    /// Its documentation.
    pub documentation: Option<Arc<str>>,
}
