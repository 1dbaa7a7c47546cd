//! The integration tests: one binary, a plain list of modules.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod cli;
mod docs;
mod readme;
mod tidy;
