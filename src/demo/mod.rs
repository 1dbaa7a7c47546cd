//! What `figleaf demo` embeds: legacy systems to stand in front of, a SOAP service and a
//! database.
//!
//! Everything here is a peer, not a part: the service speaks SOAP by its own hand-written code
//! and must use nothing of figleaf's translation rooms, or agreeing with it would prove nothing.

pub mod ledger;
pub mod legacy;
