//! Every key of a mapping file, once: the readers and the JSON Schema are driven by these
//! tables, so they cannot say different things. This folder must not read anything.

mod backend;
mod call;
mod compare;
mod document;
mod migration;
mod route;
mod shape;
mod sql;

pub(super) use backend::*;
pub(super) use compare::*;
pub(super) use document::*;
pub(super) use migration::*;
pub(super) use route::*;
pub(super) use shape::{Key, Kind, Shape};
pub(super) use sql::*;
