//! Reading a contract: the root and every document it reaches, each location once.

mod contract;
mod documents;
mod schema;
mod schemas;

pub use contract::{LoadFailure, Loaded, LoadedFile, LoadedLink, load};
pub use schema::{LoadedSchema, Schema, load_schema, standalone_schema};
