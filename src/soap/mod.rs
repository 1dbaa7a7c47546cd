//! SOAP 1.1 and 1.2: envelopes out and in, faults, and an operation's messages as nodes of
//! a type graph.
//!
//! This room must not know HTTP statuses, routes or where bytes come from.

mod called;
mod envelope;
mod error;
mod fault;
mod findings;
mod operation;
mod reader;
mod references;
mod transcode;
mod verdict;

pub use envelope::{EnvelopePlan, content_type, write_envelope};
pub use error::{Received, SoapError};
pub use fault::{Fault, FaultKind};
pub use operation::{FaultElement, HeaderElement, OperationNodes, OperationShape};
pub use reader::EnvelopeReader;
pub use verdict::{Judge, REASONS_MAX, Verdict, VerdictKind};
