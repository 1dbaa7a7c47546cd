//! `figleaf explain`: what a request would become, without sending anything.
//!
//! `run` finds the route; one file each prints what a kind of route would send. Nothing in here
//! may ask a backend.

mod compose;
mod http;
mod request;
mod run;
mod soap;
mod sql;

pub use run::{Arguments, run};
