//! The plan: everything the request path needs, as plain data with all lookups done.
//!
//! A plan exists only if nothing was wrong with what it was compiled from. Nothing here
//! reads files, parses text or keeps time.

mod backend;
mod secret;

pub use backend::*;
pub use secret::Secret;
