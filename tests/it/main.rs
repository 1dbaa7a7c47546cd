//! The one integration test binary: a plain list of modules.

mod docs;
mod tidy;
