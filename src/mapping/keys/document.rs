//! Keys of a whole file.

use super::backend::BACKEND;
use super::migration::GATE_OF;
use super::route::ROUTE;
use super::shape::{Kind, Shape, key, needed, shape};

pub(in crate::mapping) const DOCUMENT: Shape = shape(
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
        GATE_OF,
        key("routes", Kind::Map(&Kind::Object(&ROUTE), ROUTE_KEY), "What is served."),
    ],
);

/// Names of backends: no dot, because `backend.Operation` is split at it.
pub(in crate::mapping) const BACKEND_NAME: &str = "^[A-Za-z][A-Za-z0-9_-]*$";
const ROUTE_KEY: &str = "^(GET|HEAD|POST|PUT|PATCH|DELETE) /";

pub(in crate::mapping) const AUTH: Shape = shape(
    "an auth",
    &[needed("jwt", Kind::Object(&JWT), "Callers send Authorization: Bearer with a token.").example(
        r#"{ algorithm: ES256, key: "${file:/run/secrets/issuer.pem}", issuer: https://id.example, audience: orders }"#,
    )],
);

pub(in crate::mapping) const JWT: Shape = shape(
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
