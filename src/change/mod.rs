//! What changes for callers between two revisions of an API: two OpenAPI documents compared,
//! each difference judged and traced to what caused it.
//!
//! The flow: [`compare`] pairs operations, parameters, answers and schemas of two documents and
//! gives [`Change`]s by the one table of [`Rule`]s; [`trace`] finds the edit of the sources each
//! comes from, by undoing edits; [`Approvals`] are changes somebody has said yes to.
//!
//! This room must not read files or git, and knows nothing of requests.

mod approvals;
mod cause;
mod changes;
mod compare;
mod date;
mod edits;
mod lines;
mod operation;
mod parameter;
mod response;
mod routes;
mod rules;
mod schema;
mod text;

#[cfg(test)]
mod tests;

pub use approvals::{Approval, Approvals, Judged, NewApproval};
pub use cause::{Cause, Identity, identity, trace};
pub use changes::{Change, Severity};
pub use compare::compare;
pub use date::Day;
pub use edits::{Edit, Files, Piece, edited, edits};
pub use rules::{Rule, rules};
