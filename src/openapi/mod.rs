//! Plan → OpenAPI 3.1.
//!
//! A document says what the codec does, no more and no less: its schemas are read off the
//! same graph that translates the messages. A type is documented once for both directions
//! unless requests and answers really differ in it. Choices made here:
//!
//! - `format` is claimed only where every value of the XSD type is one. Dates and times of
//!   XSD may carry or lack a zone, durations may be negative: they get patterns instead.
//! - Numbers appear in `enum`, `const` and bounds only where a double holds their digits;
//!   otherwise the description says them.
//! - Request objects are closed, answers are open: an answer may gain members.
//!
//! This room must not read files, keep time, or know how a server answers.

mod choice;
mod component;
mod compose;
mod describe;
mod document;
mod edges;
mod example;
mod fault;
mod generate;
mod literal;
mod names;
mod object;
mod open_example;
mod operation;
mod parameter;
mod parameter_example;
mod pattern;
mod problem;
mod response;
mod scalar;
mod scalar_example;
mod schema;
mod sql;
mod tree;
mod wild_example;

#[cfg(test)]
mod tests;

pub use document::{combined, document, to_json};
pub use example::written_example;
