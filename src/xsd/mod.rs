//! XML Schema 1.0: documents parsed with their places, then resolved into one
//! [`SchemaSet`] of components.
//!
//! Names are the specification's. Reading files is not done here, nor is anything
//! decided about JSON.

mod authored;
mod build;
mod builtin;
mod limits;
mod model;
mod parse;
mod resolve;

pub use build::{
    LinkKind, SchemaBuilder, SchemaLink, current_name, is_builtin_namespace, is_schema, links,
};
pub use model::*;

#[cfg(test)]
mod tests;
