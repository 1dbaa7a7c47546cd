//! The one integration test binary: a plain list of modules.

mod cli;
mod docs;
mod readme;
mod tidy;
