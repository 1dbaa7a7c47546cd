//! What a database gave → JSON.
//!
//! The inner loop of every list: nothing is looked up, nothing is allocated but the output.
//! Lengths and counts in a cell are not believed. This folder must not know a row.

mod cell;
mod moment;
mod nested;
mod number;
mod plain;
mod reader;
mod sqlite;
mod written;

pub use cell::{CellError, write_json};
