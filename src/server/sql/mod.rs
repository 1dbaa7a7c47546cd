//! A SQL route: bind, run, shape.
//!
//! [`Asked`] is one call with its values; it is answered whole, in a transaction where there
//! must be one, or as a [`List`](list) that is sent as it comes. What a caller may see of an
//! error is decided in [`engine::sql`](crate::engine::sql).

mod asked;
mod cursors;
mod heard;
mod http;
mod includes;
mod list;
mod pages;
mod pump;
mod rendered;
mod runner;
mod steps;

pub(super) use asked::{Asked, SqlAsked, header_names};
pub(super) use http::{answer, note, span};
pub(super) use rendered::rendered;
