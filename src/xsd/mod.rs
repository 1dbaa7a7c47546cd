//! XML Schema 1.0: documents parsed with their places, then resolved into one
//! [`SchemaSet`] of components.
//!
//! Names are the specification's. Reading files is not done here, nor is anything
//! decided about JSON.

mod model;

pub use model::*;
