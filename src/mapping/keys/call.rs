//! Keys that a route and its candidate have in common: who does the work, and how.

use super::route::{FAULT_STATUS, SOURCE};
use super::shape::{ANY_KEY, Key, Kind, key};
use super::sql::{ERROR_STATUS, OWN_NAME, PAGE, STEP};

pub(super) const SOAP: Key =
    key("soap", Kind::Text, "The operation: backend.Operation.").example("erp.GetOrder");
pub(super) const HTTP: Key =
    key("http", Kind::Text, "The HTTP backend the request is passed to.").example("orders");
pub(super) const PATH: Key =
    key("path", Kind::Text, "The path at the HTTP backend; the route's own otherwise.")
        .example("/v2/shipments/by-order/{orderId}");
pub(super) const QUERY_STRING: Key = key(
    "query_string",
    Kind::Map(&SOURCE, ANY_KEY),
    "The query at the HTTP backend: parameter to source.",
)
.example("{ customer: query.customer }");
pub(super) const STEPS: Key = key(
    "steps",
    Kind::Map(&Kind::Object(&STEP), OWN_NAME),
    "Several statements in one transaction, in their order.",
);
pub(super) const PAGED: Key = key("page", Kind::Object(&PAGE), "How a list is cut into pages.");
pub(super) const BODY: Key =
    key("body", Kind::Text, "The member of the request that is the body.").example("order");
pub(super) const RESPONSE_HEADERS: Key = key(
    "response_headers",
    Kind::Map(&Kind::Text, ANY_KEY),
    "HTTP headers of the answer, and the members of its SOAP header parts they come from.",
)
.example("{ X-Session: SessionHeader.sessionId }");
pub(super) const STREAM: Key =
    key("stream", Kind::Boolean, "Whether it is a long answer: connections of their own.")
        .default("false");
pub(super) const ETAG: Key =
    key("etag", Kind::Text, "The column whose value is the ETag of a read.").example("version");
pub(super) const IF_MATCH: Key =
    key("if_match", Kind::Text, "The parameter of the statement that is If-Match.")
        .example("version");
pub(super) const SESSION: Key =
    key("session", Kind::Map(&SOURCE, ANY_KEY), "Settings of the transaction: name to source.")
        .example("{ app.user: claim.sub }");
pub(super) const ISOLATION: Key = key(
    "isolation",
    Kind::Words(&["read_committed", "repeatable_read", "serializable"]),
    "The isolation of the transaction; the database's default otherwise.",
);
pub(super) const ERRORS: Key = key(
    "errors",
    Kind::Map(&ERROR_STATUS, ANY_KEY),
    "Statuses of errors, by constraint, SQLSTATE or its first two characters.",
)
.example("{ ord_code_key: 409 }");
pub(super) const STATUS: Key = key(
    "status",
    Kind::Integer(200, 299),
    "The status of a success; 200, and 202 for a one-way operation.",
)
.example("201");
pub(super) const LOCATION: Key =
    key("location", Kind::Text, "The Location header, with {members} of the answer.")
        .example("/orders/{orderId}");
pub(super) const FAULTS: Key =
    key("faults", Kind::Map(&FAULT_STATUS, ANY_KEY), "Statuses of faults, by name or pattern.")
        .example("{ OrderNotFound: 404 }");
pub(super) const TIMEOUT: Key =
    key("timeout", Kind::Duration, "The whole call; the backend's total otherwise.");
pub(super) const STRICT: Key =
    key("strict", Kind::Boolean, "Whether an answer that deviates from the contract is a 502.");
pub(super) const SOAP_ACTION: Key =
    key("soap_action", Kind::Text, "Sent instead of the contract's SOAPAction, as it is.")
        .example("urn:erp:GetOrder");
pub(super) const EXPOSE_FAULT_TEXT: Key =
    key("expose_fault_text", Kind::Boolean, "Whether callers see the text of faults.")
        .default("false");
