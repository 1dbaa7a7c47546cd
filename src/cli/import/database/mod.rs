//! `figleaf import postgres://…` and `sqlite:…`: what a database has becomes a verdict per
//! table, view and routine, and a proposed mapping.
//!
//! The flow: `address` (what to ask, without its password) → the catalog → `relation` and
//! `routine` (verdicts and routes) → `propose` (no route twice) → `write` (the text) → `place`
//! (beside what is there already). Everything between the catalog and the text is pure.

mod address;
mod names;
mod object;
mod place;
mod propose;
mod relation;
mod routine;
mod run;
mod show;
mod statement;
mod write;

pub use address::is_database;
pub use run::import;

#[cfg(test)]
mod tests;
