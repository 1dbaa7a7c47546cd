//! SOAP 1.1 and 1.2: envelopes out and in, faults, and an operation's messages as nodes of
//! a type graph.
//!
//! This room must not know HTTP statuses, routes or where bytes come from.

mod blocks;
mod called;
mod envelope;
mod error;
mod fault;
mod fill;
mod findings;
mod header;
mod links;
mod operation;
mod package;
mod reader;
mod references;
mod sink;
mod transcode;
mod verdict;

pub use envelope::{EnvelopePlan, content_type, media_type, write_envelope};
pub use error::{Received, SoapError};
pub use fault::{Fault, FaultKind};
pub use header::{HeaderOutput, HeaderPlace, HeaderPlan};
pub use operation::{FaultElement, HeaderElement, OperationNodes, OperationShape};
pub use package::AttachmentMember;
pub use reader::EnvelopeReader;
pub use verdict::{Judge, REASONS_MAX, Verdict, VerdictKind};
