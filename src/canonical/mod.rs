//! The meaning of a message: what two spellings of one envelope have in common.
//!
//! An envelope is read as it is ([`Element`]: every name with its namespace, comments gone, CDATA
//! as text), belongs to an operation of a contract ([`Vocabulary::identify`]), and is brought to
//! the one form all its spellings share ([`Vocabulary::meaning`] → [`Meaning`]), from which come
//! its [`Key`] and the [`Difference`]s of two.
//!
//! This room must not know files, fixtures, routes or JSON.

mod difference;
mod identify;
mod key;
mod meaning;
mod path;
mod print;
mod read;
mod tree;
mod vocabulary;

pub use difference::{Cause, Difference, differences, distance};
pub use identify::{Found, Identified, NotIdentified};
pub use key::{KEY_VERSION, Key};
pub use meaning::{Meaning, Side};
pub use path::{NodePath, PathProblem, PathStep};
pub use print::print;
pub use read::{ReadProblem, read};
pub use tree::{Attribute, Element, Item};
pub use vocabulary::{OperationWords, Vocabulary};
