//! One call, as its caller hands it in.

use std::sync::Arc;
use std::time::Instant;

use super::Hearing;
use crate::plan::{Effect, Isolation};
use crate::sql::Value;

/// One statement, outside of a transaction.
#[derive(Clone)]
pub struct Query {
    /// The statement, with placeholders.
    pub text: Arc<str>,
    /// One value for each placeholder.
    pub values: Vec<Value>,
    /// Reads run where nothing can be written, and are repeated once where their connection
    /// turned out to be gone.
    pub effect: Effect,
    /// Whether it takes a connection of the pool for long answers.
    pub stream: bool,
    /// Who hears of it; nobody in production.
    pub hearing: Option<Box<Hearing>>,
    /// When its last row has to be here.
    pub deadline: Instant,
}

/// How a transaction begins.
#[derive(Debug, Clone, Copy)]
pub struct Begin {
    /// A read cannot write.
    pub effect: Effect,
    /// `None` is the database's default.
    pub isolation: Option<Isolation>,
    /// When it has to be committed.
    pub deadline: Instant,
}

/// The whole result of a statement in a transaction.
pub struct ResultSet {
    /// Its rows.
    pub rows: Vec<super::Row>,
    /// Rows touched, or given where none were touched.
    pub affected: u64,
}
