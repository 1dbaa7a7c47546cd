//! A caller's value → what is bound, checked on the way.
//!
//! What the database would refuse without saying which parameter it means is refused here,
//! so that the caller is told. An error is a fragment that a caller may read; it never
//! holds the value. This folder must not know a parameter or a body.

mod array;
mod json;
mod number;
mod postgres;
mod range;
mod row;
mod scalar;
mod sqlite;
mod text;
mod value;

pub use value::encode;
