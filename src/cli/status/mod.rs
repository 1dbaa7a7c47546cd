//! `figleaf status`: how far every route is, and what stands in the way of its next step.
//!
//! `all` shows routes below one another, `one` all there is to say of one. Nothing in here may
//! change anything, nor judge: `migration` does.

mod all;
mod one;
mod run;
mod words;

pub(in crate::cli) use one::reasons;
pub use run::{Arguments, run};
