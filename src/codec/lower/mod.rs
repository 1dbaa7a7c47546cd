//! Schema components → type graph.
//!
//! Types are lowered one at a time from a queue, so nesting in the schema costs no stack,
//! and only what the messages can reach is lowered at all.

mod array;
mod builder;
mod content;
mod label;
mod object;
mod text;

pub use array::{ArrayItem, array_item};
pub use builder::{Builder, Options};
