//! `figleaf demo`: a legacy SOAP system, a legacy database, their successor and the facade in
//! front of all of them, in this process.

mod place;
mod run;
mod welcome;

pub use run::{Arguments, run};
