//! `figleaf import`: a contract from a file or an address becomes vendored files, a verdict
//! per operation and a proposed mapping; a database becomes a verdict per table and the same.
//!
//! The flow: `source` (where the documents come from) → `judged` (contract and verdicts) →
//! `vendor` (self-contained copies) → `proposal` (the mapping) → `install` (all or nothing).
//! Only `source` speaks HTTP and only `install` writes. A database goes its own way, through
//! `database`: a catalog, a verdict per table and routine, and the same kind of proposal.

mod arguments;
mod changes;
mod database;
mod install;
mod judged;
mod lock;
mod place;
mod proposal;
mod propose;
mod run;
mod show;
mod source;
mod update;
mod vendor;
mod web;

pub use arguments::Arguments;
pub use lock::verify_lock;
pub use propose::{Proposed, propose};
pub use run::run;

#[cfg(test)]
mod tests;
