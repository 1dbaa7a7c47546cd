//! Who calls: a bearer token, verified, and its claims.
//!
//! A token is refused for any doubt. Why is said in the log; callers learn only that they
//! are not known. The signature algorithm is the mapping's, never the token's.

mod provider;
mod verifier;

pub use verifier::{Claims, Verifier};
