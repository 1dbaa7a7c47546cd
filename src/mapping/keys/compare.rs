//! Keys of the rules by which two answers are compared.

use super::shape::{ANY_KEY, Kind, Shape, key, needed, shape};

pub(in crate::mapping) const COMPARE: Shape = shape(
    "a comparison",
    &[
        key("headers", Kind::Texts, "Headers of the answers that are compared.").example("[etag]"),
        key(
            "rules",
            Kind::Map(&Kind::Either(&[Kind::Words(&["ignore"]), Kind::Object(&RULE)]), ANY_KEY),
            "Places in the answer, and what may differ there; the most specific place decides.",
        )
        .example(r#"{ "meta.**": ignore, "lines[*].price": { decimal: true } }"#),
    ],
);

pub(in crate::mapping) const RULE: Shape = shape(
    "a rule",
    &[
        key("critical", Kind::True, "A difference there is never tolerated: it rolls back."),
        key(
            "unordered",
            Kind::Either(&[Kind::True, Kind::Object(&UNORDERED)]),
            "Items may stand in any order.",
        )
        .example("{ by: lineNo }"),
        key("number", Kind::Object(&NUMBER), "Numbers may differ a little; the larger holds.")
            .example("{ absolute: 0.01 }"),
        key(
            "decimal",
            Kind::Either(&[Kind::True, Kind::Object(&DECIMAL)]),
            "`1.0` is `1.00`.",
        )
        .example("true"),
        key("time", Kind::Either(&[Kind::True, Kind::Object(&TIME)]), "One instant is one time.")
            .example("{ tolerance: 1s }"),
        key("text", Kind::Object(&TEXT), "Texts that say the same.").example("{ trim: true }"),
        key(
            "nullish",
            Kind::Either(&[Kind::True, Kind::Object(&NULLISH)]),
            "Absent is `null`.",
        )
        .example("{ empty: true }"),
        key("one_or_many", Kind::True, "An array of one item is that item."),
        key(
            "map",
            Kind::Map(&Kind::Text, ANY_KEY),
            "Values of the legacy answer, and what they are called in the candidate's.",
        )
        .example("{ P: pending, S: shipped }"),
        key(
            "bijection",
            Kind::Text,
            "Values may differ if one always stands for the other; places with one name share them.",
        )
        .example("order"),
        key("shape", Kind::Text, "A regular expression; beyond that both values may differ.")
            .example("^[0-9a-f]{8}$"),
    ],
);

pub(in crate::mapping) const UNORDERED: Shape = shape(
    "an order",
    &[needed("by", Kind::Text, "The member that tells items apart, by its path from the item.")
        .example("product.code")],
);

pub(in crate::mapping) const NUMBER: Shape = shape(
    "a tolerance",
    &[
        key("absolute", Kind::Text, "By this much: a decimal.").example("0.01"),
        key("relative", Kind::Share, "By this share of the larger one.").example("0.1%"),
    ],
);

pub(in crate::mapping) const DECIMAL: Shape = shape(
    "a decimal",
    &[needed("in_text", Kind::True, "The string `\"12\"` is the number `12`, too.")],
);

pub(in crate::mapping) const TIME: Shape = shape(
    "a time",
    &[
        key("tolerance", Kind::Duration, "By this much.").example("1s"),
        key("ignore_zone", Kind::True, "The clock counts, whatever the zone."),
        key("whole_seconds", Kind::True, "Fractions of seconds do not count."),
    ],
);

pub(in crate::mapping) const TEXT: Shape = shape(
    "a text",
    &[
        key("trim", Kind::True, "White space around them does not count; a run is one space."),
        key("any_case", Kind::True, "Upper and lower case are the same."),
    ],
);

pub(in crate::mapping) const NULLISH: Shape =
    shape("a nothing", &[needed("empty", Kind::True, "`\"\"`, `[]` and `{}` are too.")]);
