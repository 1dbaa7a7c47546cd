//! From a schema document to authored components.
//!
//! Recursion follows the document, whose depth is limited when it is read.

mod attributes;
mod element;
mod facets;
mod particles;
mod schema;
mod simple;
mod types;
mod wildcard;

pub(super) use schema::{Parsing, current_namespace, is_xsd};
use schema::{Redefined, documentation};
