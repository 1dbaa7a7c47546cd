//! Whole imports into a folder of their own.

mod bad_input;
mod bindings;
pub mod fixtures;
mod header_parts;
mod proposals;
mod vendoring;
