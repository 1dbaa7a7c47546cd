//! The meaning of a message: what two spellings of one envelope have in common.
//!
//! An envelope is read as it is ([`Element`]: every name with its namespace, comments gone, CDATA
//! as text), belongs to an operation of a contract ([`Vocabulary::identify`]), and is brought to
//! the one form all its spellings share ([`Vocabulary::meaning`] → [`Meaning`]), from which come
//! its [`Key`] and the [`Difference`]s of two.
//!
//! This room must not know files, fixtures, routes or JSON.

mod align;
mod compare;
mod difference;
mod fit;
mod identify;
mod key;
mod layout;
mod lexical;
mod meaning;
mod message;
mod moment;
mod order;
mod path;
mod plumbing;
mod print;
mod read;
mod references;
mod scope;
mod tree;
mod typing;
mod value;
mod vocabulary;
mod volatile;

pub use difference::{Cause, DIFFERENCES_MAX, Difference, differences, distance};
pub use fit::FoundNode;
pub use identify::{Found, Identified, NotIdentified, action};
pub use key::{KEY_VERSION, Key};
pub use meaning::{Meaning, Side};
pub use message::read_message;
pub use path::{NodePath, PathProblem, PathStep};
pub use print::print;
pub use read::{DEPTH_MAX, ELEMENTS_MAX, MESSAGE_BYTES_MAX, ReadProblem, read};
pub use tree::{Attribute, Element, Item};
pub use vocabulary::{OperationWords, Vocabulary};
