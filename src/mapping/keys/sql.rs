//! Keys of statements: what routes, steps and parts of a composition have in common.

use super::route::{
    FILTERS, IN, INCLUDE_MAP, MAX_ROWS, NEST_MAP, OUT, RETURNS, SORT, SQL, STATUS_OF_ERRORS,
};
use super::shape::{ANY_KEY, COUNT, Key, Kind, Shape, key, needed, shape};

/// Names of steps.
pub(super) const OWN_NAME: &str = "^[A-Za-z][A-Za-z0-9_-]*$";

const QUERY_DOC: &str =
    "The statement, or its file: `queries/x.sql`, `queries/all.sql#name` for a named one.";

pub(super) const QUERY: Key = key("query", Kind::Text, QUERY_DOC).example("queries/invoices.sql");
const QUERY_NEEDED: Key = needed("query", Kind::Text, QUERY_DOC).example("queries/lines.sql");

pub(super) const TYPES: Key = key(
    "types",
    Kind::Map(&Kind::Text, ANY_KEY),
    "SQL types of parameters, where the database should not infer them.",
)
.example("{ since: date }");

pub(super) const RESULT: Key = key(
    "result",
    Kind::Words(&["one", "optional", "many", "scalar", "affected", "none", "cursors"]),
    "How many rows it gives; many for GET, else one where there are columns, else affected.",
);

pub(super) const MAX_AFFECTED: Key =
    key("max_affected", COUNT, "Rows it may touch; more, and everything is rolled back: 409.")
        .example("1");

pub(in crate::mapping) const STEP: Shape =
    shape("a step", &[QUERY_NEEDED, IN, TYPES, RESULT, OUT, NEST_MAP, INCLUDE_MAP, MAX_AFFECTED]);

pub(in crate::mapping) const PART: Shape = Shape {
    noun: "a part",
    keys: &[
        key("soap", Kind::Text, "The operation: backend.Operation.").example("erp.GetOrder"),
        SQL,
        QUERY,
        IN,
        TYPES,
        FILTERS,
        SORT,
        RETURNS,
        RESULT,
        OUT,
        NEST_MAP,
        INCLUDE_MAP,
        MAX_ROWS,
        key(
            "on_failure",
            Kind::Words(&["fail", "null", "omit"]),
            "What becomes of the whole where it fails; `null` is written in quotes.",
        )
        .default("fail"),
        key("timeout", Kind::Duration, "How long it may take; the backend's total otherwise.")
            .example("300ms"),
    ],
    one_of: &["soap", "sql"],
    later: &[],
};

/// Keys that only a part of one kind has.
pub(in crate::mapping) const PART_NOT_OF_SOAP: &[&str] =
    &["query", "types", "filters", "sort", "result", "nest", "include", "max_rows"];
/// Keys that only a part of one kind has.
pub(in crate::mapping) const PART_NOT_OF_SQL: &[&str] = &["returns"];

pub(in crate::mapping) const PAGE: Shape = shape(
    "a page",
    &[
        key("by", Kind::Texts, "The order: columns of the result, unique together.")
            .example("[issued_on desc, id]"),
        key("size", Kind::Integer(1, 100_000), "Items, where the caller gives no `limit`.")
            .default("50")
            .example("20"),
        key("max", Kind::Integer(1, 100_000), "The most a caller may ask for.")
            .default("500")
            .example("200"),
        key(
            "style",
            Kind::Words(&["keyset", "offset"]),
            "Whether a cursor or the number of the page leads on.",
        )
        .default("keyset"),
        key("envelope", Kind::Boolean, "Whether the body is an object with `items` and `next`.")
            .default("false"),
        key(
            "total",
            Kind::Words(&["none", "exact", "estimate"]),
            "What is said of the number of all items.",
        )
        .default("none"),
    ],
);

pub(in crate::mapping) const NEST: Shape = shape(
    "a nest",
    &[
        needed("by", Kind::Texts, "Columns in which rows of one object agree.")
            .example("[orderNo]"),
        needed("members", Kind::Texts, "Columns of an item, and the nest inside it.")
            .example("[lineNo, article, quantity]"),
    ],
);

pub(in crate::mapping) const INCLUDE: Shape = shape(
    "an include",
    &[
        QUERY_NEEDED,
        needed("keys", Kind::Map(&Kind::Text, ANY_KEY), "Its parameter, and the column it takes.")
            .example("{ ids: id }"),
        needed("on", Kind::Text, "Its own column that has the key.").example("orderId"),
        key("single", Kind::Boolean, "Whether it is an object instead of an array.")
            .default("false"),
        IN,
        TYPES,
        OUT,
    ],
);

/// The status of an error.
pub(super) const ERROR_STATUS: Kind =
    Kind::Either(&[STATUS_OF_ERRORS, Kind::Object(&ERROR_OBJECT)]);

pub(in crate::mapping) const ERROR_OBJECT: Shape = shape(
    "an error",
    &[
        needed("status", STATUS_OF_ERRORS, "The status.").example("409"),
        key("title", Kind::Text, "The title of the problem.").example("Duplicate code"),
    ],
);
