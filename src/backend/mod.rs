//! Calls over HTTP: SOAP backends are posted to, modern HTTP services are passed through.
//!
//! One [`Backend`] per backend of the plan. [`Backend::call`] sends one [`WireCall`] and
//! hands out a [`WireReply`] whose body is pulled chunk by chunk; deadline, size limit,
//! decompression, bulkhead, circuit breaker, retry and its budget are all in here, so no
//! caller can forget one. Every error says what is known of the call's [`Outcome`].
//! [`forward`] passes a whole request to a modern service, streamed both ways.
//!
//! This room knows nothing of XML, mappings or routes; it never follows a redirect, never
//! reads a proxy from the environment, and never repeats a write that may have arrived.

mod bulkhead;
mod call;
mod client;
mod decode;
mod error;
mod forwarded;
mod guard;
mod headers;
mod heard;
mod inflate;
mod passthrough;
mod pump;
mod reply;
mod retry;
mod settings;
mod stand_in;
mod tracked;
mod wire;

#[cfg(test)]
mod tests;

pub use crate::plan::Effect;
pub use crate::plan::Outcome;
pub use call::{Answer, BodyStream, CallTiming, WireBody, WireCall};
pub use error::{BackendError, BodyError, Told};
pub use guard::{CircuitState, Guard, Permit, Verdict, unjudged};
pub use headers::{client_headers, client_method, server_headers, server_status};
pub use passthrough::{Ended, Forward, Forwarded, encode_segment, forward};
pub use reply::WireReply;
pub use stand_in::{StandIn, StandInAnswer, StandInCall, WireAnswer, WireExchange, Witness};
pub use wire::Backend;
