//! YAML with a place on every key and value, read within limits and written for git.
//!
//! [`parse`] makes a tree of a text, [`read`] a type of a tree: both name every problem and not
//! only the first. [`write`] makes a text of a [`Tree`], [`update`] changes a text only where it
//! says something else, so that comments and the way a person wrote it stay.
//!
//! This room must not know what a file is about, nor read one.

mod de;
mod json;
mod mask;
mod node;
mod read;
mod scalar;
mod tree;
mod update;
mod words;
mod write;

pub use json::{JSON, json};
pub use node::{Entry, Node, Scalar, Spanned, Value};
pub use read::read;
pub use tree::{FILE_BYTES_MAX, parse};
pub use update::update;
pub use words::Words;
pub use write::{Tree, write};
