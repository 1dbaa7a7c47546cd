//! Asking a database what there is in it, for a proposal of routes.
//!
//! The questions are put through [`Database`](super::Database) like any other statement, on
//! connections that read; types come from describing what the proposal will say. Nothing here
//! is used while requests are served.

mod ask;
mod postgres;
mod sqlite;

pub use ask::catalog;
