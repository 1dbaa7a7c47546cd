//! Keys of routes.

use super::call::{
    BODY, ERRORS, ETAG, EXPOSE_FAULT_TEXT, FAULTS, HTTP, IF_MATCH, ISOLATION, LOCATION, PAGED,
    PATH, QUERY_STRING, RESPONSE_HEADERS, SESSION, SOAP, SOAP_ACTION, STATUS, STEPS, STREAM,
    STRICT, TIMEOUT,
};
use super::migration::{
    CANARY_OF, CANDIDATE_OF, CEILING, COMPARE_OF, GATE_OF, GROUP, ON_TROUBLE, SHADOW_OF, STAGE,
    STATE,
};
use super::shape::{ANY_KEY, Key, Kind, Shape, key, needed, shape};
use super::sql::{INCLUDE, MAX_AFFECTED, NEST, PART, QUERY, RESULT, TYPES};

pub(in crate::mapping) const ROUTE: Shape = Shape {
    noun: "a route",
    keys: &[
        SOAP,
        HTTP,
        SQL,
        key(
            "compose",
            Kind::Map(&Kind::Object(&PART), ANY_KEY),
            "Several calls in one answer: member to call.",
        ),
        PATH,
        QUERY_STRING,
        QUERY,
        STEPS,
        IN,
        TYPES,
        FILTERS,
        SORT,
        PAGED,
        BODY,
        RETURNS,
        RESULT,
        OUT,
        RESPONSE_HEADERS,
        NEST_MAP,
        INCLUDE_MAP,
        MAX_ROWS,
        STREAM,
        MAX_AFFECTED,
        ETAG,
        IF_MATCH,
        SESSION,
        ISOLATION,
        ERRORS,
        STATUS,
        LOCATION,
        key(
            "effect",
            Kind::Words(&["read", "write"]),
            "Whether a call changes anything; read for GET and HEAD, else write.",
        ),
        key(
            "idempotency",
            Kind::Words(&["key"]),
            "How a repeated call is recognised; not acted on yet.",
        ),
        FAULTS,
        key("deprecated", Kind::Date, "The day the route was or will be deprecated."),
        key("sunset", Kind::Date, "The day the route ends."),
        TIMEOUT,
        STRICT,
        SOAP_ACTION,
        EXPOSE_FAULT_TEXT,
        key("summary", Kind::Text, "A line for the documentation.").example("One order"),
        key("description", Kind::Text, "More than a line; CommonMark.")
            .example("An order with its lines."),
        key("tags", Kind::Texts, "Groups of the documentation.").example("[orders]"),
        key("operation_id", Kind::Text, "The operationId of the documentation.")
            .example("getOrder"),
        CANDIDATE_OF,
        STAGE,
        CEILING,
        CANARY_OF,
        GROUP,
        STATE,
        SHADOW_OF,
        COMPARE_OF,
        GATE_OF,
        ON_TROUBLE,
        key("removed", Kind::True, "With extends: the route is not taken over."),
    ],
    one_of: &["soap", "http", "sql", "compose", "removed"],
    later: &["dual_write"],
};

/// Keys that not every kind of route has, and the kinds that have them.
pub(in crate::mapping) const ROUTE_KEYS_OF: &[(&str, &[&str])] = &[
    ("in", &["soap", "sql"]),
    ("returns", &["soap", "sql"]),
    ("out", &["soap", "sql"]),
    ("status", &["soap", "http", "sql"]),
    ("location", &["soap", "sql"]),
    ("idempotency", &["soap", "http"]),
    ("body", &["soap"]),
    ("response_headers", &["soap"]),
    ("faults", &["soap"]),
    ("strict", &["soap"]),
    ("soap_action", &["soap"]),
    ("expose_fault_text", &["soap"]),
    ("path", &["http"]),
    ("query_string", &["http"]),
    ("query", &["sql"]),
    ("steps", &["sql"]),
    ("types", &["sql"]),
    ("filters", &["sql"]),
    ("sort", &["sql"]),
    ("page", &["sql"]),
    ("result", &["sql"]),
    ("nest", &["sql"]),
    ("include", &["sql"]),
    ("max_rows", &["sql"]),
    ("stream", &["sql"]),
    ("max_affected", &["sql"]),
    ("etag", &["sql"]),
    ("if_match", &["sql"]),
    ("session", &["sql"]),
    ("isolation", &["sql"]),
    ("errors", &["sql"]),
];

pub(super) const SQL: Key =
    key("sql", Kind::Text, "The database its statements are sent to.").example("ledger");
pub(super) const IN: Key =
    key("in", Kind::Map(&SOURCE, ANY_KEY), "Members of the request, and where they come from.")
        .example("{ criteria.customerNumber: query.customer }");
pub(super) const RETURNS: Key =
    key("returns", Kind::Text, "The member of the answer that is the body; of steps, the step.")
        .example("result.orders");
pub(super) const OUT: Key =
    key("out", Kind::Map(&CHANGE, ANY_KEY), "Members of the body: rename, move, drop, form.")
        .example("{ shipTo: shippingAddress }");
pub(super) const FILTERS: Key = key(
    "filters",
    Kind::Map(&Kind::Text, ANY_KEY),
    "Conditions that apply where all their parameters are sent.",
)
.example(r#"{ status: "status = :status" }"#);
pub(super) const SORT: Key = key(
    "sort",
    Kind::Map(&Kind::Text, ANY_KEY),
    "Orders callers may ask for by `sort`; the first is the default.",
)
.example(r#"{ newest: "issued_on desc, id" }"#);
pub(super) const NEST_MAP: Key = key(
    "nest",
    Kind::Map(&Kind::Object(&NEST), ANY_KEY),
    "Adjacent rows folded into arrays: member to its columns.",
);
pub(super) const INCLUDE_MAP: Key = key(
    "include",
    Kind::Map(&Kind::Object(&INCLUDE), ANY_KEY),
    "What a second statement fetches for all rows at once: member to statement.",
);
pub(super) const MAX_ROWS: Key = key(
    "max_rows",
    Kind::Integer(1, 1_000_000_000),
    "Rows of one answer; one more is an error. 10000000 with `stream`.",
)
.default("10000")
.example("500");

pub(super) const SOURCE: Kind = Kind::Either(&[Kind::Text, Kind::Object(&SOURCE_OBJECT)]);

pub(in crate::mapping) const SOURCE_OBJECT: Shape = Shape {
    noun: "a source",
    keys: &[
        key("const", Kind::Text, "Always this value.").example("WEB"),
        key("query", Kind::Text, "A query parameter.").example("limit"),
        key("header", Kind::Text, "A header of the request.").example("Accept-Language"),
        key("path", Kind::Text, "A parameter of the path.").example("orderId"),
        key("body", Kind::Text, "A member of the request body.").example("order.note"),
        key("claim", Kind::Text, "A claim of the caller's token.").example("sub"),
        key("optional", Kind::Boolean, "Whether it may be absent: NULL is sent.").default("false"),
        key("repeats", Kind::Boolean, "Whether it may come several times: an array is sent.")
            .default("false"),
        key("default", Kind::Text, "The value where the caller gives none.").example("50"),
        key("min", Kind::Integer(i64::MIN, i64::MAX), "The smallest value allowed.").example("1"),
        key("max", Kind::Integer(i64::MIN, i64::MAX), "The largest value allowed.").example("500"),
    ],
    one_of: &["const", "query", "header", "path", "body", "claim"],
    later: &["expr"],
};

const CHANGE: Kind = Kind::Either(&[Kind::Text, Kind::Object(&CHANGE_OBJECT)]);

pub(in crate::mapping) const CHANGE_OBJECT: Shape = Shape {
    noun: "a change",
    keys: &[
        key("drop", Kind::True, "The member is left out."),
        key("from", Kind::Text, "The member of the answer it is taken from.").example("orderDate"),
        key(
            "header",
            Kind::Text,
            "The SOAP header part of the answer, or the member of one, it is.",
        )
        .example("SessionHeader"),
        key("body", Kind::True, "It is the body itself, which header parts then stand beside."),
        key(
            "as",
            Kind::Words(&["number", "string", "base64", "base64url", "hex"]),
            "Of a column: how its values are written.",
        ),
        key("nullable", Kind::Boolean, "Of a column: whether NULL may stand in it."),
        key("schema", Kind::Schema, "Of a column with JSON: the JSON Schema of its values.")
            .example("{ type: object }"),
    ],
    one_of: &[],
    later: &["expr"],
};

/// The statuses a fault may become.
pub(in crate::mapping) const FAULT_STATUS_MIN: i64 = 400;
/// The statuses a fault may become.
pub(in crate::mapping) const FAULT_STATUS_MAX: i64 = 599;

pub(super) const STATUS_OF_ERRORS: Kind = Kind::Integer(FAULT_STATUS_MIN, FAULT_STATUS_MAX);

const FAULT_RULE: Kind = Kind::Object(&FAULT_OBJECT);

pub(super) const FAULT_STATUS: Kind =
    Kind::Either(&[STATUS_OF_ERRORS, FAULT_RULE, Kind::List(&FAULT_RULE)]);

pub(in crate::mapping) const FAULT_OBJECT: Shape = shape(
    "a fault",
    &[
        needed("status", STATUS_OF_ERRORS, "The status.").example("404"),
        key("title", Kind::Text, "The title of the problem.").example("Order not found"),
        key("expose", Kind::Boolean, "Whether callers see the fault's text.").default("false"),
        key("text", Kind::Text, "Only for faults whose text fits this pattern.")
            .example("*not found*"),
        key(
            "detail",
            Kind::Map(&Kind::Text, ANY_KEY),
            "Only for faults whose typed detail has, in each of these members, a value that fits.",
        )
        .example("{ code: E17 }"),
    ],
);
