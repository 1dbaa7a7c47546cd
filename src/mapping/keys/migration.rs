//! Keys of routes on their way to another system.

use super::call::{
    BODY, ERRORS, ETAG, EXPOSE_FAULT_TEXT, FAULTS, HTTP, IF_MATCH, ISOLATION, LOCATION, PAGED,
    PATH, QUERY_STRING, RESPONSE_HEADERS, SESSION, SOAP, SOAP_ACTION, STATUS, STEPS, STREAM,
    STRICT, TIMEOUT,
};
use super::compare::COMPARE;
use super::route::{FILTERS, IN, INCLUDE_MAP, MAX_ROWS, NEST_MAP, OUT, RETURNS, SORT, SQL};
use super::shape::{ANY_KEY, COUNT, Key, Kind, Shape, key, needed, shape};
use super::sql::{MAX_AFFECTED, QUERY, RESULT, TYPES};

pub(super) const CANDIDATE_OF: Key = key(
    "candidate",
    Kind::Object(&CANDIDATE),
    "What is to take the route's place: another call, with the route's method and path.",
)
.example("{ http: orders, path: /v2/orders/{orderId} }");
pub(super) const STAGE: Key = key("stage", Kind::Stage, "How far the candidate has come.")
    .default("legacy")
    .example("shadow");
pub(super) const CEILING: Key = key(
    "ceiling",
    Kind::Stage,
    "The stage no live change goes beyond: retired; shadow where no canary can follow.",
)
.example("canary 25%");
pub(super) const CANARY_OF: Key =
    key("canary", Kind::Object(&CANARY), "Whom the candidate answers first.")
        .example("{ key: [header.X-Tenant] }");
pub(super) const GROUP: Key = key(
    "group",
    Kind::Text,
    "A name that routes share whose callers are assigned together: one key, one side.",
)
.example("orders");
pub(super) const STATE: Key = key(
    "state",
    Kind::Words(&["shared", "separate"]),
    "Whether both sides see the same data, or each its own.",
)
.default("separate")
.example("shared");
pub(super) const SHADOW_OF: Key =
    key("shadow", Kind::Object(&SHADOW), "How the side that does not answer is asked.")
        .example("{ sample: 10% }");
pub(super) const COMPARE_OF: Key =
    key("compare", Kind::Object(&COMPARE), "What may differ between the two answers.")
        .example(r#"{ rules: { "meta.**": ignore } }"#);
pub(in crate::mapping) const GATE_OF: Key =
    key("gate", Kind::Object(&GATE), "What evidence has to show before the next stage.")
        .example("{ match_rate: 99.9% }");
pub(super) const ON_TROUBLE: Key = key(
    "on_trouble",
    Kind::Words(&["rollback", "freeze", "alert"]),
    "What happens when a candidate that answers fails: rollback, and freeze for writes with separate state.",
);

/// Keys of a route that mean nothing without a candidate.
pub(in crate::mapping) const NEED_CANDIDATE: &[&str] =
    &["ceiling", "canary", "group", "state", "shadow", "compare", "gate", "on_trouble"];

pub(in crate::mapping) const CANDIDATE: Shape = Shape {
    noun: "a candidate",
    keys: &[
        SOAP,
        HTTP,
        SQL,
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
        FAULTS,
        TIMEOUT,
        STRICT,
        SOAP_ACTION,
        EXPOSE_FAULT_TEXT,
    ],
    one_of: &["soap", "http", "sql"],
    later: &[],
};

pub(in crate::mapping) const CANARY: Shape = shape(
    "a canary",
    &[
        key("steps", Kind::List(&Kind::Share), "The shares it takes, one after another, rising.")
            .default("[5%, 25%, 50%]"),
        key(
            "key",
            Kind::Texts,
            "What tells callers apart, the first that is there; of a write, what it is about.",
        )
        .example("[claim.tenant, header.X-Tenant, path.customerId]"),
        key("waive", Kind::True, "A read goes from shadow to primary, without a canary."),
    ],
);

pub(in crate::mapping) const SHADOW: Shape = shape(
    "a shadow",
    &[
        key("sample", Kind::Share, "The share of requests the other side is asked about.")
            .default("100%"),
        key("timeout", Kind::Duration, "How long it may take.").default("5s"),
        key("in_flight", COUNT, "Such calls at once.").default("16"),
        key("queue", COUNT, "Pairs waiting at once; more are dropped, and counted.").default("64"),
        key("budget", Kind::Share, "Extra calls of the legacy system, as a share of its own.")
            .default("2%"),
        key("noise", Kind::Share, "The share of reads the legacy system is asked twice.")
            .default("1%"),
        key(
            "writes",
            Kind::Either(&[Kind::Words(&["off", "render"]), Kind::Object(&WRITES)]),
            "What is compared of a write; nothing executes it twice.",
        )
        .default("off")
        .example("render"),
    ],
);

pub(in crate::mapping) const WRITES: Shape = Shape {
    noun: "a shadowed write",
    keys: &[
        key(
            "dry_run",
            Kind::Map(&Kind::Text, ANY_KEY),
            "The one header by which the candidate only pretends.",
        )
        .example(r#"{ X-Dry-Run: "1" }"#),
        key("readback", Kind::Object(&READBACK), "A read that both sides are asked afterwards.")
            .example(r#"{ route: "GET /orders/{orderId}" }"#),
    ],
    one_of: &["dry_run", "readback"],
    later: &[],
};

pub(in crate::mapping) const READBACK: Shape = shape(
    "a readback",
    &[
        needed("route", Kind::Text, "A read of the same version that has a candidate.")
            .example("GET /orders/{orderId}"),
        key("settle", Kind::Duration, "How long after the write.").default("1s"),
    ],
);

pub(in crate::mapping) const GATE: Shape = shape(
    "a gate",
    &[
        key("match_rate", Kind::Share, "The least match rate before a canary and between its steps: its lower bound has to reach it. `0%` asks for no comparisons.")
            .default("99.5%"),
        key("match_rate_all", Kind::Share, "The same before `primary` and `standby`.")
            .default("99.9%"),
        key("shapes", COUNT, "The least number of different requests.").default("5").example("20"),
        key("span", Kind::Duration, "The least time from the first comparison to the last.")
            .default("24h"),
        key("hidden", Kind::Share, "The largest share of an answer that rules may hide.")
            .default("30%"),
        key("dropped", Kind::Share, "The largest share of pairs that may be dropped.")
            .default("1%"),
        key("slower", Kind::Factor, "How much longer the candidate may take: a factor.")
            .default("1.2"),
        key("slower_by", Kind::Duration, "How much longer it may take; the larger of both holds.")
            .default("50ms"),
        key("times", COUNT, "The least number of answers before times are judged.").default("50"),
        key("failed", Kind::Share, "The largest share of its calls that may fail.").default("1%"),
        key("fails_more", Kind::Share, "How much more often than the legacy system it may fail.")
            .default("0.1%"),
        key("hold", Kind::Duration, "How long it stands by, and nothing calls the legacy system, before it is retired.")
            .default("14d")
            .example("30d"),
    ],
);
