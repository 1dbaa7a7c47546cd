//! Every key of a mapping file, once: the readers and the JSON Schema are driven by these
//! tables, so they cannot say different things.

/// The keys an object may have.
#[derive(Debug)]
pub(super) struct Shape {
    /// What the object is called, with its article.
    pub noun: &'static str,
    /// Its keys, in the order people should write them.
    pub keys: &'static [Key],
    /// Keys of which exactly one must be there; empty where there is no such rule.
    pub one_of: &'static [&'static str],
    /// Keys that are decided but not built yet.
    pub later: &'static [&'static str],
}

/// One key.
#[derive(Debug)]
pub(super) struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What may stand behind it.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// What it does, for editors.
    pub doc: &'static str,
    /// What holds where it is left out, as it would be written.
    pub default: Option<&'static str>,
    /// A value, as it could be written; `None` where the kind has one that will do.
    pub example: Option<&'static str>,
}

impl Key {
    const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    const fn example(self, example: &'static str) -> Self {
        Self { example: Some(example), ..self }
    }
}

/// What may stand behind a key.
#[derive(Debug)]
pub(super) enum Kind {
    /// Any single value, taken as text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// `true`; the other way is to leave the key out.
    True,
    /// A whole number in a range, ends included.
    Integer(i64, i64),
    /// One of some words.
    Words(&'static [&'static str]),
    /// `v1`.
    Version,
    /// `5s`.
    Duration,
    /// `10MiB`.
    Size,
    /// `2027-01-01`.
    Date,
    /// A list of texts.
    Texts,
    /// An object with known keys.
    Object(&'static Shape),
    /// An object with keys of the author's own; the pattern is what they look like.
    Map(&'static Kind, &'static str),
    /// One spelling or the other.
    Either(&'static [Kind]),
}

const fn key(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, kind, required: false, doc, default: None, example: None }
}

const fn needed(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { required: true, ..key(name, kind, doc) }
}

const fn shape(noun: &'static str, keys: &'static [Key]) -> Shape {
    Shape { noun, keys, one_of: &[], later: &[] }
}

/// A count of something.
const COUNT: Kind = Kind::Integer(1, 1_000_000);
/// A path of members, `a.b`.
const ANY_KEY: &str = "^.+$";

pub(super) const DOCUMENT: Shape = shape(
    "a mapping",
    &[
        needed("figleaf", Kind::Integer(1, 1), "The format of this file."),
        key("api", Kind::Text, "The name of the API its routes belong to.").example("orders"),
        key("version", Kind::Version, "The version, served under /api/<version>."),
        key("title", Kind::Text, "The title of the API's documentation.").example("Orders"),
        key("description", Kind::Text, "What the API is for; CommonMark.")
            .example("Orders and their customers."),
        key("extends", Kind::Version, "Take the routes of this version; list only what changes."),
        key("deprecated", Kind::Date, "The day the version was or will be deprecated."),
        key("sunset", Kind::Date, "The day the version ends."),
        key("auth", Kind::Object(&AUTH), "Who may call; everybody where it is left out."),
        key("backends", Kind::Map(&Kind::Object(&BACKEND), BACKEND_NAME), "The systems behind."),
        key("routes", Kind::Map(&Kind::Object(&ROUTE), ROUTE_KEY), "What is served."),
    ],
);

/// Names of backends: no dot, because `backend.Operation` is split at it.
pub(super) const BACKEND_NAME: &str = "^[A-Za-z][A-Za-z0-9_-]*$";
const ROUTE_KEY: &str = "^(GET|HEAD|POST|PUT|PATCH|DELETE) /";

/// What an HTTP backend has no use for.
pub(super) const SOAP_ONLY: &[&str] = &[
    "service",
    "port",
    "url",
    "security",
    "naming",
    "numbers",
    "names",
    "strict",
    "soap_action",
    "content_type",
];

pub(super) const BACKEND: Shape = Shape {
    noun: "a backend",
    keys: &[
        key("soap", Kind::Text, "The WSDL, relative to this file.")
            .example("../wsdl/erp/OrderService.wsdl"),
        key("http", Kind::Text, "The address of a modern HTTP service.")
            .example("https://orders.example"),
        key("service", Kind::Text, "The service, where the contract has several.")
            .example("OrderService"),
        key("port", Kind::Text, "The port, where the service has several.")
            .example("OrderServiceSoap12"),
        key("url", Kind::Text, "The address; the one in the contract otherwise.")
            .example("${ERP_URL:-https://legacy.example/erp}"),
        key(
            "timeout",
            Kind::Either(&[Kind::Duration, Kind::Object(&TIMEOUT)]),
            "Limits in time; a plain duration is the total.",
        ),
        key(
            "retry",
            Kind::Object(&RETRY),
            "Repeated attempts of reads; two in all where it is left out.",
        ),
        key("breaker", Kind::Object(&BREAKER), "When to leave the backend alone."),
        key("limits", Kind::Object(&LIMITS), "Limits in number and size."),
        key("tls", Kind::Object(&TLS), "Certificates; PEM files."),
        key("security", Kind::Object(&SECURITY), "WS-Security; refused by check until it is sent."),
        key("basic", Kind::Object(&BASIC), "Authorization: Basic."),
        key("headers", Kind::Map(&Kind::Text, ANY_KEY), "Headers sent with each call.")
            .example("{ X-Tenant: north }"),
        key("naming", Kind::Words(&["camel", "preserve"]), "How JSON names are made.")
            .default("camel"),
        key("numbers", Kind::Words(&["exact", "string"]), "How large numbers are written.")
            .default("exact"),
        key(
            "names",
            Kind::Map(&Kind::Text, ANY_KEY),
            "JSON names given by hand: schema name to JSON name.",
        )
        .example("{ ORDERNO: orderNumber }"),
        key("strict", Kind::Boolean, "Whether an answer that deviates from the contract is a 502.")
            .default("false"),
        key("soap_action", Kind::Text, "Sent instead of the contract's SOAPAction, as it is.")
            .example("urn:erp:GetOrder"),
        key("content_type", Kind::Text, "Sent instead of the SOAP version's Content-Type.")
            .example("text/xml; charset=utf-8"),
    ],
    one_of: &["soap", "http"],
    later: &["postgres", "sqlite", "sql"],
};

pub(super) const TIMEOUT: Shape = shape(
    "a timeout",
    &[
        key("connect", Kind::Duration, "To a usable connection, TLS included.")
            .default("1s")
            .example("500ms"),
        key("total", Kind::Duration, "From the first attempt to the last byte of the answer.")
            .default("5s"),
    ],
);

pub(super) const RETRY: Shape = shape(
    "a retry",
    &[needed("attempts", Kind::Integer(1, 10), "Attempts in all, of reads only; 1 is no retry.")
        .example("3")],
);

pub(super) const BREAKER: Shape = shape(
    "a breaker",
    &[
        key("failures", COUNT, "Failures in a row that open it.").default("5").example("10"),
        key("open", Kind::Duration, "How long it stays open.").default("10s"),
        key("probes", COUNT, "Calls let through at once to see whether it has recovered.")
            .default("1")
            .example("2"),
    ],
);

pub(super) const LIMITS: Shape = shape(
    "limits",
    &[
        key("in_flight", COUNT, "Calls at once.").default("64").example("128"),
        key("request", Kind::Size, "Bytes of a caller's body.").default("1MiB"),
        key("response", Kind::Size, "Bytes of an answer after decompression.").default("1GiB"),
        key("depth", Kind::Integer(1, 1_000), "Elements inside one another.")
            .default("100")
            .example("50"),
        key("elements", Kind::Integer(1, 1_000_000_000), "Elements of one answer.")
            .default("50000000")
            .example("100000"),
        key("attributes", COUNT, "Attributes of one element.").default("500").example("50"),
        key("attribute", Kind::Size, "Bytes of one attribute.").default("64KiB"),
        key("text", Kind::Size, "Bytes of one text.").default("16MiB"),
    ],
);

pub(super) const TLS: Shape = shape(
    "a tls",
    &[
        key("ca", Kind::Text, "Authorities to trust instead of the platform's.")
            .example("certs/ca.pem"),
        key("cert", Kind::Text, "Our certificate chain.").example("certs/client.pem"),
        key("key", Kind::Text, "Our key.").example("${file:/run/secrets/client.key}"),
    ],
);

pub(super) const SECURITY: Shape = shape(
    "a security",
    &[needed("username_token", Kind::Object(&USERNAME_TOKEN), "The UsernameToken profile.")
        .example(r#"{ username: facade, password: "${ERP_PASSWORD}" }"#)],
);

pub(super) const USERNAME_TOKEN: Shape = shape(
    "a username_token",
    &[
        needed("username", Kind::Text, "The user.").example("facade"),
        needed("password", Kind::Text, "The password; take it from ${NAME} or ${file:/path}.")
            .example("${ERP_PASSWORD}"),
        key("digest", Kind::Boolean, "Whether the digest is sent instead of the password.")
            .default("false"),
    ],
);

pub(super) const AUTH: Shape = shape(
    "an auth",
    &[needed("jwt", Kind::Object(&JWT), "Callers send Authorization: Bearer with a token.").example(
        r#"{ algorithm: ES256, key: "${file:/run/secrets/issuer.pem}", issuer: https://id.example, audience: orders }"#,
    )],
);

pub(super) const JWT: Shape = shape(
    "a jwt",
    &[
        needed(
            "algorithm",
            Kind::Words(crate::plan::JwtAlgorithm::NAMES),
            "The one algorithm tokens may be signed with.",
        ),
        needed("key", Kind::Text, "The issuer's public key in PEM, or the secret of HS256.")
            .example("${file:/run/secrets/issuer.pem}"),
        key("issuer", Kind::Text, "The `iss` a token must have.").example("https://id.example"),
        key("audience", Kind::Text, "The `aud` a token must have.").example("orders"),
    ],
);

pub(super) const BASIC: Shape = shape(
    "a basic",
    &[
        needed("username", Kind::Text, "The user.").example("facade"),
        needed("password", Kind::Text, "The password; take it from ${NAME} or ${file:/path}.")
            .example("${file:/run/secrets/erp}"),
    ],
);

pub(super) const ROUTE: Shape = Shape {
    noun: "a route",
    keys: &[
        key("soap", Kind::Text, "The operation: backend.Operation.").example("erp.GetOrder"),
        key("http", Kind::Text, "The HTTP backend the request is passed to.").example("orders"),
        key("path", Kind::Text, "The path at the HTTP backend; the route's own otherwise.")
            .example("/v2/shipments/by-order/{orderId}"),
        key(
            "query",
            Kind::Map(&SOURCE, ANY_KEY),
            "The query at the HTTP backend: parameter to source.",
        )
        .example("{ customer: query.customer }"),
        key("in", Kind::Map(&SOURCE, ANY_KEY), "Members of the request, and where they come from.")
            .example("{ criteria.customerNumber: query.customer }"),
        key("body", Kind::Text, "The member of the request that is the body.").example("order"),
        key("returns", Kind::Text, "The member of the answer that is the body.")
            .example("result.orders"),
        key("out", Kind::Map(&CHANGE, ANY_KEY), "Members of the body: rename, move, drop.")
            .example("{ shipTo: shippingAddress }"),
        key(
            "status",
            Kind::Integer(200, 299),
            "The status of a success; 200, and 202 for a one-way operation.",
        )
        .example("201"),
        key("location", Kind::Text, "The Location header, with {members} of the answer.")
            .example("/orders/{orderId}"),
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
        key("faults", Kind::Map(&FAULT_STATUS, ANY_KEY), "Statuses of faults, by name or pattern.")
            .example("{ OrderNotFound: 404 }"),
        key("deprecated", Kind::Date, "The day the route was or will be deprecated."),
        key("sunset", Kind::Date, "The day the route ends."),
        key("timeout", Kind::Duration, "The whole call; the backend's total otherwise."),
        key("strict", Kind::Boolean, "Whether an answer that deviates from the contract is a 502."),
        key("soap_action", Kind::Text, "Sent instead of the contract's SOAPAction, as it is.")
            .example("urn:erp:GetOrder"),
        key("expose_fault_text", Kind::Boolean, "Whether callers see the text of faults.")
            .default("false"),
        key("summary", Kind::Text, "A line for the documentation.").example("One order"),
        key("description", Kind::Text, "More than a line; CommonMark.")
            .example("An order with its lines."),
        key("tags", Kind::Texts, "Groups of the documentation.").example("[orders]"),
        key("operation_id", Kind::Text, "The operationId of the documentation.")
            .example("getOrder"),
        key("removed", Kind::True, "With extends: the route is not taken over."),
    ],
    one_of: &["soap", "http", "removed"],
    later: &["sql", "postgres", "sqlite", "page", "candidate", "stage"],
};

/// What only a route to a SOAP backend may say.
pub(super) const ROUTE_SOAP_ONLY: &[&str] = &[
    "in",
    "body",
    "returns",
    "out",
    "location",
    "faults",
    "strict",
    "soap_action",
    "expose_fault_text",
];
/// What only a route to an HTTP backend may say.
pub(super) const ROUTE_HTTP_ONLY: &[&str] = &["path", "query"];

const SOURCE: Kind = Kind::Either(&[Kind::Text, Kind::Object(&SOURCE_OBJECT)]);

pub(super) const SOURCE_OBJECT: Shape = Shape {
    noun: "a source",
    keys: &[
        key("const", Kind::Text, "Always this value.").example("WEB"),
        key("query", Kind::Text, "A query parameter.").example("limit"),
        key("header", Kind::Text, "A header of the request.").example("Accept-Language"),
        key("default", Kind::Text, "The value where the caller gives none.").example("50"),
        key("min", Kind::Integer(i64::MIN, i64::MAX), "The smallest value allowed.").example("1"),
        key("max", Kind::Integer(i64::MIN, i64::MAX), "The largest value allowed.").example("500"),
    ],
    one_of: &["const", "query", "header"],
    later: &["expr"],
};

const CHANGE: Kind = Kind::Either(&[Kind::Text, Kind::Object(&CHANGE_OBJECT)]);

pub(super) const CHANGE_OBJECT: Shape = Shape {
    noun: "a change",
    keys: &[
        key("drop", Kind::True, "The member is left out."),
        key("from", Kind::Text, "The member of the answer it is taken from.").example("orderDate"),
    ],
    one_of: &["drop", "from"],
    later: &["expr"],
};

/// The statuses a fault may become.
pub(super) const FAULT_STATUS_MIN: i64 = 400;
/// The statuses a fault may become.
pub(super) const FAULT_STATUS_MAX: i64 = 599;

const FAULT_STATUS: Kind =
    Kind::Either(&[Kind::Integer(FAULT_STATUS_MIN, FAULT_STATUS_MAX), Kind::Object(&FAULT_OBJECT)]);

pub(super) const FAULT_OBJECT: Shape = shape(
    "a fault",
    &[
        needed("status", Kind::Integer(FAULT_STATUS_MIN, FAULT_STATUS_MAX), "The status.")
            .example("404"),
        key("title", Kind::Text, "The title of the problem.").example("Order not found"),
        key("expose", Kind::Boolean, "Whether callers see the fault's text.").default("false"),
    ],
);
