//! What outlives a process: the stages of routes, the evidence on them, and who changed what.
//!
//! One [`Store`] over an embedded SQLite file, for one instance, or over PostgreSQL, for
//! several. Counts of instances add up; a stage changes by compare-and-swap, and each change
//! gets the next number of an epoch that all instances follow; every change is a line of an
//! audit whose lines hold the hash of the line before.
//!
//! This room must not decide anything: `strangler` does. It has no clock; times come in.

mod audit;
mod count;
mod error;
mod exemplar;
mod forget;
mod history;
mod instance;
mod open;
mod schema;
mod shape;
mod stage;
mod statement;

pub use audit::{AuditLine, Broken, verify_chain};
pub use count::Count;
pub use error::StoreError;
pub use exemplar::{EXEMPLARS_MAX, Exemplar};
pub use history::Stretch;
pub use instance::Instance;
pub use open::Store;
pub use shape::SHAPES_MAX;
pub use stage::{StageChange, StageRecord};
