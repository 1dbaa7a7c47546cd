//! What Prometheus reads: the text format 0.0.4.
//!
//! Names are few and labels are those of the plan – routes, backends, stages – so that no
//! caller can make more of them.

mod all;
mod exposition;

pub(super) use all::metrics;
