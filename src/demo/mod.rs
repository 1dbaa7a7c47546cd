//! What `figleaf demo` embeds: legacy systems to stand in front of, a SOAP service and a
//! database, and the service that is to take their place.
//!
//! Everything here is a peer, not a part: the services speak SOAP and JSON by their own
//! hand-written code and must use nothing of figleaf's translation rooms, or agreeing with them
//! would prove nothing.

pub mod candidate;
pub mod ledger;
pub mod legacy;
