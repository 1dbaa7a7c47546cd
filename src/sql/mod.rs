//! SQL as data: statements with named parameters, types, and values both ways.
//!
//! A [`Statement`] is assembled from text of the mapping only; what callers send travels as
//! [`Value`]s beside it, never inside it. A [`Type`] comes from the database, which has been
//! asked to describe the statement ([`Description`]); it says how a JSON value becomes a
//! [`Value`] ([`encode`]) and how a [`Cell`] becomes JSON ([`write_json`]).
//!
//! This room knows no connection, no route and no HTTP. It must not let text of a caller
//! into a statement: nothing here takes both.

mod calendar;
mod catalog;
mod cell;
mod cursor;
mod describe;
mod duration;
mod encode;
mod failure;
mod form;
mod moment;
mod scan;
mod statement;
mod ty;
mod value;
mod write;

pub use catalog::{
    Catalog, Filled, ParameterMode, Relation, RelationColumn, RelationKind, Routine,
    RoutineParameter,
};
pub use cell::{Cell, Cells};
pub use cursor::{CURSOR_BYTES_MAX, Cursor, CursorError, CursorKey};
pub use describe::{Column, DescribeError, Description};
pub use encode::encode;
pub use failure::DatabaseFailure;
pub use form::Form;
pub use statement::{
    Assembled, Choice, OrderKey, PageChoice, Part, Parts, Section, Slot, Statement,
    StatementProblem, essence, named, parse_order,
};
pub use ty::{Composite, Dialect, Enumeration, Type};
pub use value::{Given, REQUEST_ID, REQUEST_TIME, Value};
pub use write::{CellError, write_json};

#[cfg(test)]
pub(crate) mod tests;
