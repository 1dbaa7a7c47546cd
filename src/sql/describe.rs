//! What a database says about a statement before it is run.

use serde::{Deserialize, Serialize};

use super::Type;

/// The types of one statement, in the order of its placeholders and columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// One for each placeholder.
    pub parameters: Vec<Type>,
    /// The result's; empty where there is none.
    pub columns: Vec<Column>,
}

/// One column of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// As the database names it.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Whether NULL may stand in it. `false` only where the catalog proves it.
    pub nullable: bool,
}

/// Why a statement was not described.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DescribeError {
    /// The database cannot be asked: why.
    Unreachable(String),
    /// The database refuses the statement.
    Refused {
        /// SQLSTATE, where there is one.
        sqlstate: Option<String>,
        /// The database's words; for the author of the mapping, who may see them.
        message: String,
        /// The database's hint.
        hint: Option<String>,
        /// Bytes from the start of the statement as it was sent.
        offset: Option<usize>,
    },
}
