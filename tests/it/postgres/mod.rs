//! A real PostgreSQL for the tests, and the tests of everything that is only true of one.
//!
//! ```ignore
//! let Some(pg) = postgres::server() else { return };
//! let url = pg.database("create table t (id int primary key)");
//! ```

mod binaries;
mod cancelling;
mod connecting;
mod describing;
mod failing;
mod injecting;
mod leaving;
mod reading;
mod recording;
mod restarting;
mod rig;
mod server;
mod started;
mod transactions;
mod types;
mod values;
mod walking;

pub use server::{Server, execute, own_server, server, try_execute};
