//! Statements: authored → plan, in two passes. [`statements`] parses every statement and says
//! what a database has to be asked; with the answers, `Compiler::sql` makes calls of them.
//! This folder must not ask a database, nor decide what happens when one cannot be asked.

mod answer;
mod bind;
mod body;
mod call;
mod columns;
mod compose;
mod described;
mod include;
mod page;
mod parsed;
mod row;
mod statements;
mod steps;
mod terms;
mod text;
mod transaction;

pub(super) use compose::Composed;
pub use described::Descriptions;
pub use statements::{Asked, SqlFiles, Statements, statements};
pub use terms::type_name;

#[cfg(test)]
mod tests;
