//! XML events → JSON text, as they come.
//!
//! One frame per open element, one output buffer. Arrays are opened and closed as their
//! items come; nothing is kept but the output not yet taken away, so an answer of any
//! length needs the memory of its deepest object. The shape comes from the graph alone.

mod array;
mod capture;
mod child;
mod decoder;
mod frame;
mod meant;
mod names;
mod open;
mod opened;
mod path;
mod place;
mod tree;
mod value;
mod violation;
mod wild;

pub use decoder::{DecodeError, Decoder};
pub(crate) use value::write_string;
pub use violation::{Violation, Violations};
