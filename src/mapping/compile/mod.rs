//! Authored mapping + contracts → plan. Every problem of every route is collected.

mod answer;
mod backend;
mod bind;
mod binder;
mod collision;
mod compiler;
mod fault;
mod header;
mod http;
mod migration;
mod open;
mod ports;
mod route;
mod sql;

use compiler::Compiler;
pub use compiler::{Compiled, Contracts, Known, PortOf, compile};
pub use open::Schemas;
pub use sql::{Asked, Descriptions, SqlFiles, Statements, statements, type_name};
