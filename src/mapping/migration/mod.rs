//! What a route says about the system that is to take its place, as it is written.
//!
//! One file a key: `candidate`, `canary`, `shadow`, `compare` (its rules in `rule`), `gate`.
//! This folder must not look at other routes or at contracts; the compiler does.

mod authored;
mod canary;
mod candidate;
mod compare;
mod gate;
mod rule;
mod shadow;

pub use authored::Migration;
pub(super) use authored::migration;
pub use canary::{Canary, CanaryKey};
pub use compare::{Compare, CompareRule};
pub use gate::GateKeys;
pub(super) use gate::gate;
pub use shadow::{ReadBack, Shadow, Writes};
