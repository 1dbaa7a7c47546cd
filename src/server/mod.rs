//! The callers' side: routes of the plan served over HTTP.
//!
//! [`Running`] is one plan with its table and backends, swapped as a whole on reload; a
//! request keeps the one it started with. [`handle`](handler) reads top to bottom as the
//! pipeline. This room must not know YAML or WSDL; it is the only one that makes HTTP
//! answers.

mod answer;
mod auth;
mod body;
mod compose;
mod correlation;
mod docs;
mod exchange;
mod gone;
mod handler;
mod health;
mod hooks;
mod in_process;
mod input;
mod part;
mod passthrough;
mod recording;
mod replay;
mod respond;
mod run;
mod running;
mod soap;
mod sql;
mod staged;
pub mod table;
mod tee;

pub use gone::stop;
pub use hooks::{Answered, Hooks, Received, Recorder, Recording, Replay};
pub use in_process::{OwnAnswer, OwnRequest, in_process};
pub use passthrough::query_there;
pub use replay::played;
pub use run::{ServerOptions, bind, server};
pub use running::{Connected, Running, Shared};
pub use staged::{Compared, compare_recorded};
