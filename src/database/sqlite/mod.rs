//! SQLite: a file behind connections on threads of their own.
//!
//! The flow: [`Sqlite`] lends a worker of a `pool` → the `worker` runs a `read` or a
//! `session` on its `connection` → rows come back as `batch`es, asked for one by one, so
//! that a caller who stops taking them stops the worker. A `call` that is over, by its
//! deadline or because nobody waits for it any more, interrupts its statement; its worker
//! is lent again when the statement has ended, not before.
//!
//! Nothing here may wait for a lock or a worker longer than the pool's `wait`, or open a
//! file that is not there.

mod batch;
mod call;
mod connection;
mod database;
mod declared;
mod describe;
mod failure;
mod pool;
mod read;
mod rows;
mod session;
mod statements;
mod transaction;
mod worker;

#[cfg(test)]
mod tests;

pub use batch::SqliteRow;
pub use database::Sqlite;
pub use describe::describe;
pub use rows::SqliteRows;
pub use transaction::SqliteTransaction;
