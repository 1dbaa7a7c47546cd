//! Whole imports into a folder of their own.

mod bad_input;
pub mod fixtures;
mod proposals;
mod vendoring;
