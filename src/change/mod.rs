//! What changes for callers between two revisions of an API: two OpenAPI documents compared,
//! each difference judged and traced to what caused it.
//!
//! This room must not read files or git, and knows nothing of requests.

mod changes;

pub use changes::{Change, Severity};
