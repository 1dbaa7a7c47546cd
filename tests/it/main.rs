//! The integration tests: everything through the library's public face, one binary.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod corpus;
pub mod roundtrip;
mod support;
