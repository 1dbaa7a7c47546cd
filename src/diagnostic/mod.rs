//! Problems as data: a stable code, a place, what is wrong and how to mend it.
//!
//! Everything figleaf has to say about a file, a request or a backend is one of
//! the codes of [`Code`]; everything it says about a *file* is a [`Diagnostic`]
//! with a [`Span`] into [`Sources`]. Rooms collect diagnostics in a [`Report`]
//! and go on, so one run names every problem.
//!
//! This room must not print, read files or know any other room.

mod code;
mod render;
mod report;
mod source;
mod suggest;

pub use code::{Code, Group};
pub use render::{Style, render_human, render_json};
pub use report::{Diagnostic, Note, Report, Severity};
pub use source::{FileId, Place, Sources, Span};
pub use suggest::did_you_mean;
