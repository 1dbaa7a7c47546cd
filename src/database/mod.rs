//! Calls of SQL databases behind one interface: PostgreSQL and SQLite.
//!
//! One [`Database`] per database of the plan. A read gives [`Rows`], pulled one by one; a
//! write or several statements go through a [`Transaction`]. Pools, deadlines, the guard
//! (breaker and bulkhead), cancellation and the one repetition of a read that lost its
//! connection are all in here, so no caller can forget one. Every error says what is known
//! of the call's outcome.
//!
//! This room gets finished statements and bound values: it must not build a statement from
//! anything, and knows no route, no JSON and no HTTP.

mod answered;
mod call;
mod catalog;
mod connected;
mod describe;
mod error;
mod postgres;
mod recorded;
mod row;
mod sheet;
mod sqlite;
mod stand_in;
mod telling;
mod transaction;

pub use call::{Begin, Query, ResultSet};
pub use catalog::catalog;
pub use connected::Database;
pub use describe::describe;
pub use error::SqlError;
pub use row::{Row, Rows};
pub use stand_in::{
    COMMIT, Hearing, ParameterNames, RecordedRows, StandIn, StatementCall, StatementExchange,
    Witness,
};
pub use transaction::Transaction;
