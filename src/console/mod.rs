//! The operators' console: a listener of its own on which people see how far the migration is
//! and move routes, and Prometheus reads how it goes.
//!
//! Pages are made here and need nothing else: no script, no network. Who asks is known before
//! anything is shown; what changes a route needs a role, a reason and a form of this console.
//!
//! This room must not decide whether a route may move: `migration` does. It never shows what
//! callers sent; examples of differences are masked before they are kept.

mod access;
mod action;
mod form;
mod handler;
mod link;
mod listener;
mod login;
mod metrics;
mod page;
mod principal;
mod respond;
mod role;
mod same_origin;
mod sessions;
mod tokens;

pub use access::{Access, AccessError};
pub use listener::{Console, server};
pub use role::Role;
pub use tokens::{TokenProblem, Tokens};
