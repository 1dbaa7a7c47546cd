//! JSON ⇄ XML by schema.
//!
//! [`lower`](Builder) compiles what a contract's messages can reach into one [`Graph`] of
//! types with every name, namespace and lexical rule looked up; [`Encoder`] walks it from
//! a JSON value to XML, [`Decoder`] walks it from XML events to JSON text. Both are driven
//! by the graph alone: nothing is guessed from a text.
//!
//! This room must not know what an envelope, a route or HTTP is.

mod blocks;
mod decode;
mod encode;
mod facet;
mod find;
mod form;
mod graph;
mod json;
mod lexical;
mod lower;
mod naming;
mod opened;
mod particle;
mod pattern;
mod rules;
mod view;

pub(crate) use decode::write_string;
pub use decode::{DecodeError, Decoder, Violation, Violations};
pub use encode::{EncodeProblem, Encoder};
pub use facet::compare_decimals;
pub use form::Form;
pub use graph::*;
pub use json::{Json, JsonError, JsonLimits, parse_json};
pub use lexical::{Lexical, NumberForm, apply_white_space, boolean, plain_decimal, write_number};
pub use lower::{AnyForm, ArrayItem, Builder, OpenRule, Openings, Options, array_item};
pub use naming::{Naming, camel};
pub use opened::{Markup, OPENED_DEPTH_MAX, Opened};
pub use particle::{LetIn, Particle, ParticleTerm};
pub use rules::{ArrayRule, NamedTypes, Rules, Shape};
pub use view::{Edit, Found, NoMember, same_name};

#[cfg(test)]
mod tests;
