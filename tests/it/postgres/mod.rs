//! A real PostgreSQL for the tests, and the tests of everything that is only true of one.
//!
//! ```ignore
//! let Some(pg) = postgres::server() else { return };
//! let url = pg.database("create table t (id int primary key)");
//! ```

mod binaries;
mod server;
mod started;

pub use server::{Server, execute, server, try_execute};
