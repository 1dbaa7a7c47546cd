//! Reading a contract: the root and every document it reaches, each location once.

mod contract;
mod documents;
mod schemas;

pub use contract::{LoadFailure, Loaded, LoadedFile, LoadedLink, load};
