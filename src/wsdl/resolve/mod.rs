//! From authored components to services with everything looked up.

mod lookup;
mod message;
mod operation;
mod service;

pub(super) use service::Resolving;
