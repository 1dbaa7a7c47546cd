//! The contract: WSDL 1.1 documents and their schemas, resolved into one [`Contract`].
//!
//! Names are the specification's: definitions, port type, binding, message part, fault.
//! Reading files and the network happens behind [`DocumentSource`]; nothing is decided
//! here about JSON, routes or envelopes.

mod authored;
mod digest;
mod limits;
mod load;
mod location;
mod model;
mod parse;
mod resolve;
mod source;

pub use load::{
    LoadFailure, Loaded, LoadedFile, LoadedLink, LoadedSchema, Schema, load, load_schema,
    standalone_schema,
};
pub use location::{resolve_location, scheme, stem};
pub use model::*;
pub use source::{DocumentSource, SourceDocument, SourceError};

#[cfg(test)]
mod tests;
