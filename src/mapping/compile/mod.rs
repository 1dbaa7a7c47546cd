//! Authored mapping + contracts → plan. Every problem of every route is collected.

mod answer;
mod backend;
mod bind;
mod binder;
mod collision;
mod compiler;
mod http;
mod ports;
mod route;

use compiler::Compiler;
pub use compiler::{Contracts, compile};
