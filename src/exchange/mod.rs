//! Fixtures as data: a recorded exchange with a legacy system, how requests are matched with
//! them, and what is said where none fits.
//!
//! A [`Fixture`] is what a person reads and writes; an [`Entry`] is a fixture with its messages;
//! a [`Collection`] finds the entry for a request, or says why there is none ([`Miss`]).
//!
//! This room must not read or write files, keep time, or call anything.

mod check;
mod collection;
mod entry;
mod find;
mod fixture;
mod index;
mod line;
mod miss;
mod near;
mod read;
mod schema;
mod sql;
mod sql_miss;
mod sql_value;
#[cfg(test)]
mod tests;
mod tokens;
mod told;
mod write;

pub use collection::{Asked, Collection, Hit, Rung};
pub use entry::{Entry, EntryId};
pub use find::STARTED;
pub use fixture::{
    Cell, Delay, Fixture, Part, Recorded, Response, Rest, Rows, Scenario, Simulated, SqlExchange,
    SqlFailure, Volatile,
};
pub use index::Unusable;
pub use miss::{Miss, Near, OtherState, Why};
pub use schema::json_schema;
pub use sql::AskedSql;
pub use sql_value::redacted_text;
pub use told::{ToldDifference, ToldLimits, ToldMiss, ToldNear, ToldState, cause_word};
