//! A route on its way: who answers by its stage, and what is asked besides, off the way of the
//! answer.
//!
//! The caller's request is answered by one side, exactly once. What the other side is asked
//! happens in a task of its own, with its own deadline, place and mark; nothing in it can
//! reach the caller.

mod answer;
mod beside;
mod body;
mod compared;
mod key;
mod recorded;
mod render;
mod snapshot;

pub(super) use answer::answer;
pub use recorded::{Compared, compare_recorded};
