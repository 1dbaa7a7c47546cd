//! What `figleaf demo` embeds: a legacy system to stand in front of.
//!
//! Everything here is a peer, not a part: it speaks SOAP by its own hand-written code and
//! must use nothing of figleaf's translation rooms, or agreeing with it would prove nothing.

pub mod legacy;
