//! PostgreSQL: pools, statements prepared and described, queries cancelled.
//!
//! A [`Lease`](lease::Lease) is a connection out of a pool, and knows whether a statement may
//! still run on it; dropped so, it cancels the statement before the connection is lent again.
//! Everything else is built on that. Values travel in PostgreSQL's text format, results in its
//! binary format, and neither is read here.

mod cancel;
mod catalog;
mod connect;
mod connection;
mod deadline;
mod describe;
mod error;
mod fits;
mod found;
mod lease;
mod parameter;
mod pool;
mod row;
mod rows;
mod tls;
mod transaction;
mod words;

pub use connection::Postgres;
pub use describe::describe;
pub use row::PostgresRow;
pub use rows::PostgresRows;
pub use transaction::PostgresTransaction;
