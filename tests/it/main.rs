//! The integration tests: everything through the library's public face, one binary.
#![allow(
    clippy::unwrap_used,
    clippy::format_push_string,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "tests"
)]

mod corpus;
pub mod roundtrip;
mod support;
