//! `figleaf diff`: what changes for callers since a revision, and which line did it.

mod approving;
mod arguments;
mod environment;
mod git;
mod origin;
mod outcome;
mod run;
mod show;
mod snapshot;
mod trial;
mod workspace;

pub use arguments::Arguments;
pub use run::run;
