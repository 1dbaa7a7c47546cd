//! One call, as pure functions: bind → encode → (the port) → decode → answer.
//!
//! The engine sees the plan and one request. It must not see YAML or a WSDL, and it does no
//! IO: the server room reads and writes, the backend room calls.

mod attach;
mod bind;
mod explain;
mod fault;
mod input;
mod problem;
pub mod sql;

pub use crate::plan::Outcome;
pub use attach::{Message, message};
pub use bind::{bind, envelope, query_names};
pub use explain::{Explanation, Origin, explain, explain_sql};
pub use fault::{judge_fault, judge_soap_error};
pub use input::{Input, InputProblem, ProblemPlace, RequestFacts, unknown_query};
pub use problem::Problem;
