//! Statements of a mapping: their texts are read once, and assembled by what a call chooses.
//!
//! Texts come in here from mappings only. Nothing here takes a value: a choice is numbers, and
//! what comes out is text with placeholders beside the list of what each one takes.

mod assemble;
mod choice;
mod effect;
mod essence;
mod keyset;
mod lexer;
mod named;
mod order;
mod parts;
mod pieces;
mod quotes;
mod rules;
mod template;
#[cfg(test)]
mod tests;

pub use choice::{Assembled, Choice, PageChoice, Slot};
pub use essence::essence;
pub use named::{Section, named};
pub use order::parse_order;
pub use parts::{OrderKey, Part, Parts, StatementProblem};
pub use template::Statement;
