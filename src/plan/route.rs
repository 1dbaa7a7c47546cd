//! Routes as data: everything one call needs, all lookups done.

use std::sync::Arc;
use std::time::Duration;

use super::BackendId;
use crate::codec::{Child, Graph, NodeId};
use crate::diagnostic::Place;
use crate::soap::{AttachmentMember, EnvelopePlan, FaultElement, HeaderElement, HeaderPlan};
use crate::xml::XmlLimits;

/// Index into [`Plan::routes`](super::Plan).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RouteId(pub u32);

/// One version of one API.
#[derive(Debug, Clone)]
pub struct VersionPlan {
    /// `orders`
    pub api: String,
    /// `v1`
    pub version: String,
    /// For people.
    pub title: String,
    /// For people.
    pub description: Option<String>,
    /// Its routes, in the order of the mapping.
    pub routes: Vec<RouteId>,
}

/// What a call does to the backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: it may be repeated.
    Read,
    /// Something: it is sent once.
    Write,
}

/// The end of a route's life (RFC 9745, RFC 8594), as header values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retirement {
    /// `Deprecation: @1767225600`
    pub deprecation: Option<String>,
    /// `Sunset: Thu, 01 Jul 2027 00:00:00 GMT`
    pub sunset: Option<String>,
}

/// One route.
#[derive(Debug, Clone)]
pub struct RoutePlan {
    /// `GET /api/v1/orders/{orderId}`: its name in logs, metrics and problems.
    pub id: String,
    /// Upper case.
    pub method: String,
    /// With prefix: `/api/v1/orders/{orderId}`.
    pub path: String,
    /// The version it belongs to.
    pub version: String,
    /// Unique in its version.
    pub operation_id: String,
    /// A line for people.
    pub summary: Option<String>,
    /// More for people.
    pub description: Option<String>,
    /// Groups in documents.
    pub tags: Vec<String>,
    /// Set where callers have to say who they are.
    pub auth: Option<Arc<super::AuthPlan>>,
    /// Set where it is deprecated.
    pub retirement: Option<Retirement>,
    /// Read or write.
    pub effect: Effect,
    /// From the request's last byte to the answer's last byte.
    pub timeout: Duration,
    /// Bytes of a request body.
    pub request_bytes: usize,
    /// Where it stands in the mapping.
    pub place: Place,
    /// What it becomes.
    pub translator: Translator,
    /// Set where a candidate is to take its place.
    pub migration: Option<Arc<super::MigrationPlan>>,
    /// Whether it is itself a candidate: in no table and no document.
    pub is_candidate: bool,
}

/// What a route becomes.
#[derive(Debug, Clone)]
pub enum Translator {
    /// A SOAP operation.
    Soap(Box<SoapCall>),
    /// A modern HTTP service, passed through.
    Http(HttpCall),
    /// Statements of a SQL database.
    Sql(Box<super::SqlCall>),
    /// Several of these, in one answer.
    Compose(Box<super::ComposeCall>),
}

impl Translator {
    /// Whom a call of it asks; `None` where there are several.
    #[must_use]
    pub fn backend(&self) -> Option<BackendId> {
        match self {
            Self::Soap(call) => Some(call.backend),
            Self::Http(call) => Some(call.backend),
            Self::Sql(call) => Some(call.backend),
            Self::Compose(_) => None,
        }
    }
}

/// A SOAP operation behind a route.
#[derive(Debug, Clone)]
pub struct SoapCall {
    /// Whom to call.
    pub backend: BackendId,
    /// The operation's name.
    pub operation: String,
    /// The service's name.
    pub service: String,
    /// The port's name.
    pub port: String,
    /// The types of all its messages.
    pub graph: Arc<Graph>,
    /// Version and action.
    pub envelope: EnvelopePlan,
    /// The `Content-Type` header.
    pub content_type: String,
    /// The `SOAPAction` header; `None` sends none (SOAP 1.2).
    pub soap_action: Option<String>,
    /// What stands inside the request's body.
    pub request: NodeId,
    /// Header blocks that may be sent.
    pub headers: Vec<HeaderElement>,
    /// Where the request's values come from.
    pub bind: BindPlan,
    /// What stands inside the answer's body, as this route shows it; `None`: one-way.
    pub response: Option<NodeId>,
    /// The answer as callers see it: `response`, and what comes from its Header beside it.
    pub shown: Option<NodeId>,
    /// What is taken from the Header of the answer.
    pub header: Arc<HeaderPlan>,
    /// Members of the answer's body that are attachments.
    pub answer_attachments: Arc<[AttachmentMember]>,
    /// Members of the request that are sent as attachments.
    pub attachments: Vec<AttachmentPart>,
    /// The operation's declared faults.
    pub faults: Arc<[Child]>,
    /// Their names and documentation, in the same order.
    pub fault_elements: Vec<FaultElement>,
    /// The mapping's rules for faults, first match wins.
    pub fault_rules: Vec<FaultRulePlan>,
    /// Status of an answer that is no fault.
    pub status: u16,
    /// The `Location` of a created resource.
    pub location: Option<LocationPlan>,
    /// Whether violations of the contract are errors.
    pub strict: bool,
    /// Whether a fault's text may reach the caller.
    pub expose_fault_text: bool,
    /// Limits on the answer as XML.
    pub xml_limits: XmlLimits,
    /// Bytes of JSON kept back before an answer is sent as it comes. A shorter answer is
    /// sent only when it is known to be whole.
    pub whole_bytes: usize,
}

/// A member of the request that is sent as an attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentPart {
    /// The member, base64 in JSON.
    pub member: Arc<str>,
    /// The message part, which its `Content-ID` begins with.
    pub part: Arc<str>,
    /// Its `Content-Type`.
    pub content_type: String,
}

/// A fault the mapping says something about.
#[derive(Debug, Clone)]
pub struct FaultRulePlan {
    /// A glob over fault name, detail elements, code and subcodes.
    pub pattern: String,
    /// A glob the fault's text has to match as well.
    pub text: Option<String>,
    /// Members of the typed detail, by path, and globs one of their values has to match.
    pub members: Vec<(Vec<Box<str>>, String)>,
    /// The status.
    pub status: u16,
    /// The title; `None` takes the code's.
    pub title: Option<String>,
    /// Whether the fault's text may reach the caller.
    pub expose: bool,
}

impl FaultRulePlan {
    /// Whether more than names decides.
    #[must_use]
    pub fn is_conditional(&self) -> bool {
        self.text.is_some() || !self.members.is_empty()
    }
}

/// `Location: /orders/{orderId}`, split.
#[derive(Debug, Clone)]
pub struct LocationPlan {
    /// Literal pieces and members, alternating as written.
    pub pieces: Vec<LocationPiece>,
}

/// A piece of a `Location`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocationPiece {
    /// As it is.
    Literal(String),
    /// A member of the answer, by path.
    Answer(Vec<Box<str>>),
    /// A parameter of the request, by index into [`BindPlan::parameters`].
    Parameter(usize),
}

/// Where the values of a request come from.
#[derive(Debug, Clone, Default)]
pub struct BindPlan {
    /// Parameters the caller may send.
    pub parameters: Vec<Parameter>,
    /// The body the caller sends; `None` where there is none.
    pub body: Option<BodyPlan>,
    /// Values and where they go.
    pub bindings: Vec<Binding>,
}

/// A parameter of a route.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name: the path segment's, the query key, or the lower-case header name.
    pub name: String,
    /// Where it is sent.
    pub place: ParameterPlace,
    /// The type of its value (of one of them, where it repeats).
    pub node: NodeId,
    /// Whether it may come several times.
    pub repeats: bool,
    /// Whether the request is refused without it.
    pub required: bool,
    /// Its value where it is absent.
    pub default: Option<String>,
    /// Least and greatest value, where the mapping says so.
    pub bounds: (Option<i64>, Option<i64>),
    /// For people.
    pub documentation: Option<Arc<str>>,
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterPlace {
    /// A segment of the path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
}

/// The JSON body of a request.
#[derive(Debug, Clone)]
pub struct BodyPlan {
    /// The member of the request it becomes; empty for the whole request.
    pub target: Vec<Box<str>>,
    /// Its type as callers see it: members bound to parameters left out.
    pub node: NodeId,
    /// Whether the request is refused without it.
    pub required: bool,
}

/// One value of the request.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The member of the request (or, with `header` first, of a header block).
    pub target: Vec<Box<str>>,
    /// The header part it belongs to instead of the body.
    pub header: Option<usize>,
    /// Where it comes from.
    pub source: SourcePlan,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourcePlan {
    /// A parameter, by index.
    Parameter(usize),
    /// A member of the caller's body.
    Body(Vec<Box<str>>),
    /// Fixed text.
    Text(String),
    /// A fixed number, boolean or null, as JSON.
    Json(String),
    /// The correlation id.
    RequestId,
    /// The time of the request, RFC 3339 in UTC.
    RequestTime,
    /// A member of the answer of another part of a composed route, by index.
    Part(usize, Vec<Box<str>>),
}

/// A modern service behind a route.
#[derive(Debug, Clone)]
pub struct HttpCall {
    /// Whom to call.
    pub backend: BackendId,
    /// The path there: literal pieces and parameters of the route's path.
    pub path: Vec<HttpPiece>,
    /// Query parameters: name there ← name here. Empty: the query is passed as it is.
    pub query: Vec<(String, String)>,
    /// Names of the path parameters, in order.
    pub parameters: Vec<String>,
}

/// A piece of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpPiece {
    /// As it is.
    Literal(String),
    /// A path parameter, by name; passed on percent-encoded as it came.
    Parameter(String),
}
