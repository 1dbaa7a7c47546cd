//! `figleaf verify`: every fixture through every mapping, and what no fixture shows.

mod human;
mod junit;
mod live;
mod offline;

pub(super) use offline::bar;
pub use offline::{Arguments, USAGE, run};
