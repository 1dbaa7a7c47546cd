//! The contract: WSDL 1.1 documents and their schemas, resolved into one [`Contract`].
//!
//! Names are the specification's: definitions, port type, binding, message part, fault.
//! Reading files and the network happens behind [`DocumentSource`]; nothing is decided
//! here about JSON, routes or envelopes.

mod model;

pub use model::*;
