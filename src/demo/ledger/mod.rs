//! The ledger: a small accounting database older than the shop's services, for SQLite and for
//! PostgreSQL.
//!
//! Its customers are the shop's, so one resource can be fed by both. The same rows are in
//! both databases; what only a server has (a procedure, cursors, an enum) is in PostgreSQL's.

mod file;
mod text;

pub use file::create;
pub use text::{POSTGRES, SEED, SQLITE};
