//! Mapping files: what a person wrote about APIs, backends and routes.
//!
//! This half reads texts into an authored [`MappingSet`], a [`Span`](crate::diagnostic::Span)
//! on every node, and reports every problem of every file in one run. A part that had a
//! problem is left out (`None`) and the rest is still there, so that later steps find the
//! problems that remain.
//!
//! The flow: room `yaml` (text → spanned [`Node`]s) → `reader`/`fields` over the key tables of
//! `keys` → one type per noun ([`Document`], [`Backend`], [`Route`]) → [`read_set`] (all
//! files together). [`json_schema`] is built from the same key tables. [`fold`], [`verbs`] and
//! [`words`] are the naming rules `import` and the compiler share.
//!
//! This room gets texts and an [`Environment`]. It must not read files or the environment
//! itself, must not look into contracts here, and never sees a request.

mod backend;
mod binding;
mod compile;
mod credentials;
mod document;
mod fault;
mod fields;
pub mod fold;
mod interpolate;
mod keys;
mod limits;
mod migration;
mod open;
mod output;
mod reader;
mod redact;
mod reference;
mod resolve;
mod restage;
mod route;
mod route_key;
mod schema;
mod set;
mod sql;
mod template;
mod thing;
mod values;
pub mod verbs;
pub mod words;

use crate::yaml as node;

#[cfg(test)]
mod tests;

pub use backend::*;
pub use binding::*;
pub use compile::{
    Asked, Compiled, Contracts, Descriptions, Known, PortOf, Schemas, SqlFiles, Statements,
    compile, ports, statements, type_name,
};
pub use credentials::{Basic, Tls, UsernameToken};
pub use document::{Document, Version};
pub use fault::{FaultPattern, FaultRule};
pub use interpolate::{Environment, Text};
pub use limits::{Breaker, Limits, Timeout};
pub use migration::{
    Canary, CanaryKey, Compare, CompareRule, GateKeys, Migration, ReadBack, Shadow, Writes,
};
pub use node::{Entry, Node, Scalar, Spanned, Value};
pub use open::{AnyForms, Open};
pub use output::{Change, Output, ResponseHeader, Shaping, ValueForm};
pub use redact::Redact;
pub use reference::reference;
pub use restage::{RestageProblem, restage};
pub use route::*;
pub use route_key::{Method, RouteKey, Segment};
pub use schema::json_schema;
pub use set::{ApiVersion, EffectiveRoute, MappingSet, read_set};
pub use sql::{
    ErrorRule, Include, Isolation, Nest, OnFailure, Order, Page, PageStyle, Part, ResultWord,
    SqlQuery, SqlTarget, SqlText, Statement, Step, Total,
};
pub use template::{Piece, Template};
pub use values::{
    Date, Rate, parse_date, parse_duration, parse_factor, parse_rate, parse_share, parse_size,
    parse_stage,
};
