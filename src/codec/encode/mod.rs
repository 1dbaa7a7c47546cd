//! A JSON value → XML, checked against the schema on the way.
//!
//! One walk both validates and writes, in the order of the content model whatever the
//! order of the keys. It goes on after a problem, so a caller learns of all at once; what
//! was written is worth nothing then. Depth is bounded by the JSON, which is bounded.

mod content;
mod encoded;
mod encoder;
mod label;
mod scalar;

use encoder::Step;
pub use encoder::{EncodeProblem, Encoder};
