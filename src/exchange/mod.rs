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
mod fixture;
mod miss;
mod read;
mod schema;
#[cfg(test)]
mod tests;
mod told;
mod write;

pub use collection::{Asked, AskedSql, Collection, Hit, Rung};
pub use entry::{Entry, EntryId};
pub use fixture::{
    Cell, Delay, Fixture, Part, Recorded, Response, Rest, Rows, Scenario, Simulated, SqlExchange,
    SqlFailure, Volatile,
};
pub use miss::{Miss, Near, Why};
pub use schema::json_schema;
pub use told::{
    STATE_FIRST, ToldDifference, ToldLimits, ToldMiss, ToldNear, ToldState, cause_word,
};
