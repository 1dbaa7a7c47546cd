//! Logs: for people on a terminal, as JSON for machines. Secrets never get here: they live
//! in a type that prints a mask.
//!
//! A line is written as text once, in the thread that has something to say, and handed to a
//! thread of its own that writes to stderr. A stderr nobody reads costs lines, which are
//! counted and told of; it never stops a request. Nothing here decides what is worth a line.

mod clock;
mod fields;
mod lines;
mod queue;
mod start;
mod style;
#[cfg(test)]
mod tests;

pub use start::{LogFormat, Logging, start, subscriber};
