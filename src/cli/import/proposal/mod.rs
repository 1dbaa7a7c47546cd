//! The mapping that `import` proposes: backends, routes and why, as text that compiles.
//!
//! Everything here is made from the vendored contract and compiled in memory before anybody
//! sees it; a route that does not compile becomes the plainest one that does.

mod compose;
mod names;
mod ports;
mod route;
mod trial;
pub mod words;
mod write;

pub use compose::{Proposal, Taken, propose};
pub use route::shape;
pub use trial::{Fixed, settle, try_out};
pub use write::append;
