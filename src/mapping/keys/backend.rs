//! Keys of backends.

use super::shape::{ANY_KEY, COUNT, Kind, Shape, key, needed, shape};

/// What a SOAP backend has no use for.
pub(in crate::mapping) const NOT_OF_SOAP: &[&str] = &["pool"];
/// What an HTTP backend has no use for.
pub(in crate::mapping) const NOT_OF_HTTP: &[&str] = &[
    "service",
    "port",
    "url",
    "security",
    "naming",
    "numbers",
    "names",
    "any",
    "open",
    "strict",
    "soap_action",
    "content_type",
    "pool",
];
/// What a database has no use for.
pub(in crate::mapping) const NOT_OF_SQL: &[&str] = &[
    "service",
    "port",
    "url",
    "security",
    "basic",
    "headers",
    "names",
    "any",
    "open",
    "strict",
    "soap_action",
    "content_type",
];
/// Limits a database has no use for.
pub(in crate::mapping) const LIMITS_NOT_OF_SQL: &[&str] =
    &["depth", "elements", "attributes", "attribute", "text"];

pub(in crate::mapping) const BACKEND: Shape = Shape {
    noun: "a backend",
    keys: &[
        key("soap", Kind::Text, "The WSDL, relative to this file.")
            .example("../wsdl/erp/OrderService.wsdl"),
        key("http", Kind::Text, "The address of a modern HTTP service.")
            .example("https://orders.example"),
        key("postgres", Kind::Text, "The address of a PostgreSQL database.")
            .example("${LEDGER_URL:-postgres://facade@db.example/ledger?sslmode=require}"),
        key("sqlite", Kind::Text, "A SQLite file, relative to this file.").example("../ledger.db"),
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
        key(
            "redact",
            Kind::Object(&REDACT),
            "What is a secret in recordings, beside what always is, and what is none.",
        ),
        key("pool", Kind::Object(&POOL), "Connections of a database."),
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
        key(
            "any",
            Kind::Either(&[ANY_FORM, Kind::Map(&ANY_FORM, ANY_KEY)]),
            "How XML that no schema describes is carried: as text or as a tree; all, or by member.",
        )
        .default("xml")
        .example("tree"),
        key(
            "open",
            Kind::Map(&Kind::Object(&OPEN), ANY_KEY),
            "Members that hold an XML document, by schema name: it is shown as the object it is.",
        )
        .example("{ GetReportResult: { element: report, schema: ../wsdl/erp/report.xsd } }"),
        key("strict", Kind::Boolean, "Whether an answer that deviates from the contract is a 502.")
            .default("false"),
        key("soap_action", Kind::Text, "Sent instead of the contract's SOAPAction, as it is.")
            .example("urn:erp:GetOrder"),
        key("content_type", Kind::Text, "Sent instead of the SOAP version's Content-Type.")
            .example("text/xml; charset=utf-8"),
    ],
    one_of: &["soap", "http", "postgres", "sqlite"],
    later: &[],
};

/// How XML that no schema describes is carried.
const ANY_FORM: Kind = Kind::Words(&["xml", "tree"]);

pub(in crate::mapping) const OPEN: Shape = Shape {
    noun: "an opened document",
    keys: &[
        key(
            "element",
            Kind::Text,
            "The root element of the document: its name, or {namespace}name.",
        )
        .example("report"),
        key(
            "dataset",
            Kind::Text,
            "The root element of a .NET DataSet: an array for each of its tables.",
        )
        .example("OrdersDataSet"),
        key(
            "schema",
            Kind::Text,
            "The schema of the document, relative to this file; the contract's own otherwise.",
        )
        .example("../wsdl/erp/report.xsd"),
        key(
            "write",
            Kind::Words(&["text", "cdata"]),
            "How it is sent in a string; as elements where the contract allows them.",
        )
        .default("text"),
        key("declaration", Kind::Boolean, "Whether it is sent with an XML declaration.")
            .default("false"),
    ],
    one_of: &["element", "dataset"],
    later: &[],
};

pub(in crate::mapping) const REDACT: Shape = shape(
    "what is redacted",
    &[
        key("headers", Kind::Texts, "HTTP headers, by name.").example("[X-Tenant-Key]"),
        key(
            "names",
            Kind::Texts,
            "Elements, attributes, JSON members, SQL parameters and columns of these names, wherever they stand.",
        )
        .example("[customerNo, dateOfBirth]"),
        key(
            "paths",
            Kind::Texts,
            "Elements and attributes of messages with all that stands in them, from the envelope down, or `//` and any depth.",
        )
        .example("[Body/GetCustomerResponse/customer/name, //address/@phone]"),
        key(
            "keep",
            Kind::Texts,
            "Elements and attributes that look like secrets and are none, as paths.",
        )
        .example("[//pageToken]"),
    ],
);

pub(in crate::mapping) const TIMEOUT: Shape = shape(
    "a timeout",
    &[
        key("connect", Kind::Duration, "To a usable connection, TLS included.")
            .default("1s")
            .example("500ms"),
        key("total", Kind::Duration, "From the first attempt to the last byte of the answer.")
            .default("5s"),
    ],
);

pub(in crate::mapping) const RETRY: Shape = shape(
    "a retry",
    &[needed("attempts", Kind::Integer(1, 10), "Attempts in all, of reads only; 1 is no retry.")
        .example("3")],
);

pub(in crate::mapping) const BREAKER: Shape = shape(
    "a breaker",
    &[
        key("failures", COUNT, "Failures in a row that open it.").default("5").example("10"),
        key("open", Kind::Duration, "How long it stays open; 1s for a database.").default("10s"),
        key("probes", COUNT, "Calls let through at once to see whether it has recovered.")
            .default("1")
            .example("2"),
    ],
);

pub(in crate::mapping) const POOL: Shape = shape(
    "a pool",
    &[
        key("size", CONNECTIONS, "Connections of reads, and as many of writes.")
            .default("16")
            .example("32"),
        key("stream", CONNECTIONS, "Connections of routes with `stream`.")
            .default("2")
            .example("4"),
        key("wait", Kind::Duration, "How long a call waits for a free one.")
            .default("500ms")
            .example("250ms"),
    ],
);

/// A number of connections.
const CONNECTIONS: Kind = Kind::Integer(1, 1_000);

pub(in crate::mapping) const LIMITS: Shape = shape(
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

pub(in crate::mapping) const TLS: Shape = shape(
    "a tls",
    &[
        key("ca", Kind::Text, "Authorities to trust instead of the platform's.")
            .example("certs/ca.pem"),
        key("cert", Kind::Text, "Our certificate chain.").example("certs/client.pem"),
        key("key", Kind::Text, "Our key.").example("${file:/run/secrets/client.key}"),
    ],
);

pub(in crate::mapping) const SECURITY: Shape = shape(
    "a security",
    &[needed("username_token", Kind::Object(&USERNAME_TOKEN), "The UsernameToken profile.")
        .example(r#"{ username: facade, password: "${ERP_PASSWORD}" }"#)],
);

pub(in crate::mapping) const USERNAME_TOKEN: Shape = shape(
    "a username_token",
    &[
        needed("username", Kind::Text, "The user.").example("facade"),
        needed("password", Kind::Text, "The password; take it from ${NAME} or ${file:/path}.")
            .example("${ERP_PASSWORD}"),
        key("digest", Kind::Boolean, "Whether the digest is sent instead of the password.")
            .default("false"),
    ],
);

pub(in crate::mapping) const BASIC: Shape = shape(
    "a basic",
    &[
        needed("username", Kind::Text, "The user.").example("facade"),
        needed("password", Kind::Text, "The password; take it from ${NAME} or ${file:/path}.")
            .example("${file:/run/secrets/erp}"),
    ],
);
