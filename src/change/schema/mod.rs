//! Schemas compared by structure: references followed, `allOf` flattened, each pair once.

mod kinds;
mod limits;
mod local;
mod objects;
mod pairs;
mod read;
mod same;
mod types;
mod unions;
mod view;

pub(super) use kinds::kind;
pub(super) use pairs::{Direction, Pairs};
pub(super) use read::{Conjunction, Reader};
